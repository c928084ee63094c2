"""A write whose answer never comes is a fault of the table to everybody: never a conflict, never an error of our own code.

The time-out is botocore's own, raised where the network would be, after the table did what was asked.
"""

import ast
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ReadTimeoutError
from pynamodb.exceptions import DeleteError, PutError, UpdateError

from chalicelib.bulk.model import Batch, Row
from chalicelib.clues.traces import BankTold
from chalicelib.core import ids
from chalicelib.core.errors import Unavailable
from chalicelib.core.language import Language
from chalicelib.core.tables import connection
from chalicelib.erasure.model import Tombstone
from chalicelib.erasure.store import TombstoneStore
from chalicelib.evidence.model import Folder
from chalicelib.evidence.store import FolderStore
from chalicelib.feed.model import Entry
from chalicelib.identity.model import Attempt
from chalicelib.letters.catalogue import Letter
from chalicelib.letters.rate_limiter import TurnStore
from chalicelib.officers.store import Choice
from chalicelib.profiles.model import Profile
from chalicelib.reports import promises
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import Change
from chalicelib.reports.registry import Registry
from chalicelib.reports.statuses import Status
from chalicelib.reports.table import ReportItem
from chalicelib.surveys.model import Answer, Scores, invitation
from chalicelib.texts.model import TextState, TextVersion
from chalicelib.wiring import Services
from infra.memory.dynamo import Dynamo
from infra.memory.wire import Cloud, Fault
from infra.tables import definitions
from tests.conftest import PREFIX
from tests.support.samples import CITIZEN, DERIVATION, HANDLER, NOON, REFERENCE, a_report

PORTAL = Path(__file__).parents[2] / "chalicelib"
WRITES = ("PutItem", "UpdateItem", "DeleteItem")
SECOND = timedelta(seconds=1)


def _session(services, moved=timedelta()):
    secret = services.sessions.open(CITIZEN, issuer="https://digid.example", subject="boer", session_id="")
    services.clock.advance(moved)
    return services.sessions.find(secret)


def touches_a_session(services):
    session = _session(services, timedelta(minutes=5))
    return lambda: services.sessions.touch(session)


def marks_a_session(services):
    session = _session(services)
    return lambda: services.sessions.mark(session, unreachable=True)


def remembers_a_reason(services):
    session = _session(services)
    return lambda: services.sessions.note_reason(session, REFERENCE, "handling")


def ends_a_session(services):
    _session(services)
    return lambda: services.sessions.close_of("https://digid.example", "boer", "")


def finishes_a_login(services):
    facts = dict.fromkeys(("issuer", "url", "redirect_uri", "state", "nonce", "verifier", "return_to"), "x")
    secret = services.sessions.begin(Attempt(**facts, started_at=NOON))
    return lambda: services.sessions.consume_attempt(secret)


def counts_a_try(services):
    return lambda: services.limits.count_try("verify", "192.0.2.1")


def counts_a_mail(services):
    return lambda: services.limits.count_once("unproven", "sanne@example.org", f"{REFERENCE}#1", most=6)


def gives_a_try_back(services):
    window = services.limits.count_try("verify", "192.0.2.1")
    return lambda: services.limits.give_back(window)


def files_a_report(services):
    return lambda: services.reports.add(a_report())


def changes_a_report(services):
    before = services.reports.add(a_report())
    return lambda: services.reports.save(
        before, before.changed(Change(Status.CHECKED), by=Actor(Role.OFFICER, HANDLER.id), at=NOON)
    )


def notes_that_news_was_read(services):
    report = services.reports.add(a_report().changed(Change(Status.CHECKED), by=Actor(Role.OFFICER, "NN1234"), at=NOON))
    return lambda: services.reports.mark(report, promises.read(report, at=NOON))


def erases_a_report(services):
    report = services.reports.add(a_report())
    return lambda: services.reports.remove(report)


def claims_a_number(services):
    return lambda: Registry(services.settings).claim("PL0100-2016123456", REFERENCE, 2, at=NOON, has=lambda *_: True)


def frees_a_number(services):
    claims_a_number(services)()
    return lambda: Registry(services.settings).free("PL0100-2016123456", REFERENCE, 2)


