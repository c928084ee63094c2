"""Mail that does not arrive, by the simulator's addresses: the tray shows it, and the report knows."""

import json
import urllib.request

from chalicelib.citizen.following.schemas import example_of
from chalicelib.reports.crimes import KINDS
from infra.local.ses_feedback import DOMAIN
from tests.e2e.actors import Citizen, World


def filed(stage, person, address):
    """File a report by the API, with an address to reach its reporter at; return its reference."""
    body = example_of(KINDS["graffiti"])
    body["answers"]["email"] = address
    token = World(stage.url).token(person)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": address}
    request = urllib.request.Request(f"{stage.url}/v1/reports", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())["reference"]


def shown(stage, address):
    """The line of the tray about the mail to an address."""
    page = Citizen(stage.url).open("/_local/mail").text
    rows = [row for row in page.split("<tr>") if f"<td>{address}</td>" in row]
    return rows[0] if rows else ""


def test_mail_that_comes_back_makes_the_address_unusable_and_the_tray_shows_it(stage, eventually):
    address = f"bounce@{DOMAIN}"
    reference = filed(stage, "wiel", address)

    assert eventually(lambda: "SES heeft hem, teruggekomen" in shown(stage, address))
    report = eventually(lambda: (found := wiring_reports().get(reference)) and not found.contact.usable and found)
    assert report.timeline[-1].kind == "address_unusable"


def test_usual_mail_arrives_and_mail_of_which_ses_says_nothing_shows_nothing(stage, eventually):
    usual, lost = "wiel@example.org", f"lost@{DOMAIN}"
    for address in (usual, lost):
        filed(stage, "wiel", address)

    assert eventually(lambda: "SES heeft hem, aangekomen" in shown(stage, usual))
    assert eventually(lambda: "niets" in shown(stage, lost))


def wiring_reports():
    from chalicelib import wiring

    return wiring.services().reports
