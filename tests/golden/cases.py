"""The ways in which the lab is broken: edits of the solution, or other bytes instead."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken lab.

    Replace `find` in the solution by `replace`, or put `content` in the place of all of it; without
    either there is no app.py. `files` come beside it. `check` is the check whose card is the golden
    one; without it, the lab's own card.
    """

    name: str
    check: str = ""
    find: str = ""
    replace: str = ""
    content: bytes | None = None
    files: tuple[tuple[str, str], ...] = ()
    topic: str = "5.1.1"

    def tree(self, solution: Path) -> dict[str, bytes]:
        """Give the files of the broken lab."""
        tree = {name: text.encode() for name, text in self.files}
        if self.content is not None:
            tree["app.py"] = self.content
        elif self.find:
            text = (solution / "app.py").read_text("utf-8")
            assert self.find in text
            tree["app.py"] = text.replace(self.find, self.replace).encode()
        return tree


LIST = "test_books_are_listed"
LATEST = "test_the_latest_book_is_found"
FIND = "test_a_book_is_found_by_its_id"
UNKNOWN = "test_an_unknown_book_is_a_404"
CREATE = "test_a_created_book_says_where_it_is"
REFUSE = "test_a_book_without_a_title_is_refused"
READER = "test_a_reader_is_shown_without_the_password"
SLOW = "test_five_requests_at_once_take_little_longer_than_one"
CALL = "test_days_are_counted"
CLOSED = "test_a_closed_desk_does_not_open"
BY_HAND = "test_the_desk_runs_by_hand"

SLEEP = "await asyncio.sleep(0.1)"
STORED = "stored = Book(id=len(BOOKS) + 1, title=book.title, year=book.year)"
LATEST_ROUTE = '''@app.get("/books/latest")
def latest_book() -> Book:
    """Give the newest book."""
    return max(BOOKS.values(), key=lambda book: book.year)


'''
BOOK_ROUTE = '''@app.get("/books/{book_id}")
def get_book(book_id: int) -> Book:
    """Give a book."""
    if book_id not in BOOKS:
        raise HTTPException(404, "no such book")
    return BOOKS[book_id]


'''
UNAWAITED = """
    async def keep(book: Book) -> None:
        BOOKS[book.id] = book

    keep(stored)
"""
ROUTER = "from fastapi import APIRouter\n\ndesk = APIRouter(tags=['desk'])\n\n\n"
READER_ROUTE = '@app.get("/reader")\n'
CREATE_LINE = "def create_book(book: NewBook, response: Response) -> Book:"
OPEN = '    if os.environ.get("DESK") == "closed":\n'
LIST_LINE = "def list_books(limit: Annotated[int, Query(ge=1)] = 10) -> list[Book]:"

