"""The promises of every store of reports: the same test bodies on the table (moto) and on the fake."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.core import ids
from chalicelib.core.errors import Conflict
from chalicelib.core.language import Language
from chalicelib.core.logins import IdentityKind
from chalicelib.reports import promises
from chalicelib.reports.additions import Sort
from chalicelib.reports.contact import MOST_WISHES, Contact, InformationWish, Safety
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, OfflineMeans, Role
from chalicelib.reports.facts import Reporter
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import Filing, ReportStore
from chalicelib.reports.table import ReportItem, item_of, report_of
from chalicelib.reports.tasks import Task
from tests.support.fakes import FakeReports
from tests.support.samples import CITIZEN, NOON, REFERENCE, a_report

OFFICER = Actor(Role.OFFICER, "NN1234")


@pytest.fixture(params=["table", "fake"])
def reports(request, settings):
    if request.param == "fake":
        return FakeReports()
    request.getfixturevalue("aws")
    return ReportStore(settings, Deadlines())


def eventful():
    """A report that has something in every corner."""
    report = a_report(
        contact=Contact(email="s@example.org", language=Language.EN, information=InformationWish.DECISIONS, survey=False)
    )
    report = report.changed(Change(Status.CHECKED, explanation="é ✓", remark="intern", key="k1"), by=OFFICER, at=NOON)
    report = report.changed(Change(Status.REGISTERED, registration_number="PL0100-2016123456"), by=OFFICER, at=NOON)
    report = report.asked("Eén?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)
    report = report.asked("Twee?", deadline_on=date(2016, 7, 21), by=OFFICER, at=NOON + timedelta(microseconds=1))
    report = report.added(Sort.FOUND, {"goods": ["1"], "where": "In de gracht ✓"}, at=NOON)
    return report.answered(2, "Ja", at=NOON).invited_to_survey(at=NOON)


def test_a_report_comes_back_as_it_was_written(reports):
    report = eventful()

    reports.add(report)

    assert reports.get(REFERENCE) == report


def test_an_unknown_reference_is_none(reports):
    assert reports.get(REFERENCE) is None


def test_a_taken_reference_returns_who_holds_it_and_changes_nothing(reports):
    first = reports.add(a_report())

    found = reports.add(a_report(statement=Statement.of("graffiti", {})))

    assert found == first == reports.get(REFERENCE)


def test_each_change_of_an_eventful_life_can_be_saved_over_the_one_before(reports):
    before = reports.add(a_report())
    steps = [
        lambda r: r.changed(Change(Status.CHECKED), by=OFFICER, at=NOON),
        lambda r: r.asked("Eén?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON),
        lambda r: r.answered(1, "Ja", at=NOON),
        lambda r: r.added(Sort.MORE, {"text": "Nog iets"}, at=NOON),
        lambda r: r.added(Sort.WRONG, {"part": "story", "text": "Anders"}, at=NOON),
        lambda r: r.wishes_changed(Contact(email="nieuw@example.org"), at=NOON),
        lambda r: r.changed(Change(Status.REGISTERED, registration_number="PL0100-2016123456"), by=OFFICER, at=NOON),
        lambda r: r.invited_to_survey(at=NOON),
    ]
    for step in steps:
        after = step(before)
        reports.save(before, after)
        assert reports.get(REFERENCE) == after
        before = after


def test_a_stale_writer_is_refused_and_the_first_change_stands(reports):
    seen = reports.add(a_report())
    first = reports.save(seen, seen.changed(Change(Status.CHECKED), by=OFFICER, at=NOON))

    with pytest.raises(Conflict, match="stale_version"):
        reports.save(seen, seen.changed(Change(Status.REFERRED), by=OFFICER, at=NOON))

    assert reports.get(REFERENCE) == first


def test_a_write_whose_reply_was_lost_may_be_repeated(reports):
    before = reports.add(a_report())
    after = before.changed(Change(Status.CHECKED), by=OFFICER, at=NOON)
    reports.save(before, after)

    assert reports.save(before, after) == after


def test_a_contact_that_changed_too_often_for_the_timeline_is_kept_all_the_same(reports):
    report = a_report()
    for number in range(MOST_WISHES):
        report = report.contact_changed(replace(report.contact, email=f"{number}@example.org"), at=NOON)
    reports.add(report)
    safe = report.contact_changed(replace(report.contact, safety=Safety(neutral=True)), at=NOON + timedelta(days=1))

    reports.save(report, safe)

    assert reports.get(REFERENCE) == safe
    assert (safe.contact.safety.neutral, len(safe.timeline)) == (True, len(report.timeline))
    with pytest.raises(Conflict, match="stale_version"):  # an officer who was looking meanwhile
        reports.save(report, report.changed(Change(Status.CHECKED), by=OFFICER, at=NOON))


def test_a_reporter_finds_only_own_reports_the_newest_first(reports):
    for n, reference in enumerate(["CCCC-CCCC-CCCC", "DDDD-DDDD-DDDD", "FFFF-FFFF-FFFF"]):
        owner = "V1-bbbb" if n == 1 else "V1-aaaa"
        reports.add(a_report(reference=reference, reporter=Reporter(owner, "x"), at=NOON + timedelta(hours=n)))

    page = reports.of_reporter("V1-aaaa")

    assert [line.reference for line in page.lines] == ["FFFF-FFFF-FFFF", "CCCC-CCCC-CCCC"]
    assert page.next_cursor == ""


def test_the_agenda_holds_what_is_due_and_forgets_what_is_done(reports):
    few = Contact(email="s@example.org", information=InformationWish.DECISIONS)  # who is not told that nothing changed
    report = reports.add(a_report(contact=few))

    assert list(reports.due(date(2016, 8, 29))) == []
    assert list(reports.due(date(2016, 8, 30))) == [REFERENCE]
    assert list(reports.due(date(2016, 12, 1))) == [REFERENCE], "an outage of months loses nothing"

    reports.save(report, report.invited_to_survey(at=NOON))
    assert list(reports.due(date(2016, 12, 1))) == []


def test_what_was_filed_before_an_instant_is_found_the_longest_filed_first(reports):
    days = {"FFFF-FFFF-FFFF": 40, "CCCC-CCCC-CCCC": 0, "DDDD-DDDD-DDDD": 1, "9999-9999-9999": 41}
    for reference, day in days.items():
        reports.add(a_report(reference=reference, at=NOON + timedelta(days=day)))

    found = list(reports.filed_before(NOON + timedelta(days=41)))

    assert found == ["CCCC-CCCC-CCCC", "DDDD-DDDD-DDDD", "FFFF-FFFF-FFFF"]
    assert list(reports.filed_before(NOON)) == []


def test_the_turn_of_the_year_hides_no_report_that_was_filed_before(reports):
    for reference, days in (("CCCC-CCCC-CCCC", 0), ("DDDD-DDDD-DDDD", 200)):
        reports.add(a_report(reference=reference, at=NOON + timedelta(days=days)))

    assert list(reports.filed_before(NOON + timedelta(days=400))) == ["CCCC-CCCC-CCCC", "DDDD-DDDD-DDDD"]


def test_a_month_can_be_counted_without_anything_of_its_reporters(reports):
    reports.add(a_report())
    reports.add(a_report(reference="CCCC-CCCC-CCCC", at=NOON + timedelta(days=40)))

    assert list(reports.filed_in("2016-07")) == [Filing(REFERENCE, "bicycle-theft", "Noord-Nederland", "GM0014", "online", NOON)]


def test_a_report_is_removed_once_and_twice_but_not_when_it_was_changed_meanwhile(reports):
    seen = reports.add(a_report())
    changed = reports.save(seen, seen.changed(Change(Status.CHECKED), by=OFFICER, at=NOON))

    with pytest.raises(Conflict, match="stale_version"):
        reports.remove(seen)
    assert reports.get(REFERENCE) == changed

    reports.remove(changed)
    reports.remove(changed)
    assert reports.get(REFERENCE) is None


def test_whose_mail_comes_back_is_known_by_their_own_list_until_another_address_is_there(reports):
    before = reports.add(a_report())
    reports.add(a_report(reference="CCCC-CCCC-CCCC", reporter=Reporter("V1-other", "sealed")))
    assert not reports.any_unreachable(CITIZEN.pseudonym)

    bounced = reports.save(before, before.contact_changed(replace(before.contact, usable=False), at=NOON))

    assert reports.any_unreachable(CITIZEN.pseudonym)
    assert not reports.any_unreachable("V1-other")
    assert [line.unreachable for line in reports.of_reporter(CITIZEN.pseudonym).lines] == [True]
    reports.save(bounced, bounced.contact_changed(replace(bounced.contact, email="nieuw@example.org", usable=True), at=NOON))
    assert not reports.any_unreachable(CITIZEN.pseudonym)
    assert [line.unreachable for line in reports.of_reporter(CITIZEN.pseudonym).lines] == [False]


def test_the_list_of_ones_own_reports_tells_of_news_and_of_what_is_asked(reports):
    filed = reports.add(a_report())
    assert (line := reports.of_reporter("V1-aaaa").lines[0]).news_at is None
    assert line.answer_by is None
    later = NOON + timedelta(days=1)

    asked = reports.save(filed, filed.asked("Eén?", deadline_on=date(2016, 7, 20), by=OFFICER, at=later))
    line = reports.of_reporter("V1-aaaa").lines[0]
    reports.save(asked, asked.answered(1, "Ja", at=later + timedelta(days=1)))

    assert (line.news_at, line.answer_by) == (later, date(2016, 7, 20))
    line = reports.of_reporter("V1-aaaa").lines[0]
    assert (line.news_at, line.answer_by) == (later, None)


def test_what_was_changed_lately_is_found_in_every_unit_and_status(reports):
    for reference, unit in (("CCCC-CCCC-CCCC", "Noord-Nederland"), ("DDDD-DDDD-DDDD", "Amsterdam")):
        reports.add(a_report(reference=reference, unit=unit))
    later = NOON + timedelta(hours=1)
    before = reports.get("DDDD-DDDD-DDDD")
    reports.save(before, before.changed(Change(Status.CHECKED), by=OFFICER, at=later))

    assert sorted(reports.changed_since(NOON)) == ["CCCC-CCCC-CCCC", "DDDD-DDDD-DDDD"]
    assert list(reports.changed_since(later)) == ["DDDD-DDDD-DDDD"]
    assert list(reports.changed_since(later + timedelta(seconds=1))) == []


def test_whom_to_tell_is_listed_per_unit_until_it_is_done(reports):
    first = reports.add(a_report())
    assert reports.to_contact("Noord-Nederland").lines == ()
    bounced = reports.save(first, first.address_found_unusable(frozenset({first.contact.email}), at=NOON + timedelta(hours=1)))
    second = reports.add(a_report(reference="CCCC-CCCC-CCCC"))
    reports.save(second, second.address_found_unusable(frozenset({second.contact.email}), at=NOON))

    assert [line.reference for line in reports.to_contact("Noord-Nederland").lines] == ["CCCC-CCCC-CCCC", REFERENCE]
    assert reports.to_contact("Amsterdam").lines == ()
    reports.save(bounced, bounced.contacted_offline(OfflineMeans.PHONE, by=OFFICER, at=NOON))
    assert [line.reference for line in reports.to_contact("Noord-Nederland").lines] == ["CCCC-CCCC-CCCC"]


@pytest.mark.parametrize(
    "reporter", [Reporter("V1-e", "", IdentityKind.EIDAS), Reporter("V1-c", "", IdentityKind.COMPANY, "68750110")]
)
def test_a_reporter_without_a_bsn_is_kept_as_what_they_are(reports, reporter):
    reports.add(a_report(reporter=reporter))

    assert reports.get(REFERENCE).reporter == reporter


def test_a_report_of_before_there_were_other_reporters_is_of_one_with_a_bsn(settings):
    item = item_of(a_report(), ReportItem, Deadlines(question_days=14, survey_after_decision_days=14, survey_latest_days=60))

    assert {"identity", "company"} & set(item.serialize()) == set(), "it is written as it always was"
    assert report_of(item).reporter.kind is IdentityKind.BSN


def test_reports_with_an_open_task_are_listed_in_the_order_of_the_queue(reports):
    ticked = Statement.of("bicycle-theft", {"story": "Weg.", "wantsVictimSupport": True})
    late = reports.add(a_report(reference=ids.reference(b"late" * 8), statement=ticked, at=NOON + timedelta(hours=1)))
    early = reports.add(a_report(reference=ids.reference(b"early" * 8), statement=ticked))
    raised = reports.add(a_report(reference=ids.reference(b"raised" * 8)))
    reports.save(raised, raised.task_raised(Task.FORWARD, by=Actor(Role.OFFICER, "NN1234"), at=NOON))
    done = late.task_done(Task.VICTIM_SUPPORT, by=Actor(Role.OFFICER, "NN1234"), at=NOON)

    def listed(task=None):
        return {line.reference: line.tasks for line in reports.with_tasks("Noord-Nederland", task).lines}

    assert list(listed(Task.VICTIM_SUPPORT)) == [early.reference, late.reference]
    assert listed(Task.FORWARD) == {raised.reference: (Task.FORWARD,)}
    reports.save(late, done)
    assert set(listed()) == {early.reference, raised.reference}
    assert reports.with_tasks("Amsterdam").lines == ()


def test_that_news_was_read_is_kept_without_a_version_of_its_own(reports):
    before = reports.add(a_report().changed(Change(Status.CHECKED), by=OFFICER, at=NOON))
    read = promises.read(before, at=NOON + timedelta(hours=1))

    assert reports.mark(before, read)
    assert not reports.mark(before, promises.read(before, at=NOON + timedelta(hours=2))), "another window was first"

    assert reports.get(REFERENCE) == read
    assert read.version == before.version


def test_who_reads_meanwhile_holds_up_nobody_who_writes_and_is_not_forgotten(reports):
    unreachable = Contact(email="s@example.org", usable=False)
    before = reports.add(a_report(contact=unreachable).changed(Change(Status.CHECKED), by=OFFICER, at=NOON))
    number = Change(Status.REGISTERED, registration_number="PL0100-2016123456")
    after = before.changed(number, by=OFFICER, at=NOON + timedelta(hours=2))
    reports.mark(before, promises.read(before, at=NOON + timedelta(hours=1)))
    assert reports.to_contact("Noord-Nederland").lines == (), "who read it needs no call"

    reports.save(before, after)

    assert reports.get(REFERENCE).read_number == 2
    assert reports.get(REFERENCE).version == after.version
    [line] = reports.to_contact("Noord-Nederland").lines
    assert line.tell_since in (None, NOON + timedelta(hours=2)), "since the news that was not read"


def test_a_mark_on_what_was_changed_meanwhile_is_not_written(reports):
    before = reports.add(a_report().changed(Change(Status.CHECKED), by=OFFICER, at=NOON))
    reports.save(before, before.invited_to_survey(at=NOON))

    assert not reports.mark(before, promises.read(before, at=NOON))
    assert reports.get(REFERENCE).read_number == 0


def test_a_notice_that_is_missing_is_on_the_list_and_off_the_agenda(reports):
    registered = Change(Status.REGISTERED, registration_number="PL0100-2016123456")
    report = a_report().changed(Change(Status.CHECKED), by=OFFICER, at=NOON).changed(registered, by=OFFICER, at=NOON)
    decided = report.changed(Change(Status.NOT_INVESTIGATED, explanation="Niets."), by=OFFICER, at=NOON)
    reports.add(decided := decided.invited_to_survey(at=NOON))
    assert list(reports.due(date(2016, 7, 12))) == [REFERENCE]
    assert list(reports.due(date(2016, 7, 11))) == []

    reports.mark(decided, replace(decided, missing_number=decided.decision.number))

    assert list(reports.due(date(2016, 12, 31))) == []
    assert [line.reference for line in reports.to_contact("Noord-Nederland").lines] == [REFERENCE]
