"""Another system hears which report came to which status: each once, of its own units, and nothing else of anybody."""

import json
import re
from datetime import timedelta

import jsonschema
import pytest

import app
from chalicelib.feed.model import HELD_BACK
from chalicelib.feed.store import FeedStore
from chalicelib.feed.stream import deliver
from chalicelib.reports.events import Actor, EventKind, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from tests.app.test_api_rules import document
from tests.support.samples import NOON, REFERENCE, a_report

UNIT, SECRET = "Noord-Nederland", "KWARTEL-7F3"
OFFICER = Actor(Role.OFFICER, "NN1234")
PATH = f"/v1/desk/changes?unit={UNIT}"


class Desk:
    """Reports that are written, and the stream that tells of it."""

    def __init__(self, aws, services):
        self._aws, self._services, self._number = aws, services, 0

    def _images(self):
        return {item["reference"]["S"]: item for item in self._aws.items("reports")}

    def write(self, change, *, times=1):
        """Do something to the report, and have the stream tell it; return the event."""
        before = self._images()
        report = self._services.reports.get(REFERENCE)
        after = change(report)
        self._services.reports.save(report, after) if report else self._services.reports.add(after)
        self._number += 1
        image = self._images()[after.reference]
        record = {
            "eventName": "MODIFY" if after.reference in before else "INSERT",
            "dynamodb": {
                "SequenceNumber": str(self._number),
                "Keys": {"reference": image["reference"]},
                "NewImage": image,
                **({"OldImage": before[after.reference]} if after.reference in before else {}),
            },
        }
        event = {"Records": [record]}
        for _ in range(times):
            assert app.on_report_changed(event, None) == {"batchItemFailures": []}, "letters wait for no feed"
            assert app.on_report_indexed(event, None) == {"batchItemFailures": []}
        return event


@pytest.fixture
def desk(aws, portal, services):
    desk = Desk(aws, services)
    desk.write(lambda _: a_report(statement=Statement.of("bicycle-theft", {"story": SECRET})), times=2)
    return desk


def to(status, **facts):
    return lambda report: report.changed(Change(status, **facts), by=OFFICER, at=NOON)


def undone(number):
    """Take an event back, as an officer does: the report has the status again that it had before it."""
    return lambda report: report.with_event(
        EventKind.RETRACTED, report.timeline[number - 2].status, by=OFFICER, at=NOON, undoes=number
    )


def noted(report):
    return report.with_event(EventKind.NOTED, report.status, by=OFFICER, at=NOON, remark=SECRET)


def told(portal, cursor="", person="handler"):
    answer = portal.api("GET", f"{PATH}&cursor={cursor}", person=person)
    assert answer.status == 200, answer.text
    return answer


def statuses(answer):
    return [(one["id"], one["data"]["status"]) for one in answer.json]


def test_each_status_is_told_once_though_the_stream_tells_it_twice(portal, desk, clock):
    desk.write(to(Status.CHECKED, explanation=SECRET, remark=SECRET), times=2)
    desk.write(noted, times=2)
    desk.write(lambda report: report.asked(SECRET, deadline_on=(NOON + timedelta(days=9)).date(), by=OFFICER, at=NOON), times=2)
    desk.write(lambda report: report.answered(1, SECRET, at=NOON), times=2)
    assert told(portal).json == []

    clock.advance(HELD_BACK)
    first = told(portal)

    assert statuses(first) == [
        (f"{REFERENCE}-1", "received"),
        (f"{REFERENCE}-2", "checked"),
        (f"{REFERENCE}-4", "awaiting_reporter"),
        (f"{REFERENCE}-5", "checked"),
    ]
    assert SECRET not in first.text
    assert told(portal, first.headers["next-cursor"]).json == []


def test_a_change_that_is_undone_at_once_is_told_to_nobody(portal, desk, clock):
    desk.write(to(Status.REFERRED))
    clock.advance(timedelta(minutes=2))
    desk.write(undone(2), times=2)
    desk.write(to(Status.CHECKED))

    clock.advance(HELD_BACK)

    assert statuses(told(portal)) == [(f"{REFERENCE}-1", "received"), (f"{REFERENCE}-4", "checked")]


def test_a_change_that_is_undone_late_is_followed_by_the_status_that_stands_again(portal, desk, clock):
    desk.write(to(Status.REFERRED))
    clock.advance(timedelta(hours=2))
    first = told(portal)
    desk.write(undone(2), times=2)
    clock.advance(HELD_BACK)

    assert statuses(told(portal, first.headers["next-cursor"])) == [(f"{REFERENCE}-3", "received")]


