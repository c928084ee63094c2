"""A sample of the lives: `make soak` lives a thousand, and longer ones."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.products import WHOLE

ROOT = Path(__file__).parents[2]


def test_whatever_happens_to_citizens_and_their_mail_the_plain_books_agree():
    """In a process of its own: the engine answers for all clients of a process."""
    command = [sys.executable, "-m", "tests.simulation", "--seeds", "60" if WHOLE else "16", "--steps", "300"]

    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_seed_lives_the_same_life_each_time_and_its_steps_alone_do():
    again = "from tests.simulation.run import lived, replayed\nlife = lived(3, 200, tell=True)\n"
    again += "assert life.story == lived(3, 200, tell=True).story == replayed(3, life.steps, tell=True).story\n"

    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", again], check=False, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
