"""The commands of README.md for a newcomer, typed."""

import json
import re
import shlex
import urllib.request
from pathlib import Path

from chalicelib.reports.crimes import KINDS

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
LOCAL = "http://127.0.0.1:8000"


def examples(stage):
    """Follow the way that README.md tells through the description, up to the kinds; return what stands there."""
    told = re.search(r"holds a valid `report.json`.*?under (.*?)\.\n", README, re.DOTALL)[1]
    *way, kind, value = re.findall(r"`([^`]+)`", told)
    with urllib.request.urlopen(f"{stage.url}/v1/openapi.json") as answer:
        found = json.load(answer)
    for step in way:
        found = found[step]
    assert kind in found
    return {name: each[value] for name, each in found.items()}


def curl(stage, folder, told, **said):
    """Do what a command of README.md says, on this stage, with what it leaves to fill in; not every machine has curl."""
    for name, value in said.items():
        assert name in told
        told = told.replace(name, value)
    name, quiet, url, *options = shlex.split(told.replace(LOCAL, stage.url))
    given = list(zip(options[::2], options[1::2], strict=True))
    assert (name, quiet, {option for option, _ in given} - {"-H", "-d"}) == ("curl", "-s", set())
    data = next(value for option, value in given if option == "-d")
    body = (folder / data[1:]).read_bytes() if data.startswith("@") else data.encode()
    headers = dict(value.split(": ", 1) for option, value in given if option == "-H")
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        return json.load(answer)


def test_the_commands_file_a_report_of_every_kind_with_the_description_in_hand(stage, tmp_path):
    for_a_token, to_file = re.findall(r"^    (curl .*)$", README, re.MULTILINE)
    token = curl(stage, tmp_path, for_a_token)["access_token"]
    found = examples(stage)

    assert set(found) == set(KINDS)
    for kind, report in found.items():
        (tmp_path / "report.json").write_text(json.dumps(report))
        assert curl(stage, tmp_path, to_file, TOKEN=token)["kind"] == kind
