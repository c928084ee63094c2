"""Roles × units, on every route of the desk: what the table of access allows, nothing more; and no look without a record."""

from itertools import product

import pytest

from app import app
from chalicelib import wiring
from chalicelib.boards import actions as boards
from chalicelib.bulk.model import Batch, Row
from chalicelib.clues.model import Clue, ClueKeys, short
from chalicelib.clues.sorts import ClueSort
from chalicelib.core import ids
from chalicelib.core.errors import Unauthenticated
from chalicelib.evidence.model import File, FileState, Folder, folder_id
from chalicelib.feed.model import HELD_BACK, Entry
from chalicelib.people.model import Officer, StaffRole
from chalicelib.people.permissions import ALLOWED, Permission
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.statement import Attachment, Statement
from chalicelib.reports.statuses import Status
from chalicelib.web.access import Who
from chalicelib.web.routes import declared
from tests.app.test_api_rules import every
from tests.support.products import WHOLE
from tests.support.samples import DERIVATION, NOON, REFERENCE, a_report, answers

OWN, OTHER = "Noord-Nederland", "Amsterdam"
TEXTS = ("/desk/texts", "/v1/desk/texts")  # about no report: tests/app/test_texts.py has who may what with them
DESK = [one for one in declared(app) if one.access.who is Who.OFFICER and not one.path.startswith(TEXTS)]
JOINED, CASE, TEAM = ids.reference(b"a joined report" * 2), "C-AAAAA-AAAAA", "T-AAAAA-AAAAA"
OF_NO_UNIT = {Permission.READ_RESULTS, Permission.READ_AUDIT}
BEFORE_A_REPORT = {  # at the counter nothing is looked at yet, nor where reports are chosen by their numbers
    "/desk/new", "/desk/new/{kind}", "/desk/batches", "/desk/batches/new", "/v1/desk/batches",
}  # fmt: skip
BATCH = "B-K7MD-PR3W-9XCV"
# A search tells of one's own units whatever those are; shared values are everybody's; the page of found property asks for a unit.
SEARCHES = {("POST", "/desk/search"), ("POST", "/v1/desk/searches"), ("GET", "/desk/shared"), ("POST", "/desk/shared")}
READ_NOTHING = {("GET", "/desk/search"), ("GET", "/desk/goods"), ("GET", "/desk/victim-support")}
ANYWHERE = SEARCHES | READ_NOTHING | {("POST", "/desk/shared/{clue}/end")}
FRAME = short(ClueKeys.parse("c" * 64).digest(Clue(ClueSort.FRAME, "GZ1234567")))
ABOUT_REPORTS = [
    operation
    for operation in DESK
    if operation.access.permission not in OF_NO_UNIT
    and operation.path not in BEFORE_A_REPORT
    and (operation.method, operation.path) not in ANYWHERE
]
ABOUT_OFFICERS = [
    operation for operation in DESK if operation.access.permission is Permission.READ_AUDIT and operation.path != "/desk/audit"
]
QUERIES = {
    "/v1/desk/board": f"unit={OWN}",
    "/desk/to-tell": f"unit={OWN}",
    "/desk": f"unit={OWN}",
    "/desk/queue": f"unit={OWN}",
    "/desk/queue/next": f"list=unit%3D{OWN}&at=1-20160701T000000000000-{REFERENCE}",
    "/v1/desk/figures": f"unit={OWN}",
    "/desk/tasks": f"unit={OWN}",
    "/v1/desk/tasks": f"unit={OWN}",
    "/v1/desk/reports": f"unit={OWN}&reason=handling",
    "/v1/desk/reports/{reference}": "reason=handling",
    "/v1/survey-results": "month=2016-07",
    "/v1/desk/changes": f"unit={OWN}",
    **dict.fromkeys(("/desk/figures", "/v1/desk/figures"), f"unit={OWN}"),
    **dict.fromkeys(("/desk/audit/officers", "/v1/desk/audit/officers"), "officer=NN1234&month=2016-07"),
    **dict.fromkeys(("/desk/audit/registers", "/v1/desk/audit/registers"), "week=2016-W26&register=refused"),
    "/desk/cases/{case}": "",
    "/desk/teams": f"unit={OWN}",
    "/desk/teams/{team}": f"unit={OWN}",
    "/desk/routing": f"unit={OWN}",
    "/desk/routing/tried": f"unit={OWN}",
    "/v1/desk/teams": f"unit={OWN}",
    "/v1/desk/cases/{case}": "",
}
SENT = {
    "/desk/reports/{reference}/reason": {"reason": "handling"},
    "/desk/reports/{reference}/notes": {"note": "De bank belt."},
    "/desk/reports/{reference}/tasks": {"newTask": "call_back"},
    "/desk/reports/{reference}/tasks/done": {"doneTask": "camera_images"},
    "/desk/reports/{reference}/forward": {"receiver": "fraud_helpdesk", "ground": "article_19"},
    "/v1/desk/reports/{reference}/forwards": {"receiver": "fraud_helpdesk", "ground": "article_19"},
    "/desk/victim-support": {"unit": OWN},
    "/v1/desk/victim-support-lists": {"unit": OWN},
    "/v1/desk/victim-support-hand-overs": {"unit": OWN, "list": "S-AAAA-AAAA"},
    "/v1/desk/reports/{reference}/notes": {"note": "De bank belt."},
    "/v1/desk/reports/{reference}/tasks": {"task": "call_back"},
    "/v1/desk/reports/{reference}/tasks/done": {"task": "camera_images"},
    "/desk/reports/{reference}/told": {"how": "phone", "version": "1"},
    "/desk": {"number": REFERENCE},
    "/desk/audit": {"number": REFERENCE},
    "/desk/queue/next": {"list": f"unit={OWN}"},
    "/desk/queue/saved": {"list": f"unit={OWN}", "name": "Fietsen"},
    "/v1/desk/takes": {"unit": OWN},
    "/desk/search": {"value": "GZ1234567", "reason": "handling"},
    "/v1/desk/searches": {"value": "GZ1234567"},
    "/desk/goods": {"unit": OWN, "sort": "frame", "value": "GZ7654321", "number": "NN-1"},
    "/v1/desk/found-things": {"unit": OWN, "things": [{"sort": "frame", "value": "GZ7654321", "number": "NN-1"}]},
    "/desk/shared/{clue}/end": {},
    "/desk/shared": {"sort": "iban", "value": "NL91ABNA0417164300", "reason": "gateway", "until": "1-7-2017"},
    "/desk/new/{kind}": {"_go": "more.goods"},
    "/desk/reports/{reference}/status": {"status": "checked", "version": "1"},
    "/desk/reports/{reference}/question": {"text": "Was het slot heel?", "version": "1"},
    "/v1/desk/reports/{reference}/status-changes": {"status": "checked", "version": 1},
    "/desk/reports/{reference}/undo": {"number": "2", "version": "1"},
    "/desk/reports/{reference}/correction": {"status": "checked", "version": "1", "explanation": "Vergist."},
    "/desk/reports/{reference}/number": {"registrationNumber": "PL0100-2016654321", "reason": "Vergist.", "version": "1"},
    "/v1/desk/reports/{reference}/checks": {"status": "checked", "version": 1},
    "/v1/desk/reports/{reference}/undo": {"number": 2, "version": 1},
    "/v1/desk/reports/{reference}/corrections": {"status": "checked", "version": 1, "explanation": "Vergist."},
    "/v1/desk/reports/{reference}/number-corrections": {
        "registrationNumber": "PL0100-2016654321",
        "reason": "Vergist.",
        "version": 1,
    },
    "/desk/reports/{reference}/update": {"explanation": "Wij wachten op beelden.", "version": "1"},
    "/v1/desk/reports/{reference}/updates": {"explanation": "Wij wachten op beelden.", "version": 1},
    "/desk/reports/{reference}/work": {"to": "NN9999", "seen": "-"},
    "/desk/reports/{reference}/move": {"unit": OTHER, "remark": "Dader daar.", "version": "1", "step": "done"},
    "/desk/assignments": {"reference": REFERENCE, "to": "NN9999"},
    "/desk/teams": {"unit": OWN, "name": "Brommers"},
    "/desk/teams/{team}": {"unit": OWN, "member": "NN5555", "act": "added"},
    "/desk/routing": {"unit": OWN, "kind": "fraud", "to": OTHER},
    "/v1/desk/reports/{reference}/assignments": {"to": "NN9999"},
    "/v1/desk/reports/{reference}/ranks": {"rank": "urgent", "reason": "Vertrekt.", "version": 1},
    "/v1/desk/reports/{reference}/hand-overs": {"unit": OTHER, "remark": "Dader daar.", "version": 1},
    "/v1/desk/reports/{reference}/routings": {"version": 1},
    "/v1/desk/reports/{reference}/joinings": {"other": JOINED},
    "/v1/desk/reports/{reference}/leavings": {"case": CASE},
    "/v1/desk/assignments": {"references": [REFERENCE], "to": "NN9999"},
    "/v1/desk/teams": {"unit": OWN, "name": "Brommers"},
    "/v1/desk/teams/{team}/members": {"unit": OWN, "member": "NN5555"},
    "/v1/desk/teams/{team}/departures": {"unit": OWN, "member": "NN5555"},
    "/v1/desk/teams/{team}/closings": {"unit": OWN},
    "/v1/desk/absences": {"unit": OWN, "officer": "NN5555"},
    "/v1/desk/routing-rules": {"unit": OWN, "kind": "fraud", "to": OTHER},
    "/v1/desk/routing-rules/{rule}/removals": {"unit": OWN},
    "/v1/desk/reports/{reference}/questions": {"text": "Was het slot heel?", "version": 1},
    "/desk/digest": {"email": "agent@example.org"},
    "/desk/digest/code": {"code": ""},
    "/desk/digest/stop": {},
    "/desk/batches/new": {"references": REFERENCE},
    "/desk/batches/{batch}": {"act": "status", "status": "checked", "_go": "try"},
    "/v1/desk/batches": {"references": [REFERENCE]},
    "/v1/desk/batches/{batch}/trials": {"act": "status", "status": "checked"},
    "/v1/desk/batches/{batch}/confirmations": {"fingerprint": "0" * 64},
    "/v1/desk/batches/{batch}/undo": None,
}
NOTHING_TO_DO = {
    "/desk/digest/code": (400,),  # no code was typed
    "/desk/reports/{reference}/told": (409,),  # mail reaches this reporter: nobody has to be called
    "/v1/desk/batches/{batch}/confirmations": (409,),  # nothing was tried
    "/v1/desk/batches/{batch}/undo": (409,),  # nor done
    "/v1/desk/victim-support-hand-overs": (409,),  # nobody is on this list
    **dict.fromkeys(("/desk/reports/{reference}/undo", "/v1/desk/reports/{reference}/undo"), (409,)),  # nothing was done
    **dict.fromkeys(("/desk/reports/{reference}/correction", "/v1/desk/reports/{reference}/corrections"), (409,)),
    **dict.fromkeys(("/desk/reports/{reference}/number", "/v1/desk/reports/{reference}/number-corrections"), (409,)),
    "/v1/desk/reports/{reference}/routings": (409,),  # the rules leave it where it is
    "/desk/shared/{clue}/end": (404,),  # no such value is shared
}
OWN_PAGES = ("/desk/queue/saved", "/desk/digest", "/desk/digest/code", "/desk/digest/stop")
SAVED = {(method, path) for method in ("GET", "POST") for path in OWN_PAGES}  # an officer's own: no report is read
LINE_BY_LINE = {"/desk/assignments", "/v1/desk/assignments"}  # answered for each report: one that is refused stops no other
# These only lead on (who logged in again while filling in a form, who typed a number): nothing is read.
SENT_ON = {
    ("GET", "/desk/assignments"),
    ("GET", "/desk/reports/{reference}/status"),
    ("GET", "/desk/reports/{reference}/undo"),
    ("GET", "/desk/reports/{reference}/told"),
    *(("GET", f"/desk/reports/{{reference}}/{form}") for form in ("reason", "notes", "tasks", "tasks/done")),
    ("POST", "/desk/reports/{reference}/reason"),
    ("POST", "/desk"),
    *SAVED,
}

