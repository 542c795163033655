"""What 5.8.8 asks: what coverage.py reports, what tests notice, and what the CI job lets pass."""

import json
import re
from typing import Any

import pytest

from checker.judge.api import Exam, Lab, Launch

Json = dict[str, Any]
WORKFLOW = ".github/workflows/tests.yml"
# No plugins that happen to be installed, and the core that needs its concurrency told.
ENV = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COVERAGE_CORE": "ctrace"}
ALL_ROUTES = """
LOAN = {"title": "Emma", "reader": "Ada", "day": "2026-06-01"}


def test_all_routes(client):
    assert client.post("/loans", json=LOAN).status_code == 201
    query = {"reader": "Ada", "kind": "book", "late_on": "2026-12-01"}
    assert client.get("/loans", params=query).status_code == 200
    assert client.post("/loans/1/return", json={"day": "2026-06-02"}).status_code == 200
"""
ODD = '''"""Code that no test runs, for good reasons and for none."""

from typing import assert_never


def number(word: str) -> int:
    if word == "one":
        return 1
    raise ValueError(word)


def main(never: None = None) -> None:
    print(number("two"))
    assert_never(never)


def old() -> None:  # pragma: no cover - removed in the next release
    print(number("one"))


if __name__ == "__main__":
    main()
'''
LEFT_OUT = [
    "assert_never(never)",
    "def old() -> None:",
    'print(number("one"))',
    'if __name__ == "__main__":',
    "main()",
]
SMALL_LIBRARY = {  # of 100 statements
    "library/app.py": """
from fastapi import FastAPI

app = FastAPI()


def some():
{some}

def more():
    print()
    print()

def rest():
    print()
    print()
    print()
    print()
""".replace("{some}", "    print()\n" * 89),
    "tests/test_app.py": """
import os

from library.app import more, some


def test_app():
    some()
    if os.environ["DAY"] != "lazy":
        more()
    assert os.environ["DAY"] != "bad"
""",
}
SELECTOR = "return asyncio.SelectorEventLoop"
PRAGMA = r"(?i)#\s*pragma:?\s*no\s*cover(.*)"
IMPORTS = "import library.odd\nimport library.serve\n"


def measure(lab: Lab, *program: str) -> Json:
    """Run a program under coverage.py with the learner's settings, and give its JSON report."""
    ran = lab.run("coverage", "run", *program, env=ENV)
    assert ran.code == 0
    unknown = re.findall(r"Unrecognized option '(.*?)='", ran.output)
    assert not unknown, f"coverage.py does not know this setting: {unknown[0]}"
    told = lab.run("coverage", "json", "--fail-under=0", "-o", "report.json", env=ENV)
    assert told.code == 0
    report: Json = json.loads(lab.file("report.json"))
    report["files"] = {name.replace("\\", "/"): one for name, one in report["files"].items()}
    return report


def lines(lab: Lab, file: str, numbers: list[int]) -> list[str]:
    """Give some lines of a file, without the spaces around them and without comments."""
    text = lab.file(file).splitlines()
    return [text[number - 1].partition("  #")[0].strip() for number in numbers]


@pytest.mark.task("measure")
def test_measure(launch: Launch) -> None:
    """The report counts the modules of `library`, their branches, and each line that has run."""
    lab = launch(files={"tests/test_all.py": ALL_ROUTES, "library/new.py": "NEW = True\n"})
    report = measure(lab, "-m", "pytest", "-q", "tests/test_all.py")
    unlisted = {"library/new.py"} - report["files"].keys()
    assert not unlisted, "The report does not list a new module of library, which no test imports."
    foreign = [name for name in report["files"] if not name.startswith("library/")]
    assert not foreign, f"The report counts {foreign[0]}, which is not in library."
    assert report["meta"]["branch_coverage"], "The report counts lines only, no branches."
    for name in ("create_loan", "list_loans", "return_loan"):
        lost = report["files"]["library/app.py"]["functions"][name]["missing_lines"]
        ran = [line for line in lines(lab, "library/app.py", lost) if "HTTPException" not in line]
        assert not ran, (
            f"A test has run {name}, and the report shows this line as missing: {ran[0]}"
        )


