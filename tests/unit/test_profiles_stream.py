"""From changed details to reports and mails: each notice is carried out once, and mailed at most once, whatever breaks."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from chalicelib.core.derivation import Derivation, ProofKeys
from chalicelib.core.errors import Unavailable
from chalicelib.core.language import Language
from chalicelib.letters.catalogue import Waits
from chalicelib.letters.due_letters import send_due
from chalicelib.letters.mailer import OutcomeUnknown, Rejected
from chalicelib.letters.mailroom import Mailroom
from chalicelib.letters.render import render
from chalicelib.profiles import actions
from chalicelib.profiles.actions import ProfileDesk
from chalicelib.profiles.model import CODE_LIFE, Choices, code_of
from chalicelib.profiles.stream import NoticeRoom, deliver
from chalicelib.reports.contact import Contact, Safety
from tests.support.fakes import FakeLimits, FakeProfiles, FakeReports
from tests.support.fakes_letters import FakeLedger, FakeMailer, FakeSuppression
from tests.support.samples import CITIZEN, NEIGHBOUR, NOON, a_report

KEY = b"k" * 32
ME = {"pseudonym": CITIZEN.pseudonym, "language": Language.NL}
OLD, NEW = "sanne@example.org", "nieuw@example.org"
FIRST = int(NOON.timestamp())  # the number of the first notice


class Images(FakeProfiles):
    """Profiles whose stream images are the profiles themselves."""

    def profile_of_image(self, image):
        return image["profile"]


@pytest.fixture
def desk(settings, clock):
    limits = FakeLimits(replace(settings, limit_tries=50), clock)
    reports = FakeReports()
    reports.add(a_report())
    return ProfileDesk(
        profiles=Images(),
        reports=reports,
        limits=limits,
        daily=FakeLimits(replace(settings, limit_window_s=86_400), clock),
        derivation=Derivation(KEY, ProofKeys.of(KEY)),
        clock=clock,
    )


@pytest.fixture
def mailer():
    return FakeMailer()


@pytest.fixture
def ledger(clock):
    return FakeLedger(clock)


@pytest.fixture
def mailroom(desk, mailer, ledger, settings):
    return Mailroom(
        reports=desk.reports,
        unusable=lambda reference, addresses: None,
        ledger=ledger,
        suppression=FakeSuppression(desk.clock),
        turn=lambda: None,
        mailer=mailer,
        order_of=None,
        render=partial(render, settings=settings),
        code_digest=lambda code: code,
        unproven=None,
        clock=desk.clock,
        waits=Waits(timedelta(minutes=5), timedelta(0)),
    )


@pytest.fixture
def room(desk, mailroom):
    return NoticeRoom(
        profiles=desk.profiles, reports=desk.reports, mailroom=mailroom, clock=desk.clock, proof_keys=ProofKeys.of(KEY)
    )


@pytest.fixture
def post(desk, room):
    def post(*numbers):
        """Deliver the records of these writes (all of them by default)."""
        writes = [desk.profiles.writes[number] for number in numbers or range(len(desk.profiles.writes))]
        records = [record(number, *write) for number, write in enumerate(writes, start=1)]
        return list(deliver({"Records": records}, room).failed)

    return post


def record(number, before, after):
    images = {"NewImage": {"profile": after}} | ({"OldImage": {"profile": before}} if before else {})
    keys = {"pseudonym": {"S": after.pseudonym}}
    name = "MODIFY" if before else "INSERT"
    return {"eventName": name, "dynamodb": {"SequenceNumber": str(number), "Keys": keys, **images}}


def code_asked(desk, email=NEW, **who):
    profile = actions.ask_code(email, **(ME | who), desk=desk)
    return code_of(KEY, profile.id, profile.challenge)


def proven(desk, email=NEW):
    code = code_asked(desk, email)
    number = desk.profiles.get(CITIZEN.pseudonym).challenge.number
    return actions.confirm(code, number, **ME, desk=desk)


def test_the_code_is_mailed_once_to_the_address_that_waits_however_often_the_stream_comes(desk, post, mailer):
    code = code_asked(desk)

    assert [post(), post(), post()] == [[], [], []]

    [mail] = mailer.mails
    assert mail.to == NEW
    assert code in mail.text
    assert code in mail.html
    assert "12.30 uur" in mail.text


def test_the_old_address_hears_that_there_is_another_without_learning_which(desk, post, mailer):
    code_asked(desk)
    post()
    proven(desk)

    post()
    post()

    told = [mail for mail in mailer.mails if mail.to == OLD]
    assert len(told) == 1
    assert NEW not in told[0].text
    assert desk.reports.get(a_report().reference).contact.email == NEW


def test_an_old_address_that_bounces_is_not_mailed_again(desk, post, mailer, ledger, mailroom):
    bounced = desk.reports.get(a_report().reference)
    desk.reports.save(bounced, bounced.contact_changed(replace(bounced.contact, usable=False), at=desk.clock.now()))
    mailroom.suppression.add(OLD)
    profile = proven(desk)

    post()

    assert [mail.to for mail in mailer.mails] == []
    assert ledger.get(f"{profile.id}#{profile.last_number}").not_sent == "address_unusable"
    assert desk.reports.get(a_report().reference).contact.usable


@pytest.mark.parametrize("late", ["expired", "replaced", "typed"])
def test_a_code_that_can_no_longer_be_typed_is_not_mailed(late, desk, post, mailer, ledger, clock):
    code_asked(desk)
    if late == "expired":
        clock.advance(CODE_LIFE)
    elif late == "replaced":
        code_asked(desk, "ander@example.org")
    else:
        actions.confirm(code_of(KEY, *known(desk)), FIRST, **ME, desk=desk)

    post(0)

    assert mailer.mails == []
    assert ledger.get(f"{desk.profiles.get(CITIZEN.pseudonym).id}#{FIRST}").not_sent == "code_over"


def known(desk):
    profile = desk.profiles.get(CITIZEN.pseudonym)
    return profile.id, profile.challenge


@pytest.mark.parametrize("error", [Unavailable("throttled"), OutcomeUnknown("lost")])
def test_when_ses_fails_the_record_comes_again_and_other_peoples_codes_go_on(error, desk, post, mailer, clock):
    code_asked(desk)
    code_asked(desk, "buur@example.org", pseudonym=NEIGHBOUR.pseudonym)
    mailer.answers = [error]

    assert post() == ["1"]
    assert [mail.to for mail in mailer.mails] == ["buur@example.org"]
    clock.advance(timedelta(minutes=11))
    assert post() == []

    assert sorted(mail.to for mail in mailer.mails) == ["buur@example.org", NEW]


def test_the_round_of_the_letters_leaves_a_mail_about_an_address_to_its_own_stream(desk, post, mailer, ledger, clock, mailroom):
    code_asked(desk)
    mailer.answers = [Unavailable("throttled")]
    post()
    clock.advance(timedelta(minutes=2))

    went = [send_due(mailroom) for _ in range(2)]

    name = f"{desk.profiles.get(CITIZEN.pseudonym).id}#{FIRST}"
    assert (went[0], ledger.get(name).is_settled, mailer.mails) == ({"put_off": 1}, False, [])
    assert post() == []
    assert [mail.to for mail in mailer.mails] == [NEW]
    clock.advance(timedelta(days=4))
    assert send_due(mailroom) == {"unheard": 1}


def test_a_record_that_fails_holds_back_the_later_ones_of_the_same_person(desk, post, mailer):
    code_asked(desk)
    code_asked(desk, "later@example.org")
    desk.reports.broken.add(a_report().reference)
    actions.choose(lambda _: Choices(survey=False), **ME, desk=desk)
    mailer.answers = [Unavailable("throttled")]

    assert post() == ["2", "3"]  # the first code was replaced, so nothing of it is mailed


def test_a_refused_address_is_noted_and_never_tried_again(desk, post, mailer, ledger):
    code_asked(desk)
    mailer.answers = [Rejected("MessageRejected")]

    assert [post(), post()] == [[], []]

    assert mailer.mails == []
    assert ledger.get(f"{desk.profiles.get(CITIZEN.pseudonym).id}#{FIRST}").rejected == "MessageRejected"


def test_records_without_news_do_nothing(desk, room, mailer):
    code_asked(desk)
    after = desk.profiles.get(CITIZEN.pseudonym)
    gone = {"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "1", "OldImage": {"profile": after}}}
    tried = record("2", after, after.missed("a try"))
    broken = {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "3", "NewImage": {"profile": after}}}

    result = deliver({"Records": [gone, tried, broken]}, room)

    assert result.failed == ("3",)
    assert mailer.mails == []


def test_a_neutral_mail_stays_neutral(desk, post, mailer, settings):
    report = desk.reports.get(a_report().reference)
    safe = Contact(email=OLD, safety=Safety(neutral=True))
    desk.reports.save(report, report.contact_changed(safe, at=desk.clock.now()))

    code_asked(desk)
    post()

    [mail] = mailer.mails
    assert mail.neutral
    for word in ("olitie", "aangifte", "portal.example"):
        assert word not in mail.subject + mail.text + mail.html


def test_a_dead_address_is_taken_off_the_list_of_ses_for_the_code_that_may_prove_it(desk, room, post, mailer):
    room.mailroom.suppression.add(NEW)
    code_asked(desk)

    assert [post(), post()] == [[], []]

    assert mailer.lifted == [NEW]
    assert [mail.to for mail in mailer.mails] == [NEW]


def test_nothing_is_asked_of_the_list_of_ses_for_an_address_that_works(desk, post, mailer):
    code_asked(desk)
    post()

    assert mailer.lifted == []