SOUGHT = {"{reference}": REFERENCE, "{batch}": BATCH, "{case}": CASE, "assignments": REFERENCE}  # by what stands in the address
REASON_OF = {"desk": "reporter_contact", "auditor": "audit"}  # of who handles nothing
FILE = Attachment("f" * 32, "foto.jpg", "jpeg", 9, "0" * 64)


class AnyOfficer:
    """Takes `role@unit` for a token."""

    def principal(self, bearer):
        role, _, unit = bearer.partition("@")
        if role not in list(StaffRole):
            raise Unauthenticated("unknown_token")
        return Officer("NN9999", frozenset({StaffRole(role)}), frozenset({unit} if unit else ()))


class BrokenAudit:
    """An audit trail that cannot be written."""

    def note(self, subject, **facts):
        raise OSError("audit: no answer")

    def of(self, subject):
        return []


@pytest.fixture
def services(aws, settings, clock):
    made = wiring.Services(settings, clock, access_tokens=AnyOfficer(), derivation=DERIVATION)
    wiring.install(made)
    _report_with_a_file(made)
    _batch(made)
    made.boards.put(boards.counted(OWN, reports=made.reports, clock=clock))
    made.feed.append(OWN, [Entry(REFERENCE, 1, Status.RECEIVED, clock.now(), clock.now() - HELD_BACK)])
    yield made
    wiring.install(None)


