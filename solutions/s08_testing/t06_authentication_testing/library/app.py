"""The library's app."""

from typing import Annotated

from fastapi import FastAPI, HTTPException, Request, Security

from library import loans, security
from library.loans import Loan
from library.readers import Reader, Readers, Settings
from library.security import get_current_reader

BOOKS = ("Dracula", "Emma", "Ulysses")
LOANS = (Loan(id=1, title="Emma", reader="Ada"), Loan(id=2, title="Dracula", reader="Bob"))


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make an app with books, with two loans, and without readers: register some."""
    app = FastAPI(title="Library")
    app.state.settings = settings or Settings()
    app.state.readers = Readers(app.state.settings)
    app.state.loans = {loan.id: loan.model_copy() for loan in LOANS}
    app.state.books = list(BOOKS)

    @app.get("/books")
    def list_books(request: Request) -> list[str]:
        """List the titles, for everybody."""
        return sorted(request.app.state.books)

    @app.delete(
        "/books/{title}",
        status_code=204,
        dependencies=[Security(get_current_reader, scopes=["books"])],
    )
    def remove_book(title: str, request: Request) -> None:
        """Take a book out of the catalogue: for librarians."""
        if title not in request.app.state.books:
            raise HTTPException(404, "No such book.")
        request.app.state.books.remove(title)

    @app.get("/me")
    def greet(reader: Annotated[Reader, Security(get_current_reader)]) -> dict[str, str]:
        """Tell the reader who they are."""
        return {"name": reader.name, "role": reader.role}

    @app.get("/readers", dependencies=[Security(get_current_reader, scopes=["readers"])])
    def list_readers(request: Request) -> list[str]:
        """List the names of all readers: for librarians."""
        names: list[str] = request.app.state.readers.names()
        return names

    app.include_router(security.router)
    app.include_router(loans.router)
    return app


app = create_app()
