"""Logins beside DigiD, as an operator writes them: what is taken, and what is refused at the start, by name."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import logins
from chalicelib.core.language import Language
from chalicelib.core.logins import AskAgain, BadLogins, IdentityKind
from chalicelib.core.settings import BadSetting, load
from chalicelib.identity.oidc import Rules
from chalicelib.people.model import Level
from tests.support.samples import environment
from tests.support.settings import settings_of

COMPANY = {
    "key": "eherkenning",
    "name": {"nl": "eHerkenning", "en": "eHerkenning"},
    "issuer": "https://broker.example/companies",
    "client_id": "portal",
    "identity": "company",
}
FULL = COMPANY | {
    "identifier": "legal_subject.kvk",
    "acr": {"urn:etoegang:core:assurance-class:loa3": "substantial", "urn:etoegang:core:assurance-class:loa4": "high"},
    "acr_claim": "loa",
    "acr_values": "loa3",
    "floor": "high",
    "jti": False,
    "encrypted": False,
    "ask_again": "max_age",
}


def said_of(settings, *listed, **changes):
    with pytest.raises(BadSetting) as bad:
        load(environment(settings) | {"MORE_LOGINS": json.dumps(listed)} | changes)
    return str(bad.value).split("; ")


def test_a_login_needs_five_facts_and_has_the_rest_from_the_kind_of_person_it_brings():
    [login] = logins.more(json.dumps([COMPANY]))

    assert (login.identity, login.identifier, login.floor) == (IdentityKind.COMPANY, "represents.sub", "substantial")
    assert login.names[Language.EN] == "eHerkenning"
    assert (login.jti, login.encrypted, login.ask_again) == (True, True, AskAgain.PROMPT)
    assert login.asked == "http://eidas.europa.eu/LoA/substantial"


def test_all_that_is_agreed_with_an_issuer_can_be_said():
    rules = Rules.of(logins.more(json.dumps([FULL]))[0])

    assert (rules.floor, rules.acr_claim, rules.acr_values) == (Level.HIGH, "loa", "loa3")
    assert rules.levels["urn:etoegang:core:assurance-class:loa3"] is Level.SUBSTANTIAL
    assert (rules.id_tokens_named, rules.encrypted, rules.represents) == (False, False, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "DigiD"}, "`key` must be a word"),
        ({"key": "digid"}, "`key` must be a word"),
        ({"key": None}, "`key` must be a word"),
        ({"name": "eHerkenning"}, "`name` must be an object with a name for each language: nl, en"),
        ({"name": {"nl": "eHerkenning"}}, "`name` must be"),
        ({"name": {"nl": "eHerkenning", "en": " "}}, "`name` must be"),
        ({"issuer": "http://broker.example"}, "`issuer` must be an https address"),
        ({"issuer": "https://broker.example/?a=b"}, "`issuer` must be"),
        ({"issuer": "https://["}, "`issuer` must be"),
        ({"client_id": 7}, "`client_id` must be a text"),
        ({"identity": "passport"}, "`identity` must be bsn, company or eidas"),
        ({"identity": ["bsn"]}, "`identity` must be"),
        ({"acr": {}}, "`acr` must be an object with a level"),
        ({"acr": {"x": "some"}}, "`acr` must be"),
        ({"acr": {"x": "low"}}, "`acr` must name a level that is high enough"),
        ({"floor": "loa3"}, "`floor` must be low, substantial or high"),
        ({"jti": "false"}, "`jti` must be true or false"),
        ({"encrypted": 1}, "`encrypted` must be true or false"),
        ({"ask_again": "always"}, "`ask_again` must be prompt, max_age or never"),
        ({"identity": "bsn", "encrypted": False}, "`encrypted` must be true"),
        ({"clientId": "x"}, "clientId is not known here (but acr,"),
    ],
)
def test_what_cannot_be_a_login_is_refused_with_its_number_and_the_name_of_the_fact(settings, change, said):
    [found] = said_of(settings, COMPANY | {"key": "first"}, COMPANY | {"client_id": "other"} | change)

    assert found.startswith(f"MORE_LOGINS, login 2: {said}")


def test_every_fact_that_is_missing_is_named_at_once(settings):
    assert len(said_of(settings, {})) == len(("key", "name", "issuer", "client_id", "identity"))


@pytest.mark.parametrize("text", ["{", "{}", "[1]", '"x"', "[[]]"])
def test_what_is_no_list_of_objects_is_refused(settings, text):
    [found] = said_of(settings, MORE_LOGINS=text)

    assert found.startswith("MORE_LOGINS, ")


def test_two_logins_are_told_apart(settings):
    assert "two logins have the same key" in said_of(settings, COMPANY, COMPANY | {"client_id": "b"})[0]
    [found] = said_of(settings, COMPANY | {"issuer": settings.digid_issuer, "client_id": settings.digid_client_id})
    assert found == "MORE_LOGINS: two logins have the same issuer and client_id"


def test_one_broker_may_bring_several_logins_each_with_its_own_client(settings):
    shared = COMPANY | {"issuer": settings.digid_issuer}
    assert len(load(environment(settings) | {"MORE_LOGINS": json.dumps([shared])}).citizen_logins) == len(
        ("digid", "eherkenning")
    )


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)))
def test_whatever_is_written_is_a_list_of_logins_or_refused_in_words(given):
    try:
        logins.more(json.dumps(given))
    except BadLogins as bad:
        assert bad.wrong


@given(
    st.fixed_dictionaries(
        {},
        optional={name: st.sampled_from([value, None, 7, "x", [], {}, True]) for name, value in FULL.items()},
    )
)
def test_whatever_is_written_of_a_login_is_taken_whole_or_refused_in_words(given):
    try:
        [login] = logins.more(json.dumps([given]))
    except BadLogins as bad:
        assert bad.wrong
    else:
        assert Rules.of(login).floor


def test_the_levels_of_digid_are_a_setting(settings):
    loaded = load(environment(settings) | {"DIGID_ACR": "urn:mid=substantial, urn:x=y=high", "DIGID_ACR_CLAIM": "loa"})
    [digid] = loaded.citizen_logins

    assert digid.acr == {"urn:mid": "substantial", "urn:x=y": "high"}
    assert (digid.acr_claim, digid.asked) == ("loa", "urn:mid")


@pytest.mark.parametrize("text", ["urn:mid", "urn:mid=middle", "=low", "a=low,b"])
def test_levels_that_are_none_are_refused(settings, text):
    with pytest.raises(BadSetting, match="DIGID_ACR must hold pairs"):
        load(environment(settings) | {"DIGID_ACR": text})


def test_digid_must_be_able_to_say_the_lowest_level_that_is_accepted(settings):
    with pytest.raises(BadSetting, match="DIGID_ACR must name the level of DIGID_LEVEL"):
        load(environment(settings) | {"DIGID_ACR": "urn:basis=low"})
    assert load(environment(settings) | {"DIGID_ACR": "urn:top=high"}).citizen_logins[0].asked == "urn:top"


@pytest.mark.parametrize("name", ["DIGID_ASK_AGAIN", "STAFF_ASK_AGAIN"])
def test_how_an_issuer_is_asked_again_is_one_of_three(settings, name):
    with pytest.raises(BadSetting, match=f"{name} must be prompt, max_age or never"):
        load(environment(settings) | {name: "always"})


def test_a_stage_without_more_logins_has_digid_and_the_staff_login_as_before():
    settings = settings_of("plain")
    [digid] = settings.citizen_logins

    assert (digid.key, digid.identity, digid.identifier, digid.encrypted) == ("digid", IdentityKind.BSN, "bsn", True)
    assert (settings.staff_login.identity, settings.staff_login.floor, settings.staff_login.encrypted) == (None, "", False)