def _report_with_a_file(services):
    report = services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers(), [FILE])))
    folder = Folder(id=folder_id(services.derivation_key, report.reporter.pseudonym, report.reference))
    file = File(id=FILE.id, name=FILE.name, kind=FILE.kind, added_at=report.filed_at, state=FileState.CHECKED)
    services.evidence_storage.folders.save(folder, folder.added(file).named())
    joined = a_report(reference=JOINED).joined(CASE, by=Actor(Role.OFFICER, "NN1234"), at=report.filed_at)
    services.reports.add(joined)
    empty = services.rosters.get(OWN)
    services.rosters.save(empty, empty.with_team(TEAM, "Fietsen"))


def _batch(services):
    maker = Officer("NN9999", frozenset({StaffRole.HANDLER}), frozenset({OWN}))
    services.batch_room.batches.add(Batch(id=BATCH, maker=maker, made_at=NOON, rows=(Row(reference=REFERENCE),)))


def asked(portal, operation, officer):
    """Call a route of the desk as `role@unit`."""
    path = operation.path.replace("{reference}", REFERENCE).replace("{file}", FILE.id).replace("{kind}", "bicycle-theft")
    path = path.replace("{batch}", BATCH)
    path = path.replace("{case}", CASE).replace("{team}", TEAM).replace("{rule}", "R-1")
    path = path.replace("{clue}", FRAME)
    query = QUERIES.get(operation.path, "") if operation.method == "GET" else ""
    path += f"?{query.replace('handling', REASON_OF.get(officer.partition('@')[0], 'handling'))}" if query else ""
    if operation.is_api:
        why = {"Look_Reason": REASON_OF.get(officer.partition("@")[0], "handling")} if operation.reasoned and not query else {}
        return portal.api(operation.method, path, SENT.get(operation.path), person=officer, **why)
    browser = portal.browser(why=REASON_OF.get(officer.partition("@")[0], "handling"))
    principal = AnyOfficer().principal(officer)
    secret = portal.services.sessions.open(principal, issuer="i", subject=officer, session_id=ids.secret_id())
    browser.cookies["__Host-session"] = secret
    if operation.method == "GET":
        return browser.get(path)
    return browser.post(path, {"_token": portal.services.sessions.find(secret).form_token, **SENT[operation.path]})


