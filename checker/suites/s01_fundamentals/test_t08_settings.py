"""What 5.1.8 asks: settings from the environment and from files, checked at the start.

Launches bring a `.env` of the suite's own, or none, so that the learner's does not interfere.
"""

import random
from hashlib import sha256
from hmac import digest

import pytest

from checker.judge.api import Fake, Lab, Launch, LaunchFailed

KEY = "key-of-the-shared-lab"  # as `lab.env` in the lesson's front matter has it
NO_FILE = {".env": None}
HTTP = "http://models.example.org/v1"
HTTPS = "https://models.example.org/v1"

# A module of the suite's own, in the lab's folder: what a test of the app would do.
REHEARSAL = """
from library.app import app
from library.settings import Settings, get_settings


def replace(name):
    app.dependency_overrides[get_settings] = lambda: Settings(name=name)
"""


def started(env: dict[str, str]) -> str:
    """Say what the app was started with, for the card: its `curl` does not tell."""
    return f"The app was started with {' '.join(f'{name}={env[name]}' for name in env)}"


def make_key(rng: random.Random) -> str:
    """Invent a key that nobody can know."""
    return f"k{rng.getrandbits(40):010x}"


def signed(text: str, key: str) -> str:
    """Sign as the provider does, when it gets the true key."""
    return digest(key.encode(), text.encode(), sha256).hex()


def reason(failed: LaunchFailed) -> str:
    """Give all that the app said before it ended, from its exception and its log."""
    problem = failed.problem
    message = problem["raised"]["message"] if problem and "raised" in problem else ""
    return f"{message}\n{failed.log}"


@pytest.mark.task("read_environment")
def test_desk_is_set_up_by_the_environment(launch: Launch, rng: random.Random) -> None:
    """LIBRARY_SEATS and LIBRARY_SELF_CHECKOUT=true in the environment set up GET /desk."""
    seats = rng.randint(13, 99)
    env = {"LIBRARY_SEATS": str(seats), "LIBRARY_SELF_CHECKOUT": rng.choice(["true", "1", "on"])}
    response = launch(env=env, files=NO_FILE).get("/desk")
    assert response.status_code == 200
    wanted = {"seats": seats, "self_checkout": True}
    assert response.json() == wanted, f"{started(env)}, but GET /desk answers something else."


@pytest.mark.task("read_environment")
def test_false_means_false(launch: Launch, rng: random.Random) -> None:
    """LIBRARY_SELF_CHECKOUT=false means no; there are 12 seats when the environment is silent."""
    env = {"LIBRARY_SELF_CHECKOUT": rng.choice(["false", "0", "off"])}
    response = launch(env=env, files=NO_FILE).get("/desk")
    assert response.status_code == 200
    wanted = {"seats": 12, "self_checkout": False}
    assert response.json() == wanted, f"{started(env)}, but GET /desk answers something else."


@pytest.mark.task("group_loans")
def test_one_rule_of_the_group_is_set(launch: Launch, rng: random.Random) -> None:
    """LIBRARY_LOANS__DAYS or LIBRARY_LOANS__AT_ONCE sets one rule; the other keeps its default."""
    rule, number = rng.choice(["days", "at_once"]), rng.randint(30, 99)
    env = {f"LIBRARY_LOANS__{rule.upper()}": str(number)}
    response = launch(env=env, files=NO_FILE).get("/loans/rules")
    assert response.status_code == 200
    wanted = {"days": 21, "at_once": 5, rule: number}
    assert response.json() == wanted, f"{started(env)}, but GET /loans/rules does not follow it."


@pytest.mark.task("read_env_file")
def test_file_is_read_and_the_environment_wins(launch: Launch, fake: Fake) -> None:
    """A `.env` with a line for another program sets what the environment does not set."""
    name, address = fake.word(), f"https://{fake.word()}.example.org/v1"
    lines = f"LIBRARY_NAME={fake.word()}\nLIBRARY_MODEL_BASE_URL={address}\nPOSTGRES_USER=anna\n"
    lab = launch(env={"LIBRARY_NAME": name}, files={".env": lines})
    response = lab.get("/settings")
    assert response.status_code == 200
    shown = response.json()
    assert shown["model_base_url"] == address, "A `.env` sets the address, and it is not read."
    assert shown["name"] == name, "Environment and `.env` set the name, and the wrong one wins."


@pytest.mark.task("read_env_file")
def test_own_file_names_the_library(lab: Lab) -> None:
    """With the `.env` of the lab, the name and the model's address are those of this machine."""
    response = lab.get("/settings")
    assert response.status_code == 200
    assert response.json()["name"] == "Reading Room #2"
    assert response.json()["model_base_url"] == "http://localhost:8001/v1"


@pytest.mark.task("refuse_to_start")
def test_without_a_key_the_app_does_not_start(launch: Launch) -> None:
    """Without LIBRARY_MODEL_API_KEY the app does not start, and says what is missing."""
    failed = launch.fails(env={"LIBRARY_MODEL_API_KEY": None}, files=NO_FILE)
    said = reason(failed).lower()
    assert "model_api_key" in said, "The app ends without naming the setting that is missing."


