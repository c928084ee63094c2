"""Officers tell by telephone or letter whom no mail reaches."""

from datetime import timedelta

import pytest

from tests.support.samples import NOON, REFERENCE, a_report

PATH = f"/desk/reports/{REFERENCE}"
PAGE = f"{PATH}?reason=reporter_contact"


@pytest.fixture
def bounced(services):
    report = services.reports.add(a_report())
    return services.reports.save(report, report.address_found_unusable(frozenset({report.contact.email}), at=NOON))


def test_an_officer_finds_whom_to_tell_calls_and_notes_it(portal, services, bounced):
    officer = portal.browser("handler")

    listed = officer.get("/desk/to-tell?unit=Noord-Nederland")
    assert f"/desk/reports/{REFERENCE}?reason=reporter_contact" in listed.text
    done = officer.submit(PAGE, {"how": "phone"}, to=f"{PATH}/told")

    assert done.status == 303
    assert services.reports.get(REFERENCE).to_contact_since is None
    assert REFERENCE not in officer.get("/desk/to-tell?unit=Noord-Nederland").text


def test_who_waits_too_long_stands_out(portal, services, bounced, clock):
    clock.advance(timedelta(days=8))
    officer = portal.browser("handler")

    assert "brief per post" in officer.get("/desk/to-tell?unit=Noord-Nederland").text


def test_a_reader_and_another_unit_do_not_see_whom_to_tell(portal, bounced):
    assert portal.browser("reader").get("/desk/to-tell?unit=Noord-Nederland").status == 403
    assert portal.browser("handler").get("/desk/to-tell?unit=Amsterdam").status == 403
