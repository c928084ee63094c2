"""The desk's API: what an officer may see of how to reach the reporter."""

import pytest

from tests.samples import answers


@pytest.mark.parametrize(
    ("person", "email"), [("handler", "sanne@example.org"), ("reader", "s•••@example.org"), ("auditor", "s•••@example.org")]
)
def test_how_to_reach_the_reporter_is_masked_for_who_need_not_know(portal, person, email):
    body = {"kind": "bicycle-theft", "answers": answers(), "truth": True}
    reference = portal.api("POST", "/v1/reports", body, person="sanne").json["reference"]

    seen = portal.api("GET", f"/v1/desk/reports/{reference}?reason=handling", person=person).json

    assert seen["answers"]["email"] == email
    assert (seen["answers"]["phone"] == "+31612345678") is (person == "handler")