def test_a_change_is_a_cloudevent_of_a_number_and_a_status(portal, desk, clock):
    clock.advance(HELD_BACK)

    answer = told(portal)

    [event] = answer.json
    assert answer.headers["content-type"] == "application/cloudevents-batch+json"
    assert event == {
        "specversion": "1.0",
        "id": f"{REFERENCE}-1",
        "source": "urn:nld:portal.example:systeem:mijn-politie",
        "type": "nl.aangiften.status-gewijzigd",
        "subject": REFERENCE,
        "time": "2016-07-01T10:00:00Z",
        "datacontenttype": "application/json",
        "data": {"reference": REFERENCE, "status": "received"},
    }
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in event), "names of attributes, as CloudEvents has them"
    described = document()["paths"]["/desk/changes"]["get"]["responses"]["200"]
    [(media, content)] = described["content"].items()
    assert media == "application/cloudevents-batch+json"
    jsonschema.Draft202012Validator({**content["schema"], "components": document()["components"]}).validate(answer.json)
    assert {"Link", "Next-Cursor"} <= set(described["headers"])


def test_the_way_onward_stands_in_the_headers(portal, desk, clock):
    clock.advance(HELD_BACK)

    answer = told(portal)

    assert answer.headers["next-cursor"] == "1-1"
    assert answer.headers["link"] == f'</v1/desk/changes?unit={UNIT}&cursor=1-1>; rel="next"'


def test_nobody_is_told_of_another_unit_and_who_is_told_something_is_on_record(portal, desk, clock, services):
    clock.advance(HELD_BACK)

    assert portal.api("GET", PATH, person="stranger").status == 403
    assert portal.api("GET", PATH, person="reader").status == 403
    assert portal.api("GET", "/v1/desk/changes?unit=Atlantis", person="handler").status == 400
    assert portal.api("GET", PATH).status == 401
    cursor = told(portal).headers["next-cursor"]
    told(portal, cursor)
    assert [look.what for look in services.audit.of(f"changes:{UNIT}")] == ["read_changes"]


@pytest.mark.parametrize("cursor", ["x", "1", "K7MD-PR3W-9XCV"])
def test_a_cursor_that_no_answer_gave_is_refused(portal, desk, cursor):
    assert portal.api("GET", f"{PATH}&cursor={cursor}", person="handler").status == 400


def test_a_cursor_of_what_was_forgotten_is_gone_and_says_so(portal, desk, aws):
    aws.client("dynamodb").delete_item(TableName="test-changes", Key={"unit": {"S": UNIT}, "page": {"N": "1"}})

    answer = portal.api("GET", f"{PATH}&cursor=1-1", person="handler")

    assert (answer.status, answer.json["code"]) == (410, "changes_expired")


class Away:
    """A feed that does not answer."""

    def append(self, unit, entries):
        raise OSError("changes: no answer")


def test_what_the_feed_does_not_take_is_brought_again_and_the_letters_are_sent_all_the_same(portal, desk, services, clock, aws):
    services.__dict__["feed"] = Away()
    before = services.reports.get(REFERENCE)
    with pytest.raises(AssertionError):
        desk.write(to(Status.CHECKED))
    assert services.ledger.get(f"{REFERENCE}#2") is not None
    services.__dict__["feed"] = FeedStore(services.settings, clock)

    desk.write(lambda report: report if report.version > before.version else before)
    clock.advance(HELD_BACK)

    assert json.dumps(told(portal).json).count(REFERENCE)


def test_a_record_that_cannot_be_read_comes_again_with_the_later_ones_of_its_report_and_holds_up_nobody_else(
    desk, services, clock
):
    fine = desk.write(to(Status.CHECKED))["Records"][0]
    other = json.loads(json.dumps(fine).replace(REFERENCE, "CCCC-CCCC-CCCC"))
    broken = {"dynamodb": {"SequenceNumber": "7", "Keys": other["dynamodb"]["Keys"], "NewImage": {"reference": {"S": "x"}}}}
    later = {"dynamodb": other["dynamodb"] | {"SequenceNumber": "8"}}

    failed = deliver(
        {"Records": [broken, later, fine]},
        feed=services.feed,
        clock=clock,
        report_of_image=services.reports.report_of_image,
    )

    assert failed == ("7", "8")
