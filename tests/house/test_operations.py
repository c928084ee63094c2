"""The operators' pages say what there is: alarms, commands, settings, terms."""

import re
from pathlib import Path

import pytest

from chalicelib.core.settings import Settings
from infra.ops.commands import COMMANDS, parser
from infra.ops.stage import Refused
from infra.tables import ROOTS, TEMPLATE, parsed, resources

ROLES = TEMPLATE.parent / "roles.yaml"
ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "operations"
PAGES = sorted(FOLDER.glob("*.md"))
TEXTS = {page.name: page.read_text(encoding="utf-8") for page in PAGES}


def test_every_alarm_has_its_section_for_who_is_on_call():
    alarms = {
        alarm["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("${Prefix}")
        for alarm in resources("AWS::CloudWatch::Alarm").values()
    }
    sections = re.split(r"^## ", TEXTS["on-call.md"], flags=re.MULTILINE)[1:]

    assert {section.partition("\n")[0] for section in sections} == alarms | {"budget"}
    for section in sections:
        assert re.search(r"^\*(Now|Today|Soon)", section, re.MULTILINE), f"how bad is {section.partition(chr(10))[0]}?"
        assert len(section.split()) > 25, section


def test_every_page_is_in_the_index():
    linked = set(re.findall(r"\]\(([a-z-]+\.md)\)", TEXTS["README.md"]))

    assert len(linked) >= 7
    assert linked == set(TEXTS) - {"README.md"}


@pytest.mark.parametrize("page", sorted(TEXTS))
def test_a_command_that_a_page_tells_to_run_exists(page):
    for line in re.findall(r"python -m infra\.ops --stage [a-z]+ ([^#`>\n]+)", TEXTS[page]):
        words = line.replace("…", "2016-07-01").replace("COMMAND", "status").split()
        try:
            parser().parse_args(words)
        except Refused as refused:
            pytest.fail(f"{line}: {refused}")


@pytest.mark.parametrize("page", sorted(TEXTS))
def test_a_make_target_that_a_page_names_exists(page):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

    assert set(re.findall(r"\bmake ([a-z-]+)(?: STAGE| PORT|`|$)", TEXTS[page], re.MULTILINE)) <= targets


@pytest.mark.parametrize("page", sorted(TEXTS))
def test_a_setting_or_parameter_that_a_page_names_exists(page):
    known = {name.upper() for name in Settings.__dataclass_fields__} | {"AWS_PROFILE"}
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", TEXTS[page]))
    parameters = set(
        re.findall(r"`((?:Mail|Portal|Alarm|Digid|Staff|Budget|Log|Firewall|Bsn)[A-Z][a-z]+(?:[A-Z][a-z]+)*)`", TEXTS[page])
    )

    assert named <= known
    assert parameters <= {name for file in (TEMPLATE, ROOTS, ROLES) for name in parsed(file)["Parameters"]}


def test_every_command_is_in_the_index_or_on_a_page_of_its_own():
    everything = "\n".join(TEXTS.values())

    assert [name for name in COMMANDS if f" {name}" not in everything] == []