def writes_a_tombstone(services):
    return lambda: TombstoneStore(services.settings).add(
        Tombstone(REFERENCE, "2016-07", "bicycle-theft", "Noord-Nederland", date(2026, 7, 1))
    )


def fills_a_folder(services):
    return lambda: FolderStore(services.settings, services.clock).save(Folder(id="f"), replace(Folder(id="f"), version=1))


def changes_a_draft(services):
    return lambda: services.drafts.change("o", "d", "kind", lambda _: {})


def brings_into_lists(services):
    services.reports.add(a_report())
    item = services.reports._model(reference=REFERENCE)
    item.update([ReportItem.place.remove()])
    return lambda: services.reports.bring_into_lists(REFERENCE)


def replaces_a_choice(services):
    return lambda: services.officers.replace(Choice("NN1234", "FILTER-A", {}), {"name": "Fietsen"})


CHANGE = Entry(REFERENCE, 1, Status.RECEIVED, NOON, NOON)


def tells_a_change(services):
    services.feed.append("Noord-Nederland", [CHANGE])
    return lambda: services.feed.append("Noord-Nederland", [replace(CHANGE, number=2)])


def opens_a_page_of_changes(services):
    return lambda: services.feed.append("Noord-Nederland", [CHANGE])


def notes_that_a_bank_is_to_be_told(services):
    told = BankTold("V1-3F0A9B5C7D1E2F48", REFERENCE, NOON + timedelta(days=365))
    return lambda: services.clue_room.clues.note_bank(told)


A_TEXT = TextVersion(
    id="TXT-K7MD-PR3W",
    version=1,
    unit="Noord-Nederland",
    occasion="closed",
    crime="",
    name="Gestopt",
    bodies={Language.NL: "We zijn gestopt.", Language.EN: "We stopped."},
    author="NN1",
    author_units=frozenset({"Noord-Nederland"}),
    written_at=NOON,
)


def writes_a_text(services):
    return lambda: services.texts.add(A_TEXT)


def publishes_a_text(services):
    services.texts.add(A_TEXT)
    return lambda: services.texts.decide(A_TEXT, replace(A_TEXT, state=TextState.PUBLISHED, by="NN2", at=NOON))


def changes_details(services):
    new = Profile(pseudonym=CITIZEN.pseudonym, id="a" * 24)
    return lambda: services.profiles.save(new, new.code_asked("sanne@example.org", at=NOON))


INVITED = invitation(a_report(), name=ids.code(b"c" * 32), on=date(2016, 7, 20), open_days=30)


def invites_to_a_survey(services):
    return lambda: services.surveys.add(INVITED)


def answers_a_survey(services):
    services.surveys.add(INVITED)
    return lambda: services.surveys.answer(INVITED.id, Answer(Scores(satisfaction=8), "", date(2016, 7, 21)), key="k")


def claims_a_letter(services):
    return lambda: services.ledger.wait(f"{REFERENCE}#1", letter=Letter.NEWS, until=NOON)


def takes_an_address_off_the_list(services):
    services.suppression.add("sanne@example.org")
    return lambda: services.suppression.remove("sanne@example.org", proven_at=NOON + SECOND)


def begins_a_queue_of_turns(services):
    return lambda: TurnStore(services.settings).start(NOON, SECOND)


def a_batch(services):
    row = Row(reference=REFERENCE)
    return services.batch_room.batches, Batch(id="B-K7MD-PR3W-9XCV", maker=HANDLER, made_at=NOON, rows=(row,), trial=1)


def chooses_reports(services):
    batches, batch = a_batch(services)
    return lambda: batches.add(batch)


def moves_a_batch(services):
    batches, batch = a_batch(services)
    return lambda: batches.save(batch, replace(batch, edition=2))


def tries_a_chunk(services):
    batches, batch = a_batch(services)
    return lambda: batches.try_chunk(batch, 1, batch.rows)


def ends_a_chunk(services):
    batches, batch = a_batch(services)
    return lambda: batches.end_chunk(batch, 1, batch.rows)


def makes_a_team(services):
    before = services.rosters.get("Noord-Nederland")
    return lambda: services.rosters.save(before, before.with_team("T-AAAAA-AAAAA", "Fietsen"))


