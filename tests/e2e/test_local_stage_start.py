"""Starting and stopping the local stage: what a contributor sees in the terminal."""

import os
import signal
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from infra.local.stage import Stage

ROOT = Path(__file__).parents[2]


def test_two_stages_after_each_other_know_nothing_of_each_other(tmp_path):
    with Stage(port=0, keys_file=tmp_path / "keys.json") as first:
        first.advance(timedelta(days=14))
    with Stage(port=0, keys_file=tmp_path / "keys.json") as second:
        state = second.state()

    assert state["schedules"][0]["runs"] == 0
    assert state["now"] < first.state()["now"]


def _started(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "infra.local", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PORT": ""}
    )


def test_it_says_where_to_look_and_stops_when_asked():
    process = _started("--port", "0")

    said = [process.stdout.readline() for _ in range(9)]
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=60)

    assert "/_local/mail" in "".join(said)
    assert process.returncode == 0
    assert rest.strip().endswith("Stopped.")


def test_a_busy_port_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = _started("--port", str(taken.getsockname()[1]))
        _, said = process.communicate(timeout=60)

    assert process.returncode == 1
    assert said.startswith("Port ")
    assert said.count("\n") == 1