ANSWERS = (
    # 404
    Broken("404_misspelt_path", CREATE, '@app.post("/books"', '@app.post("/book"'),
    Broken("404_parameter_without_braces", FIND, '"/books/{book_id}"', '"/books/book_id"'),
    Broken("404_no_such_route", READER, READER_ROUTE, ""),
    Broken("404_as_nobody_awaits", CREATE, "    BOOKS[stored.id] = stored\n", UNAWAITED),
    Broken("404_router_not_included", READER, READER_ROUTE, ROUTER + '@desk.get("/reader")\n'),
    Broken(
        "404_router_not_imported",
        READER,
        READER_ROUTE,
        "",
        files=(("desk.py", ROUTER + '@desk.get("")\nasync def get_reader() -> None: ...\n'),),
    ),
    Broken("404_prefix_missing", READER, '"/reader"', '"/desk/reader"'),
    Broken("404_own_answer", FIND, "get_book(book_id: int)", "get_book(book_id: str)"),
    Broken("404_wanted", UNKNOWN, 'raise HTTPException(404, "no such book")', "return BOOKS[1]"),
    # 405
    Broken(
        "405_get_instead_of_post",
        CREATE,
        '@app.post("/books", status_code=201)',
        '@app.put("/books")',
    ),
    # redirect
    Broken("307_trailing_slash", READER, '"/reader"', '"/reader/"'),
    # 422
    Broken("422_fixed_route_missing", LATEST, LATEST_ROUTE, ""),
    Broken(
        "422_fixed_route_swallowed", LATEST, LATEST_ROUTE + BOOK_ROUTE, BOOK_ROUTE + LATEST_ROUTE
    ),
    Broken("422_constraint_too_strict", LIST, "Query(ge=1)", "Query(ge=5)"),
    Broken(
        "422_parameters_instead_of_model",
        CREATE,
        CREATE_LINE + '\n    """Store a book."""\n    ' + STORED,
        "def create_book(title: str, year: int, response: Response) -> Book:\n"
        "    stored = Book(id=3, title=title, year=year)",
    ),
    Broken(
        "422_other_field_name",
        CREATE,
        CREATE_LINE,
        "def create_book(book: Signed, response: Response) -> Book:",
    ),
    Broken(
        "422_two_bodies",
        CREATE,
        "create_book(book: NewBook,",
        "create_book(book: NewBook, reader: Reader,",
    ),
    Broken(
        "422_model_in_a_get",
        LIST,
        LIST_LINE,
        "def list_books(filters: NewBook, limit: int = 10) -> list[Book]:",
    ),
    Broken("422_wanted", REFUSE, "Annotated[str, Field(min_length=1)]", "str"),
    # 500
    Broken(
        "500_key_error",
        FIND,
        "    return BOOKS[book_id]",
        "    return BOOKS[str(book_id)]  # type: ignore",
    ),
    Broken("500_model_is_no_dict", CREATE, "title=book.title", 'title=book["title"]'),
    Broken("500_missing_await", READER, "    return Reader(", "    return asyncio.sleep(1)  # "),
    Broken(
        "500_not_implemented", READER, "    return Reader(", "    raise NotImplementedError  # "
    ),
    # response model
    Broken("response_model_none", CREATE, "    return stored", "    stored"),
    Broken(
        "response_model_field",
        READER,
        'return Reader(name=READER["name"], email=READER["email"])',
        'return {"name": "Ada"}',
    ),
    Broken(
        "response_model_type",
        READER,
        'return Reader(name=READER["name"], email=READER["email"])',
        'return {"name": "Ada", "email": None}',
    ),
    # other statuses
    Broken("status_200_instead_of_201", CREATE, ", status_code=201)", ")"),
    Broken(
        "status_401",
        READER,
        "    return Reader(",
        '    raise HTTPException(401, "Who are you?")\n    return Reader(',
    ),
    # headers and bodies
    Broken(
        "header_missing", CREATE, '    response.headers["Location"] = f"/books/{stored.id}"\n', ""
    ),
    Broken("header_wrong", CREATE, 'f"/books/{stored.id}"', 'f"/book/{stored.id}"'),
    Broken(
        "body_key_leaked",
        READER,
        (
            'def show_reader() -> Reader:\n    """Give the reader."""\n    return '
            'Reader(name=READER["name"], email=READER["email"])'
        ),
        "def show_reader() -> dict:\n    return READER",
    ),
    Broken("body_value", CREATE, "title=book.title", "title=book.title.upper()"),
    Broken("body_key_missing", LATEST, "latest_book() -> Book", "latest_book() -> Reader"),
    Broken(
        "body_missing_key_in_the_test",
        FIND,
        "def get_book(book_id: int) -> Book:",
        'def get_book(book_id: int) -> dict:\n    return {"id": book_id, "name": "Ulysses"}',
    ),
    Broken(
        "body_null",
        FIND,
        "def get_book(book_id: int) -> Book:",
        "def get_book(book_id: int):\n    return",
    ),
    Broken("body_too_many", LIST, "[:limit]", ""),
    Broken(
        "not_json",
        FIND,
        "def get_book(book_id: int) -> Book:",
        'def get_book(book_id: int):\n    return Response("Ulysses", media_type="text/plain")',
    ),
    # time
    Broken("blocking_sleep", SLOW, SLEEP, "time.sleep(0.1)"),
    Broken("request_hangs", SLOW, SLEEP, "await asyncio.sleep(60)"),
    Broken("request_hangs_blocking", SLOW, SLEEP, "while True: pass"),
    # called functions, launches of the check's own
    Broken("call_raised", CALL, "return weeks * 7", "return weeks[0] * 7"),
    Broken("call_missing", CALL, "def count_days", "def count_the_days"),
    Broken("call_wrong_value", CALL, "weeks * 7", "weeks * 5"),
    Broken(
        "command_fails",
        BY_HAND,
        "return weeks * 7",
        'return weeks * 7\n\n\nif __name__ == "__main__":\n'
        '    raise SystemExit("no shelf in " + __file__)',
    ),
    Broken("should_not_start", CLOSED, OPEN + '        raise ValueError("DESK is closed")\n', ""),
    Broken(
        "process_ends_in_a_request",
        READER,
        "    return Reader(",
        "    os._exit(3)\n    return Reader(",
    ),
)

