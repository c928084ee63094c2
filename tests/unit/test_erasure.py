"""After ten years a report is destroyed with all that hangs on it, and leaves what can be counted."""

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest

from chalicelib.core.language import Language
from chalicelib.erasure.actions import Archive, Erased, erase_expired, expired
from chalicelib.erasure.model import Tombstone
from chalicelib.evidence import actions as evidence
from chalicelib.evidence import looking
from chalicelib.evidence.looking import EvidenceStorage
from chalicelib.evidence.model import folder_id
from chalicelib.evidence.scanner import EicarScanner
from chalicelib.letters import stream
from chalicelib.letters.catalogue import Letter, Waits
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.letters.mailroom import Mailroom
from chalicelib.reports.addition_form import folder_of
from chalicelib.reports.additions import FILES, Sort
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.information_request import AnswerSort, Part
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from tests.support import pictures
from tests.support.fakes import FakeAudit, FakeBucket, FakeFolders, FakeReports, FakeTombstones
from tests.support.fakes_letters import FakeLedger, FakeMailer, FakeSuppression
from tests.support.samples import NOON, REFERENCE, a_report

KEY = b"k" * 32
TEN_YEARS = timedelta(days=10 * 365 + 2)
PHOTO = pictures.jpeg(pictures.exif())
OFFICER = Actor(Role.OFFICER, "NN1234")


@pytest.fixture
def archive(clock):
    storage = EvidenceStorage(FakeFolders(), FakeBucket(), EicarScanner(), clock)
    ledger = FakeLedger(clock)
    return Archive(FakeReports(), FakeTombstones(), storage, ledger.forget, lambda _: None, KEY, clock, FakeAudit())


def ledger_of(archive):
    return archive.forget_letters.__self__


def add_evidence(archive, report, part="report"):
    """Send a file along with a part of a report, and confirm it."""
    folder = folder_id(KEY, report.reporter.pseudonym, report.reference, part)
    file = evidence.add(folder, name="foto.jpg", declared="image/jpeg", content=PHOTO, storage=archive.evidence_storage)
    looking.check(folder, file.id, storage=archive.evidence_storage)
    sealed = evidence.seal(looking.look(folder, archive.evidence_storage), part, storage=archive.evidence_storage)
    evidence.keep(folder, storage=archive.evidence_storage)
    return sealed


def an_eventful_report(archive):
    """A report with a file of its own and one with an addition (each kept as original and copy), a change, and letters."""
    bare = a_report()
    sent = add_evidence(archive, bare)
    statement = Statement.of("bicycle-theft", {"story": "Mijn fiets is weg."}, sent)
    report = archive.reports.add(a_report(statement=statement))
    later = add_evidence(archive, report, "addition-k1")
    added = report.added(Sort.MORE, {"text": "Een foto", FILES: [asdict(one) for one in later]}, at=NOON)
    archive.reports.save(report, added)
    changed = added.changed(Change(Status.CHECKED), by=OFFICER, at=NOON)
    archive.reports.save(added, changed)
    for number in (1, 3):
        name = f"{REFERENCE}#{number}"
        ledger_of(archive).claim(LedgerEntry(id=name), attempt="a", letter=Letter.NEWS, language=Language.NL, template="t")
    return changed


def test_nothing_is_destroyed_before_its_time(archive, clock):
    report = an_eventful_report(archive)

    clock.advance(TEN_YEARS - timedelta(days=1))

    assert erase_expired(archive) == Erased(0, 0, left=False)
    assert archive.reports.get(REFERENCE) == report
    assert len(archive.evidence_storage.bucket.objects) == 4


def test_of_a_destroyed_report_only_what_can_be_counted_is_left(archive, clock):
    an_eventful_report(archive)
    assert len(archive.evidence_storage.bucket.objects) == 4
    clock.advance(TEN_YEARS)

    assert erase_expired(archive) == Erased(1, 0, left=False)
    assert erase_expired(archive) == Erased(0, 0, left=False), "the second run finds nothing"

    assert archive.reports.get(REFERENCE) is None
    assert archive.evidence_storage.bucket.objects == {}
    assert ledger_of(archive).entries == {}
    assert list(archive.tombstones.of_month("2016-07")) == [
        Tombstone(REFERENCE, "2016-07", "bicycle-theft", "Noord-Nederland", date(2026, 7, 1))
    ]


