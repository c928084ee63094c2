"""The text that a reporter reads in a letter, and what never stands in one."""

import re
from dataclasses import replace

import pytest

from chalicelib.core.codes import CodeKind, read_long, shown
from chalicelib.core.derivation import ProofKeys
from chalicelib.core.language import Language
from chalicelib.digests.model import COUNTED
from chalicelib.letters import codes
from chalicelib.letters.catalogue import ABOUT_A_REPORT, Letter, choose, letter_id
from chalicelib.letters.render import NEUTRAL_WITHIN, PARTS, TEMPLATES, MailOrder, folder, render, version, write
from chalicelib.profiles.mail import order_of
from chalicelib.profiles.model import Choices, Profile
from chalicelib.reports.contact import Contact, Safety
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from chalicelib.surveys.model import code_of
from tests.support.samples import CITIZEN, NOON, REFERENCE, a_report

KEY = b"k" * 32
DIGEST = letter_id("DIGEST-AAAA", 20160704)
OFFICER = Actor(Role.OFFICER, "NN1234")
EACH = [(letter, language) for letter in Letter for language in Language]
EVERY = [(letter, language, neutral) for letter, language in EACH for neutral in (False, True)]
TELLING = (
    "politie",
    "police",
    "aangifte",
    "a report",
    "digid",
    "portal.example",
    "112",
    "0900",
    "onderzoek",
    "crime",
    "misdrijf",
)


@pytest.fixture
def texts(settings):
    def texts(letter, report=None, language=Language.NL, stage="prod", neutral=False):
        staged, safety = replace(settings, stage=stage), Safety(neutral=neutral)
        if letter not in ABOUT_A_REPORT:
            return render(order_of_notice(letter, Choices(language=language, safety=safety)), settings=staged)
        report = report or a_report()
        report = replace(report, contact=replace(report.contact, language=language, safety=safety))
        return write(letter, report.timeline[-1], report, settings=staged, proof_keys=lambda: ProofKeys.of(KEY))

    return texts


def order_of_notice(letter, choices):
    """The mail about somebody's own address, as the person's own room orders it."""
    if letter is Letter.DIGEST:
        return order_of_digest(choices)
    asked = Profile(pseudonym=CITIZEN.pseudonym, id="p" * 24, email="sanne@example.org", choices=choices)
    asked = asked.code_asked("nieuw@example.org", at=NOON)
    profile = asked if letter is Letter.ADDRESS_CODE else asked.proven(at=NOON)
    return order_of(profile.notices[-1], profile, proof_keys=ProofKeys.of(KEY), is_suppressed=lambda _: False, at=NOON)


def order_of_digest(choices):
    """The mail of a morning; no officer gets a neutral one, and its texts are neutral all the same."""
    numbers = dict.fromkeys(("mine", "mine_overdue", *(number.value for number in COUNTED)), "3")
    code = codes.check_code_of(KEY, DIGEST)
    values = numbers | {"counted_at": "7.00", "code": code}
    to, neutral = "sanne@example.org", choices.safety.neutral
    return MailOrder(letter=Letter.DIGEST, to=to, language=choices.language, neutral=neutral, values=values, check_code=code)


def whole(texts):
    return f"{texts.subject}\n{texts.text}\n{texts.html}"


def without_code(texts):
    return whole(texts).replace(texts.check_code, "CODE")


@pytest.mark.parametrize(("letter", "language", "neutral"), EVERY)
def test_every_letter_has_its_three_files_in_every_language_also_neutral(letter, language, neutral):
    assert sorted(path.name for path in folder(letter, language, neutral).iterdir() if path.is_file()) == sorted(PARTS)
    assert re.fullmatch("[0-9a-f]{16}", version(letter, language, neutral))


def test_the_ledger_can_tell_every_text_from_every_other():
    texts = {folder(*each): version(*each) for each in EVERY}

    assert len(set(texts.values())) == len(texts) == 14


def test_no_file_belongs_to_a_letter_that_does_not_exist():
    assert {path.name for path in TEMPLATES.iterdir()} == set(Letter)


def test_but_for_its_code_the_news_is_byte_for_byte_the_same_for_every_report_and_status(texts):
    other = a_report(
        reference="CCCC-CCCC-CCCC",
        statement=Statement.of("graffiti", {"story": "Verf op de muur."}),
        contact=Contact(email="jan@example.org"),
        unit="Amsterdam",
    )
    checked = other.changed(Change(Status.CHECKED, explanation="Compleet."), by=OFFICER, at=NOON)
    registered = checked.changed(Change(Status.REGISTERED, registration_number="PL0100-2016123456"), by=OFFICER, at=NOON)

    letters = [texts(Letter.NEWS, report) for report in (a_report(), other, checked, registered)]

    assert len({without_code(letter) for letter in letters}) == 1
    assert len({letter.check_code for letter in letters}) == 4


@pytest.mark.parametrize(("letter", "language"), EACH)
def test_every_letter_carries_its_own_code_and_where_to_ask_whether_it_is_ours(texts, letter, language):
    told = texts(letter, language=language)

    number = int(NOON.timestamp()) + (letter is Letter.ADDRESS_CHANGED)
    name = letter_id(REFERENCE, 1) if letter in ABOUT_A_REPORT else letter_id("p" * 24, number)
    name = DIGEST if letter is Letter.DIGEST else name
    assert told.check_code == codes.check_code_of(KEY, name) == shown(CodeKind.CHECK, read_long(told.check_code))
    for part in (told.text, told.html):
        assert part.count(told.check_code) == 1
        assert "portal.example/mail" in part.replace("</strong>", "")