STORES: dict[str, tuple[Callable, type[Exception]]] = {  # every function that calls `wrote`: who does it, and what they meet
    "identity.sessions.touch": (touches_a_session, UpdateError),
    "identity.sessions.mark": (marks_a_session, UpdateError),
    "identity.sessions.note_reason": (remembers_a_reason, UpdateError),
    "identity.sessions._ended": (ends_a_session, UpdateError),
    "identity.sessions.consume_attempt": (finishes_a_login, DeleteError),
    "core.limits.count_try": (counts_a_try, UpdateError),
    "core.limits.count_once": (counts_a_mail, UpdateError),
    "core.limits.give_back": (gives_a_try_back, UpdateError),
    "reports.store.bring_into_lists": (brings_into_lists, UpdateError),
    "reports.store.add": (files_a_report, PutError),
    "reports.store._saved": (changes_a_report, UpdateError),
    "reports.registry.claim": (claims_a_number, PutError),
    "reports.registry.free": (frees_a_number, DeleteError),
    "reports.store.mark": (notes_that_news_was_read, UpdateError),
    "reports.store.remove": (erases_a_report, DeleteError),
    "erasure.store.add": (writes_a_tombstone, PutError),
    "evidence.store.save": (fills_a_folder, PutError),
    "drafts.store.saved": (changes_a_draft, PutError),
    "bulk.store.add": (chooses_reports, PutError),
    "bulk.store.save": (moves_a_batch, PutError),
    "bulk.store.try_chunk": (tries_a_chunk, PutError),
    "bulk.store.end_chunk": (ends_a_chunk, PutError),
    "officers.store.replace": (replaces_a_choice, PutError),
    "feed.store._put": (tells_a_change, UpdateError),
    "feed.store._open_next": (opens_a_page_of_changes, UpdateError),
    "clues.store.note_bank": (notes_that_a_bank_is_to_be_told, PutError),
    "texts.store.add": (writes_a_text, PutError),
    "texts.store.decide": (publishes_a_text, PutError),
    "profiles.store.save": (changes_details, PutError),
    "teams.store.save": (makes_a_team, PutError),
    "surveys.store.add": (invites_to_a_survey, PutError),
    "surveys.store.answer": (answers_a_survey, UpdateError),
    "letters.ledger._update": (claims_a_letter, Unavailable),
    "letters.suppression.remove": (takes_an_address_off_the_list, Unavailable),
    "letters.rate_limiter._updated": (begins_a_queue_of_turns, Unavailable),
}


class LateTable(Cloud):
    """Tables in memory whose writes are done, and whose answers to them come too late once `is_late`."""

    is_late = False

    def _counted(self, *, model, **more) -> None:
        super()._counted(model=model, **more)
        if self.is_late and model.name in WRITES:
            self.faults = {self.number: Fault.TIMEOUT}


@pytest.fixture
def services(aws, settings, clock):
    services = Services(settings, clock, derivation=DERIVATION)
    services.tables = LateTable(Dynamo(*definitions(PREFIX)))
    with services.tables.answering(connection(settings.region).client):
        yield services


@pytest.mark.parametrize("place", STORES)
def test_who_hears_nothing_of_a_write_is_told_that_the_table_failed(services, place):
    begin, expected = STORES[place]
    write = begin(services)
    services.tables.is_late = True

    with pytest.raises(expected) as failed:
        write()

    *_, name = place.split(".")
    assert services.tables.struck, "the write was asked for"
    assert name in {frame.name for frame in traceback.extract_tb(failed.tb)}, "and by this very function"
    causes = failed.value.__cause__ if expected is Unavailable else failed.value
    assert isinstance(causes.cause, ReadTimeoutError)


def test_every_function_that_writes_under_a_condition_is_tried():
    found = {
        f"{'.'.join(path.relative_to(PORTAL).with_suffix('').parts)}.{function.name}"
        for path in PORTAL.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef) and _calls_wrote(function)
    }

    assert found == set(STORES)


def _calls_wrote(function):
    """True for a call in the function itself; what it defines within is a function of its own."""
    inner = {
        id(node)
        for inside in ast.walk(function)
        if inside is not function and isinstance(inside, ast.FunctionDef)
        for node in ast.walk(inside)
    }
    return any(
        isinstance(node, ast.Call) and ast.unparse(node.func) == "wrote" and id(node) not in inner for node in ast.walk(function)
    )