def officers_of(operation):
    """Each role with the report's own unit, and with another one or with none, by turns."""
    begins = DESK.index(operation)
    turns = [(role, (OTHER, "")[(begins + number) % 2]) for number, role in enumerate(StaffRole)]
    return list(product(StaffRole, (OWN, OTHER, ""))) if WHOLE else [*product(StaffRole, (OWN,)), *turns]


@every(DESK)
def test_an_officer_gets_what_the_table_allows_and_nothing_more(operation, portal, services, aws):
    permission, kept = operation.access.permission, aws.kept()
    for role, unit in officers_of(operation):
        aws.put_back(kept)
        before = services.reports.get(REFERENCE)
        has_role = role in ALLOWED[permission]
        by_unit = operation in ABOUT_REPORTS and (operation.method, operation.path) not in SENT_ON
        allowed = has_role and (unit == OWN or not by_unit)

        answer = asked(portal, operation, f"{role}@{unit}")

        done = (200, 201, 303, *NOTHING_TO_DO.get(operation.path, ()))
        if operation.path not in LINE_BY_LINE:
            assert (answer.status in done) is allowed, f"{role}@{unit}: {answer.status}"
        if not allowed:
            sought = next((one for name, one in SOUGHT.items() if by_unit and has_role and name in operation.path), "")
            hidden = 200 if operation.path in LINE_BY_LINE else 404  # whose unit it is not learns not even that it is there
            assert answer.status == (hidden if sought else 403), f"{role}@{unit}"
            assert [item["subject"]["S"] for item in aws.items("audit")] == ([f"refused:{sought}"] if sought else [])
            assert "Gazelle" not in answer.text
            assert services.reports.get(REFERENCE) == before
        else:
            on_record = by_unit or (operation.method, operation.path) in SEARCHES or operation in ABOUT_OFFICERS
            assert bool(aws.items("audit")) is on_record, f"{role}@{unit}"


