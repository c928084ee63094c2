"""A world in which every form of the site can be sent: an asked and an unasked report, an invited survey, two drafts."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from chalicelib.bulk.model import Batch, Row
from chalicelib.clues.model import Clue, short
from chalicelib.clues.sorts import ClueSort
from chalicelib.clues.traces import SharedValue
from chalicelib.copies import model as copies
from chalicelib.core import ids
from chalicelib.core.clock import day_of
from chalicelib.core.codes import kept_name, read_long
from chalicelib.core.language import Language
from chalicelib.desk.texts.schemas import NewText
from chalicelib.digests import actions as digests
from chalicelib.drafts.store import ANSWER, answer_id
from chalicelib.letters.catalogue import Letter, letter_id
from chalicelib.letters.codes import code_digest, code_in, token_of
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.profiles import actions as details
from chalicelib.profiles.model import code_of as address_code_of
from chalicelib.reports import actions, request_answers
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import Change, Reporter
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from chalicelib.surveys.model import code_of, invitation
from chalicelib.texts import actions as texts
from tests.app.forms import typed
from tests.support.samples import CITIZEN, HANDLER, REFERENCE, SUPERVISOR, a_report, answers

BOUNCED_REFERENCE = ids.reference(b"a bounced report" * 2)
OTHER_REFERENCE = ids.reference(b"another report" * 2)
NUMBERED_REFERENCE = ids.reference(b"a numbered report" * 2)
WAITING_REFERENCE = ids.reference(b"a report of long ago" * 2)
INVITED_REFERENCE = ids.reference(b"an invited reporter" * 2)
DECIDED_REFERENCE = ids.reference(b"a decided report" * 2)
DRAFT, WHOLE_DRAFT = ids.reference(b"a draft" * 3), ids.reference(b"a whole draft" * 2)
BATCH = f"B-{REFERENCE}"
OFFICER = Actor(Role.OFFICER, "NN1234")
UNIT, TEAM = "Noord-Nederland", "T-AAAAA-AAAAA"
SOUND = {
    "/logout": 200,
    "/survey": 200,
    "/verify": 200,
    "/mail": 200,
    "/unsubscribe/{token}": 200,
    "/unsubscribe/digest/{token}": 200,
    "/files/{reference}/{part}": 200,
    "/session/end": 204,
    "/desk/new/{kind}": 200,
    "/desk/assignments": 200,
    "/desk/reports/{reference}/move": 200,
    "/desk/search": 200,
    "/desk/goods": 200,
    "/desk/victim-support": 200,
    "/desk/reports/{reference}/forward": 200,
}  # the others send on
A_TEXT = {
    "unit": "Noord-Nederland",
    "occasion": "closed",
    "crime": "fraud",
    "name": "Rekening opgeheven",
    "nl": "De bank heft de rekening op.",
    "en": "The bank closes the account.",
}
TABLES = ("reports", "surveys", "drafts", "letters", "files", "profiles", "batches", "teams", "texts", "clues")


@dataclass(frozen=True)
class Form:
    """A form as a sample person (or nobody) would send it soundly."""

    path: str
    address: str
    person: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


def built(services) -> dict[str, Form]:
    """Fill the tables, and return every form of the site by its path."""
    report = services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers())))
    services.reports.add(replace(report, reference=OTHER_REFERENCE))
    _add_promises(services)
    bounced = services.reports.add(replace(report, reference=BOUNCED_REFERENCE))
    gone = bounced.address_found_unusable(frozenset({bounced.contact.email}), at=services.clock.now())
    services.reports.save(bounced, gone)
    numbered = replace(report, reference=NUMBERED_REFERENCE, reporter=Reporter("V1-dddd", "sealed-d"))
    for change in (Change(Status.CHECKED), Change(Status.REGISTERED, registration_number="PL0100-2016123456")):
        numbered = numbered.changed(change, by=OFFICER, at=services.clock.now())
    services.reports.register(services.reports.add(numbered))
    facts = {"by": OFFICER, "version": 1, "deadlines": services.deadlines}
    actions.ask(report, "Was het slot heel?", **facts, reports=services.reports, clock=services.clock)
    code = code_of(services.derivation_key, REFERENCE)
    copy_code = copies.code_of(services.derivation_key, REFERENCE, report.statement, 0)
    services.surveys.add(
        invitation(
            report, name=kept_name(services.derivation_key, read_long(code)), on=day_of(services.clock.now()), open_days=30
        )
    )
    services.drafts.put(CITIZEN.pseudonym, answer_id(REFERENCE), ANSWER, {"question": "1", "answer": "Ja."})
    services.drafts.put(CITIZEN.pseudonym, WHOLE_DRAFT, "bicycle-theft", answers())
    empty = services.rosters.get(UNIT)
    services.rosters.save(empty, empty.with_team(TEAM, "Fietsen").joined(TEAM, "NN1234"))
    letter, token = letter_id(REFERENCE, 1), token_of(services.derivation_key, letter_id(REFERENCE, 1))
    facts = {
        "letter": Letter.SURVEY,
        "language": Language.NL,
        "template": "",
        "code_digest": code_digest(services.derivation_key, str(code_in(token))),
    }
    services.ledger.claim(LedgerEntry(id=letter), attempt="world", **facts)
    rows = (Row(reference=REFERENCE), Row(reference=OTHER_REFERENCE))
    services.batch_room.batches.add(Batch(id=BATCH, maker=HANDLER, made_at=services.clock.now(), rows=rows))
    told = Statement.of("bicycle-theft", _parsed(services))
    edit = NewText.model_validate(A_TEXT).edit()
    draft = texts.write(edit, officer=replace(SUPERVISOR, id="NN9876"), texts=services.texts, clock=services.clock)
    forms = (
        Form("/language", "/language", fields={"to": "en", "next": "/help"}),
        Form("/logout", "/logout", "sanne"),
        Form("/session/stay", "/session/stay", "sanne", {"next": "/reports"}),
        Form("/session/end", "/session/end", "sanne"),
        Form("/report/{kind}/circumstances", "/report/bicycle-theft/circumstances", fields={"circumstances": "none"}),
        Form("/report/{kind}/{draft}/{step}", f"/report/bicycle-theft/{DRAFT}/story", "sanne", {"story": "Weg."}),
        Form(
            "/report/{kind}/{draft}/check",
            f"/report/bicycle-theft/{WHOLE_DRAFT}/check",
            "sanne",
            {"statement": told.sha256, "truth": "yes"},
        ),
        Form("/report/{kind}/{draft}/evidence", f"/report/bicycle-theft/{WHOLE_DRAFT}/evidence", "sanne"),
        Form(
            "/files/{reference}/{part}",
            f"/files/{REFERENCE}/report",
            "sanne",
            {"name": "foto.jpg", "type": "image/jpeg", "size": "9", "sha256": "a" * 64},
        ),
        Form("/reports/{reference}/question", f"/reports/{REFERENCE}/question", "sanne", {"question": "1", "answer": "Ja."}),
        Form("/reports/{reference}/add/{sort}", f"/reports/{REFERENCE}/add/more", "sanne", {"text": "De buurvrouw zag een bus."}),
        Form(
            "/reports/{reference}/question/check",
            f"/reports/{REFERENCE}/question/check",
            "sanne",
            {"question": "1", "answers": request_answers.fingerprint({"answer": "Ja."})},
        ),
        Form("/reports/{reference}/wishes", f"/reports/{REFERENCE}/wishes", "sanne", {"information": "nothing"}),
        Form("/reports/{reference}/survey", f"/reports/{REFERENCE}/survey", "sanne", {"satisfaction": "8", "why": "Fijn."}),
        Form("/reports/{reference}/update", f"/reports/{WAITING_REFERENCE}/update", "sanne"),
        Form("/reports/{reference}/contest", f"/reports/{DECIDED_REFERENCE}/contest", "sanne", {"reason": "Er is een camera."}),
        Form("/reports/{reference}/call", f"/reports/{INVITED_REFERENCE}/call", "sanne"),
        Form("/details/address", "/details/address", "sanne", {"email": "nieuw@example.org"}),
        Form("/details/code", "/details/code", "sanne", _typed_code(services)),
        Form("/details/wishes", "/details/wishes", "sanne", {"language": "nl", "information": "all", "survey": "no"}),
        Form("/details/safety", "/details/safety", "sanne", {"neutral": "yes", "hours": "9-17", "phone": "no"}),
        Form("/details/logins", "/details/logins", "sanne"),
        Form("/desk", "/desk", "handler", {"number": REFERENCE}),
        Form("/desk/batches/new", "/desk/batches/new", "handler", {"references": f"{REFERENCE}, {OTHER_REFERENCE}"}),
        Form("/desk/batches/{batch}", f"/desk/batches/{BATCH}", "handler", {"act": "status", "status": "checked", "_go": "try"}),
        Form("/desk/reports/{reference}/notes", f"/desk/reports/{OTHER_REFERENCE}/notes", "handler", {"note": "De bank belt."}),
        Form(
            "/desk/reports/{reference}/tasks",
            f"/desk/reports/{OTHER_REFERENCE}/tasks",
            "handler",
            {"newTask": "call_back", "newRemark": "Na vijven."},
        ),
        Form(
            "/desk/reports/{reference}/tasks/done",
            f"/desk/reports/{OTHER_REFERENCE}/tasks/done",
            "handler",
            {"doneTask": "camera_images", "doneRemark": "Gekregen."},
        ),
        Form("/desk/reports/{reference}/reason", f"/desk/reports/{OTHER_REFERENCE}/reason", "handler", {"reason": "handling"}),
        Form("/desk/audit", "/desk/audit", "auditor", {"number": REFERENCE}),
        Form("/desk/queue/next", "/desk/queue/next", "handler", {"list": ""}),
        Form("/desk/queue/saved", "/desk/queue/saved", "handler", {"list": "", "name": "Fietsen"}),
        Form("/desk/search", "/desk/search", "handler", {"value": "GZ1234567", "sort": "", "reason": "handling"}),
        Form("/desk/goods", "/desk/goods", "handler", {"sort": "frame", "value": "GZ7654321", "number": "NN-2016-1"}),
        Form("/desk/victim-support", "/desk/victim-support", "supervisor", {"act": "make"}),
        Form(
            "/desk/reports/{reference}/forward",
            f"/desk/reports/{OTHER_REFERENCE}/forward",
            "handler",
            {"receiver": "fraud_helpdesk", "ground": "article_19"},
        ),
        Form("/desk/shared", "/desk/shared", "supervisor", _SHARED | {"value": "NL39RABO0300065264"}),
        Form("/desk/shared/{clue}/end", f"/desk/shared/{short(_put_down(services))}/end", "supervisor"),
        Form("/desk/new/{kind}", "/desk/new/bicycle-theft", "handler", typed(circumstances=None)),
        Form("/desk/texts/new", "/desk/texts/new", "supervisor", A_TEXT),
        Form("/desk/texts/{text}", f"/desk/texts/{draft.id}", "supervisor", {"version": "1"}),
        Form("/desk/texts/{text}/edit", f"/desk/texts/{draft.id}/edit", "supervisor", {**A_TEXT, "seen": "1"}),
        Form("/survey", "/survey", fields={"code": code}),
        Form("/verify", "/verify", fields={"reference": REFERENCE, "code": copy_code}),
        Form("/unsubscribe/{token}", f"/unsubscribe/{token}", fields={"List-Unsubscribe": "One-Click"}),
        Form("/mail", "/mail", fields={"code": code}),
        *_digest_forms(services),
        Form("/survey/answer", "/survey/answer", fields={"code": code, "satisfaction": "8", "why": "Fijn."}),
        Form(
            "/desk/reports/{reference}/status",
            f"/desk/reports/{OTHER_REFERENCE}/status",
            "handler",
            {"status": "checked", "version": "1", "explanation": "Wij gaan door.", "remark": "Gebeld."},
        ),
        Form("/desk/reports/{reference}/undo", f"/desk/reports/{REFERENCE}/undo", "handler", {"number": "2", "version": "2"}),
        Form(
            "/desk/reports/{reference}/correction",
            f"/desk/reports/{NUMBERED_REFERENCE}/correction",
            "handler",
            {"status": "checked", "version": "3", "explanation": "Wij hadden ons vergist."},
        ),
        Form(
            "/desk/reports/{reference}/number",
            f"/desk/reports/{NUMBERED_REFERENCE}/number",
            "handler",
            {"registrationNumber": "PL0100-2016654321", "reason": "Cijfers verwisseld.", "version": "3"},
        ),
        Form(
            "/desk/reports/{reference}/told",
            f"/desk/reports/{BOUNCED_REFERENCE}/told",
            "handler",
            {"how": "phone", "version": "2"},
        ),
        Form(
            "/desk/reports/{reference}/update",
            f"/desk/reports/{OTHER_REFERENCE}/update",
            "handler",
            {"explanation": "Wij wachten op beelden.", "version": "1", "_step": "do"},
        ),
        Form(
            "/desk/reports/{reference}/question",
            f"/desk/reports/{REFERENCE}/question",
            "handler",
            {"text": "En het frame?", "version": "2", "deadlineOn": "20-7-2016", "_step": "do"},
        ),
        Form("/desk/reports/{reference}/work", f"/desk/reports/{OTHER_REFERENCE}/work", "handler", {"to": "NN1234", "seen": "-"}),
        Form(
            "/desk/reports/{reference}/move",
            f"/desk/reports/{OTHER_REFERENCE}/move",
            "handler",
            {"unit": "Amsterdam", "remark": "Dader daar.", "version": "1", "step": "done"},
        ),
        Form("/desk/assignments", "/desk/assignments", "handler", {"reference": OTHER_REFERENCE, "to": "NN1234"}),
        Form("/desk/teams", "/desk/teams", "supervisor", {"unit": UNIT, "name": "Brommers", "act": "make"}),
        Form("/desk/teams/{team}", f"/desk/teams/{TEAM}", "supervisor", {"unit": UNIT, "member": "NN5555", "act": "added"}),
        Form("/desk/routing", "/desk/routing", "supervisor", {"unit": UNIT, "kind": "graffiti", "to": TEAM}),
    )
    return {form.path: form for form in forms}


def _add_promises(services) -> None:
    """A report of long ago, of which an update can be asked, and one with a decision."""
    now = services.clock.now()
    services.reports.add(a_report(reference=WAITING_REFERENCE, at=now - timedelta(days=20)))
    checked = a_report(reference=DECIDED_REFERENCE).changed(Change(Status.CHECKED), by=OFFICER, at=now)
    numbered = checked.changed(Change(Status.REGISTERED, registration_number="PL0100-2016123456"), by=OFFICER, at=now)
    decided = numbered.changed(Change(Status.NOT_INVESTIGATED, explanation="Niets gevonden."), by=OFFICER, at=now)
    services.reports.add(decided)
    told = Statement.of("bicycle-theft", answers(phone="06 12345678"))
    services.reports.add(a_report(reference=INVITED_REFERENCE, statement=told).invited_to_survey(at=now))


def _digest_forms(services) -> tuple[Form, ...]:
    """A supervisor whose address waits for its code, and the link in a mail that an officer got."""
    room, at = services.digest_room, services.clock.now()
    digests.ask_code("chef@example.org", officer=SUPERVISOR, language=Language.NL, room=room)
    wish = digests.of_officer(SUPERVISOR, room)
    typed = {
        "code": address_code_of(services.proof_keys.at(at), wish.name, wish.challenge),
        "challenge": str(wish.challenge.number),
    }
    letter = letter_id(room.name(HANDLER.id), 20160701)
    token = token_of(services.derivation_key, letter)
    facts = {"language": Language.NL, "template": "", "code_digest": code_digest(services.derivation_key, str(code_in(token)))}
    services.ledger.claim(LedgerEntry(id=letter), attempt="world", letter=Letter.DIGEST, **facts)
    return (
        Form("/desk/digest", "/desk/digest", "handler", {"email": "agent@example.org"}),
        Form("/desk/digest/code", "/desk/digest/code", "supervisor", typed),
        Form("/desk/digest/stop", "/desk/digest/stop", "handler"),
        Form("/unsubscribe/digest/{token}", f"/unsubscribe/digest/{token}", fields={"List-Unsubscribe": "One-Click"}),
    )


_SHARED = {"sort": "iban", "reason": "gateway", "until": "1-7-2017"}


def _put_down(services) -> str:
    """Have a value be shared, and return the digest under which it lies."""
    clue = Clue(ClueSort.IBAN, "NL91ABNA0417164300")
    digest, until = services.clue_keys.digest(clue), services.clock.now() + timedelta(days=90)
    services.clue_room.clues.put(SharedValue(digest, clue.sort, clue.value, "gateway", until, "NN4444"))
    return digest


def _typed_code(services) -> dict[str, str]:
    """Have an address wait for its code, and return what its reader types."""
    me = {"pseudonym": CITIZEN.pseudonym, "language": Language.NL}
    waiting = details.ask_code("sanne@example.org", **me, desk=services.details)
    code = address_code_of(services.derivation_key, waiting.id, waiting.challenge)
    return {"challenge": str(waiting.challenge.number), "code": code}


def contents(aws) -> dict[str, Any]:
    """The content of the tables, to see that a refusal left nothing behind."""
    return {name: aws.items(name) for name in TABLES}


def _parsed(services) -> dict[str, Any]:
    from chalicelib.reports import submission
    from chalicelib.reports.crimes import KINDS

    return dict(submission.parse(KINDS["bicycle-theft"], answers(), now=services.clock.now()).answers)
