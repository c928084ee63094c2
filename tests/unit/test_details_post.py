"""From changed details to reports and mails: each notice is carried out once, and mailed at most once, whatever breaks."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.derivation import Derivation, ProofKeys
from chalicelib.core.errors import Unavailable
from chalicelib.core.language import Language
from chalicelib.letters.due_letters import send_due
from chalicelib.letters.mailer import OutcomeUnknown, Rejected
from chalicelib.letters.sending import Mailroom as LettersOffice
from chalicelib.profiles import actions
from chalicelib.profiles.actions import ProfileDesk
from chalicelib.profiles.model import CODE_LIFE, Choices, code_of
from chalicelib.profiles.render import PARTS, TEMPLATES, Mailing, version, write
from chalicelib.profiles.stream import DetailsFailed, NoticeRoom, deliver
from chalicelib.reports.contact import Contact, Safety
from tests.support.fakes import FakeLimits, FakeProfiles, FakeReports
from tests.support.fakes_letters import FakeLedger, FakeMailer
from tests.support.samples import CITIZEN, NEIGHBOUR, a_report

KEY = b"k" * 32
ME = {"pseudonym": CITIZEN.pseudonym, "language": Language.NL}
OLD, NEW = "sanne@example.org", "nieuw@example.org"
EACH = [(mailing, language, neutral) for mailing in Mailing for language in Language for neutral in (False, True)]


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
        profiles=Images(), reports=reports, limits=limits, derivation=Derivation(KEY, ProofKeys.of(KEY)), clock=clock
    )


@pytest.fixture
def mailer():
    return FakeMailer()


@pytest.fixture
def ledger(clock):
    return FakeLedger(clock)


@pytest.fixture
def post(desk, mailer, ledger, settings):
    def post(*numbers, partial_batches=True, **parts):
        """Deliver the records of these writes (all of them by default)."""
        writes = [desk.profiles.writes[number] for number in numbers or range(len(desk.profiles.writes))]
        records = [record(number, *write) for number, write in enumerate(writes, start=1)]
        given = {"profiles": desk.profiles, "reports": desk.reports, "ledger": ledger, "mailer": mailer, "clock": desk.clock}
        office = NoticeRoom(
            **{**given, **parts}, settings=replace(settings, partial_batches=partial_batches), proof_keys=ProofKeys.of(KEY)
        )
        return [failure["itemIdentifier"] for failure in deliver({"Records": records}, office)["batchItemFailures"]]

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


def test_an_old_address_that_bounces_is_not_mailed_again(desk, post, mailer, ledger):
    bounced = desk.reports.get(a_report().reference)
    desk.reports.save(bounced, bounced.contact_changed(replace(bounced.contact, usable=False), at=desk.clock.now()))
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
        actions.confirm(code_of(KEY, *known(desk)), 1, **ME, desk=desk)

    post(0)

    assert mailer.mails == []
    assert ledger.get(f"{desk.profiles.get(CITIZEN.pseudonym).id}#1").not_sent == "code_over"


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


def test_the_round_of_the_letters_leaves_a_mail_about_an_address_to_its_own_stream(desk, post, mailer, ledger, clock, settings):
    code_asked(desk)
    mailer.answers = [Unavailable("throttled")]
    post()
    clock.advance(timedelta(minutes=2))
    office = LettersOffice(reports=desk.reports, ledger=ledger, mailer=mailer, clock=clock, write=None, wait=timedelta(minutes=5))

    went = [send_due(office) for _ in range(2)]

    name = f"{desk.profiles.get(CITIZEN.pseudonym).id}#1"
    assert (went[0], ledger.get(name).is_settled, mailer.mails) == ({"put_off": 1}, False, [])
    assert post() == []
    assert [mail.to for mail in mailer.mails] == [NEW]
    clock.advance(timedelta(days=4))
    assert send_due(office) == {"unheard": 1}


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
    assert ledger.get(f"{desk.profiles.get(CITIZEN.pseudonym).id}#1").rejected == "MessageRejected"


def test_a_mapping_that_ignores_answers_gets_the_whole_batch_again(desk, post, mailer):
    code_asked(desk)
    mailer.answers = [Unavailable("throttled")]

    with pytest.raises(DetailsFailed):
        post(partial_batches=False)


def test_records_without_news_do_nothing(desk, post, mailer, ledger, settings):
    code_asked(desk)
    after = desk.profiles.get(CITIZEN.pseudonym)
    gone = {"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "1", "OldImage": {"profile": after}}}
    tried = record("2", after, after.missed("a try"))
    broken = {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "3", "NewImage": {"profile": after}}}
    parts = {"reports": desk.reports, "ledger": ledger, "mailer": mailer, "clock": desk.clock, "settings": settings}
    office = NoticeRoom(profiles=desk.profiles, **parts, proof_keys=ProofKeys.of(KEY))

    answer = deliver({"Records": [gone, tried, broken]}, office)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "3"}]}
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


@pytest.mark.parametrize(("mailing", "language"), [(mailing, language) for mailing in Mailing for language in Language])
def test_every_mailing_has_its_three_files_in_every_language(mailing, language):
    assert sorted(path.name for path in (TEMPLATES / mailing / language).iterdir()) == sorted(PARTS)
    assert re.fullmatch("[0-9a-f]{16}", version(mailing, language))
    assert {path.name for path in TEMPLATES.iterdir()} == set(Mailing)


@pytest.mark.parametrize(("mailing", "language", "neutral"), EACH)
def test_a_mailing_has_no_link_and_both_bodies_say_the_same(mailing, language, neutral, settings):
    values = {"code": "K7MD-PR3W", "until": "12.30 uur", "proof": "K7MDP-R3W9X"}
    told, trial = (
        write(mailing, language, is_neutral=neutral, settings=replace(settings, stage=stage), values=values)
        for stage in ("prod", "acceptance")
    )

    body = re.sub(r".*<body>|<[^>]+>", " ", re.sub("</?strong>", "", told.html), flags=re.DOTALL)
    assert body.split() == told.text.split()
    lowered = (told.subject + told.text + told.html).lower()
    for banned in ("http", "href", "src=", "<img", "<a", "url(", "button", "mailto", "www."):
        assert banned not in lowered, banned
    assert f'lang="{language}"' in told.html
    assert "\n" not in told.subject
    assert ("police" in lowered or "politie" in lowered) is not neutral
    assert "TEST" in trial.subject
    assert trial.text.endswith(told.text)