@pytest.mark.task("close_gap")
def test_the_assistant(exam: Exam) -> None:
    """Your tests of the assistant pass, and fail for each broken one."""
    exam.notices()


@pytest.mark.task("cover_branches")
def test_the_list(exam: Exam) -> None:
    """Your tests of the list pass, and fail for each broken one."""
    exam.notices()


@pytest.mark.task("assert_more")
def test_returns(exam: Exam) -> None:
    """Your tests of returning pass, and fail for each broken app."""
    exam.notices()


@pytest.mark.task("exclude")
def test_exclude(launch: Launch) -> None:
    """The report leaves out what no test can run, nothing else, and a comment says why."""
    lab = launch(files={"library/odd.py": ODD, "look.py": IMPORTS})
    files = measure(lab, "look.py")["files"]
    unlisted = {"library/serve.py"} - files.keys()
    assert not unlisted, "The report leaves out all of library/serve.py."
    found = lines(lab, "library/odd.py", files["library/odd.py"]["excluded_lines"])
    leaves_out([line for line in found if "import" not in line], LEFT_OUT)
    chosen = files["library/serve.py"]["functions"]["choose_loop"]
    found = lines(lab, "library/serve.py", chosen["excluded_lines"])
    leaves_out([line for line in found if "platform" not in line], [SELECTOR])
    reasons = re.findall(PRAGMA, lab.file("library/serve.py"))
    assert all(re.findall(r"\w+", reason) for reason in reasons), (
        "The comment `pragma: no cover` does not say why."
    )


def leaves_out(found: list[str], wanted: list[str]) -> None:
    """Demand that some lines are left out, those that are wanted and no other."""
    counted = [line for line in wanted if line not in found]
    assert not counted, f"The report still counts this line: {counted[0]}"
    extra = [line for line in found if line not in wanted]
    assert not extra, f"The report leaves out this line, which tests can run: {extra[0]}"


def run_job(lab: Lab, day: str) -> int:
    """Run the steps of the workflow as GitHub does; give the exit code of the one that ends it.

    `day` says what the tests of the small library do; 0 is a job that succeeds.
    """
    env = {**ENV, "DAY": day, "GITHUB_STEP_SUMMARY": "summary.md"}
    ended = 0
    for step in read_steps(lab):
        always = re.search(r"always|cancelled|failure", str(step.get("if", "")))
        if "run" in step and "pip install" not in step["run"] and (always or not ended):
            code = run_script(lab, step["run"], step.get("shell", ""), env)
            ended = ended or (0 if step.get("continue-on-error") else code)
    return ended


def read_steps(lab: Lab) -> list[Json]:
    """Read the steps of the job `tests`."""
    found: list[Json] = lab.yaml(WORKFLOW)["jobs"]["tests"]["steps"]
    odd = [step for step in found if not isinstance(step, dict)]
    assert not odd, f"This step of {WORKFLOW} has no key such as `run`: {odd[0]}"
    return found


def run_script(lab: Lab, script: str, shell: str, env: dict[str, str]) -> int:
    """Run a step's script, line by line where it has no more than commands."""
    if re.search(r"[|&;<>$`'\\]", script):
        options = ["-eo", "pipefail"] if shell else ["-e"]
        return lab.run("bash", *options, "-c", script, env=env).code
    codes = (lab.run(*line.split(), env=env).code for line in script.splitlines() if line.strip())
    return next((code for code in codes if code), 0)


@pytest.mark.task("ci")
def test_the_job(lab: Lab, launch: Launch) -> None:
    """The job succeeds with good tests, and fails if one fails or too little is covered."""
    gone = [name for name in lab.files() if name.startswith(("library/", "tests/"))]
    small = launch(files={**dict.fromkeys(gone), **SMALL_LIBRARY})
    assert run_job(small, "good") == 0, "All tests pass and run 96 of 100 lines; the job fails."
    assert run_job(small, "bad") != 0, "A test fails, and the job succeeds."
    assert run_job(small, "lazy") != 0, "The tests run 94 of 100 lines, and the job succeeds."
