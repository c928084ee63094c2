"""A sample of the crash matrix: `make crash-matrix` runs the rest."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.products import WHOLE

ROOT = Path(__file__).parents[2]


def test_of_the_runs_in_which_calls_break_none_loses_doubles_or_forgets_a_letter():
    """In a process of its own: the end of botocore's wire belongs to a whole process."""
    command = [sys.executable, "-m", "tests.crash", "520" if WHOLE else "120"]

    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
