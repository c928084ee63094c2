"""A page is one read of the table beyond the session: what a page reads is counted, for every page of every citizen.

Those of officers are counted in test_reads_desk.py.
"""

import re
from datetime import timedelta

from app import app
from chalicelib.web.access import Who
from chalicelib.web.routes import declared
from tests.app import world
from tests.app.test_api_rules import every
from tests.support.samples import REFERENCE

PAGES = [one for one in declared(app) if one.method == "GET" and not one.is_api and one.access.who is not Who.OFFICER]
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
    "/reports/{reference}/views": {
        "reports": ("whose it is",),
        "audit": ("who looked",),
        "clues": ("on which days its things were looked for",),
    },
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


@every(PAGES)
def test_a_page_is_one_read_beyond_the_session(operation, portal, forms, calls):
    browser = portal.browser("sanne")
    calls.forget()

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
    calls.forget()

    for _ in range(3):
        browser.get("/help")

    assert calls.counted == {("sessions", "GetItem"): 3, ("sessions", "UpdateItem"): 1}


def test_no_exception_is_kept_for_a_page_that_is_gone():
    assert set(MORE) | EVERYTHING | READ <= {operation.path for operation in PAGES}
