"""The functions' own Python: found, or said in a sentence; the tests go on without it, a deploy does not."""

import subprocess
import sys

import pytest

from infra.deploy.interpreter import ROOT, RUNTIME, VERSION

IS_RUNTIME = sys.version_info[:2] == RUNTIME


@pytest.fixture
def without(tmp_path):
    """Runs a command where no other Python can be found."""

    def without(*command):
        environment = {"PATH": str(tmp_path), "PYENV_ROOT": str(tmp_path), "HOME": str(tmp_path)}
        run = [sys.executable, *command]
        return subprocess.run(run, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    return without


def test_without_it_the_tests_go_on_and_say_so(without):
    done = without("-m", "tests.runtime")

    assert done.returncode == 0, done.stderr
    assert VERSION in done.stdout
    assert ("there is no other to try" if IS_RUNTIME else "this machine has none") in done.stdout


def test_without_it_nothing_is_deployed(without):
    done = without("-c", "from infra.deploy import interpreter; print(interpreter.find())")

    assert done.returncode == (0 if IS_RUNTIME else 1)
    assert (done.stdout.strip() == sys.executable) if IS_RUNTIME else ("RUNTIME_PYTHON=/path/to/python" in done.stderr)
