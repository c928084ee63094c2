"""Records that nobody expects in a stream: odd addresses, huge reports, events of another version.

Nobody else's letter suffers.
"""

import logging

import pytest
from botocore.exceptions import ClientError

from chalicelib.letters import stream
from chalicelib.letters.mailer import SesMailer
from chalicelib.letters.stream import Outcome, StreamRecord
from chalicelib.reports.contact import Contact
from chalicelib.reports.statement import Statement
from tests.support.office import A, B, PostOffice, record
from tests.support.samples import a_report

ODD = [
    "josé@exämple.example",
    '"a b"@example.org',
    "x@y.example\r\nBcc: z@example.org",
    "a@b,c@d.example",
    "x" * 400 + "@y.example",
    "\x00@y.example",
]


class Ses:
    """Takes usual addresses, and refuses odd ones as SES does: with a sentence that repeats them."""

    def __init__(self):
        self.taken = []

    def send_email(self, **request):
        [to] = request["Destination"]["ToAddresses"]
        if to in ODD:
            error = {"Error": {"Code": "BadRequestException", "Message": f"Illegal address: {to}"}}
            raise ClientError(error | {"ResponseMetadata": {"HTTPStatusCode": 400}}, "SendEmail")
        self.taken.append(request)
        return {"MessageId": f"m-{len(self.taken)}"}


@pytest.fixture
def office(settings, clock):
    office = PostOffice(settings, clock)
    office.ses = Ses()
    office.mailer = SesMailer(lambda: office.ses, settings)
    return office


def filed(number, reference, **changes):
    return record(number, None, a_report(reference=reference, **changes))


@pytest.mark.parametrize("address", ODD, ids=ascii)
def test_an_odd_address_is_refused_once_and_noted_without_it_and_the_next_letter_goes(office, caplog, address):
    caplog.set_level(logging.INFO)
    batch = [filed(1, A, contact=Contact(email=address)), filed(2, B)]

    result, again = office.deliver(batch), office.deliver(batch)

    assert result.outcomes == {Outcome.REJECTED: 1, Outcome.SENT: 1}
    assert again.outcomes == {Outcome.SETTLED_BEFORE: 2}
    assert result.failed == again.failed == ()
    assert office.ledger.get(f"{A}#1").rejected == "BadRequestException"
    assert address not in caplog.text
    assert [request["Destination"]["ToAddresses"] for request in office.ses.taken] == [["sanne@example.org"]]


def test_an_address_is_data_and_never_a_header(office):
    office.deliver([filed(1, A)])

    [request] = office.ses.taken
    headers = request["Content"]["Simple"]["Headers"]
    assert all("sanne" not in header["Value"] and "\n" not in header["Value"] for header in headers)


def test_the_letter_of_the_largest_report_is_as_short_as_any(office):
    huge = Statement.of("bicycle-theft", {"story": "é" * 195_000})

    office.deliver([filed(1, A, statement=huge), filed(2, B)])

    sizes = {len(str(request["Content"])) for request in office.ses.taken}
    assert len(office.ses.taken) == 2
    assert len(sizes) == 1
    assert sizes.pop() < 8_000


def test_an_event_that_this_version_does_not_know_holds_up_its_own_report_alone(office, caplog):
    def reading(image):
        return image["report"] if "report" in image else _unknown()

    def _unknown():
        raise ValueError("'teleported' is not a valid EventKind")

    office.file(B)
    newer = StreamRecord("1", "INSERT", A, None, {"of": "a newer version"})

    result = stream.deliver([newer, filed(2, A), filed(3, B)], office.office, report_of_image=reading)

    assert result.failed == ("1", "2")
    assert result.outcomes == {Outcome.SENT: 1}
    assert "record_failed" in caplog.text
    assert "teleported" not in caplog.text
