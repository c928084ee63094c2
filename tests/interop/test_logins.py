"""People log in, out, and are logged out at a provider that none of us wrote; their programs file and read over the API."""

import pytest

from chalicelib.citizen.following.schemas import example_of
from chalicelib.reports.crimes import KINDS
from tests.interop.conftest import DONE
from tests.interop.people import call

LOGINS = {"digid": "janssen", "staff": "handler"}


@pytest.fixture(params=LOGINS)
def login(request):
    return request.param


def logged_in(portal, login):
    somebody = portal.somebody(login, LOGINS[login])
    page = somebody.log_in()
    assert (page.status, page.path) == (200, somebody.home), page.words
    DONE["logins"] += 1
    return somebody


def test_somebody_logs_in_and_is_out_after_logging_out(portal, login):
    somebody = logged_in(portal, login)
    assert somebody.is_in()

    farewell = somebody.log_out()
    assert not somebody.is_in()
    back = somebody.end_at_the_provider(farewell, portal.issuers[login])
    next_reader = somebody.open("/login" if login == "digid" else "/staff/login")

    assert back.url.partition("?")[0] == f"{portal.url}/logged-out", back.words
    assert next_reader.url.startswith(portal.issuers[login].rstrip("/") + "/interaction/")  # and is asked who they are
    DONE["logouts"] += 1


def test_who_logs_out_elsewhere_is_out_here_in_that_browser_and_in_no_other(portal, login):
    here, elsewhere = logged_in(portal, login), logged_in(portal, login)

    here.leave_the_provider(portal.issuers[login], portal.rules_of(login)["client_id"])

    assert not here.is_in()
    assert elsewhere.is_in()
    DONE["logouts by the back channel"] += 1


def test_a_program_files_and_an_officers_program_reads_with_the_providers_tokens(portal):
    citizen = portal.somebody("digid", "janssen").access_token(portal.issuers["digid"])
    officer = portal.somebody("staff", "handler").access_token(portal.issuers["staff"])

    filed, report = call(portal.url, "POST", "/v1/reports", citizen, example_of(KINDS["bicycle-theft"]))
    found, mine = call(portal.url, "GET", "/v1/reports", citizen)
    refused, _ = call(portal.url, "POST", "/v1/reports", officer, example_of(KINDS["bicycle-theft"]))

    assert (citizen.count("."), officer.count(".")) == (4, 2)  # whoever carries a citizen's token does not see a BSN
    assert (filed, found, refused) == (201, 200, 403)
    assert report["reference"] in {line["reference"] for line in mine["reports"]}
    DONE["reports over the API"] += 1


def test_somebody_logs_in_while_the_provider_has_new_keys_under_another_name_and_under_the_same(portal, login):
    kid = {"digid": "second", "staff": "first"}[login]  # one look at its keys a minute: each provider does one of the two
    logged_in(portal, login)

    portal.replace_keys(login, kid)

    somebody = logged_in(portal, login)
    somebody.leave_the_provider(portal.issuers[login], portal.rules_of(login)["client_id"])
    assert not somebody.is_in()
    DONE["keys replaced"] += 1
