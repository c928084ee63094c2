"""The reads of each look at the desk, on pages and by API, are counted: where little lies and where much does, the same.

A new route without a row fails here. Much is more than a page of everything, and a crowd that no filter wants; how it is at
20,000 open and 200,000 decided reports, `python -m tests.bench.desk` measures.
"""

import re
from datetime import timedelta

import pytest

from app import app
from chalicelib.boards import actions as boards
from chalicelib.bulk.model import Batch, Row
from chalicelib.clues.indexing import derive
from chalicelib.clues.model import Clue, short
from chalicelib.clues.sorts import ClueSort
from chalicelib.clues.traces import FoundThing, SharedValue
from chalicelib.core import ids
from chalicelib.core.language import Language
from chalicelib.core.tables import connection
from chalicelib.letters.catalogue import Letter, letter_id
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.reports import lists
from chalicelib.reports.contact import Contact
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.filters import OPEN
from chalicelib.reports.statement import Attachment, Statement
from chalicelib.reports.tasks import Task
from chalicelib.web.access import Who
from chalicelib.web.routes import declared
from infra.memory.near import NearClient
from infra.memory.wire import Cloud
from infra.tables import definitions
from tests.app import world
from tests.app.test_api_rules import person_for
from tests.conftest import PREFIX
from tests.support.addresses import NAMED
from tests.support.calls import CountedTables
from tests.support.crowds import Pattern, gathered, lying
from tests.support.samples import HANDLER, NOON, a_report, answers

LOOKS = {one.path: one for one in declared(app) if one.method == "GET" and one.access.who is Who.OFFICER}
UNIT = "Noord-Nederland"
CLUE = Clue(ClueSort.IBAN, "NL91ABNA0417164300")
OFFICER = Actor(Role.OFFICER, HANDLER.id)
FRAUD = ids.reference(b"a fraud of a cluster" * 2)
FILE = Attachment(NAMED["file"], "bon.jpg", "jpeg", 9, "0" * 64, "report")
TOLD = answers("web-shop-fraud")
CROWD, SOME = 600, 120  # reports of one unit and officer; of what a page shows fewer of