LAUNCHES = (
    Broken("app_missing", content=b"from fastapi import FastAPI\n\nBOOKS = {}\n"),
    Broken(
        "app_file_missing", files=(("main.py", "from fastapi import FastAPI\n\napp = FastAPI()\n"),)
    ),
    Broken("app_renamed", content=b"from fastapi import FastAPI\n\napi = FastAPI()\n"),
    Broken(
        "app_factory",
        content=(
            b"from fastapi import FastAPI\n\n\ndef create_app() -> FastAPI:\n    return FastAPI()\n"
        ),
    ),
    Broken(
        "syntax_error",
        find="def count_days(weeks: int) -> int:",
        replace="def count_days(weeks: int) -> int",
    ),
    Broken(
        "syntax_error_bracket",
        find="app = FastAPI(lifespan=lifespan)",
        replace="app = FastAPI(lifespan=lifespan",
    ),
    Broken("import_error_module", find="import asyncio\n", replace="import asyncoi\n"),
    Broken("import_error_name", find="HTTPException, Query", replace="HttpException, Query"),
    Broken(
        "import_error_circular",
        find="import asyncio\n",
        replace="import asyncio\n\nfrom desk import open_desk\n",
        files=(("desk.py", "from app import app\n\n\ndef open_desk() -> None:\n    print(app)\n"),),
    ),
    Broken("load_error_model", find='title="Emma", year=1815', replace='title="", year=1815'),
    Broken(
        "load_error", find="def get_book(book_id: int)", replace="def get_book(book_id: Integer)"
    ),
    Broken("load_error_no_body", find="status_code=201", replace="status_code=204"),
    Broken("lifespan_fails", find=OPEN, replace="    if True:\n"),
    Broken("lifespan_hangs", find=OPEN, replace="    await asyncio.sleep(60)\n" + OPEN),
    Broken("import_hangs", content=b"import time\n\ntime.sleep(60)\n"),
    Broken("process_exits", content=b"import sys\n\nsys.exit(3)\n"),
    Broken("process_exits_hard", content=b"import os\n\nos._exit(3)\n"),
    Broken("empty_file", content=b""),
    Broken("nul_byte", content=b"from fastapi import FastAPI\n\x00\napp = FastAPI()\n"),
    Broken("utf_16", content="from fastapi import FastAPI\n\napp = FastAPI()\n".encode("utf-16")),
    Broken(
        "bom_in_the_middle", content="from fastapi import FastAPI\n\ufeffapp = FastAPI()\n".encode()
    ),
    Broken("not_utf_8", content='TITLE = "Bücher"\n'.encode("latin-1")),
)
