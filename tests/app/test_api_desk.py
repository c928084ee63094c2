"""The desk's API: what an officer may see of how to reach the reporter."""

import pytest

from tests.support.samples import answers


@pytest.mark.parametrize(
    ("person", "email"), [("handler", "sanne@example.org"), ("reader", "s•••@example.org"), ("auditor", "s•••@example.org")]
)
def test_how_to_reach_the_reporter_is_masked_for_who_need_not_know(portal, person, email):
    body = {"kind": "bicycle-theft", "answers": answers(), "truth": True}
    reference = portal.api("POST", "/v1/reports", body, person="sanne").json["reference"]

    seen = portal.api("GET", f"/v1/desk/reports/{reference}?reason=handling", person=person).json

    assert seen["answers"]["email"] == email
    assert (seen["answers"]["phone"] == "+31612345678") is (person == "handler")


def test_what_goes_in_comes_out_in_the_same_shape(portal):
    body = {"kind": "other-theft", "answers": answers("other-theft"), "truth": True}

    filed = portal.api("POST", "/v1/reports", body, person="sanne").json

    assert filed["answers"]["damage"] == body["answers"]["damage"] == 649.5
    assert filed["answers"]["goods"] == body["answers"]["goods"]


def test_a_report_that_is_not_confirmed_hears_of_everything_at_once(portal):
    answer = portal.api("POST", "/v1/reports", {"kind": "graffiti", "answers": answers("graffiti", email="x")}, person="sanne")

    assert {error["field"] for error in answer.json["errors"]} == {"truth", "email"}
