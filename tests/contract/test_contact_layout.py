"""How a reporter is reached has one layout in both tables; items that were stored before it are read as they were meant."""

from datetime import UTC, datetime

import pytest

from chalicelib.core.language import Language
from chalicelib.profiles.model import Choices
from chalicelib.profiles.store import ProfileStore
from chalicelib.reports.contact import Contact, Hours, InformationWish, Safety
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.store import ReportStore
from tests.conftest import PREFIX
from tests.support.samples import CITIZEN, NOON, REFERENCE, a_report

# A person's details as the table of profiles kept them until it had the layout of the reports.
OLD_PROFILE = {
    "pseudonym": {"S": "V1-aaaa"},
    "id": {"S": "a" * 24},
    "version": {"N": "3"},
    "email": {"S": "sanne@example.org"},
    "proven_at": {"N": "1467367200000000"},
    "proven_by": {"N": "1"},
    "language": {"S": "en"},
    "information": {"S": "decisions"},
    "survey": {"BOOL": False},
    "neutral": {"BOOL": True},
    "hours": {"S": "17-21"},
    "phone": {"BOOL": False},
    "notices": {"S": '[{"number": 3, "kind": "choices_changed", "at": "2016-07-01T10:00:00+00:00", "to": ""}]'},
    "expires_at": {"N": "1530439200"},
}
SAFE = Safety(neutral=True, hours=Hours.EVENING, phone=False)
CHOSEN = Choices(language=Language.EN, information=InformationWish.DECISIONS, survey=False, safety=SAFE)

# The contact of a report as it has always been kept: nothing out of the ordinary, and all of it.
PLAIN = {
    "email": {"S": "sanne@example.org"},
    "language": {"S": "nl"},
    "information": {"S": "all"},
    "survey": {"BOOL": True},
    "usable": {"BOOL": True},
}
FULL = {
    "email": {"S": "s@example.org"},
    "language": {"S": "en"},
    "information": {"S": "nothing"},
    "survey": {"BOOL": False},
    "usable": {"BOOL": False},
    "own": {"BOOL": True},
    "neutral": {"BOOL": True},
    "hours": {"S": "17-21"},
    "no_phone": {"BOOL": True},
}
CONTACTS = [
    (PLAIN, Contact(email="sanne@example.org")),
    (
        FULL,
        Contact(
            email="s@example.org",
            language=Language.EN,
            information=InformationWish.NOTHING,
            survey=False,
            usable=False,
            own=True,
            safety=SAFE,
        ),
    ),
]


def test_a_profile_that_was_kept_in_the_old_layout_is_read_and_written_in_the_one_of_the_reports(aws, settings, clock):
    aws.client("dynamodb").put_item(TableName=f"{PREFIX}profiles", Item=OLD_PROFILE)
    profiles = ProfileStore(settings, clock)

    profile = profiles.get(CITIZEN.pseudonym)
    assert (profile.email, profile.choices) == ("sanne@example.org", CHOSEN)
    assert (profile.version, profile.proven_at, profile.last_number) == (3, datetime(2016, 7, 1, 10, tzinfo=UTC), 3)
    assert profiles.profile_of_image(OLD_PROFILE) == profile
    profiles.save(profile, profile.chosen(Choices(safety=SAFE), at=NOON))

    [item] = aws.items("profiles")
    safe = {name: FULL[name] for name in ("neutral", "hours", "no_phone")}
    assert item["contact"] == {"M": PLAIN | safe}
    assert set(item) == {"pseudonym", "id", "version", "contact", "proven_at", "proven_by", "notices", "expires_at"}
    assert profiles.get(CITIZEN.pseudonym).choices == Choices(safety=SAFE)


def test_a_profile_without_an_address_was_kept_without_that_attribute(aws, settings, clock):
    item = {name: value for name, value in OLD_PROFILE.items() if name not in ("email", "proven_at", "proven_by")}

    profile = ProfileStore(settings, clock).profile_of_image(item)

    assert (profile.email, profile.proven_at, profile.choices) == ("", None, CHOSEN)


@pytest.mark.parametrize(("stored", "contact"), CONTACTS, ids=["plain", "full"])
def test_the_contact_of_a_report_is_read_and_written_as_it_always_was(aws, settings, clock, stored, contact):
    reports = ReportStore(settings, Deadlines())
    reports.add(a_report(contact=contact))
    [item] = aws.items("reports")

    assert item["contact"] == {"M": stored}
    aws.client("dynamodb").put_item(TableName=f"{PREFIX}reports", Item=item | {"contact": {"M": stored}})
    assert reports.get(REFERENCE).contact == contact
