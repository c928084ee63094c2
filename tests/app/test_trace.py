"""Abuse can be found again in the log: all that came from one address in a day, or from one person; and nobody is named there."""

import logging
import re
from datetime import timedelta

import pytest

from chalicelib.web.trace import digest_of

LINE = re.compile(r"^asked method=(\S+) route=(\S+) status=(\d+) source=(\S+) person=(\S+)$")
CODES = {"reference": "AAAA-AAAA-AAAA", "code": "BBBB-BBBB-BBBB"}


@pytest.fixture
def asked(caplog):
    """The lines of the log so far: method, route, status, source, person."""
    caplog.set_level(logging.INFO)
    return lambda: [found.groups() for record in caplog.records if (found := LINE.match(record.getMessage()))]


def test_whoever_tries_codes_is_found_by_a_digest_of_their_address_and_not_by_the_address(portal, services, clock, asked):
    for _ in range(2):
        portal.browser().post("/verify", CODES)

    first, second = asked()
    assert first == second
    assert (first[0], first[1], first[4]) == ("POST", "/verify", "nobody")
    assert re.fullmatch("[0-9a-f]{16}", first[3])
    assert first[3] != digest_of(b"another key" * 4, "2016-07-01", "127.0.0.1")


def test_what_one_person_did_in_a_day_belongs_together_wherever_they_are(portal, asked):
    for _ in range(2):
        browser = portal.browser("sanne")
        browser.post("/details/code", {"code": "AAAA-AAAA-AAAA"})

    persons = [person for _, route, _, _, person in asked() if route == "/details/code"]
    assert len(persons) == 2
    assert len(set(persons)) == 1
    assert persons[0] != "nobody"


def test_of_two_days_nobody_can_tell_that_it_was_the_same_address(portal, clock, asked):
    portal.browser().post("/verify", CODES)
    clock.advance(timedelta(days=1))
    portal.browser().post("/verify", CODES)

    today, tomorrow = asked()
    assert today[3] != tomorrow[3]


def test_who_only_reads_leaves_no_line_and_who_is_refused_does(portal, asked):
    browser = portal.browser()
    browser.get("/help")
    assert asked() == []

    browser.get("/reports/AAAA-AAAA-AAAA/survey-that-is-not-there")
    browser.get("/static/nothing.css")
    assert {status for _, _, status, _, _ in asked()} <= {"404"}
