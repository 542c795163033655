"""`checker model`: the language model in the foreground, for any client."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from tests.cli.process import COMMAND, run_process
from tests.host.conftest import gone
from tests.services.conftest import children


@pytest.fixture
def port() -> int:
    """Find a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serving(port: int, tmp_path: Path) -> "Iterator[subprocess.Popen[str]]":
    """Run `checker model` on the free port."""
    process = subprocess.Popen(
        [*COMMAND, "model", "--json", "--port", str(port), "--delay", "0"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_it_names_the_variables_by_which_a_client_finds_it(
    serving: "subprocess.Popen[str]", port: int
) -> None:
    """It answers until Ctrl-C, and is gone after it."""
    assert serving.stdout is not None
    env = json.loads("".join(iter(serving.stdout.readline, "}\n")) + "}")
    assert env == {
        "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1",
        "OPENAI_API_KEY": "sk-library",
    }
    base, key = env["OPENAI_BASE_URL"], env["OPENAI_API_KEY"]
    with openai.OpenAI(base_url=base, api_key=key) as client:
        answer = client.chat.completions.create(
            model="library-1", messages=[{"role": "user", "content": "Who wrote Dune?"}]
        )
    assert "Frank Herbert" in str(answer.choices[0].message.content)
    (keeper,) = children(serving.pid)
    serving.send_signal(signal.SIGINT)
    assert serving.wait(timeout=20) == 0
    assert gone(keeper)


def test_it_is_gone_with_a_killed_command(serving: "subprocess.Popen[str]") -> None:
    assert serving.stdout is not None
    serving.stdout.readline()
    (keeper,) = children(serving.pid)
    serving.kill()
    serving.wait()
    assert gone(keeper)


def test_a_taken_port_is_said_with_the_remedy(tmp_path: Path, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        done = run_process("model", "--port", str(port), cwd=tmp_path)
    assert done.returncode == 4
    assert f"The language model: Port {port} of 127.0.0.1 cannot be had" in done.stderr
    assert "--port" in done.stderr


def test_its_end_is_said(tmp_path: Path, port: int) -> None:
    process = subprocess.Popen(
        [*COMMAND, "model", "--port", str(port)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "The model answers. For its clients:\n"
    (keeper,) = children(process.pid)
    os.kill(keeper, signal.SIGKILL)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 4
    assert "Its keeper ended" in said
