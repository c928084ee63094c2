"""Nobody learns by the clock whether a report is there: another person's costs as many reads, of the same kinds, as none at all.

Every route that takes a reference is called with one that is somebody else's and with one that nobody has; what is asked of
AWS is counted. Reading is what takes time: the rest is a few microseconds of our own.
"""

import json
import re
from collections import Counter

import pytest

from app import app
from chalicelib.core import ids
from chalicelib.people.permissions import Permission
from chalicelib.web.access import Who
from chalicelib.web.routes import declared
from infra.local.aws_tap import AwsTap
from tests.app import world
from tests.app.test_api_rules import every
from tests.app.test_bad_input import token_for
from tests.app.test_roles import SENT as BY_OFFICERS
from tests.support.addresses import NAMED
from tests.support.samples import REFERENCE

# An auditor reads of every unit, and of reports that are not there any more: no report's content is in that.
ROUTES = [one for one in declared(app) if "{reference}" in one.path and one.access.permission is not Permission.READ_AUDIT]
ABSENT = ids.reference(b"no such report" * 2)
QUERY = {"/v1/desk/reports/{reference}": "?reason=handling"}
BODIES = {
    "/v1/reports/{reference}/questions/{number}/answer": {"answer": "Ja."},
    "/v1/reports/{reference}/answers": {"question": 1, "answer": "Ja."},
    "/v1/reports/{reference}/additions": {"sort": "more", "answers": {"text": "De buurvrouw zag een bus."}},
    "/v1/reports/{reference}/requests": {"sort": "update"},
    "/v1/reports/{reference}/wishes": {"information": "nothing", "survey": False},
}


@pytest.fixture
def calls():
    """Every call to AWS since the last `clear`, by service and operation."""
    counted = Counter()

    def listen(request, answer):
        target = request.headers.get("X-Amz-Target", b"")
        target = target.decode() if isinstance(target, bytes) else target
        table = json.loads(request.body).get("TableName", "") if target.startswith("DynamoDB_") else ""
        if target.startswith("secretsmanager"):
            return  # a secret is read once in the life of a function, whoever asks first
        counted[target or re.sub(r"\?.*", "", request.url), table] += 1

    tap = AwsTap()
    tap.listen(listen)
    tap.connect()
    yield counted
    tap.disconnect()


def called(portal, operation, reference, forms):
    """Call a route about a report as somebody whose it is not: another citizen, or an officer of another unit."""
    path = operation.path.replace("{reference}", reference)
    path = re.sub(r"\{\w+\}", lambda part: NAMED[part[0][1:-1]], path) + (
        QUERY.get(operation.path, "") * (operation.method == "GET")
    )
    person = "stranger" if operation.access.who is Who.OFFICER else "neighbour"
    if operation.is_api:
        body = BY_OFFICERS.get(operation.path) or BODIES.get(operation.path)
        why = {"Look_Reason": "handling"} if operation.reasoned and operation.path not in QUERY else {}
        return portal.api(operation.method, path, body if operation.method == "POST" else None, person=person, **why)
    browser = portal.browser(person)
    if operation.method == "GET":
        return browser.get(path)
    typed = forms[operation.path].fields if operation.path in forms else {}
    return browser.post(path, {**typed, **token_for(portal, browser)})


@every(ROUTES)
def test_somebody_elses_report_is_answered_with_the_same_reads_as_one_that_is_not_there(operation, portal, forms, aws, calls):
    kept, seen = aws.kept(), {}

    for reference in (REFERENCE, ABSENT, world.OTHER_REFERENCE):
        aws.put_back(kept)
        calls.clear()
        answer = called(portal, operation, reference, forms)
        seen[reference] = (answer.status, dict(calls))

    assert seen[REFERENCE] == seen[ABSENT] == seen[world.OTHER_REFERENCE]
    assert seen[ABSENT][0] in (200, 303, 404), "a reason is asked, it leads on, or nothing is found"
    assert seen[ABSENT][1], "something was read"


def test_every_route_about_a_report_is_asked():
    assert len(ROUTES) > 20
