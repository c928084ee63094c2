"""Redrive: what functions gave up is done again, each once, and its note leaves the failure queue. Notes are AWS's documents."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

import app
from chalicelib import wiring
from chalicelib.core.errors import Unavailable
from chalicelib.core.language import Language
from chalicelib.letters import due_letters
from chalicelib.letters.catalogue import Letter
from chalicelib.profiles import actions
from infra.ops.commands import run
from infra.ops.stage import Stage
from tests.support.office import ses_event, sns
from tests.support.samples import CITIZEN, NOON, REFERENCE, a_report

EVENTS = Path(__file__).parents[1] / "events"


class Functions:
    """Lambda: runs the handler of app.py, and answers as Lambda does; `away` are functions that fail whatever they are asked."""

    def __init__(self) -> None:
        self.asked, self.away = [], set()

    def invoke(self, *, FunctionName, Payload):  # noqa: N803 — AWS's own names
        name = FunctionName.removeprefix("mijn-politie-test-")
        self.asked.append(name)
        if name in self.away:
            return {"StatusCode": 200, "FunctionError": "Unhandled"}
        getattr(app, name)(json.loads(Payload), None)
        return {"StatusCode": 200}


@pytest.fixture
def functions(operator):
    functions, client = Functions(), operator._client
    operator._client = lambda service: functions if service == "lambda" else client(service)
    wiring.install(operator.services)
    yield functions
    wiring.install(None)


@pytest.fixture
def gave_up(aws, queue):
    def gave_up(function, event=None, *, at=NOON, stage="test"):
        """Put the note on the queue with which Lambda gives up: an event, or the records of a stream that came `at`."""
        note = json.loads((EVENTS / f"lambda-gave-up-{'event' if event is not None else 'records'}.json").read_text("utf-8"))
        arn = f"arn:aws:lambda:eu-west-1:123456789012:function:mijn-politie-{stage}-{function}"
        note["requestContext"]["functionArn"] = arn if event is None else f"{arn}:$LATEST"
        if event is None:
            arrival = at.strftime("%Y-%m-%dT%H:%M:%SZ")
            note["DDBStreamBatchInfo"] |= {f"approximateArrivalOf{which}Record": arrival for which in ("First", "Last")}
        else:
            note["requestPayload"] = event
        aws.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(note))

    return gave_up


def broken(*_):
    raise Unavailable("still_broken")


def waiting(aws, queue):
    """How many notes are there for anybody to see."""
    asked = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    facts = aws.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=asked)["Attributes"]
    return [int(facts[name]) for name in asked]


def test_a_note_of_a_report_of_weeks_ago_brings_its_letter_once_and_leaves_the_queue(
    operator, functions, aws, queue, clock, gave_up
):
    operator.services.reports.add(a_report())
    gave_up("on_report_changed")
    clock.advance(timedelta(days=13))

    assert operator.does("redrive", "--hours", "1", "--dry-run") == 0
    assert "would look at 1 reports" in operator.said
    assert "on_report_changed 1" in operator.said
    assert (waiting(aws, queue), aws.mails()) == ([1, 0], [])
    for never_brought in (1, 0):
        assert operator.does("redrive", "--hours", "1") == 0
        assert f"never brought {never_brought}" in operator.said or not never_brought
        assert waiting(aws, queue) == [0, 0]
    due_letters.send_due(operator.services.mailroom)
    assert len(aws.mails()) == 1


def test_a_note_of_a_report_that_cannot_be_looked_at_stays(operator, functions, aws, queue, clock, gave_up):
    operator.services.reports.add(a_report())
    gave_up("on_report_changed")
    clock.advance(timedelta(hours=7))
    whole, operator.services.reports.get = operator.services.reports.get, broken

    assert operator.does("redrive") == 1
    assert waiting(aws, queue) == [1, 0]
    assert "on_report_changed: a report could not be looked at" in operator.said

    operator.services.reports.get = whole
    assert operator.does("redrive") == 0
    assert waiting(aws, queue) == [0, 0]


def test_what_may_still_be_on_its_way_is_left_for_later(operator, functions, aws, queue, clock, gave_up):
    gave_up("on_report_changed")

    assert operator.does("redrive") == 1
    assert "on_report_changed: too young" in operator.said
    clock.advance(timedelta(minutes=10))
    assert operator.does("redrive") == 0
    assert waiting(aws, queue) == [0, 0]


def test_changed_details_reach_reports_and_mailbox_once_however_old_the_note(operator, functions, aws, queue, clock, gave_up):
    services = operator.services
    services.reports.add(a_report())
    actions.ask_code("nieuw@example.org", pseudonym=CITIZEN.pseudonym, language=Language.NL, desk=services.details)
    gave_up("on_details_changed")

    for _ in range(2):
        assert operator.does("redrive") == 0
        assert waiting(aws, queue) == [0, 0]
        gave_up("on_details_changed")
    assert [mail.destinations["ToAddresses"] for mail in aws.mails()] == [["nieuw@example.org"]]
    assert "nieuw" not in operator.said


def test_details_that_still_cannot_be_carried_out_keep_their_note(operator, functions, aws, queue, gave_up):
    services = operator.services
    actions.ask_code("nieuw@example.org", pseudonym=CITIZEN.pseudonym, language=Language.NL, desk=services.details)
    gave_up("on_details_changed")
    services.mailer.send = broken

    assert operator.does("redrive") == 1
    assert "details looked at     1, of which 1 could not" in operator.said
    assert waiting(aws, queue) == [1, 0]


def test_what_ses_told_in_vain_is_told_again(operator, functions, aws, queue, clock, gave_up):
    services = operator.services
    services.reports.add(a_report())
    letter = f"{REFERENCE}#1"
    services.ledger.wait(letter, letter=Letter.NEWS, until=NOON)
    due_letters.send_due(services.mailroom)
    bounce = ses_event("Bounce", letter, at=clock.now(), to="sanne@example.org")
    bounce["mail"]["tags"]["ses:configuration-set"] = ["test-mail"]
    gave_up("on_receipt", sns(bounce, topic="test-receipts"))
    functions.away = {"on_receipt"}

    assert operator.does("redrive") == 1
    assert "on_receipt: failed again; see the log of mijn-politie-test-on_receipt" in operator.said
    assert waiting(aws, queue) == [1, 0]

    functions.away = set()
    assert operator.does("redrive") == 0
    assert waiting(aws, queue) == [0, 0]
    assert services.reports.get(REFERENCE).contact.usable is False
    assert "sanne" not in operator.said


def test_rounds_that_failed_are_done_by_the_next_and_nobody_is_handed_a_number(operator, functions, aws, queue, gave_up):
    for function in ("every_minute", "every_hour", "every_day", "make_official_report"):
        gave_up(function, {})

    assert operator.does("redrive") == 0
    assert (functions.asked, waiting(aws, queue)) == ([], [0, 0])


@pytest.mark.parametrize("body", ["{}", "no JSON", "[]", '{"requestContext": {"functionArn": "arn"}}'])
def test_what_is_no_note_of_ours_stays_for_somebody_to_read(operator, functions, aws, queue, body):
    aws.client("sqs").send_message(QueueUrl=queue, MessageBody=body)

    assert operator.does("redrive") == 1
    assert "unknown: no note of a function of this stage" in operator.said
    assert waiting(aws, queue) == [1, 0]


def test_the_notes_of_another_stage_and_of_functions_that_nobody_knows_stay(operator, functions, aws, queue, gave_up):
    gave_up("on_receipt", {}, stage="prod")
    gave_up("on_holiday", {})

    assert operator.does("redrive") == 1
    assert waiting(aws, queue) == [2, 0]


def test_every_function_that_is_woken_without_an_answer_can_be_redriven():
    from infra.deploy.functions import HTTP, names
    from infra.ops.redrive import AGAIN

    assert {*AGAIN, "on_report_changed"} == set(names(app.app)) - {HTTP}


def test_more_notes_than_one_answer_of_the_queue_holds_are_all_seen(operator, functions, aws, queue, gave_up):
    for _ in range(23):
        gave_up("every_minute", {})

    assert operator.does("redrive") == 0
    assert waiting(aws, queue) == [0, 0]


def test_when_aws_turns_the_operator_away_no_note_is_lost(operator, functions, aws, queue, gave_up):
    gave_up("on_receipt", {})
    operator._client = aws.client  # moto has no such function

    assert run(["redrive"], Stage(operator.services, operator._client, operator.lines.append)) == 2
    assert waiting(aws, queue) == [1, 0]
