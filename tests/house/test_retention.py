"""How long something is kept is said once: the template, the page and the code have the numbers of core/retention.py."""

import re
from pathlib import Path

import pytest

from chalicelib.core.retention import RETENTION, Kept
from chalicelib.core.settings import Settings
from chalicelib.drafts import store as drafts
from chalicelib.evidence.actions import LOOKS_BACK
from chalicelib.evidence.model import UNCONFIRMED
from chalicelib.reports import retention
from infra.retention_page import PAGE, page
from infra.tables import resources, template

CODE = Path(__file__).parents[2] / "chalicelib"
# How long something is kept is a length of days, said beside a name with this word.
SAID_ELSEWHERE = re.compile(r"^\w*(?:KEPT|KEEPS|RETENTION|EXPIRES|LONGEST|UNCONFIRMED)\w*\s*=\s*timedelta\(days=", re.MULTILINE)
# An item that a store keeps for its own work, and that is about nobody.
OF_NOBODY = {"letters/rate_limiter.py"}


def test_the_page_is_that_of_the_code():
    assert PAGE.read_text("utf-8") == page(), "run `python -m infra.retention_page`"


def test_no_store_has_a_length_of_its_own():
    files = {file.relative_to(CODE).as_posix(): file.read_text("utf-8") for file in CODE.rglob("*.py")}

    assert {name for name, text in files.items() if SAID_ELSEWHERE.search(text)} == OF_NOBODY


def test_every_row_is_told_of_and_is_of_one_length():
    assert all(term.what and term.by and term.why for term in RETENTION.values())
    assert [kept for kept, term in RETENTION.items() if not (term.years or term.days)] == [
        Kept.TOMBSTONES,
        Kept.TEAMS,
        Kept.TEXTS,
    ]
    assert not any(term.years and term.days for term in RETENTION.values())


def test_the_template_has_the_days_of_the_table():
    [bucket] = resources("AWS::S3::Bucket").values()
    rules = {rule["Id"]: rule for rule in bucket["Properties"]["LifecycleConfiguration"]["Rules"]}

    assert rules["what-outlived-its-report"]["ExpirationInDays"] == RETENTION[Kept.FILES].days
    assert rules["what-was-removed"]["NoncurrentVersionExpiration"]["NoncurrentDays"] == RETENTION[Kept.REMOVED_FILES].days
    for name in ("what-was-never-judged", "what-was-never-confirmed"):
        assert rules[name]["ExpirationInDays"] == RETENTION[Kept.UNCONFIRMED_OBJECTS].days
    assert template()["Parameters"]["LogDays"]["Default"] == RETENTION[Kept.LOGS].days
    assert template()["Parameters"]["PortalLogDays"]["Default"] == RETENTION[Kept.TRACES].days
    assert Settings.__dataclass_fields__["audit_kept_years"].default == RETENTION[Kept.LOOKS].years


def test_what_hangs_together_ends_in_order():
    listed, read, kept = (RETENTION[one].years for one in (Kept.LISTED_REPORTS, Kept.READ_REPORTS, Kept.REPORTS))

    assert (listed, read, kept) == (1, 5, 10), "the law says so (ADR-0027)"
    assert [years for years, _ in retention.TERMS] == [listed, read]
    assert RETENTION[Kept.FILES].length > RETENTION[Kept.REPORTS].length + UNCONFIRMED
    assert RETENTION[Kept.UNCONFIRMED_FILES].length == drafts.KEPT
    assert RETENTION[Kept.NUMBERS].years == kept, "it goes with its report"
    assert LOOKS_BACK.days == 4


@pytest.mark.parametrize("name", ["KEPT", "KEPT_VISIT", "LONGEST", "UNCONFIRMED"])
def test_the_search_finds_what_it_is_for(name):
    assert SAID_ELSEWHERE.search(f"import re\n{name} = timedelta(days=3_700)")
