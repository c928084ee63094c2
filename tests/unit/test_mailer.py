"""One attempt per mail, and every answer of SES sorted: refused for good, not sent, or unknown."""

from dataclasses import replace

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
)
from botocore.parsers import ResponseParserError

from chalicelib.core.errors import Unavailable
from chalicelib.letters.mailer import Mail, OutcomeUnknown, Rejected, SesMailer, Throttled, letter_of, tag_of

MAIL = Mail(letter_id="K7MD-PR3W-9XCV#3", to="sanne@example.org", subject="Nieuws", text="Goedendag é", html="<p>Goedendag é</p>")
URL = {"endpoint_url": "https://ses.example"}


class Ses:
    """An SESv2 client that gives one answer, or raises it."""

    def __init__(self, answer):
        self._answer, self.requests = answer, []

    def send_email(self, **request):
        self.requests.append(request)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def refusal(code, status=400, message="about sanne@example.org"):
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "SendEmail")


def test_a_mail_arrives_at_ses_with_both_bodies(aws, settings):
    message_id = SesMailer(lambda: aws.client("sesv2"), settings).send(MAIL)

    [mail] = aws.mails()
    assert mail.id == message_id
    assert (mail.source, mail.subject, mail.body) == ("post@portal.example", "Nieuws", "<p>Goedendag é</p>")
    assert mail.destinations["ToAddresses"] == ["sanne@example.org"]


def test_a_mail_says_that_a_machine_sent_it_and_which_letter_it_is(settings):
    ses = Ses({"MessageId": "m-1"})

    assert SesMailer(lambda: ses, settings).send(MAIL) == "m-1"

    [request] = ses.requests
    assert request["Content"]["Simple"]["Headers"] == [{"Name": "Auto-Submitted", "Value": "auto-generated"}]
    assert request["EmailTags"] == [{"Name": "letter", "Value": "K7MD-PR3W-9XCV_3"}]
    assert request["ConfigurationSetName"] == "test-mail"


def test_an_invitation_tells_mail_programs_how_to_unsubscribe_and_no_other_mail_does(settings):
    ses = Ses({"MessageId": "m-1"})
    at = "https://portal.example/unsubscribe/K7MDP-R3W9X-K7MDP-R3W9X"

    SesMailer(lambda: ses, settings).send(replace(MAIL, unsubscribe_at=at))

    assert ses.requests[0]["Content"]["Simple"]["Headers"] == [
        {"Name": "Auto-Submitted", "Value": "auto-generated"},
        {"Name": "List-Unsubscribe", "Value": f"<{at}>"},
        {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
    ]


@pytest.mark.parametrize(
    ("neutral", "sender", "seen"),
    [
        (False, "bericht@post.example", "post@portal.example"),
        (True, "bericht@post.example", "bericht@post.example"),
        (True, "", "post@portal.example"),  # outside prod, where there may be no second sender
    ],
)
def test_who_is_not_safe_gets_mail_from_a_sender_that_tells_nothing(settings, neutral, sender, seen):
    ses = Ses({"MessageId": "m-1"})

    SesMailer(lambda: ses, replace(settings, mail_from_neutral=sender)).send(replace(MAIL, neutral=neutral))

    assert ses.requests[0]["FromEmailAddress"] == seen


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("post@portal.example", "post@portal.example"),
        ("Mijn Politie <post@portal.example>", "Mijn Politie <post@portal.example>"),
        ('"Politie, Den Haag" <post@portal.example>', '"Politie, Den Haag" <post@portal.example>'),
        ("Politie Súdwest <post@portal.example>", "=?utf-8?q?Politie_S=C3=BAdwest?= <post@portal.example>"),
    ],
)
def test_a_mail_has_the_name_of_its_sender_as_mail_programs_read_it(settings, written, seen):
    ses = Ses({"MessageId": "m-1"})
    SesMailer(lambda: ses, replace(settings, mail_from=written)).send(MAIL)

    assert ses.requests[0]["FromEmailAddress"] == seen


