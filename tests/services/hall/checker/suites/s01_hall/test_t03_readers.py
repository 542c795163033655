"""What 5.1.3 asks."""

import pytest

from checker.judge.api import Database, Fake, Lab, Launch


@pytest.mark.task("add_reader")
def test_a_reader_is_stored_once(lab: Lab, database: Database, fake: Fake) -> None:
    """POST /readers/{name} stores a reader, and answers 409 the second time."""
    name = fake.name()
    response = lab.post(f"/readers/{name}")
    assert response.status_code == 201
    assert response.json() == {"id": 1}
    assert database.fetch("SELECT id, name FROM readers") == [{"id": 1, "name": name}]
    again = lab.post(f"/readers/{name}")
    assert again.status_code == 409


@pytest.mark.task("add_reader")
def test_another_database_has_readers_of_its_own(
    launch: Launch, database: Database, fake: Fake
) -> None:
    """The address comes from DATABASE_URL."""
    fresh = database.fresh()
    lab = launch(env={"DATABASE_URL": fresh.url})
    response = lab.post(f"/readers/{fake.name()}")
    assert response.status_code == 201
    assert fresh.value("SELECT count(*) FROM readers") == 1
