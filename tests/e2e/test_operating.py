"""An operator's commands on the stage that `make run` starts, as anybody can try them."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from chalicelib import wiring
from chalicelib.core.clock import day_of, month_of, start_of_day
from tests.support.samples import a_report

ROOT = Path(__file__).parents[2]


def operate(stage, *arguments):
    command = [sys.executable, "-m", "infra.ops", "--stage", "local", "--url", stage.url, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_an_operator_looks_at_the_local_stage(stage):
    done = operate(stage, "status")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip().endswith("nothing needs you")
    assert operate(stage, "check-settings").stdout == "every setting can be used\n"


def test_statistics_go_to_a_file_and_remarks_to_the_screen(stage):
    filed_at = start_of_day(day_of(stage.clock.now()).replace(day=1)) - timedelta(days=2)  # a month that is over
    month = month_of(day_of(filed_at))
    for number in range(10):
        wiring.services().reports.add(a_report(reference=f"CCCC-CCCC-CC{number:02}", at=filed_at))

    done = operate(stage, "export-statistics", "--first", month, "--last", month)

    assert done.returncode == 0
    assert done.stdout.startswith("month,crime,unit,municipality,reports\n")
    assert done.stdout.splitlines()[1:] == [f"{month},theft,Noord-Nederland,Groningen,10"]
    assert done.stderr == "1 rows; every report is in one\n"


def test_what_cannot_be_done_is_one_sentence(stage):
    assert operate(stage, "erase-everything").stdout.count("\n") == 1
    lost = subprocess.run(
        [sys.executable, "-m", "infra.ops", "--stage", "local", "--url", "http://127.0.0.1:9", "status"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert lost.returncode == 2
    assert "Start one with `make run`." in lost.stderr


def test_without_an_address_it_looks_where_make_run_was_told_to_listen(stage):
    line = [sys.executable, "-m", "infra.ops", "--stage", "local", "status"]
    port = stage.url.rpartition(":")[2]

    done = subprocess.run(line, env={**os.environ, "PORT": port}, capture_output=True, text=True, check=False, cwd=ROOT)
    lost = subprocess.run(line, env={**os.environ, "PORT": "9"}, capture_output=True, text=True, check=False, cwd=ROOT)

    assert done.returncode in (0, 1), done.stderr
    assert "No local stage" not in done.stderr
    assert lost.returncode == 2
    assert "http://127.0.0.1:9 " in lost.stderr
    assert "--url http://127.0.0.1:PORT" in lost.stderr