def test_no_two_codes_in_a_mail_look_alike(texts):
    """One begins with a letter and a dash, the other with a V or has four and four: nobody mixes them up."""
    short, questionnaire = r"(?<![A-Z0-9-])[A-Z0-9]{4}-[A-Z0-9]{4}\b", r"\bV-[A-Z0-9]{5}-[A-Z0-9]{5}\b"
    for letter, other in ((Letter.ADDRESS_CODE, short), (Letter.SURVEY, questionnaire)):
        told = texts(letter).text

        assert len(re.findall(r"\bC-[A-Z0-9]{5}-[A-Z0-9]{5}\b", told)) == len(re.findall(other, told)) == 1
    assert "12.30 uur" in texts(Letter.ADDRESS_CODE).text


@pytest.mark.parametrize("letter", Letter)
def test_a_neutral_mail_carries_its_code_too(texts, letter):
    told = texts(letter, neutral=True)

    assert told.text.count(told.check_code) == 1


def test_a_letter_written_again_is_the_same_letter(texts):
    invited = a_report().invited_to_survey(at=NOON)

    assert texts(Letter.SURVEY, invited) == texts(Letter.SURVEY, invited)


@pytest.mark.parametrize(("letter", "language", "neutral"), EVERY)
def test_a_letter_holds_no_link_picture_or_anything_of_the_case(texts, letter, language, neutral):
    text = whole(texts(letter, language=language, neutral=neutral))

    lowered = text.lower()
    for banned in ("http", "href", "src=", "<img", "<a", "<link", "<script", "<style", "url(", "button", "mailto", "www."):
        assert banned not in lowered, banned
    for personal in (REFERENCE, CITIZEN.pseudonym, "sanne", "Noord-Nederland", "fiets", "bicycle", "PL0"):
        assert personal not in text, personal


@pytest.mark.parametrize(("letter", "language"), EACH)
def test_a_letter_tells_to_type_the_address_and_that_police_mail_holds_no_links(texts, letter, language):
    told = texts(letter, language=language)

    no_links = {
        Language.NL: "In e-mails van de politie staan nooit links.",
        Language.EN: "E-mails from the police never contain links.",
    }
    for part in (told.text, told.html):
        assert "portal.example" in part or letter is Letter.ADDRESS_CODE, "its code is typed where it was asked for"
        assert no_links[language] in part
    assert f'lang="{language}"' in told.html


@pytest.mark.parametrize(("letter", "language", "stage"), [(*each, stage) for each in EACH for stage in ("prod", "acceptance")])
def test_a_neutral_letter_does_not_tell_who_writes_or_about_what(texts, letter, language, stage):
    told = texts(letter, language=language, stage=stage, neutral=True)

    assert told.neutral
    assert [word for word in TELLING if word in whole(told).lower()] == []
    assert told.check_code in told.text or letter in NEUTRAL_WITHIN
    assert told.unsubscribe_at == "", "the address would tell"


def test_only_the_invitation_can_be_unsubscribed_from_and_not_by_its_text(texts):
    invited = a_report().invited_to_survey(at=NOON)

    told = texts(Letter.SURVEY, invited)

    token = codes.token_of(KEY, letter_id(REFERENCE, 2))
    assert told.unsubscribe_at == f"https://portal.example/unsubscribe/{token}"
    assert token not in whole(told)
    assert re.fullmatch("[A-Z0-9-]{1,64}", token)
    assert texts(Letter.NEWS).unsubscribe_at == ""


@pytest.mark.parametrize(("letter", "language", "neutral"), EVERY)
def test_the_plain_text_and_the_html_say_the_same(texts, letter, language, neutral):
    told = texts(letter, language=language, stage="acceptance", neutral=neutral)

    body = re.sub(r".*<body>|<[^>]+>", " ", re.sub("</?strong>", "", told.html), flags=re.DOTALL)
    plain = re.sub(r"(?m)^\d\. ", "", told.text)

    assert body.split() == plain.split()


@pytest.mark.parametrize(("letter", "language"), EACH)
def test_outside_production_the_letter_says_that_it_is_a_test_and_not_the_police(texts, letter, language):
    real, trial = (texts(letter, language=language, stage=stage) for stage in ("prod", "acceptance"))

    assert "TEST" not in real.subject
    assert trial.subject.startswith("[TEST, ")
    assert trial.subject.endswith(real.subject)
    assert trial.text.endswith(real.text)
    assert len(trial.html) > len(real.html)


@pytest.mark.parametrize(("letter", "language", "neutral"), EVERY)
def test_a_subject_is_one_short_line(texts, letter, language, neutral):
    subject = texts(letter, language=language, stage="acceptance", neutral=neutral).subject

    assert "\n" not in subject
    assert 0 < len(subject) <= 78


@pytest.mark.parametrize(
    ("language", "last_day"), [(Language.NL, "tot en met 31 juli 2016"), (Language.EN, "up to and including 31 July 2016")]
)
def test_the_survey_letter_carries_its_code_to_type_and_its_last_day(texts, language, last_day):
    invited = a_report().invited_to_survey(at=NOON)

    told = texts(Letter.SURVEY, invited, language)

    code = code_of(KEY, REFERENCE)
    assert code == shown(CodeKind.SURVEY, read_long(code))
    for part in (told.text, told.html):
        assert code in part
        assert last_day in part
        assert "portal.example/survey" in part


def test_the_html_escapes_what_is_filled_in(settings):
    report = a_report()
    settings = replace(settings, portal_url="https://<b>.example")

    told = write(
        choose(report.timeline[0], report), report.timeline[0], report, settings=settings, proof_keys=lambda: ProofKeys.of(KEY)
    )

    assert "&lt;b&gt;.example" in told.html
