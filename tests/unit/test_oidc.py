"""Logging in: what a strict relying party lets through, and what it refuses, each against the simulated issuer."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import RSAKey

from chalicelib.core.settings import BadSetting, load
from chalicelib.identity import oidc
from chalicelib.identity.claims import claim_at, officer_of
from chalicelib.identity.fetch import Answer
from chalicelib.identity.model import IdentityProviderDown, LoginCancelled, LoginRefused
from chalicelib.people.model import Level, StaffRole
from infra.local.http import LocalRequest
from infra.local.mint import LOGOUT_TOKEN_LIFE_S
from tests.support.logins import CALLBACK, STAFF_CALLBACK, LoginWorld, own_keys
from tests.support.samples import environment
from tests.support.settings import settings_of

LOW = "http://eidas.europa.eu/LoA/low"


@pytest.fixture
def world(settings, clock):
    return LoginWorld(settings, clock)


def without(name):
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def with_(**changes):
    return lambda claims: {**claims, **changes}


def later(name, seconds):
    return lambda claims: {**claims, name: claims[name] + seconds}


def test_a_citizen_logs_in_at_the_level_that_was_chosen(world):
    login = world.log_in("bultenaar", level="substantial")

    assert (login.subject, login.level, login.issuer) == ("pseudonym-bultenaar", Level.SUBSTANTIAL, world.digid_issuer.url)
    assert login.session_id


def test_a_higher_level_than_asked_for_is_welcome(world):
    assert world.log_in(level="high").level is Level.HIGH


def test_a_login_never_prints_what_the_token_held(world):
    login = world.log_in("bultenaar")

    assert "999990019" not in repr(login)
    assert login.claims["bsn"] == "999990019"


def test_the_issuer_may_roll_its_keys(world):
    world.log_in()
    attempt = world.begin()
    answer = world.choose(attempt, person="boer")
    world.digid_issuer.mint.rotate()

    assert world.digid.finish(attempt, answer).subject == "pseudonym-boer"


REFUSED_TOKENS = {
    "nonce": ("nonce", with_(nonce="z" * 43)),
    "no nonce": ("nonce", without("nonce")),
    "audience": ("aud", with_(aud="another-portal")),
    "several audiences without azp": ("azp", with_(aud=["mijn-politie", "another-portal"])),
    "made for another party": ("azp", with_(azp="another-portal")),
    "issuer": ("iss", with_(iss="https://evil.example")),
    "no issuer": ("iss", without("iss")),
    "expired": ("exp", later("exp", -400)),
    "no expiry": ("exp", without("exp")),
    "issued in the future": ("iat", later("iat", 600)),
    "issued too long ago": ("iat_too_old", later("iat", -600)),
    "not yet valid": ("nbf", later("nbf", 600)),
    "no jti": ("jti", without("jti")),
    "no subject": ("sub", without("sub")),
    "level missing": ("acr_missing", without("acr")),
    "level unknown": ("acr_unknown", with_(acr="urn:x")),
    "level not text": ("acr_unknown", with_(acr=[LOW])),
    "level lowered in the token": ("acr_too_low", with_(acr=LOW)),
    "at_hash": ("at_hash", with_(at_hash="AAAA")),
    "on behalf of somebody else": ("represents", with_(represents={"sub": "1"})),
}


@pytest.mark.parametrize("case", REFUSED_TOKENS)
def test_an_id_token_with_a_wrong_claim_is_refused(world, case):
    reason, change = REFUSED_TOKENS[case]
    world.digid_issuer.mint.tamper.claims = change

    with pytest.raises(LoginRefused) as refused:
        world.log_in()

    assert refused.value.reason == reason


REFUSED_HEADERS = {
    "unknown key": ("kid", {"kid": "nope"}),
    "no key named": ("kid", {"kid": ""}),
    "an access token": ("typ", {"typ": "at+jwt"}),
}


@pytest.mark.parametrize("case", REFUSED_HEADERS)
def test_an_id_token_with_a_wrong_header_is_refused(world, case):
    reason, header = REFUSED_HEADERS[case]
    world.digid_issuer.mint.tamper.header = header

    with pytest.raises(LoginRefused) as refused:
        world.log_in()

    assert refused.value.reason == reason


def test_a_token_that_anybody_can_read_is_refused_where_it_holds_a_bsn(world):
    world.digid_issuer.mint.tamper.encrypted = False

    with pytest.raises(LoginRefused, match="not_encrypted"):
        world.log_in()


REFUSED_ANSWERS = {
    "wrong state": ("state", {"state": "x" * 43}),
    "state that is not ascii": ("state", {"state": "é"}),
    "another issuer's answer": ("iss", {"iss": "https://evil.example"}),
    "no code": ("code", {"code": ""}),
    "a code of nobody": ("token_invalid_grant", {"code": "x" * 43}),
}


@pytest.mark.parametrize("case", REFUSED_ANSWERS)
def test_an_answer_that_is_not_to_this_attempt_is_refused(world, case):
    reason, change = REFUSED_ANSWERS[case]
    attempt = world.begin()
    answer = {**world.choose(attempt, person="boer"), **change}

    with pytest.raises(LoginRefused) as refused:
        world.digid.finish(attempt, answer)

    assert refused.value.reason == reason


def test_an_answer_without_the_issuers_name_is_refused_when_the_issuer_says_it_names_itself(world):
    attempt = world.begin()
    answer = world.choose(attempt, person="boer")
    del answer["iss"]

    with pytest.raises(LoginRefused, match="iss"):
        world.digid.finish(attempt, answer)


def test_an_attempt_at_the_staff_login_cannot_be_finished_as_a_citizen(world):
    attempt = world.begin(STAFF_CALLBACK)

    with pytest.raises(LoginRefused, match="state"):
        world.digid.finish(attempt, {"state": attempt.state, "code": "x", "iss": world.digid.issuer})


def test_a_stolen_code_is_worthless_without_the_verifier(world):
    attempt = world.begin()
    answer = world.choose(attempt, person="boer")

    with pytest.raises(LoginRefused, match="token_invalid_grant"):
        world.digid.finish(replace(attempt, verifier="y" * 64), answer)


def test_a_code_works_once(world):
    attempt = world.begin()
    answer = world.choose(attempt, person="boer")
    world.digid.finish(attempt, answer)

    with pytest.raises(LoginRefused, match="token_invalid_grant"):
        world.digid.finish(attempt, answer)


def test_a_code_that_was_kept_for_over_a_minute_no_longer_works(world):
    attempt = world.begin()
    answer = world.choose(attempt, person="boer")
    world.clock.advance(timedelta(seconds=61))

    with pytest.raises(LoginRefused, match="token_invalid_grant"):
        world.digid.finish(attempt, answer)


class RepeatingFetch:
    """Sends the first assertion that it saw again, as a thief of one request would."""

    def __init__(self, fetch):
        self._fetch, self._first = fetch, None

    def get(self, url):
        return self._fetch.get(url)

    def post(self, url, form):
        self._first = self._first or form["client_assertion"]
        return self._fetch.post(url, {**form, "client_assertion": self._first})


def test_an_assertion_works_once(world):
    world.digid = oidc.digid(world.settings, world.clock, own_keys(), RepeatingFetch(world.fetch))
    world.log_in()

    with pytest.raises(LoginRefused, match="token_invalid_client"):
        world.log_in()


def test_a_login_below_the_floor_is_stopped_by_the_issuer(world):
    attempt = world.begin()

    with pytest.raises(LoginRefused, match="provider_unmet_authentication_requirements"):
        world.digid.finish(attempt, world.choose(attempt, person="boer", level="low"))


def test_a_citizen_may_change_their_mind(world):
    attempt = world.begin()

    with pytest.raises(LoginCancelled):
        world.digid.finish(attempt, world.choose(attempt, end="cancelled"))


def test_an_outage_that_digid_tells_of_is_an_outage(world):
    attempt = world.begin()

    with pytest.raises(IdentityProviderDown):
        world.digid.finish(attempt, world.choose(attempt, end="outage"))


def test_a_cancellation_of_somebody_elses_attempt_is_refused(world):
    attempt = world.begin()

    with pytest.raises(LoginRefused, match="state"):
        world.digid.finish(attempt, {"error": "access_denied", "state": "x" * 43, "iss": world.digid.issuer})


def test_nobody_logs_in_while_digid_is_down(world):
    attempt = world.begin()
    answer = world.choose(attempt, person="boer")
    world.digid_issuer.down = True

    with pytest.raises(IdentityProviderDown):
        world.digid.finish(attempt, answer)
    with pytest.raises(IdentityProviderDown):
        oidc.digid(world.settings, world.clock, own_keys(), world.fetch).start(redirect_uri=CALLBACK)


NONSENSE = {
    "not json": b"<html>",
    "not an object": b"[]",
    "deep": b"[" * 60_000,
    "another issuer": b'{"issuer": "https://evil.example"}',
    "unprotected": b'{"issuer": "https://digid.example", "authorization_endpoint": "http://digid.example/authorize"}',
}


@pytest.mark.parametrize("case", NONSENSE)
def test_an_issuer_that_publishes_nonsense_is_down(world, case):
    class Nonsense:
        def get(self, _url):
            return Answer(200, NONSENSE[case])

    provider = oidc.digid(world.settings, world.clock, own_keys(), Nonsense())

    with pytest.raises(IdentityProviderDown):
        provider.start(redirect_uri=CALLBACK)


def fetched_keys(world):
    return sum(call.endswith("/jwks") for call in world.fetch.calls)


def test_tokens_that_name_unknown_keys_cannot_make_us_hammer_the_issuer(world):
    world.log_in()
    world.digid_issuer.mint.tamper.header = {"kid": "nope"}
    for _ in range(3):
        with pytest.raises(LoginRefused, match="kid"):
            world.log_in()

    assert fetched_keys(world) == 2  # the first time, and one refetch

    world.clock.advance(timedelta(minutes=1))
    with pytest.raises(LoginRefused, match="kid"):
        world.log_in()

    assert fetched_keys(world) == 3


def test_keys_are_looked_at_again_every_hour(world):
    world.log_in()
    world.clock.advance(timedelta(minutes=61))
    world.log_in()

    assert fetched_keys(world) == 2


def test_a_token_signed_by_somebody_else_under_the_issuers_key_name_is_refused(world):
    world.log_in()
    kid = world.digid_issuer.mint.published()["keys"][0]["kid"]
    forged = jwt.encode(
        {"alg": "PS256", "kid": kid}, {"iss": world.digid.issuer}, RSAKey.generate_key(2048), algorithms=["PS256"]
    )

    with pytest.raises(LoginRefused, match="signature"):
        world.digid.verified(forged, kinds=("jwt",), audience="mijn-politie", readable=True)


def test_what_is_asked_of_digid_is_code_flow_with_pkce_and_the_level_of_the_settings(world):
    attempt = world.begin()
    asked = {name: value[0] for name, value in parse_qs(urlsplit(attempt.url).query).items()}

    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["acr_values"] == "http://eidas.europa.eu/LoA/substantial"
    assert len({asked["state"], asked["nonce"], attempt.verifier}) == 3
    assert attempt.verifier not in attempt.url
    assert attempt.verifier not in repr(attempt)


SLOPPY = {
    "short state": {"state": "abc"},
    "short nonce": {"nonce": "abc"},
    "plain PKCE": {"code_challenge_method": "plain"},
    "implicit flow": {"response_type": "id_token"},
    "no openid": {"scope": "profile"},
    "no level": {"acr_values": ""},
}


@pytest.mark.parametrize("case", SLOPPY)
def test_the_simulator_refuses_what_a_strict_issuer_refuses(world, case):
    attempt = world.begin()
    query = {**parse_qs(urlsplit(attempt.url).query), **{name: [value] for name, value in SLOPPY[case].items()}}

    answer = world.digid_issuer.handle(LocalRequest("GET", "/authorize", query, {}, b""))

    assert "error=" in answer.headers["Location"]


def test_the_simulator_sends_nobody_to_an_address_that_is_not_registered(world):
    attempt = world.begin()
    query = {**parse_qs(urlsplit(attempt.url).query), "redirect_uri": ["https://evil.example/callback"]}

    answer = world.digid_issuer.handle(LocalRequest("GET", "/authorize", query, {}, b""))

    assert (answer.status, "Location" in answer.headers) == (400, False)


def test_the_simulators_page_says_that_it_is_one(world):
    attempt = world.begin()
    page = world.digid_issuer.handle(LocalRequest("GET", "/authorize", parse_qs(urlsplit(attempt.url).query), {}, b""))

    assert "Dit is een simulator, niet DigiD" in page.body.decode()
    assert 'value="bultenaar"' in page.body.decode()
    assert "999990019" not in page.body.decode()


def test_an_officer_logs_in_with_roles_and_units(world):
    officer = officer_of(world.log_in_officer("desk-handler-oost").claims, world.settings)

    assert officer.id == "ON1007"
    assert officer.roles == {StaffRole.DESK, StaffRole.HANDLER}
    assert officer.units == {"Oost-Nederland"}


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("mfa", with_(amr=["pwd"])),
        ("mfa", without("amr")),
        ("mfa", with_(amr="")),
        ("mfa", with_(amr="mfaPlus")),
        ("mfa_unreadable", with_(amr={"mfa": True})),
        ("mfa_unreadable", with_(amr=["mfa", 1])),
        ("roles", with_(roles=["cook"])),
        ("roles", without("roles")),
        ("roles", with_(roles="")),
        ("roles_unreadable", with_(roles={"handler": True})),
        ("units", without("units")),
        ("units", with_(units=["Drenthe"])),
        ("units", with_(units="Drenthe, Rotterdam-Zuid")),
        ("units_unreadable", with_(units=7)),
    ],
)
def test_an_officer_without_a_second_factor_or_a_role_is_refused(world, reason, change):
    world.staff_issuer.mint.tamper.claims = change
    claims = world.log_in_officer().claims

    with pytest.raises(LoginRefused) as refused:
        officer_of(claims, world.settings)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "change",
    [
        {"amr": "mfa"},
        {"amr": "pwd mfa"},
        {"amr": "pwd,mfa"},
        {"roles": "handler"},
        {"roles": "cook, handler"},
        {"roles": "offline_access handler cook"},
        {"roles": " handler "},
        {"units": "Den Haag"},
        {"units": "Den Haag,Amsterdam"},
        {"units": "Den Haag Amsterdam"},
        {"units": ["Den Haag", "Meldkamer"]},
    ],
)
def test_a_provider_may_send_one_text_where_there_is_one_value_or_join_several(world, change):
    world.staff_issuer.mint.tamper.claims = with_(**{"units": "Den Haag", **change})
    officer = officer_of(world.log_in_officer().claims, world.settings)

    assert officer.roles == {StaffRole.HANDLER}
    assert officer.units == {"Den Haag", *(["Amsterdam"] if "Amsterdam" in str(change) else [])}


def test_an_officer_of_no_unit_is_one_when_the_provider_says_so(world):
    world.staff_issuer.mint.tamper.claims = with_(units=[])

    assert officer_of(world.log_in_officer().claims, world.settings).units == frozenset()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)))
def test_whatever_stands_in_a_claim_an_officer_is_read_or_refused(value):
    settings = settings_of("plain")
    sound = {"sub": "NN1", "amr": ["mfa"], "roles": ["handler"], "units": ["Amsterdam"]}
    for name in ("amr", "roles", "units"):
        with suppress(LoginRefused):
            assert officer_of({**sound, name: value}, settings).roles


MFA_OF_ADFS = "http://schemas.microsoft.com/claims/multipleauthn"


@pytest.mark.parametrize(
    ("claim", "values", "stated"),
    [
        ("amr", "otp,hwk", {"amr": ["pwd", "hwk"]}),
        ("acr", "2", {"acr": "2"}),
        ("acrs", "c1", {"acrs": ["c1", "p1"]}),
        ("http://schemas.microsoft.com/claims/authnmethodsreferences", MFA_OF_ADFS, None),
    ],
)
def test_what_proves_a_second_factor_is_agreed_with_the_provider(world, claim, values, stated):
    settings = replace(world.settings, staff_mfa_claim=claim, staff_mfa_values=values)
    plain = {name: value for name, value in world.log_in_officer().claims.items() if name not in ("amr", claim)}
    claims = plain | (stated or {claim: [MFA_OF_ADFS]})

    assert officer_of(claims, settings).id == plain["sub"]
    for weaker in (plain, plain | {claim: "1"}, plain | {claim: ["1", 2]}, plain | {claim: ""}, plain | {"amr": ["mfa"]}):
        with pytest.raises(LoginRefused, match="mfa"):
            officer_of(weaker, settings)


@pytest.mark.parametrize("values", ["", " , "])
def test_no_setting_lets_officers_in_without_a_second_factor(settings, values):
    with pytest.raises(BadSetting, match="STAFF_MFA_VALUES must say"):
        load({**environment(settings), "STAFF_MFA_VALUES": values})


@pytest.mark.parametrize(
    "values", ["pwd", "mfa, PWD", "pwd,otp,mfa", "pin", "kba", "mfa,urn:ac:classes:PasswordProtectedTransport"]
)
def test_no_setting_takes_a_password_for_a_second_factor(settings, values):
    with pytest.raises(BadSetting, match="STAFF_MFA_VALUES must not name a password"):
        load({**environment(settings), "STAFF_MFA_VALUES": values})


def test_a_provider_that_wants_to_be_asked_for_a_second_factor_is_asked(settings, clock):
    asking = LoginWorld(replace(settings, staff_acr_values="gold"), clock).begin(STAFF_CALLBACK)

    assert parse_qs(urlsplit(asking.url).query)["acr_values"] == ["gold"]
    assert "acr_values" not in LoginWorld(settings, clock).begin(STAFF_CALLBACK).url


def test_a_staff_login_without_token_ids_is_let_in_only_when_that_is_agreed(settings, clock):
    agreed, strict = LoginWorld(replace(settings, staff_jti=False), clock), LoginWorld(settings, clock)
    for each in (agreed, strict):
        each.staff_issuer.mint.tamper.claims = without("jti")
        each.digid_issuer.mint.tamper.claims = without("jti")

    assert agreed.log_in_officer().subject
    with pytest.raises(LoginRefused, match="jti"):
        strict.log_in_officer()
    with pytest.raises(LoginRefused, match="jti"):
        agreed.log_in()
    with pytest.raises(LoginRefused, match="jti"):
        agreed.staff.logout_notice(agreed.staff_issuer.mint.logout_token("NN1234", "sid-1"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [("bsn", "1"), ("person.bsn", "2"), ("urn:nl:1.0:bsn", "3"), ("person.name", None), ("bsn.more", None), ("nothing", None)],
)
def test_a_claim_is_found_at_its_path(path, expected):
    assert claim_at({"bsn": "1", "person": {"bsn": "2"}, "urn:nl:1.0:bsn": "3"}, path) == expected


def test_logging_out_names_the_session_and_shows_no_token(world):
    login = world.log_in()
    asked = parse_qs(urlsplit(world.digid.logout_url(login.session_id, "https://portal.example/logged-out")).query)

    assert asked == {
        "client_id": ["mijn-politie"],
        "post_logout_redirect_uri": ["https://portal.example/logged-out"],
        "logout_hint": [login.session_id],
    }


def test_a_notice_of_logout_names_person_and_session(world):
    notice = world.digid.logout_notice(world.digid_issuer.mint.logout_token("pseudonym-boer", "sid-1"))

    assert (notice.subject, notice.session_id) == ("pseudonym-boer", "sid-1")
    assert notice.name


@pytest.mark.parametrize("life", [60, 86_400])
def test_a_notice_of_logout_is_remembered_until_its_token_is_refused_and_not_for_long(world, clock, life):
    world.digid_issuer.mint.tamper.claims = later("exp", life - LOGOUT_TOKEN_LIFE_S)
    token = world.digid_issuer.mint.logout_token("pseudonym-boer", "sid-1")
    notice = world.digid.logout_notice(token)
    left = notice.ends_at - clock.now()
    assert left < timedelta(minutes=6)

    clock.advance(left - timedelta(seconds=2))
    assert world.digid.logout_notice(token) == notice
    clock.advance(timedelta(seconds=2))
    with pytest.raises(LoginRefused):
        world.digid.logout_notice(token)


@pytest.mark.parametrize(
    ("reason", "change", "header"),
    [
        ("events", without("events"), {}),
        ("events", with_(events={"something-else": {}}), {}),
        ("nonce", with_(nonce="n"), {}),
        ("iat", without("iat"), {}),
        ("iat_too_old", later("iat", -600), {}),
        ("jti", without("jti"), {}),
        ("aud", with_(aud="another-portal"), {}),
        ("sub", lambda claims: {name: value for name, value in claims.items() if name not in ("sub", "sid")}, {}),
        ("sub", with_(sid=["sid-1"]), {}),
        ("sub", with_(sub="", sid=""), {}),
        ("exp", without("exp"), {}),
        ("typ", with_(), {"typ": "at+jwt"}),
        ("typ", with_(), {"typ": "secevent+jwt"}),
    ],
)
def test_a_notice_of_logout_that_is_not_sound_is_refused(world, reason, change, header):
    world.staff_issuer.mint.tamper.claims = change
    world.staff_issuer.mint.tamper.header = header

    with pytest.raises(LoginRefused) as refused:
        world.staff.logout_notice(world.staff_issuer.mint.logout_token("NN1234", "sid-1"))

    assert refused.value.reason == reason
