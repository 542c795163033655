"""How the judge runs pytest."""

import os
import subprocess
import sys
from pathlib import Path

WATCHED = """
import os
from checker.judge.run import warm_up

seen, scan = [], os.scandir
os.scandir = lambda place: seen.append(str(place)) or scan(place)
warm_up()
assert seen
assert os.environ["TMPDIR"] not in seen
"""


def test_nothing_around_a_suite_is_looked_at_or_run(tmp_path: Path) -> None:
    """The folder for temporary files may be full, and others may write to it."""
    (tmp_path / "conftest.py").write_text("import pathlib\npathlib.Path('ran').touch()\n")
    subprocess.run(
        [sys.executable, "-P", "-c", WATCHED],
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=tmp_path,
        check=True,
        timeout=60,
    )
    assert [path.name for path in tmp_path.iterdir()] == ["conftest.py"]