def one_who_may(operation):
    roles = (StaffRole.HANDLER, StaffRole.SUPERVISOR, StaffRole.AUDITOR)
    return next(role for role in roles if role in ALLOWED[operation.access.permission])


@every([one for one in (*ABOUT_REPORTS, *ABOUT_OFFICERS) if (one.method, one.path) not in SENT_ON])
def test_without_a_record_there_is_no_look_and_no_change(operation, portal, services):
    services.__dict__["audit"] = BrokenAudit()
    before = services.reports.get(REFERENCE)

    answer = asked(portal, operation, f"{one_who_may(operation)}@{OWN}")

    assert answer.status == 500
    assert "Gazelle" not in answer.text
    shown = answer.text.partition("<main")[2].partition("</main>")[0]
    assert REFERENCE not in shown.replace(f'href="/desk/reports/{REFERENCE}"', "")
    assert services.reports.get(REFERENCE) == before


FORGED = ("reason=curiosity", "reason=", "unit=Atlantis&reason=handling", f"unit={OWN}&reason=handling&status=lost")


@pytest.mark.parametrize("query", FORGED)
def test_a_forged_reason_unit_or_status_reads_nothing(query, portal, services, aws):
    listed = portal.api("GET", f"/v1/desk/reports?{query}", person=f"handler@{OWN}")
    read = portal.api("GET", f"/v1/desk/reports/{REFERENCE}?{query.partition('&')[0]}", person=f"handler@{OWN}")

    assert (listed.status, read.status) == (400, 400)
    assert aws.items("audit") == []


def test_an_officer_without_a_unit_has_an_empty_worklist(portal, services):
    operation = next(one for one in DESK if one.path == "/desk")
    browser = portal.browser()
    officer = AnyOfficer().principal("handler@")
    browser.cookies["__Host-session"] = services.sessions.open(officer, issuer="i", subject="s", session_id="x")

    page = browser.get(operation.path)

    assert page.status == 200
    assert "Bij uw account staat geen politie-eenheid" in page.text
    assert REFERENCE not in page.text
