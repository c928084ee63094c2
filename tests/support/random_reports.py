"""Reports in drawn states: any status, wishes, addresses, units and ages that there can be; for benches and laws."""

import random
from dataclasses import replace
from datetime import date, timedelta

from chalicelib.core import ids
from chalicelib.core.clock import Clock, day_of
from chalicelib.core.language import Language
from chalicelib.reports.contact import Contact, InformationWish
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import Change, Report
from chalicelib.reports.statuses import REASON_REQUIRED, Status
from tests.support.samples import a_report

OFFICER = Actor(Role.OFFICER, "NN9999")
UNITS = ("Noord-Nederland", "Noord-Nederland", "Noord-Nederland", "Amsterdam")
HOLDERS = ("", "NN1234", "NN5555", "T-AAAAA-AAAAA")  # nobody, the officer of the samples, a colleague, a team
AGES = (0, 1, 20, 200, 400, 1_500, 1_900)  # days; the last is too old for the police


def drawn(chance: random.Random, clock: Clock, count: int = 8) -> list[Report]:
    """Return so many reports, each after a drawn life of at most nine steps."""
    return [_drawn(chance, clock) for _ in range(count)]


def _drawn(chance: random.Random, clock: Clock) -> Report:
    filed_at = clock.now() - timedelta(days=chance.choice(AGES))
    contact = Contact(
        email=chance.choice(("", "sanne@example.org", "sanne@example.org")),
        information=chance.choice(list(InformationWish)),
        survey=chance.random() < 0.5,
        usable=chance.random() < 0.8,
        language=chance.choice(list(Language)),
    )
    facts = {"reference": ids.reference(chance.randbytes(32)), "contact": contact, "unit": chance.choice(UNITS), "at": filed_at}
    report = a_report(**facts)
    for step in range(chance.randrange(10)):
        report = _step(report, chance, filed_at + timedelta(minutes=step + 1))
    return report


def _step(report: Report, chance: random.Random, at) -> Report:
    if report.open_question:
        return report.answered(report.open_question.number, "Ja.", at=at) if chance.random() < 0.5 else report
    if report.can_be_asked and chance.random() < 0.2:
        return report.asked("Hoe?", deadline_on=_later(at), by=OFFICER, at=at)
    if chance.random() < 0.1:
        return report.wishes_changed(replace(report.contact, survey=not report.contact.survey), at=at)
    if chance.random() < 0.25:
        return _aside(report, chance, at)
    following = report.next_statuses()
    if not following:
        return report
    status = chance.choice(following)
    number = "PL0100-2016123456" if status is Status.REGISTERED else ""
    why = "Omdat." if status in REASON_REQUIRED else ""
    return report.changed(Change(status, why, registration_number=number), by=OFFICER, at=at)


def _aside(report: Report, chance: random.Random, at) -> Report:
    """Return the report after something beside its status."""
    return chance.choice(
        (
            lambda: report.invited_to_survey(at=at),
            lambda: report.assigned(chance.choice(HOLDERS), by=OFFICER, at=at),
            lambda: report.joined("C-K7MDP-R3W9X", by=OFFICER, at=at),
        )
    )()


def _later(at) -> date:
    return day_of(at) + timedelta(days=14)
