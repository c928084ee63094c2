"""Access tokens for the API: whose they are, and which are refused."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from joserfc import jwe, jwt
from joserfc.jwk import OctKey

from chalicelib.core.errors import Unauthenticated, Unavailable
from chalicelib.core.logins import IdentityKind
from chalicelib.core.settings import BadSetting, load
from chalicelib.identity.bsn import Vault
from chalicelib.identity.tokens import AccessTokens
from chalicelib.people.model import Level, StaffRole
from tests.support.logins import LoginWorld, portal_keys, with_more
from tests.support.samples import environment


@pytest.fixture
def world(settings, clock):
    return LoginWorld(settings, clock)


class FakeKms:
    """Makes keys out of nothing; counts what it was asked."""

    def __init__(self):
        self.calls = 0

    def generate_mac(self, **request):
        self.calls += 1
        return {"Mac": request["Message"].rjust(32, b"-")[::-1]}

    def generate_data_key(self, **_):
        self.calls += 1
        return {"Plaintext": b"k" * 32, "CiphertextBlob": b"wrapped"}


@pytest.fixture
def kms():
    return FakeKms()


@pytest.fixture
def tokens(world, kms, settings, clock):
    return AccessTokens(world.digid, world.staff, Vault(kms, settings), settings, clock)


def refusal(tokens, token):
    with pytest.raises(Unauthenticated) as refused:
        tokens.principal(token)
    return refused.value.reason


def test_a_citizens_token_is_the_citizens(tokens, world):
    citizen = tokens.principal(world.digid_issuer.access_token("bultenaar"))

    assert citizen.level is Level.SUBSTANTIAL
    assert citizen.pseudonym == tokens.principal(world.digid_issuer.access_token("bultenaar")).pseudonym
    assert citizen.pseudonym != tokens.principal(world.digid_issuer.access_token("boer")).pseudonym


def test_an_officers_token_holds_roles_and_units(tokens, world):
    officer = tokens.principal(world.staff_issuer.access_token("handler"))

    assert (officer.id, officer.roles, len(officer.units)) == ("LD1001", {StaffRole.HANDLER}, 10)


def test_a_token_that_was_checked_is_not_checked_again_for_five_minutes(tokens, world, kms, clock):
    token = world.digid_issuer.access_token("bultenaar")
    tokens.principal(token)
    calls = kms.calls
    tokens.principal(token)

    assert kms.calls == calls

    clock.advance(timedelta(minutes=5))
    tokens.principal(token)

    assert kms.calls > calls


def test_a_remembered_token_still_ends_when_it_says(tokens, world, clock):
    world.digid_issuer.mint.tamper.claims = lambda claims: {**claims, "exp": claims["iat"] + 60}
    token = world.digid_issuer.access_token("bultenaar")
    tokens.principal(token)
    clock.advance(timedelta(seconds=120))

    assert refusal(tokens, token) == "token_exp"


def test_an_operator_reads_why_a_token_was_refused_and_by_which_login(tokens, world, caplog):
    caplog.set_level("INFO", logger="mijn_politie")
    world.digid_issuer.mint.tamper.claims = lambda claims: {**claims, "aud": "another-api"}
    world.staff_issuer.mint.tamper.claims = lambda claims: {**claims, "amr": ["pwd"]}

    refusal(tokens, world.digid_issuer.access_token("bultenaar"))
    refusal(tokens, world.staff_issuer.access_token("handler"))

    assert caplog.messages == ["token_refused login=digid reason=aud", "token_refused login=staff reason=mfa"]


def without(name):
    return lambda claims: {key: value for key, value in claims.items() if key != name}


WRONG_CLAIMS = {
    "another audience": ("token_aud", lambda claims: {**claims, "aud": "another-api"}),
    "another issuer": ("token_iss", lambda claims: {**claims, "iss": "https://evil.example"}),
    "the staff issuer's name": ("token_iss", lambda claims: {**claims, "iss": "https://staff.example"}),
    "no expiry": ("token_exp", without("exp")),
    "no issue time": ("token_iat", without("iat")),
    "no jti": ("token_jti", without("jti")),
    "no subject": ("token_sub", without("sub")),
    "no client": ("token_client_id", without("client_id")),
    "no level": ("token_acr_missing", without("acr")),
    "low level": ("token_acr_too_low", lambda claims: {**claims, "acr": "http://eidas.europa.eu/LoA/low"}),
    "no bsn": ("token_bsn", without("bsn")),
    "for somebody else": ("token_represents", lambda claims: {**claims, "represents": {"sub": "x"}}),
}


@pytest.mark.parametrize("case", WRONG_CLAIMS)
def test_a_citizens_token_with_a_wrong_claim_is_refused(tokens, world, case):
    reason, change = WRONG_CLAIMS[case]
    world.digid_issuer.mint.tamper.claims = change

    assert refusal(tokens, world.digid_issuer.access_token("bultenaar")) == reason


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("token_mfa", lambda claims: {**claims, "amr": ["pwd"]}),
        ("token_roles", without("roles")),
        ("token_not_encrypted", lambda claims: {**claims, "bsn": "999990019"}),
    ],
)
def test_an_officers_token_without_what_it_needs_is_refused(tokens, world, reason, change):
    world.staff_issuer.mint.tamper.claims = change

    assert refusal(tokens, world.staff_issuer.access_token("handler")) == reason


def test_a_citizens_token_that_anybody_can_read_is_refused(tokens, world):
    world.digid_issuer.mint.tamper.encrypted = False

    assert refusal(tokens, world.digid_issuer.access_token("bultenaar")) == "token_kid"  # no staff key; nothing else is tried


def test_an_officers_token_in_a_citizens_envelope_is_refused(tokens, world):
    inner = world.staff_issuer.access_token("handler")
    key = next(key for key in portal_keys() if key.get("use") == "enc")
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT"}

    assert refusal(tokens, jwe.encrypt_compact(header, inner, key, algorithms=["RSA-OAEP-256", "A256GCM"])) == "token_kid"


def test_an_id_token_is_no_access_token(tokens, world):
    world.staff_issuer.mint.tamper.header = {"typ": "JWT"}

    assert refusal(tokens, world.staff_issuer.access_token("handler")) == "token_typ"


@pytest.mark.parametrize(
    ("audience", "scope", "stated", "expected"),
    [
        ("api", "", {"aud": "api"}, "let in"),
        ("api", "", {"aud": ["other", "api"]}, "let in"),
        ("api", "", {"aud": "other", "scope": "reports"}, "token_aud"),
        ("api", "reports", {"aud": "api"}, "token_scope"),
        ("api", "reports", {"aud": "api", "scope": "openid reports"}, "let in"),
        ("", "reports", {"aud": "account", "scope": "openid reports"}, "let in"),
        ("", "reports", {"aud": "account", "scope": ["openid", "reports"]}, "let in"),
        ("", "reports", {"aud": "account", "scope": "openid reports-of-another"}, "token_scope"),
        ("", "reports", {"aud": "account", "scope": {"reports": True}}, "token_scope"),
        ("", "reports", {"aud": None, "scope": "reports"}, "token_aud"),
    ],
)
def test_a_token_that_was_made_for_something_else_opens_nothing(settings, clock, kms, audience, scope, stated, expected):
    settings = replace(settings, api_audience=audience, api_scope=scope)
    world = LoginWorld(settings, clock)
    world.staff_issuer.mint.tamper.claims = lambda claims: {**claims, **stated}
    tokens = AccessTokens(world.digid, world.staff, Vault(kms, settings), settings, clock)
    token = world.staff_issuer.access_token("handler")

    assert (refusal(tokens, token) if expected != "let in" else tokens.principal(token) and expected) == expected


@pytest.mark.parametrize(("life", "expected"), [(3_600, "let in"), (3_601, "token_life"), (86_400 * 365, "token_life")])
def test_a_token_that_was_made_to_last_is_refused(tokens, world, life, expected):
    for issuer in (world.digid_issuer, world.staff_issuer):
        issuer.mint.tamper.claims = lambda claims: {**claims, "exp": claims["iat"] + life}
    citizen, officer = world.digid_issuer.access_token("boer"), world.staff_issuer.access_token("handler")

    for token in (citizen, officer):
        assert (refusal(tokens, token) if expected != "let in" else tokens.principal(token) and expected) == expected


def test_no_setting_lets_in_tokens_that_were_made_for_anybody(settings):
    with pytest.raises(BadSetting, match="API_AUDIENCE or API_SCOPE must say"):
        load({**environment(settings), "API_AUDIENCE": "", "API_SCOPE": ""})


def unsigned(claims):
    parts = (json.dumps(part).encode() for part in ({"alg": "none", "typ": "at+jwt"}, claims))
    return ".".join((*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), ""))


def test_a_token_without_a_signature_or_signed_with_a_public_key_as_secret_is_refused(tokens, world):
    good = world.staff_issuer.access_token("handler")
    claims = json.loads(base64.urlsafe_b64decode(good.split(".")[1] + "=="))

    assert refusal(tokens, unsigned(claims)) == "token_alg"


@given(
    st.text(max_size=300)
    | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1"))
    | st.from_regex(r"(?:[A-Za-z0-9_-]*\.){2,4}[A-Za-z0-9_-]*", fullmatch=True)
)
@hypothesis_settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nonsense_is_refused_and_never_a_fault(tokens, text):
    assert refusal(tokens, text).startswith("token_")


@given(st.integers(0, 10_000), st.sampled_from("AZaz09_-."))
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_token_with_a_changed_character_is_refused(tokens, world, place, character):
    token = tampered_token(world)
    place %= len(token) - 2  # the last character of a signature holds two bits that mean nothing
    changed = token[:place] + character + token[place + 1 :]

    assert changed == token or refusal(tokens, changed).startswith("token_")


_made = {}


def tampered_token(world):
    if world not in _made:
        _made[world] = world.staff_issuer.access_token("handler")
    return _made[world]


def test_while_the_issuer_is_down_the_api_says_so(tokens, world):
    token = world.digid_issuer.access_token("bultenaar")
    world.digid_issuer.down = True

    with pytest.raises(Unavailable):
        tokens.principal(token)


def test_a_token_for_a_lower_floor_is_welcome_where_the_floor_is_lower(settings, clock, kms):
    settings = replace(settings, digid_level="low")
    world = LoginWorld(settings, clock)
    world.digid_issuer.mint.tamper.claims = lambda claims: {**claims, "acr": "http://eidas.europa.eu/LoA/low"}
    tokens = AccessTokens(world.digid, world.staff, Vault(kms, settings), settings, clock)

    assert tokens.principal(world.digid_issuer.access_token("bultenaar")).level is Level.LOW


def test_an_hs256_token_made_with_the_public_key_is_refused(tokens, world):
    public = world.staff_issuer.mint.published()["keys"][0]
    forged = jwt.encode(
        {"alg": "HS256", "typ": "at+jwt", "kid": public["kid"]},
        {"sub": "x"},
        OctKey.import_key(public["n"]),
        algorithms=["HS256"],
    )

    assert refusal(tokens, forged) == "token_alg"


def several(settings, clock, kms, **changes):
    """Return a world of several logins, and the access tokens of its portal."""
    settings = with_more(settings, **changes)
    world = LoginWorld(settings, clock)
    more = [world.providers[key] for key in ("eherkenning", "eidas")]
    return world, AccessTokens(world.digid, world.staff, Vault(kms, settings), settings, clock, more)


def test_the_programs_of_a_company_and_of_a_european_come_in_as_who_they_are(settings, clock, kms):
    world, tokens = several(settings, clock, kms)
    company = tokens.principal(world.issuers["eherkenning"].access_token("bedrijf-donald"))
    european = tokens.principal(world.issuers["eidas"].access_token("eidas-elena"))
    citizen = tokens.principal(world.digid_issuer.access_token("bultenaar"))

    assert (company.kind, company.company) == (IdentityKind.COMPANY, "68750110")
    assert (european.kind, european.sealed_bsn) == (IdentityKind.EIDAS, "")
    assert citizen.kind is IdentityKind.BSN
    assert len({each.pseudonym for each in (company, european, citizen)}) == len((company, european, citizen))


def test_where_two_logins_share_an_issuer_the_first_ones_rules_count(settings, clock, kms):
    world, tokens = several(settings, clock, kms)
    world.issuers["eidas"].mint.tamper.claims = lambda claims: {**claims, "iss": settings.digid_issuer}

    assert refusal(tokens, world.issuers["eidas"].access_token("eidas-elena")) == "token_kid", "DigiD's keys did not sign it"


def test_a_readable_token_of_another_login_is_no_officers(settings, clock, kms):
    world, tokens = several(settings, clock, kms)
    world.issuers["eidas"].mint.tamper.encrypted = False

    assert refusal(tokens, world.issuers["eidas"].access_token("eidas-elena")) == "token_kid"
