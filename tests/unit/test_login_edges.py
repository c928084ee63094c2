"""Logging in at the edges: how far clocks may differ, how old a token may be, and what an issuer may leave out."""

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.identity import oidc
from chalicelib.identity.fetch import Answer
from chalicelib.identity.model import IdentityProviderDown, LoginCancelled, LoginRefused
from tests.support.logins import LoginWorld


@pytest.fixture
def world(settings, clock):
    return LoginWorld(settings, clock)


def moved(name, seconds):
    """Let a token say something so many seconds after it was made."""
    return lambda claims: {**claims, name: claims["iat"] + seconds}


def outcome(act):
    try:
        return act() and "let in"
    except LoginRefused as refused:
        return refused.reason


@pytest.mark.parametrize(
    ("name", "seconds", "expected"),
    [
        ("exp", -29, "let in"),
        ("exp", -30, "exp"),
        ("iat", -330, "let in"),
        ("iat", -331, "iat_too_old"),
        ("iat", 30, "let in"),
        ("iat", 31, "iat"),
        ("nbf", 30, "let in"),
        ("nbf", 31, "nbf"),
    ],
)
def test_clocks_may_differ_by_half_a_minute_and_a_token_is_five_minutes_old_at_most(world, name, seconds, expected):
    world.digid_issuer.mint.tamper.claims = moved(name, seconds)

    assert outcome(world.log_in) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"aud": ["mijn-politie"]}, "let in"),
        ({"aud": ["mijn-politie", "another"], "azp": "mijn-politie"}, "let in"),
        ({"azp": "mijn-politie"}, "let in"),
        ({"at_hash": None}, "at_hash"),
    ],
)
def test_a_token_may_be_for_others_too_when_it_says_that_it_was_made_for_us(world, change, expected):
    world.digid_issuer.mint.tamper.claims = lambda claims: {**claims, **change}

    assert outcome(world.log_in) == expected


def test_an_issuer_may_leave_out_the_session_and_the_fingerprint(world):
    world.digid_issuer.mint.tamper.claims = lambda claims: {n: v for n, v in claims.items() if n not in ("sid", "at_hash")}

    assert world.log_in().session_id == ""


@pytest.mark.parametrize(
    ("status", "content", "kind", "reason"),
    [
        (400, {"error": "invalid_grant"}, LoginRefused, "token_invalid_grant"),
        (401, {"error": "invalid_client"}, LoginRefused, "token_invalid_client"),
        (400, {"error": "a" * 40}, LoginRefused, f"token_{'a' * 40}"),
        (400, {"error": "a" * 41}, LoginRefused, "token_error"),
        (400, {"error": "mijn naam is Sanne"}, LoginRefused, "token_error"),
        (400, {}, LoginRefused, "token_error"),
        (500, {}, IdentityProviderDown, "status_500"),
        (201, {}, IdentityProviderDown, "status_201"),
        (403, {}, IdentityProviderDown, "status_403"),
    ],
)
def test_what_the_issuer_says_instead_of_a_token_is_sorted_and_never_repeated(status, content, kind, reason):
    with pytest.raises(kind, match=f"^{reason}$"):
        oidc._token_answer(Answer(status, json.dumps(content).encode()))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("access_denied", LoginCancelled),
        ("temporarily_unavailable", IdentityProviderDown),
        ("server_error", IdentityProviderDown),
        ("login_required", LoginRefused),
    ],
)
def test_who_cancelled_is_not_told_that_something_broke(code, kind):
    assert type(oidc._refusal(code)) is kind


def test_a_code_of_the_issuer_is_told_only_when_it_is_one():
    assert oidc._refusal("login_required").reason == "provider_login_required"
    for odd in ("", "Sanne", "a" * 41, "a b"):
        assert oidc._refusal(odd).reason == "provider_error"


def token_of(payload):
    parts = (b'{"alg":"RS256"}', payload, b"x")
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_a_token_names_its_issuer_or_nobody():
    assert oidc.issuer_of(token_of(b'{"iss":"https://a.example"}')) == "https://a.example"
    assert oidc.issuer_of(token_of(b"{}")) == ""
    assert oidc.issuer_of(token_of(b"[]")) == ""
    for nonsense in ("", "a.b", "a.b.c", "é", token_of(b"nonsense")):
        with pytest.raises(LoginRefused, match="malformed"):
            oidc.issuer_of(nonsense)


def test_logging_out_names_the_session_only_where_there_is_one(world):
    def asked(session_id):
        return parse_qs(urlsplit(world.digid.logout_url(session_id, "https://portal.example/")).query)

    assert asked("sid-1")["logout_hint"] == ["sid-1"]
    assert "logout_hint" not in asked("")
    assert asked("")["post_logout_redirect_uri"] == ["https://portal.example/"]
    assert asked("")["client_id"] == [world.digid.rules.client_id]