_REPORT, _TYPED = "the report", "what was typed when a session ended"
_OWN = {"reports": (_REPORT,)}
_FORM = _OWN | {"drafts": (_TYPED,)}
_LIST = {"reports": ("the list",)}
_ROSTER = {"teams": ("the unit's teams",)}
_TEXTS = {"texts": ("the unit's", "those of all units")}
_LOOKS = {"audit": ("looks", "looks that were refused", "looks of auditors"), "reports": ("what the system wrote in it",)}
_CLUES = ("bank account", "telephone", "address of mail", "web address", "advert")  # a question each, at most eight
_LINKS = {"reports": (_REPORT, "the reporter's others"), "clues": _CLUES}
READS = {  # what each look reads beyond the session, by table, and why
    "/desk": {"reports": ("what is mine", "what waits with my team"), "boards": ("the counts of the unit",), **_ROSTER},
    "/desk/queue": _LIST | {"officers": ("the lists that were saved",), "teams": ("how they are called",)},
    "/desk/reports/{reference}": {
        "reports": (_REPORT, "the reporter's others"),
        "clues": _CLUES,
        "letters": ("what was mailed",),
        "drafts": (_TYPED,),
        "files": ("which of them may hide something",),
        **_TEXTS,
        **_ROSTER,
    },
    "/desk/reports/{reference}/files/{file}": _OWN | {"files": ("how it is called",)},
    "/desk/reports/{reference}/correction": _FORM,
    "/desk/reports/{reference}/number": _FORM,
    "/desk/reports/{reference}/question": _FORM | _TEXTS,
    "/desk/reports/{reference}/update": _FORM | _TEXTS,
    "/desk/reports/{reference}/forward": _FORM,
    "/desk/reports/{reference}/notice": _OWN,
    "/desk/reports/{reference}/copy": _OWN,
    "/desk/reports/{reference}/letters": _OWN | {"letters": ("what was mailed",)},
    "/desk/reports/{reference}/work": _FORM | _ROSTER,
    "/desk/reports/{reference}/move": _FORM | _ROSTER,
    "/desk/reports/{reference}/linked/{clue}": _OWN | {"clues": ("what lies on it",)},
    "/desk/cases/{case}": _LIST,
    "/desk/shared": {"clues": ("which there are", "a hundred of them")},
    "/desk/goods": {"clues": ("which there are",)},
    "/desk/tasks": _LIST,
    "/desk/to-tell": _LIST | {"letters": ("mail that was given up",)},
    "/desk/batches": {"batches": ("the list",)},
    "/desk/batches/new": {"drafts": (_TYPED,)},
    "/desk/batches/{batch}": {"batches": ("the batch",), "drafts": (_TYPED,), **_TEXTS, **_ROSTER},
    "/desk/audit/reports/{reference}": _LOOKS,
    "/desk/audit/officers": {"audit": ("the month",)},
    "/desk/audit/registers": {"audit": ("the week",)},
    "/desk/figures": {"boards": ("the counts of the unit",), "teams": ("how they are called",)},
    "/desk/digest": {"officers": ("is it wanted, and where",)},
    "/desk/texts": _TEXTS,
    "/desk/texts/new": {"drafts": (_TYPED,)},
    "/desk/texts/{text}": _TEXTS,
    "/desk/texts/{text}/edit": _TEXTS | {"drafts": (_TYPED,)},
    "/desk/teams": _ROSTER,
    "/desk/teams/{team}": _ROSTER,
    "/desk/routing": _ROSTER,
    "/desk/routing/tried": _ROSTER | {"reports": ("filed this month", "filed the month before")},
    "/v1/desk/reports": _LIST,
    "/v1/desk/board": {"boards": ("the counts of the unit",)},
    "/v1/desk/reports/{reference}": _OWN,
    "/v1/desk/reports/{reference}/letters": _OWN | {"letters": ("what was mailed",)},
    "/v1/desk/reports/{reference}/links": _LINKS,
    "/v1/desk/reports/{reference}/links/{clue}": _OWN | {"clues": ("what lies on it",)},
    "/v1/desk/tasks": _LIST,
    "/v1/desk/batches": {"batches": ("the list",)},
    "/v1/desk/batches/{batch}": {"batches": ("the batch",)},
    "/v1/desk/batches/{batch}/rows": {"batches": ("the batch",)},
    "/v1/desk/audit/reports/{reference}": _LOOKS,
    "/v1/desk/audit/officers": {"audit": ("the month",)},
    "/v1/desk/audit/registers": {"audit": ("the week",)},
    "/v1/desk/figures": {"boards": ("the counts of the unit",)},
    "/v1/desk/changes": {"changes": ("four pages of the feed",)},
    "/v1/desk/texts": _TEXTS,
    "/v1/desk/cases/{case}": _LIST,
    "/v1/desk/teams": _ROSTER,
}
NOTHING = {  # what needs no table, and what only leads elsewhere
    *("/desk/search", "/desk/new", "/desk/new/{kind}", "/desk/audit", "/desk/queue/next", "/desk/queue/saved"),
    *("/desk/assignments", "/v1/survey-results", "/desk/digest/code", "/desk/digest/stop", "/desk/victim-support"),
    *(f"/desk/reports/{{reference}}/{form}" for form in ("reason", "status", "undo", "notes", "tasks", "tasks/done", "told")),
}
MORE = {  # what is read besides where much lies, at most
    "/desk/shared": {"clues": 1},  # a second hundred
    "/desk/goods": {"clues": 1},  # a hundred of them, of which fifty are shown
    "/desk/to-tell": {"reports": 20, "letters": 20},  # of mail that was given up twenty are told: an operator has an alarm
}
ASKED = {
    **{f"/v1/desk/{look}": f"?unit={UNIT}" for look in ("reports", "board", "tasks", "figures", "changes", "texts", "teams")},
    **{f"{root}/officers": "?officer=NN1234&month=2016-07" for root in ("/desk/audit", "/v1/desk/audit")},
    **{f"{root}/registers": "?week=2016-W26&register=refused" for root in ("/desk/audit", "/v1/desk/audit")},
    "/v1/survey-results": "?month=2016-07",
}
LISTS = {  # the lists of the queue: how many reads of the reports where little lies, and where much does
    "": (1, 1),
    "?order=newest": (3, 3),  # a list for each rank
    "?status=all": (len(OPEN), len(OPEN)),
    "?status=all&order=newest": (3 * len(OPEN), 3 * len(OPEN)),
    "?status=all&who=me": (1, 1),
    "?status=all&mark=fresh": (1, 2),  # nobody of the crowd: it is looked at once more, for more, and then the page says so
    "?status=all&mark=overdue": (len(OPEN), 2 * len(OPEN)),
    "?status=closed": (1, 1),
    "?kind=graffiti": (1, 2),
    "?kind=web-shop-fraud": (1, 1),
    "?place=GM0106": (1, 2),
    "?who=nobody": (1, 2),
    "?age=90": (1, 2),
}


@pytest.fixture
def tables(settings, services):
    made, shared = CountedTables(*definitions(PREFIX)), connection(settings.region)
    client = shared.client
    shared._client = NearClient(Cloud(made), client, lambda *_: None, lambda *_: None)
    yield made
    shared._client = client


@pytest.fixture(params=["little", "much"])
def size(request, tables, services):
    """A world with something of everything, in which much lies or little; each is made once."""
    if request.param not in _made:
        _made[request.param] = _filled(request.param, services, tables)
    tables.restore(_made[request.param])
    return request.param