@pytest.mark.task("refuse_to_start")
def test_empty_key_is_no_key(launch: Launch) -> None:
    """With an empty LIBRARY_MODEL_API_KEY the app does not start either."""
    launch.fails(env={"LIBRARY_MODEL_API_KEY": ""}, files=NO_FILE)


@pytest.mark.task("refuse_to_start")
def test_unknown_environment_is_refused(launch: Launch, rng: random.Random) -> None:
    """With LIBRARY_ENVIRONMENT other than development or production the app does not start."""
    word = rng.choice(["prod", "live", "staging"])
    launch.fails(env={"LIBRARY_ENVIRONMENT": word}, files=NO_FILE)


@pytest.mark.task("refuse_to_start")
def test_production_insists_on_https(launch: Launch) -> None:
    """In production, with a LIBRARY_MODEL_BASE_URL of http:// the app does not start."""
    env = {"LIBRARY_ENVIRONMENT": "production", "LIBRARY_MODEL_BASE_URL": HTTP}
    launch.fails(env=env, files=NO_FILE)


@pytest.mark.task("refuse_to_start")
def test_production_starts_with_https(launch: Launch) -> None:
    """In production, with a LIBRARY_MODEL_BASE_URL of https:// the app starts."""
    env = {"LIBRARY_ENVIRONMENT": "production", "LIBRARY_MODEL_BASE_URL": HTTPS}
    response = launch(env=env, files=NO_FILE).get("/settings")
    assert response.status_code == 200
    assert response.json()["environment"] == "production"


@pytest.mark.task("hide_key")
def test_settings_are_shown_without_the_key(lab: Lab) -> None:
    """GET /settings answers the settings without the key."""
    response = lab.get("/settings")
    assert response.status_code == 200
    assert KEY not in response.text


@pytest.mark.task("hide_key")
def test_provider_gets_the_key_itself(lab: Lab, fake: Fake) -> None:
    """POST /questions hands the key itself to the provider, which signs its answer with it."""
    text = fake.sentence()
    response = lab.post("/questions", json={"text": text})
    assert response.status_code == 200
    signature, stars = response.json()["signature"], signed(text, "*" * 10)
    given = "ten stars" if signature == stars else "something else"
    assert signature == signed(text, KEY), f"The provider was given {given} in place of the key."


@pytest.mark.task("hide_key")
def test_log_does_not_show_the_key(lab: Lab, fake: Fake) -> None:
    """POST /questions logs the settings without the key."""
    response = lab.post("/questions", json={"text": fake.sentence()})
    assert response.status_code == 200
    assert "Asking with" in lab.log
    assert KEY not in lab.log


@pytest.mark.task("hide_key")
def test_complaint_does_not_show_the_key(launch: Launch, rng: random.Random) -> None:
    """When a wrong setting stops the app, what it says about it does not show the key."""
    key = make_key(rng)
    env = {"LIBRARY_ENVIRONMENT": "production", "LIBRARY_MODEL_BASE_URL": HTTP}
    said = reason(launch.fails(env={**env, "LIBRARY_MODEL_API_KEY": key}, files=NO_FILE))
    assert key not in said, "The complaint about the address shows the key, and the log keeps it."


@pytest.mark.task("mount_key")
def test_file_holds_the_key(launch: Launch, rng: random.Random, fake: Fake) -> None:
    """Without the variable, the key comes from the file secrets/library_model_api_key."""
    key, text = make_key(rng), fake.sentence()
    lab = launch(
        env={"LIBRARY_MODEL_API_KEY": None},
        files={**NO_FILE, "secrets/library_model_api_key": f"{key}\n"},
    )
    response = lab.post("/questions", json={"text": text})
    assert response.status_code == 200
    assert response.json()["signature"] == signed(text, key)


@pytest.mark.task("share_settings")
def test_settings_are_read_once(lab: Lab, fake: Fake) -> None:
    """The settings are read once: GET /about does not see a variable that changes later."""
    before = lab.get("/about")
    assert before.status_code == 200
    lab.call("os:environ.update", {"LIBRARY_NAME": fake.word()})
    response = lab.get("/about")
    lab.call("os:environ.pop", "LIBRARY_NAME")
    assert response.status_code == 200
    assert response.json() == before.json(), "GET /about has seen a variable that changed later."


@pytest.mark.task("share_settings")
def test_test_can_bring_settings_of_its_own(launch: Launch, fake: Fake) -> None:
    """A test that overrides the dependency get_settings sees its own settings in GET /about."""
    lab, name = launch(files={**NO_FILE, "rehearsal.py": REHEARSAL}), fake.word()
    lab.call("rehearsal:replace", name)
    response = lab.get("/about")
    assert response.status_code == 200
    wanted = {"name": name, "environment": "development"}
    assert response.json() == wanted, "A test overrides get_settings, and GET /about ignores it."


@pytest.mark.task("share_settings")
def test_client_cannot_change_the_settings(lab: Lab, fake: Fake) -> None:
    """GET /about?name=... answers the library's own name: a client cannot change the settings."""
    before = lab.get("/about")
    assert before.status_code == 200
    response = lab.get("/about", params={"name": fake.word()})
    assert response.status_code == 200
    assert response.json() == before.json()
