"""An issuer is asked what it can do before anybody logs in; what does not fit is a sentence."""

from dataclasses import replace

import pytest

from infra.deploy.issuers import Misfit, asked, misfits
from tests.support.logins import Edited, LoginWorld


@pytest.fixture
def world(settings, clock):
    return LoginWorld(settings, clock)


@pytest.fixture
def digid(settings):
    return settings.citizen_logins[0]


@pytest.fixture
def fitting(world):
    return world.digid_issuer._metadata()


def test_issuers_that_fit_are_passed_in_silence(world, settings, digid):
    assert asked(digid, world.fetch) == []
    assert asked(settings.staff_login, world.fetch) == []


WRONG = {
    "code_challenge_methods_supported": (
        ["plain"],
        "It knows plain for PKCE (`code_challenge_methods_supported`), and we need S256.",
    ),
    "token_endpoint_auth_methods_supported": (["client_secret_basic"], "we need private_key_jwt."),
    "token_endpoint_auth_signing_alg_values_supported": (["RS512"], "we need PS256."),
    "id_token_signing_alg_values_supported": (["HS256"], "It knows HS256 for signed ID tokens"),
    "id_token_encryption_alg_values_supported": (["RSA1_5"], "we need RSA-OAEP-256 or RSA-OAEP."),
    "id_token_encryption_enc_values_supported": (["XC20P"], "It knows XC20P for encrypted ID tokens"),
    "response_types_supported": (["id_token"], "we need code."),
    "require_signed_request_object": (True, "It demands signed requests (JAR)"),
    "acr_values_supported": (
        ["urn:x:high"],
        "LoA/substantial, and knows the levels urn:x:high",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_keeps_everybody_out_is_a_sentence_that_says_what_is_needed(fitting, digid, name):
    value, sentence = WRONG[name]

    found = list(misfits({**fitting, name: value}, digid))

    assert [each.stops for each in found] == [True]
    assert sentence in found[0].text


@pytest.mark.parametrize(
    "name", ["code_challenge_methods_supported", "id_token_signing_alg_values_supported", "end_session_endpoint"]
)
@pytest.mark.parametrize("odd", ["nothing", "nonsense"])
def test_what_an_issuer_does_not_say_stops_nobody_and_is_said(fitting, digid, name, odd):
    told = {**fitting, name: 1} if odd == "nonsense" and "supported" in name else {n: v for n, v in fitting.items() if n != name}

    assert [each.stops for each in misfits(told, digid)] == [False]


def test_a_login_of_officers_needs_no_envelope(world, settings):
    plain = {n: v for n, v in world.staff_issuer._metadata().items() if not n.startswith("id_token_encryption")}

    assert list(misfits(plain, settings.staff_login)) == []
    assert len(list(misfits(plain, replace(settings.staff_login, encrypted=True)))) == 2


def test_an_issuer_without_a_usable_key_is_told_apart_from_one_that_does_not_answer(world, digid):
    keyless = Edited(world.fetch, {"/jwks": lambda _: {"keys": [{"kty": "oct", "k": "eA"}]}})

    assert [each.text[:47] for each in asked(digid, keyless)] == ["It publishes no key that we can check a signatu"]
    world.digid_issuer.down = True
    address = "https://digid.example/.well-known/openid-configuration"
    said = f"It does not answer at {address} as an OpenID Connect issuer (status_503, see logins.md)."
    assert asked(digid, world.fetch) == [Misfit(said)]


def test_an_issuer_that_demands_pushed_requests_must_say_where(world, digid):
    demanding = Edited(
        world.fetch, {"/openid-configuration": lambda found: {**found, "require_pushed_authorization_requests": True}}
    )

    assert "discovery_address" in asked(digid, demanding)[0].text
