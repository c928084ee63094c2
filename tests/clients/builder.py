"""The work of a builder of programs with the generated Python client: `python builder.py URL DESCRIPTION`, in its environment.

Everything goes through the client's own classes and functions. Prints one line of JSON, of how much was done.
"""

import datetime as dt
import json
import sys
from pathlib import Path

import httpx
from mijn_politie_client import AuthenticatedClient, Client, models
from mijn_politie_client.api.desk import (
    get_desk_reports,
    get_desk_reports_reference,
    post_desk_reports_reference_questions,
    post_desk_reports_reference_status_changes,
)
from mijn_politie_client.api.reports import (
    get_kinds,
    get_reports,
    get_reports_reference,
    get_reports_reference_additions,
    post_reports,
    post_reports_reference_additions,
    post_reports_reference_answers,
    post_reports_reference_wishes,
)

URL, DESCRIPTION = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
SERVER = DESCRIPTION["servers"][0]["url"]
UNIT = models.GetDeskReportsUnit("Noord-Nederland")


def main():
    people = httpx.get(f"{URL}/_local/people").json()
    citizens = [client_of(person["id"]) for person in people if person["kind"] == "digid"]
    officer = client_of("handler")
    filed = file_every_kind(citizens)
    listed = sum(len(all_of(citizen)) for citizen in citizens)
    assert listed == len(filed), (listed, len(filed))
    citizen, report = filed["bicycle-theft"]
    add(citizen, report)
    handle(officer, citizen, report)
    refuse(citizen)
    print(json.dumps({"kinds": len(filed), "listed": listed, "operations": count_of_operations()}))


def client_of(person):
    token = httpx.post(f"{URL}/_local/tokens", json={"person": person}).raise_for_status().json()["access_token"]
    return AuthenticatedClient(base_url=SERVER, token=token, raise_on_unexpected_status=True)


def file_every_kind(citizens):
    """File the example of each kind as another reporter's, each twice under one key; return who filed what."""
    kinds = get_kinds.sync(client=Client(base_url=SERVER)).kinds
    classes = DESCRIPTION["components"]["schemas"]["NewReport"]["discriminator"]["mapping"]
    assert {kind.code for kind in kinds} == set(classes)
    filed = {}
    for number, kind in enumerate(kinds):
        example = DESCRIPTION["components"]["examples"][kind.code]["value"]
        body = getattr(models, classes[kind.code].rpartition("/")[2]).from_dict(example)
        assert same(body.to_dict(), example), kind.code
        citizen = citizens[number % len(citizens)]
        answers = [post_reports.sync_detailed(client=citizen, body=body, idempotency_key=f"key-{number}") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201], answers[0].parsed
        first, again = (answer.parsed for answer in answers)
        assert first.kind == kind.code
        assert first.reference == again.reference
        filed[kind.code] = citizen, first
    return filed


def same(one, other):
    """True when two JSON values say the same, a moment in whatever spelling."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other or dt.datetime.fromisoformat(one) == dt.datetime.fromisoformat(other)


def all_of(citizen):
    """Every report of a reporter, page by page."""
    page = get_reports.sync(client=citizen)
    found = list(page.reports)
    while page.next_cursor:
        page = get_reports.sync(client=citizen, cursor=page.next_cursor)
        found += page.reports
    return found


def add(citizen, report):
    more = models.MoreAddition(sort="more", answers=models.MoreAdditionAnswers(text="De buurvrouw zag een witte bus."))
    added = post_reports_reference_additions.sync(report.reference, client=citizen, body=more)
    assert [one.sort for one in added.additions] == ["more"]
    assert get_reports_reference_additions.sync(report.reference, client=citizen) == added
    wishes = models.Wishes(information=models.InformationWish.ALL, survey=False)
    assert post_reports_reference_wishes.sync(report.reference, client=citizen, body=wishes).survey is False


def handle(officer, citizen, report):
    """Find a report on the worklist, take it on, ask its reporter; the reporter answers, and reads all of it."""
    why = models.GetDeskReportsReferenceLookReason.HANDLING
    lines = get_desk_reports.sync(client=officer, unit=UNIT).reports
    assert report.reference in [line.reference for line in lines]
    seen = get_desk_reports_reference.sync(report.reference, client=officer, look_reason=why)
    assert models.Status.CHECKED in seen.next_statuses
    change = models.StatusChange(status=models.Status.CHECKED, version=seen.version, remark="Gelezen.")
    checked = post_desk_reports_reference_status_changes.sync(report.reference, client=officer, body=change)
    assert checked.status.code == models.Status.CHECKED
    late = post_desk_reports_reference_status_changes.sync_detailed(report.reference, client=officer, body=change)
    assert (late.status_code, late.parsed.code) == (409, "stale_version")
    parts = [models.NewPart(text="Was het slot heel?", sort=models.AnswerSort.CHOICE, choices=["Ja", "Nee"])]
    asked = models.NewQuestion(version=checked.version, questions=parts)
    asked = post_desk_reports_reference_questions.sync(report.reference, client=officer, body=asked)
    answer = models.AnswerToQuestion(question=asked.questions[0].number, answer="2")
    post_reports_reference_answers.sync(report.reference, client=citizen, body=answer)
    told = get_reports_reference.sync(report.reference, client=citizen)
    assert told.questions[0].answers["answer"] == "2"
    assert models.Status.CHECKED in [event.status for event in told.timeline]


def refuse(citizen):
    """A program can tell what was wrong: with a field, with a token, with an address."""
    body = models.GraffitiReport.from_dict(DESCRIPTION["components"]["examples"]["graffiti"]["value"])
    body.answers.email = "nobody"
    refused = post_reports.sync_detailed(client=citizen, body=body)
    assert refused.status_code == 400
    assert [(error.field, error.code) for error in refused.parsed.errors] == [("email", "email")]
    forged = get_reports.sync_detailed(client=AuthenticatedClient(base_url=SERVER, token="forged"))
    assert (forged.status_code, forged.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')
    missing = get_reports_reference.sync_detailed("K7MD-PR3W-9XCV", client=citizen)
    assert (missing.status_code, missing.parsed.status) == (404, 404)


def count_of_operations():
    return sum(len(methods) for methods in DESCRIPTION["paths"].values())


if __name__ == "__main__":
    main()
