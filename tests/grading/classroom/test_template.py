"""The template repository: valid for its hosts, pinned, and a workspace for its student."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from checker.catalog import Catalog
from checker.errors import CheckerError, EnvironmentFaultError, UsageError
from checker.files import Tree
from checker.grading.classroom.host import Host
from checker.grading.classroom.template import default_install, make_template, write_template
from checker.workspace import Workspace
from tests.test_repository import REGISTRY

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"
ROOT = Path(__file__).resolve().parents[3]
WHEEL = "fastapi_workbook-0.1.0-py3-none-any.whl"


def template(catalog: Catalog, host: Host = Host.GITHUB, **options: Any) -> Tree:  # noqa: ANN401
    """Make a template of everything that is written."""
    return make_template(catalog, catalog.written, host, **options)


def read_yaml(data: bytes) -> dict[str, Any]:
    """Read a workflow; YAML 1.1 takes its key `on` for true."""
    found: dict[Any, Any] = yaml.safe_load(data)
    return {"on" if key is True else key: value for key, value in found.items()}


def prove(value: object, schema: str) -> None:
    """Prove that a document fits the schema."""
    found = json.loads((SCHEMAS / schema).read_text("utf-8"))
    jsonschema.Draft7Validator.check_schema(found)
    jsonschema.Draft7Validator(found).validate(value)


@pytest.mark.parametrize("options", [{}, {"reporter": True}])
def test_github_understands_the_workflow(catalog: Catalog, options: dict[str, Any]) -> None:
    workflow = read_yaml(template(catalog, **options)[Host.GITHUB.workflow])
    prove(workflow, "github-workflows.json")
    assert workflow["name"] == "Autograding Tests"
    assert list(workflow["jobs"]) == ["run-autograding-tests"]
    assert workflow["permissions"] == {"contents": "read"}


def test_gitlab_understands_the_pipeline(catalog: Catalog) -> None:
    pipeline = read_yaml(template(catalog, Host.GITLAB)[Host.GITLAB.workflow])
    prove(pipeline, "gitlab-ci.json")
    assert pipeline["judge"]["artifacts"]["reports"] == {"junit": "junit.xml"}
    assert "--junit junit.xml --topics 5.1.1,5.1.2" in pipeline["judge"]["script"][1]


def test_schemas_refuse_what_is_wrong(catalog: Catalog) -> None:
    workflow = read_yaml(template(catalog)[Host.GITHUB.workflow])
    for broken in ({**workflow, "job": {}}, {**workflow, "jobs": {}}):
        with pytest.raises(jsonschema.ValidationError):
            prove(broken, "github-workflows.json")
    with pytest.raises(jsonschema.ValidationError):
        prove({"judge": {"script": 1}}, "gitlab-ci.json")
    for wrong in ({}, {"image": "python", "postcreate": ""}, {"image": "a", "forwardPorts": [-1]}):
        with pytest.raises(jsonschema.ValidationError):
            prove(wrong, "devcontainer.json")


def test_editors_understand_the_development_container(catalog: Catalog) -> None:
    container = json.loads(template(catalog)[".devcontainer/devcontainer.json"])
    prove(container, "devcontainer.json")
    assert container["postCreateCommand"][-1] == default_install()
    prove(json.loads((ROOT / ".devcontainer/devcontainer.json").read_text()), "devcontainer.json")


def test_the_reporter_finds_the_result_under_the_name_of_the_step(catalog: Catalog) -> None:
    workflow = read_yaml(template(catalog, reporter=True)[Host.GITHUB.workflow])
    steps = workflow["jobs"]["run-autograding-tests"]["steps"]
    reporter = steps[-1]
    step = next(one for one in steps if one.get("id") == reporter["with"]["runners"])
    variable = f"{step['id'].upper()}_RESULTS"
    assert reporter["env"] == {variable: "${{ steps.checker.outputs.result }}"}
    assert step["id"] == "checker"
    assert reporter["if"] == "always()"
    with pytest.raises(UsageError, match="GitLab knows no --reporter"):
        template(catalog, Host.GITLAB, reporter=True)


def test_the_student_finds_a_workspace_of_the_chosen_topics(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHECKER_WORKSPACE")
    first, second = catalog.written
    write_template(make_template(catalog, [first], Host.GITHUB), tmp_path / "class")
    workspace = Workspace.locate(tmp_path / "class" / first.section_slug, catalog)
    assert workspace.root == tmp_path / "class"
    assert workspace.exists
    assert workspace.diff(first) == ""
    assert not workspace.folder(second).exists()
    readme = (tmp_path / "class" / "README.md").read_text()
    assert f"| {first.id} {first.title} |" in readme
    assert second.title not in readme
    assert not re.search("@[a-z]+@", readme)


@pytest.mark.parametrize("host", Host)
@pytest.mark.parametrize(
    "install", ["fastapi-workbook==0.1.0", "fastapi-workbook @ git+https://x.edu/w@v1; rm -rf /"]
)
def test_what_pip_installs_is_one_word_of_the_shell(
    catalog: Catalog, host: Host, install: str
) -> None:
    tree = template(catalog, host, install=install)
    lines = [line.strip() for line in tree[host.workflow].decode().splitlines()]
    line = next(line for line in lines if "pip install" in line)
    assert shlex.split(line) == ["python", "-m", "pip", "install", install]
    for name, data in tree.items():
        assert not REGISTRY.search(data.decode()), name


def test_a_wheel_goes_into_the_template(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / WHEEL).write_bytes(b"PK\x00")
    monkeypatch.chdir(tmp_path)
    for name in (WHEEL, str(tmp_path / WHEEL)):
        tree = template(catalog, install=name)
        assert tree[f"wheels/{WHEEL}"] == b"PK\x00"
        assert f"pip install ./wheels/{WHEEL}\n".encode() in tree[Host.GITHUB.workflow]
        assert str(tmp_path).encode() not in b"".join(tree.values())
    address = f"fastapi-workbook @ https://x.edu/{WHEEL}"
    assert WHEEL not in " ".join(template(catalog, install=address))


@pytest.mark.parametrize(
    "install, says",
    [
        ("no_such.whl", "wheel no_such.whl cannot be read: No such file"),
        ("fastapi-workbook", "fixes no version"),
        ("fastapi-workbook>=0.1", "fixes no version"),
        ("-r requirements.txt", "cannot be given"),
        ("fastapi-workbook==1\nrun: x", "cannot be given"),
        ("x==${{ secrets.TOKEN }}", "cannot be given"),
    ],
)
def test_what_fixes_no_version_is_refused(catalog: Catalog, install: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        template(catalog, install=install)
    assert caught.value.remedy


def test_nothing_that_is_there_is_lost(catalog: Catalog, tmp_path: Path) -> None:
    tree = template(catalog)
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty; nothing was written") as caught:
        write_template(tree, tmp_path)
    assert caught.value.remedy
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    with pytest.raises(UsageError, match="is a file"):
        write_template(tree, tmp_path / "thesis.txt")
    with pytest.raises(EnvironmentFaultError, match="cannot be written") as fault:
        write_template(tree, tmp_path / "thesis.txt" / "class")
    assert isinstance(fault.value, CheckerError)
    assert fault.value.remedy


def test_an_empty_clone_is_taken(catalog: Catalog, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    (clone / ".git").mkdir(parents=True)
    write_template(template(catalog), clone)
    assert (clone / Host.GITHUB.workflow).is_file()