def test_files_that_were_kept_for_what_then_was_not_saved_are_destroyed_too(archive, clock):
    part = Part("Hebt u een foto?", AnswerSort.FILES)
    asked = a_report().asked("", [part], deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)
    archive.reports.add(asked)
    for unsaved in ("answer-1", folder_of(Sort.FOUND, asked)):
        add_evidence(archive, asked, unsaved)
    assert archive.evidence_storage.bucket.objects
    clock.advance(TEN_YEARS)

    erase_expired(archive)

    assert archive.evidence_storage.bucket.objects == {}


def test_a_younger_report_of_the_same_month_stays(archive, clock):
    archive.reports.add(a_report())
    archive.reports.add(a_report(reference="CCCC-CCCC-CCCC", at=NOON + timedelta(days=2)))
    clock.advance(TEN_YEARS)

    erase_expired(archive)

    assert archive.reports.get("CCCC-CCCC-CCCC")


@pytest.mark.parametrize("dies_at", ["add", "get", "forget", "remove"])
def test_a_run_that_dies_anywhere_is_finished_by_the_next(archive, clock, dies_at):
    an_eventful_report(archive)
    clock.advance(TEN_YEARS)
    dying = {
        "add": replace(archive, tombstones=Dying(archive.tombstones, "add")),
        "get": replace(
            archive, evidence_storage=replace(archive.evidence_storage, folders=Dying(archive.evidence_storage.folders, "get"))
        ),
        "forget": replace(archive, forget_letters=Dying(ledger_of(archive), "forget").forget),
        "remove": replace(archive, reports=Dying(archive.reports, "remove")),
    }[dies_at]

    assert erase_expired(dying) == Erased(0, 1, left=False)
    assert archive.reports.get(REFERENCE), "the report goes last, so that it is found again"
    assert erase_expired(archive) == Erased(1, 0, left=False)

    assert (archive.evidence_storage.bucket.objects, ledger_of(archive).entries) == ({}, {})
    assert len(list(archive.tombstones.of_month("2016-07"))) == 1


def test_one_report_that_fails_keeps_nobody_elses_from_being_destroyed(archive, clock):
    archive.reports.add(a_report())
    archive.reports.add(a_report(reference="CCCC-CCCC-CCCC", at=NOON + timedelta(minutes=1)))
    archive.reports.broken.add(REFERENCE)
    clock.advance(TEN_YEARS)

    assert erase_expired(archive) == Erased(1, 1, left=False)


def test_a_run_does_no_more_than_it_may_and_says_so(archive, clock):
    for number in range(3):
        archive.reports.add(a_report(reference=f"CCCC-CCCC-CCC{number}"))
    clock.advance(TEN_YEARS)

    assert erase_expired(archive, most=2) == Erased(2, 0, left=True)
    assert erase_expired(archive, most=2) == Erased(1, 0, left=False)
    assert list(expired(archive)) == []


def test_nobody_gets_a_letter_about_a_report_that_was_destroyed(archive, clock):
    report = an_eventful_report(archive)
    gone = {"Keys": {"reference": {"S": REFERENCE}}, "SequenceNumber": "1", "OldImage": {"any": {"S": "thing"}}}
    [record] = stream.records_of({"Records": [{"eventName": "REMOVE", "dynamodb": gone}]})

    result = stream.deliver(
        [record, record],
        Mailroom(
            unusable=lambda *_: None,
            suppression=FakeSuppression(clock),
            turn=lambda: None,
            reports=archive.reports,
            ledger=ledger_of(archive),
            mailer=FakeMailer(),
            order_of=lambda *_: pytest.fail("a letter was made"),
            render=lambda *_: pytest.fail("a letter was written"),
            code_digest=lambda code: code,
            unproven=None,
            clock=clock,
            waits=Waits(timedelta(minutes=5), timedelta(0)),
        ),
        report_of_image=lambda image: report,
    )

    assert (result.failed, sum(result.outcomes.values())) == ((), 0)


class Dying:
    """Whatever it stands before, except that one function raises, as a table without an answer does."""

    def __init__(self, before, function) -> None:
        self._before, self._function = before, function

    def __getattr__(self, name):
        if name == self._function:
            return self._raise
        return getattr(self._before, name)

    def _raise(self, *_, **__):
        raise OSError("no answer")
