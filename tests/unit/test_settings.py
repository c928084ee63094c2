"""Settings as an operator writes them: what is refused at the start, all of it at once, and what is taken."""

from dataclasses import replace

import pytest

from chalicelib.core import settings as core
from chalicelib.core.settings import BadSetting, load
from tests.support.samples import environment


def wrong(settings, **changes):
    """Return what is said of an environment with these changes."""
    given = environment(settings) | changes
    try:
        load({name: value for name, value in given.items() if value is not None})
    except BadSetting as bad:
        return str(bad).split("; ")
    return []


def test_what_was_written_is_read_back(settings):
    assert load(environment(settings)) == settings


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", "", "²", "1 "])
def test_a_number_is_whole_and_above_nought(settings, text):
    assert wrong(settings, MAIL_RATE=text) == ["MAIL_RATE is malformed: write a whole number above 0"]
    assert wrong(settings, MAIL_RATE="1") == []


@pytest.mark.parametrize("text", ["True", "yes", "1", ""])
def test_a_yes_is_written_as_true(settings, text):
    assert wrong(settings, STAFF_JTI=text) == ["STAFF_JTI is malformed: write `true` or `false`"]
    assert load(environment(settings) | {"STAFF_JTI": "true"}).staff_jti is True
    assert load(environment(settings) | {"STAFF_JTI": "false"}).staff_jti is False


def test_all_that_is_wrong_is_said_at_once(settings):
    said = " | ".join(wrong(settings, MAIL_RATE="0", STAGE=None, PORTAL_URL=None))

    for begins in ("STAGE is missing: ", "PORTAL_URL is missing: ", "MAIL_RATE is malformed: "):
        assert said.count(begins) == 1


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({"STAGE": "production"}, "STAGE must be"),
        ({"PORTAL_URL": "http://portal.example"}, "PORTAL_URL must start"),
        ({"DIGID_LEVEL": "SUBSTANTIAL"}, "DIGID_LEVEL must be"),
        ({"STAFF_MFA_CLAIM": ""}, "STAFF_MFA_CLAIM and"),
        ({"STAFF_MFA_VALUES": " , "}, "STAFF_MFA_CLAIM and"),
        ({"STAFF_MFA_VALUES": "mfa,PWD"}, "STAFF_MFA_VALUES must not"),
        ({"STAFF_MFA_VALUES": "OneTimePassword"}, "STAFF_MFA_VALUES must not"),
        ({"EVIDENCE_SCANNER": "clamav"}, "EVIDENCE_SCANNER must be"),
        ({"STAGE": "prod", "EVIDENCE_SCANNER": "eicar", "MAIL_FROM_NEUTRAL": "n@portal.example"}, "EVIDENCE_SCANNER must be"),
        ({"STAGE": "prod", "EVIDENCE_SCANNER": "guardduty", "MAIL_FROM_NEUTRAL": ""}, "MAIL_FROM_NEUTRAL must"),
    ],
)
def test_what_cannot_be_right_is_refused_with_the_name_of_the_setting(settings, changes, begins):
    [said] = wrong(settings, **changes)

    assert said.startswith(begins)


@pytest.mark.parametrize(
    "changes",
    [
        {"PORTAL_URL": "http://127.0.0.1:8000"},
        {"PORTAL_URL": "http://localhost"},
        {"PORTAL_URL": "http://[::1]:8000"},
        {"STAGE": "acceptance", "EVIDENCE_SCANNER": "eicar", "MAIL_FROM_NEUTRAL": ""},
        {"STAGE": "prod", "EVIDENCE_SCANNER": "guardduty", "MAIL_FROM_NEUTRAL": "n@portal.example"},
        {"DIGID_LEVEL": "low"},
        {"STAFF_MFA_VALUES": "mfa, hwk"},
    ],
)
def test_what_may_be_combined_is_taken(settings, changes):
    assert wrong(settings, **changes) == []


@pytest.mark.parametrize(
    ("older", "is_sound"),
    [
        ("", True),
        ("V0=arn:a", True),
        ("V0=arn:a,V9=arn:b", True),
        ("V0=", False),
        ("V-0=arn:a", False),
        ("V0=arn:a,V0=arn:b", False),
    ],
)
def test_every_older_key_has_a_name_of_its_own(settings, older, is_sound):
    assert bool(wrong(settings, BSN_HMAC_OLDER_KEYS=older)) is not is_sound
    present = settings.bsn_hmac_key_version
    assert wrong(settings, BSN_HMAC_OLDER_KEYS=f"{present}=arn:a"), "the present one is not an older one"


def test_a_stage_knows_what_it_is(settings):
    assert [replace(settings, stage=stage).is_production for stage in ("prod", "test")] == [True, False]
    assert replace(settings, staff_mfa_values=" mfa ,, hwk ").staff_mfa_proofs == ("mfa", "hwk")
    assert replace(settings, elsewhere_kinds="graffiti, phishing").switched_off_kinds == ("graffiti", "phishing")
    assert core.evidence_bucket_at_import()


SENDERS = [
    ("post@portal.example", True),
    ("Mijn Politie <post@portal.example>", True),
    ("Politie Súdwest <post@portal.example>", True),
    ('"Politie, eenheid Den Haag" <post@portal.example>', True),
    ("Politie, eenheid Den Haag <post@portal.example>", False),
    ("a@portal.example, b@portal.example", False),
    ("Mijn Politie <post@portal.example", False),
    ("Mijn Politie post@portal.example", False),
    ("Mijn <x> Politie <post@portal.example>", False),
    ("a@b <post@portal.example>", False),
    ("Mijn Politie\nBcc: x <post@portal.example>", False),
    ("portal.example", False),
    ("", False),
]


@pytest.mark.parametrize(("sender", "is_sound"), SENDERS)
def test_a_sender_is_one_address_with_or_without_a_name(settings, sender, is_sound):
    said = wrong(settings, MAIL_FROM=sender)

    assert said == ([] if is_sound else ["MAIL_FROM must be one address, or a name and one address: Name <address>"])


@pytest.mark.parametrize(
    ("sender", "is_sound"), [("Buurtpost <n@b.example>", True), ("n@b.example", True), ("De Politie <n@b.example>", False)]
)
def test_the_name_of_the_neutral_sender_does_not_tell_of_the_police(settings, sender, is_sound):
    assert (wrong(settings, MAIL_FROM_NEUTRAL=sender) == []) is is_sound
