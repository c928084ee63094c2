"""The desk's API: what an officer may see of how to reach the reporter."""

import pytest

from tests.support.samples import answers


@pytest.mark.parametrize(("person", "reason"), [("handler", "handling"), ("reader", "handling")])
def test_how_to_reach_the_reporter_is_covered_and_uncovered_by_who_may_on_record(portal, services, person, reason):
    body = {"kind": "bicycle-theft", "answers": answers(), "truth": True}
    reference = portal.api("POST", "/v1/reports", body, person="sanne").json["reference"]
    path = f"/v1/desk/reports/{reference}?reason={reason}"

    seen, uncovered = (portal.api("GET", path + more, person=person) for more in ("", "&contact=shown"))

    assert seen.json["answers"]["email"] == "s•••@example.org"
    for private in ("sanne@example.org", "+31612345678", "Damrak", "1980-07-12"):
        assert private not in seen.text
    if person == "handler":
        assert uncovered.json["answers"]["street"] == "Damrak"
        noted = {(look.what, look.why) for look in services.audit.of(reference)}
        assert noted == {("read_report", reason), ("see_contact", reason)}
    else:
        assert uncovered.status == 403
        assert len(services.audit.of(reference)) == 1


@pytest.mark.parametrize(
    ("person", "reason", "status"),
    [
        ("handler", "handling", 200), ("handler", "audit", 403), ("handler", "supervision", 403), ("reader", "audit", 403),
        ("supervisor", "supervision", 200), ("supervisor", "audit", 403),
    ],
)  # fmt: skip
def test_a_reason_goes_with_the_role_of_who_gives_it(portal, services, person, reason, status):
    body = {"kind": "bicycle-theft", "answers": answers(), "truth": True}
    reference = portal.api("POST", "/v1/reports", body, person="sanne").json["reference"]

    for path in (f"/v1/desk/reports/{reference}?reason={reason}", f"/v1/desk/reports?unit=Noord-Nederland&reason={reason}"):
        answer = portal.api("GET", path, person=person)
        assert answer.status == status
        assert (status == 200) or "past niet bij uw functie" in answer.text
    assert bool(services.audit.of(reference)) is (status == 200)


def test_what_goes_in_comes_out_in_the_same_shape(portal):
    body = {"kind": "other-theft", "answers": answers("other-theft"), "truth": True}

    filed = portal.api("POST", "/v1/reports", body, person="sanne").json

    assert filed["answers"]["damage"] == body["answers"]["damage"] == 649.5
    assert filed["answers"]["goods"] == body["answers"]["goods"]


def test_a_report_that_is_not_confirmed_hears_of_everything_at_once(portal):
    answer = portal.api("POST", "/v1/reports", {"kind": "graffiti", "answers": answers("graffiti", email="x")}, person="sanne")

    assert {error["field"] for error in answer.json["errors"]} == {"truth", "email"}