def test_a_tag_leads_back_to_its_letter():
    assert letter_of(tag_of(MAIL.letter_id)) == MAIL.letter_id


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal("MessageRejected"), Rejected),
        (refusal("BadRequestException", message="Illegal address"), Rejected),
        (refusal("MessageRejected", message="Email address is not verified."), Unavailable),
        (refusal("BadRequestException", message="Configuration set <x> does not exist."), Unavailable),
        (refusal("AccountSuspendedException"), Unavailable),
        (refusal("SendingPausedException"), Unavailable),
        (refusal("MailFromDomainNotVerifiedException"), Unavailable),
        (refusal("AccessDeniedException", 403), Unavailable),
        (refusal("ExpiredTokenException", 403), Unavailable),
        (refusal("TooManyRequestsException", 429), Throttled),
        (refusal("LimitExceededException"), Throttled),
        (refusal("InternalFailure", 500), OutcomeUnknown),
        (refusal("ServiceUnavailable", 503), OutcomeUnknown),
        (ConnectTimeoutError(**URL), Unavailable),
        (EndpointConnectionError(**URL), Unavailable),
        (NoCredentialsError(), Unavailable),
        (ReadTimeoutError(**URL), OutcomeUnknown),
        (ConnectionClosedError(**URL), OutcomeUnknown),
        (SSLError(**URL, error="eof"), OutcomeUnknown),
        (ResponseParserError("cut off"), OutcomeUnknown),
        ({}, OutcomeUnknown),
    ],
    ids=lambda value: str(value)[:60],
)
def test_every_answer_of_ses_is_sorted_after_one_attempt_and_names_no_address(settings, answer, error):
    ses = Ses(answer)

    with pytest.raises(error) as raised:
        SesMailer(lambda: ses, settings).send(MAIL)

    assert type(raised.value) is error
    assert len(ses.requests) == 1
    assert "sanne" not in repr(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_a_mail_keeps_address_and_texts_out_of_its_repr():
    assert repr(MAIL) == "Mail(letter_id='K7MD-PR3W-9XCV#3')"


@pytest.mark.parametrize(
    ("code", "message", "is_so"),
    [
        ("BadRequestException", "Illegal address", True),
        ("BadRequestException", "Local address contains control or whitespace", True),
        ("BadRequestException", "Missing final '@domain'", True),
        ("BadRequestException", "Domain contains illegal character", True),
        ("MessageRejected", "Email address is not valid", True),
        ("MessageRejected", "Message contains a virus", False),
        ("BadRequestException", "Invalid header name", False),
        ("BadRequestException", "Illegal From address", False),
    ],
)
def test_what_is_wrong_with_an_address_is_told_from_what_is_wrong_with_a_mail(settings, code, message, is_so):
    ses = Ses(refusal(code, message=message))

    with pytest.raises(Rejected) as raised:
        SesMailer(lambda: ses, settings).send(MAIL)

    assert raised.value.is_about_address is is_so


class Listed:
    """SES with a list of its own."""

    def __init__(self, error=None):
        self.error, self.lifted = error, []

    def delete_suppressed_destination(self, *, EmailAddress):  # noqa: N803 — as the SDK has it
        self.lifted.append(EmailAddress)
        if self.error:
            raise self.error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, False),
        (refusal("NotFoundException", 404), False),
        (refusal("AccessDeniedException", 403), True),
        (ReadTimeoutError(**URL), True),
    ],
    ids=["lifted", "not there", "no right", "away"],
)
def test_an_address_is_taken_off_the_list_of_ses_or_a_line_says_that_it_was_not(settings, caplog, error, said):
    ses = Listed(error)

    SesMailer(lambda: ses, settings).lift("sanne@example.org")

    assert ses.lifted == ["sanne@example.org"]
    assert ("address_not_lifted" in caplog.text) is said
    assert "sanne" not in caplog.text