_made = {}


def _filled(size, services, tables):
    world.built(services)
    report = a_report(reference=FRAUD, statement=Statement.of("web-shop-fraud", TOLD, (FILE,)))
    report = report.assigned(HANDLER.id, by=OFFICER, at=NOON).joined(NAMED["case"], by=OFFICER, at=NOON)
    services.reports.add(report)
    if size == "much":
        crowd(services, tables)
    derive(FRAUD, services.clue_room)
    services.boards.put(boards.counted(UNIT, reports=services.reports, clock=services.clock))
    return tables.snapshot()


def crowd(services, tables):
    """A unit, an officer, a reporter, a clue and a case with very many reports; and more than a page of all else."""
    alike = a_report(statement=Statement.of("web-shop-fraud", TOLD), contact=Contact(email="x@example.org", usable=False))
    alike = alike.assigned(HANDLER.id, by=OFFICER, at=NOON).joined(NAMED["case"], by=OFFICER, at=NOON)
    for task in Task:
        alike = alike.task_raised(task, by=OFFICER, at=NOON)
    references = gathered(tables, f"{PREFIX}reports", [Pattern(alike)], CROWD)
    until, digest = NOON + timedelta(days=90), services.clue_keys.digest
    lying(tables, f"{PREFIX}clues", digest(CLUE), UNIT, references, at=NOON, until=until)
    for number, reference in enumerate(references[:SOME]):
        batch = Batch(id=f"B-{reference}", maker=HANDLER, made_at=NOON, rows=(Row(reference=reference),))
        services.batch_room.batches.add(batch)
        for subject in (FRAUD, f"audit:{FRAUD}", f"refused:{FRAUD}"):
            services.audit.note(subject, officer=HANDLER, what="read_report", why="handling")
        iban, frame = f"NL91ABNA{number:010}", f"GZ{number:07}"
        shared = SharedValue(digest(Clue(ClueSort.IBAN, iban)), ClueSort.IBAN, iban, "gateway", until, "NN4444")
        thing = FoundThing(digest(Clue(ClueSort.FRAME, frame)), ClueSort.FRAME, frame, UNIT, f"NN-{number}", "NN1234", until)
        for one in (shared, thing):
            services.clue_room.clues.put(one)
        letter, facts = letter_id(reference, 1), {"letter": Letter.NEWS, "language": Language.NL, "template": ""}
        services.ledger.claim(LedgerEntry(id=letter), attempt="first", **facts)
        services.ledger.give_up(letter, attempt="first", unit=UNIT)


def looked(path, asked, portal, services, tables):
    """Look as somebody who may, for a reason that was said before; return the status, and what was read."""
    names = NAMED | {"reference": FRAUD, "clue": short(services.clue_keys.digest(CLUE)), "team": world.TEAM}
    address, who = re.sub(r"{(\w+)}", lambda name: names[name[1]], path) + asked, person_for(LOOKS[path])
    if LOOKS[path].is_api:
        tables.calls.forget()
        return portal.api("GET", address, person=who, Look_Reason="audit" if who == "auditor" else "handling").status
    browser = portal.browser(who)
    browser.get(f"/desk/reports/{FRAUD}" if "{reference}" in path else "/desk/new")
    tables.calls.forget()
    return browser.get(address).status


def test_each_look_of_the_desk_is_counted():
    assert set(READS) | NOTHING == set(LOOKS)
    assert not set(READS) & NOTHING
    assert set(MORE) <= set(READS)


@pytest.mark.parametrize("path", LOOKS)
def test_a_look_reads_as_much_where_much_lies_as_where_little_does(path, size, portal, services, tables):
    more = MORE.get(path, {}) if size == "much" else {}

    status = looked(path, ASKED.get(path, ""), portal, services, tables)

    assert status in (200, 303) or path.endswith("/{file}"), "of that the report is read, and nothing lies in the bucket"
    expected = {table: len(why) + more.get(table, 0) for table, why in READS.get(path, {}).items()}
    assert tables.calls.beyond_the_session() == expected
    assert tables.calls.writes() <= {("audit", "PutItem")}, "a look is on record, and changes nothing"


@pytest.mark.parametrize("asked", LISTS)
def test_a_list_is_one_read_for_each_run_that_it_is_made_of_and_one_more_where_few_are_wanted(
    asked, size, portal, services, tables
):
    assert looked("/desk/queue", asked, portal, services, tables) == 200

    reads = dict(zip(("little", "much"), LISTS[asked], strict=True))
    assert tables.calls.beyond_the_session() == {"reports": reads[size], "officers": 1, "teams": 1}
    assert tables.calls.looked_through["reports"] <= sum(lists.LOOKS)
