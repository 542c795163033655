"""What 5.1.1 asks: a first app in a package, its project file, and the real ways to serve it."""

import re
import sys
import tomllib

import pytest

from checker.judge.api import Fake, Lab, Launch

PORT = ["--port", "{port}"]
REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9][\w.-]*)\s*(\[(?P<extras>[\w\s,.-]*)\])?\s*"
    r"(?P<versions>(\(?\s*[<>=!~]=?=?\s*[\w.*+!-]+\s*,?\s*\)?)*)\s*(;.*)?"
)
WITH_COMMAND = {"standard", "standard-no-fastapi-cloud-cli", "all"}
OUTSIDE = (
    '"""Pretend to run in the Python of the system."""\nimport sys\nsys.prefix = sys.base_prefix\n'
)


@pytest.fixture
def project(lab: Lab) -> dict[str, dict[str, object]]:
    """Read the project file, or say what keeps pip from reading it."""
    try:
        return tomllib.loads(lab.file("pyproject.toml"))
    except tomllib.TOMLDecodeError as error:
        reason = f"pyproject.toml is not TOML, where texts stand in quotes: {error}."
        raise AssertionError(reason) from None


@pytest.fixture
def lines(project: dict[str, dict[str, object]]) -> list[str]:
    """List the requirements as they are written, each one that pip can read."""
    found = project.get("project", {}).get("dependencies")
    assert found, "There are no dependencies under [project]."
    assert isinstance(found, list), "The dependencies are not a list: square brackets are missing."
    for line in found:
        readable = REQUIREMENT.fullmatch(str(line).strip())
        assert readable, f'pip cannot read the requirement "{line}".'
    return found


@pytest.fixture
def needs(lines: list[str]) -> dict[str, set[str]]:
    """Take the requirements apart: names, each with its extras."""
    found: dict[str, set[str]] = {}
    for line in lines:
        match = REQUIREMENT.fullmatch(line.strip())
        if match:
            name = re.sub(r"[-_.]+", "-", match["name"]).lower()
            found[name] = set(re.findall(r"[\w.-]+", (match["extras"] or "").lower()))
    return found


@pytest.mark.task("say_welcome")
def test_root_says_welcome(lab: Lab) -> None:
    """GET / answers 200 and the welcome."""
    response = lab.get("/")
    assert response.status_code == 200
    assert response.json() == {"message": "Welcome to the lending library"}


@pytest.mark.task("list_books")
def test_books_are_listed(lab: Lab) -> None:
    """GET /books answers the books of library/shelf.py."""
    response = lab.get("/books")
    assert response.status_code == 200
    assert response.json() == [
        {"title": "The Summer Book", "author": "Tove Jansson"},
        {"title": "Kindred", "author": "Octavia E. Butler"},
        {"title": "Invisible Cities", "author": "Italo Calvino"},
    ]


@pytest.mark.task("list_books")
def test_books_come_from_the_shelf(lab: Lab, launch: Launch, fake: Fake) -> None:
    """When other books stand in library/shelf.py, GET /books answers those."""
    shelf = [{"title": fake.title(), "author": fake.name()} for _ in range(2)]
    module = lab.file("library/shelf.py") + f"\nBOOKS = {shelf!r}\n"
    response = launch(files={"library/shelf.py": module}).get("/books")
    assert response.status_code == 200
    assert response.json() == shelf


@pytest.mark.task("declare_dependencies")
def test_fastapi_is_declared(needs: dict[str, set[str]]) -> None:
    """The dependencies in pyproject.toml name fastapi."""
    declared = "fastapi" in needs
    assert declared, "The dependencies do not name fastapi."


@pytest.mark.task("declare_dependencies")
def test_server_and_command_are_declared(needs: dict[str, set[str]], lines: list[str]) -> None:
    """The dependencies in pyproject.toml bring uvicorn and the command fastapi."""
    command = "fastapi-cli" in needs or bool(needs.get("fastapi", set()) & WITH_COMMAND)
    server = command or "uvicorn" in needs
    listed = ", ".join(lines)
    assert server, f"Installing {listed} brings no server: uvicorn is missing."
    assert command, f"Installing {listed} brings uvicorn, but not the command fastapi."


@pytest.mark.task("name_entrypoint")
def test_entrypoint_is_declared(project: dict[str, dict[str, dict[str, object]]]) -> None:
    """pyproject.toml names the app under [tool.fastapi], so that the command finds it."""
    fastapi = project.get("tool", {}).get("fastapi", {})
    assert "entrypoint" in fastapi, "There is no entrypoint under [tool.fastapi]."


@pytest.mark.task("name_entrypoint")
def test_fastapi_run_serves_the_app(launch: Launch) -> None:
    """`fastapi run`, in the project's folder, serves the app."""
    response = launch(command=["fastapi", "run", *PORT]).get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.task("describe_process")
def test_uvicorn_is_production(launch: Launch) -> None:
    """Started by `uvicorn library.main:app`, GET /process answers "production"."""
    response = launch(command=["uvicorn", "library.main:app", *PORT]).get("/process")
    assert response.status_code == 200
    assert response.json()["environment"] == "production"


@pytest.mark.task("describe_process")
def test_fastapi_dev_is_development(launch: Launch) -> None:
    """Started by `fastapi dev`, GET /process answers "development"."""
    command = ["fastapi", "dev", "--no-reload", "--entrypoint", "library.main:app", *PORT]
    response = launch(command=command, files={"pyproject.toml": None}).get("/process")
    assert response.status_code == 200
    assert response.json()["environment"] == "development"


@pytest.mark.task("describe_process")
def test_environment_is_what_the_variable_says(launch: Launch, fake: Fake) -> None:
    """With the variable FASTAPI_ENV set to a name, GET /process answers that name."""
    name = fake.word()
    response = launch(env={"FASTAPI_ENV": name}).get("/process")
    assert response.status_code == 200
    assert response.json()["environment"] == name


@pytest.mark.task("describe_process")
def test_virtual_environment_is_seen(lab: Lab) -> None:
    """GET /process tells whether the Python that runs is that of a virtual environment."""
    response = lab.get("/process")
    assert response.status_code == 200
    assert response.json()["virtual_environment"] == (sys.prefix != sys.base_prefix)


@pytest.mark.task("describe_process")
def test_other_python_is_seen(launch: Launch) -> None:
    """In the Python of the system, GET /process answers false, whatever VIRTUAL_ENV says."""
    env = {"VIRTUAL_ENV": "/home/reader/library/.venv"}
    response = launch(env=env, files={"library/__init__.py": OUTSIDE}).get("/process")
    assert response.status_code == 200
    assert response.json() == {"environment": "production", "virtual_environment": False}
