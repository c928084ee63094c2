"""A page is one read of the table beyond the session: what a page reads is counted, for every page of every citizen."""

import json
import re
from collections import Counter
from datetime import timedelta

import pytest

from app import app
from chalicelib.reports.filters import OPEN
from chalicelib.web.access import Who
from chalicelib.web.routes import declared
from infra.local.aws_tap import AwsTap
from tests.app import world
from tests.app.test_api_rules import every
from tests.support.samples import REFERENCE

PAGES = [one for one in declared(app) if one.method == "GET" and not one.is_api and one.access.who is not Who.OFFICER]
READS = {"GetItem", "Query", "BatchGetItem", "Scan", "TransactGetItems"}
VALUES = {
    "{reference}": REFERENCE,
    "{kind}": "bicycle-theft",
    "{draft}": world.WHOLE_DRAFT,
    "{step}": "story",
    "{sort}": "more",
    "{part}": "report",
    "{name}": "site.css",
}
_TYPED = "what was typed when a session ended"
MORE = {  # which pages read more, and what of each table: ADR-0016
    "/report/{kind}/{draft}/{step}": {"drafts": ("the draft", _TYPED)},
    "/report/{kind}/{draft}/check": {"drafts": ("the draft",), "files": ("its files",), "reports": ("was this told before?",)},
    "/report/{kind}/{draft}/evidence": {"drafts": ("the draft",), "files": ("its files",)},
    "/reports": {"reports": ("the list",), "drafts": ("what was begun",)},
    "/reports/{reference}/views": {"reports": ("whose it is",), "audit": ("who looked",)},
    "/reports/{reference}/question": {"reports": ("the question",), "drafts": ("the answer so far", _TYPED)},
    "/reports/{reference}/question/check": {"reports": ("the question",), "drafts": ("the answer so far",)},
    "/reports/{reference}/add/{sort}": {"reports": ("the goods to choose from",), "drafts": (_TYPED,), "files": ("sent along",)},
    "/reports/{reference}/contest": {"reports": ("the decision",), "drafts": (_TYPED,)},
    "/reports/{reference}/survey": {"reports": ("whose it is",), "surveys": ("may it be answered?",), "drafts": (_TYPED,)},
    **{
        f"/details/{one}": {"profiles": ("what is known",), "drafts": (_TYPED,)}
        for one in ("address", "code", "wishes", "safety")
    },
}
READ = {"/reports/{reference}", "/reports/{reference}/copy"}  # on which somebody reads the news, which is noted (ADR-0058)
EVERYTHING = {"/details/data", "/details/data.json"}  # the access request gathers all that is held of somebody


class Calls:
    """The calls to DynamoDB that were answered, by table and operation, since the last time they were forgotten."""

    def __init__(self):
        self.counted = Counter()

    def __call__(self, request, answer):
        target = request.headers.get("X-Amz-Target", b"")
        target = target.decode() if isinstance(target, bytes) else target
        if target.startswith("DynamoDB_"):
            body = json.loads(request.body)
            for table in body.get("RequestItems") or [body["TableName"]]:
                self.counted[table.removeprefix("test-"), target.partition(".")[2]] += 1

    def beyond_the_session(self):
        reads = Counter()
        for (table, operation), times in self.counted.items():
            reads[table] += times * (operation in READS and table != "sessions")
        return +reads

    def writes(self):
        return {call for call in self.counted if call[1] not in READS and call[0] != "sessions"}


@pytest.fixture
def calls():
    tap, calls = AwsTap(), Calls()
    tap.listen(calls)
    tap.connect()
    yield calls
    tap.disconnect()


@every(PAGES)
def test_a_page_is_one_read_beyond_the_session(operation, portal, forms, calls):
    browser = portal.browser("sanne")
    calls.counted.clear()

    browser.get(re.sub(r"\{\w+\}", lambda part: VALUES.get(part[0], "x"), operation.path))

    reads = calls.beyond_the_session()
    noted = {("reports", "UpdateItem")} if operation.path in READ else set()
    assert calls.writes() == noted, "looking changes nothing"
    if operation.path in EVERYTHING:
        assert reads.total() > 1
    elif operation.path in MORE:
        assert reads == {table: len(why) for table, why in MORE[operation.path].items()}
    else:
        assert reads.total() <= 1, reads


def test_the_session_itself_is_read_once_and_noted_once_a_minute(portal, forms, calls, clock):
    browser = portal.browser("sanne")
    clock.advance(timedelta(seconds=61))
    calls.counted.clear()

    for _ in range(3):
        browser.get("/help")

    assert calls.counted == {("sessions", "GetItem"): 3, ("sessions", "UpdateItem"): 1}


def test_no_exception_is_kept_for_a_page_that_is_gone():
    assert set(MORE) | EVERYTHING | READ <= {operation.path for operation in PAGES}


LISTS = {  # of officers: what each reads beyond the session
    "/desk": {"reports": 2, "boards": 1, "teams": 1},  # what is mine, what waits with my team, the counts of the unit
    "/desk/queue": {"reports": 1, "officers": 1, "teams": 1},  # the list, the lists that were saved, how the teams are called
    "/desk/queue?order=newest": {"reports": 3, "officers": 1, "teams": 1},  # a list for each rank
    "/desk/queue?status=all": {"reports": len(OPEN), "officers": 1, "teams": 1},
    "/desk/queue?status=all&who=me": {"reports": 1, "officers": 1, "teams": 1},
    "/desk/queue?status=all&mark=fresh": {"reports": 1, "officers": 1, "teams": 1},
    "/desk/queue?status=closed": {"reports": 1, "officers": 1, "teams": 1},
    "/desk/queue?kind=graffiti": {"reports": 1, "officers": 1, "teams": 1},
}


@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_the_desk_is_one_read_for_each_run_that_it_is_made_of(path, portal, forms, calls):
    browser = portal.browser("handler")
    calls.counted.clear()

    assert browser.get(path).status == 200

    assert calls.beyond_the_session() == LISTS[path]
    assert calls.writes() == {("audit", "PutItem")}, "a look is on record, and changes nothing"
