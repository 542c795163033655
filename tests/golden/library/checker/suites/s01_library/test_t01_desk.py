"""What 5.1.1 asks."""

from datetime import timedelta

import pytest

from checker.judge.api import Lab, Launch


@pytest.mark.task("list_books")
def test_books_are_listed(lab: Lab) -> None:
    """GET /books?limit=1 lists one book."""
    response = lab.get("/books", params={"limit": 1})
    assert response.status_code == 200
    assert response.json() == [{"id": 1, "title": "Emma", "year": 1815}]


@pytest.mark.task("find_book")
def test_the_latest_book_is_found(lab: Lab) -> None:
    """GET /books/latest answers with the newest book."""
    response = lab.get("/books/latest")
    assert response.status_code == 200
    assert response.json()["year"] == 1922


@pytest.mark.task("find_book")
def test_a_book_is_found_by_its_id(lab: Lab) -> None:
    """GET /books/2 answers with that book."""
    book = lab.get("/books/2").json()
    assert book["title"] == "Ulysses"


@pytest.mark.task("find_book")
def test_an_unknown_book_is_a_404(lab: Lab) -> None:
    """GET /books/404 answers 404."""
    response = lab.get("/books/404")
    assert response.status_code == 404


@pytest.mark.task("create_book")
def test_a_created_book_says_where_it_is(lab: Lab) -> None:
    """POST /books answers 201 and says where the new book is."""
    response = lab.post("/books", json={"title": "Dune", "year": 1965})
    assert response.status_code == 201
    assert response.headers["location"] == f"/books/{response.json()['id']}"
    found = lab.get(response.headers["location"])
    assert found.status_code == 200
    assert found.json()["title"] == "Dune"


@pytest.mark.task("create_book")
def test_a_book_without_a_title_is_refused(lab: Lab) -> None:
    """POST /books answers 422 to an empty title."""
    response = lab.post("/books", json={"title": "", "year": 1965})
    assert response.status_code == 422


@pytest.mark.task("show_reader")
def test_a_reader_is_shown_without_the_password(lab: Lab) -> None:
    """GET /reader answers with name and email, and nothing else."""
    response = lab.get("/reader")
    assert response.status_code == 200
    assert response.json() == {"name": "Ada", "email": "ada@example.org"}


@pytest.mark.task("ask_slowly")
def test_five_requests_at_once_take_little_longer_than_one(lab: Lab) -> None:
    """Five requests to /slow at once are all answered within 0.35 s."""
    responses = lab.together(5, "GET", "/slow")
    assert [response.status_code for response in responses] == [200] * 5
    assert max(response.elapsed for response in responses) < timedelta(seconds=0.35)


@pytest.mark.task("count_days")
def test_days_are_counted(lab: Lab) -> None:
    """Two weeks are 14 days."""
    assert lab.call("app:count_days", 2) == 14


@pytest.mark.task("count_days")
def test_a_closed_desk_does_not_open(launch: Launch) -> None:
    """With DESK=closed the app does not start."""
    failed = launch.fails(env={"DESK": "closed"})
    assert failed.problem is not None
    assert "closed" in failed.problem["raised"]["message"]


@pytest.mark.task("count_days")
def test_the_desk_runs_by_hand(launch: Launch) -> None:
    """`python app.py` ends without an error, whatever lies beside it."""
    files = dict.fromkeys(("a.txt", "b.txt", "c.txt", "d.txt", "e.txt"), "")
    assert launch(files={**files, "old.txt": None}).run("python", "app.py").code == 0
