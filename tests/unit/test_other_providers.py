"""Logging in at providers that none of us wrote: what they may send by the standards, and what stays refused."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey, OKPKey, RSAKey

from chalicelib.identity import oidc
from chalicelib.identity.bsn import Vault
from chalicelib.identity.fetch import Answer
from chalicelib.identity.jose import CONTENT_ENCRYPTION, KEY_ENCRYPTION, SIGNATURES, published_key
from chalicelib.identity.model import IdentityProviderDown, LoginRefused
from chalicelib.identity.tokens import AccessTokens
from tests.support.logins import CALLBACK, LoginWorld, own_keys, portal_keys
from tests.unit.test_tokens import FakeKms, refusal


@pytest.fixture
def world(settings, clock):
    return LoginWorld(settings, clock)


@pytest.fixture
def tokens(world, settings, clock):
    return AccessTokens(world.digid, world.staff, Vault(FakeKms(), settings), settings, clock)


def reason(act):
    with pytest.raises(LoginRefused) as refused:
        act()
    return refused.value.reason


STRANGE = {
    "claims again, as RFC 7519 allows": {"iss": "https://digid.example", "aud": "mijn-politie"},
    "Entra's": {"nonce": "n", "ver": "2.0", "x5t": "abc"},
    "a chain of certificates": {"x5c": ["M" * 1500, "M" * 1500, "M" * 1500]},
    "something of ten years from now": {"urn:example:later": {"deep": [1, None]}},
}


@pytest.mark.parametrize("case", STRANGE)
def test_a_header_parameter_that_nobody_knows_is_ignored(world, tokens, case):
    for issuer in (world.digid_issuer, world.staff_issuer):
        issuer.mint.tamper.header = issuer.mint.tamper.envelope = STRANGE[case]

    assert world.log_in("boer").subject == "pseudonym-boer"
    assert world.log_in_officer("handler").subject == "LD1001"
    assert tokens.principal(world.digid_issuer.access_token("boer"))
    assert tokens.principal(world.staff_issuer.access_token("handler"))
    assert world.staff.logout_notice(world.staff_issuer.mint.logout_token("LD1001", "sid-1")).session_id == "sid-1"


CRITICAL = {
    "an unknown one": {"crit": ["urn:example:must"], "urn:example:must": True},
    "one that is not there": {"crit": ["urn:example:must"]},
    "one that the standard knows": {"crit": ["kid"]},
    "unencoded payload": {"crit": ["b64"], "b64": True},
    "none": {"crit": []},
}


@pytest.mark.parametrize("case", CRITICAL)
def test_what_a_token_calls_critical_is_never_ignored(world, tokens, case):
    world.digid_issuer.mint.tamper.envelope = CRITICAL[case]
    world.staff_issuer.mint.tamper.header = CRITICAL[case]

    assert reason(world.log_in) == "encrypted_crit"
    assert reason(world.log_in_officer) == "crit"
    assert refusal(tokens, world.digid_issuer.access_token("boer")) == "token_encrypted_crit"
    assert refusal(tokens, world.staff_issuer.access_token("handler")) == "token_crit"


KEYS = {
    "RSA": RSAKey.generate_key(2048, {"kid": "signs"}),
    **{curve: ECKey.generate_key(curve, {"kid": "signs"}) for curve in ("P-256", "P-384", "P-521", "secp256k1")},
    **{curve: OKPKey.generate_key(curve, {"kid": "signs"}) for curve in ("Ed25519", "X25519")},
}


@pytest.mark.parametrize("algorithm", SIGNATURES)
def test_a_provider_signs_with_whichever_sound_algorithm_it_has(world, tokens, algorithm):
    for issuer in (world.digid_issuer, world.staff_issuer):
        issuer.mint.rotate(KEYS[SIGNATURES[algorithm]])
        issuer.mint.tamper.header = {"alg": algorithm}

    assert world.log_in("boer").subject == "pseudonym-boer"  # with `at_hash`, whose hash is the signature's
    assert tokens.principal(world.staff_issuer.access_token("handler"))


@pytest.mark.parametrize("algorithm", SIGNATURES)
def test_the_fingerprint_of_the_access_token_is_checked_whatever_the_signature(world, algorithm):
    world.digid_issuer.mint.rotate(KEYS[SIGNATURES[algorithm]])
    world.digid_issuer.mint.tamper.header = {"alg": algorithm}
    world.digid_issuer.mint.tamper.claims = lambda claims: {**claims, "at_hash": "AAAA"}

    assert reason(world.log_in) == "at_hash"


@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS512", "ES256K", "PBES2-HS256+A128KW", "rs256", ""])
def test_no_algorithm_without_a_key_pair_is_ever_taken(world, algorithm):
    issuer = world.staff_issuer.mint
    good = issuer.access_token(world.staff_issuer.people[0], None, audience="x")
    header = oidc._base64url(json.dumps({"alg": algorithm, "kid": issuer.published()["keys"][0]["kid"]}).encode())

    assert reason(lambda: world.staff.verified(f"{header}.{good.partition('.')[2]}", kinds=("jwt",), audience="x")) == "alg"


@pytest.mark.parametrize(
    ("algorithm", "key"), [("RS256", "P-256"), ("ES256", "P-384"), ("ES256", "RSA"), ("EdDSA", "P-256"), ("ES512", "Ed25519")]
)
def test_a_key_is_used_with_its_own_algorithms_only(world, algorithm, key):
    world.staff_issuer.mint.rotate(KEYS[SIGNATURES[algorithm]])
    world.staff_issuer.mint.tamper.header = {"alg": algorithm}
    world.publishing(jwks=lambda _: {"keys": [KEYS[key].as_dict(private=False)]})

    assert reason(world.log_in_officer) == "kid"


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (KEYS["X25519"].as_dict(private=False), "for agreement, not for signatures"),
        (KEYS["secp256k1"].as_dict(private=False), "a curve of none of the algorithms"),
        ({**KEYS["P-256"].as_dict(private=False), "use": "enc"}, "for encryption"),
        ({**KEYS["P-256"].as_dict(private=False), "x": "AAAA"}, "not on its curve"),
        ({**KEYS["Ed25519"].as_dict(private=False), "x": "AAAA"}, "too short"),
        ({"kty": "oct", "kid": "signs", "k": "c2VjcmV0"}, "a secret"),
        ({"kty": "EC", "crv": "P-256"}, "half of it"),
        ({"kty": ["RSA"]}, "nonsense"),
        ("signs", "no key"),
    ],
)
def test_a_published_key_that_can_check_nothing_is_passed_over(world, key, why):
    assert published_key(key) is None, why

    world.publishing(jwks=lambda published: {"keys": [key, *published["keys"]]})

    assert world.log_in("boer").subject == "pseudonym-boer"


def test_a_provider_with_one_key_need_not_name_it(world):
    world.digid_issuer.mint.tamper.header = {"kid": None}
    nameless = lambda key: {name: value for name, value in key.items() if name != "kid"}  # noqa: E731

    assert world.log_in("boer").subject == "pseudonym-boer"
    world.publishing(jwks=lambda published: {"keys": [nameless(key) for key in published["keys"]]})
    assert world.log_in("boer").subject == "pseudonym-boer"
    other = {**RSAKey.generate_key(2048).as_dict(private=False), "kid": "other"}
    world.publishing(jwks=lambda published: {"keys": [*published["keys"], other]})
    assert reason(world.log_in) == "kid"
    world.publishing(
        jwks=lambda published: {"keys": [*published["keys"], {**KEYS["P-256"].as_dict(private=False), "kid": "other"}]}
    )
    assert world.log_in("boer").subject == "pseudonym-boer"  # the algorithm leaves one


@pytest.mark.parametrize("algorithm", KEY_ENCRYPTION)
@pytest.mark.parametrize("content", CONTENT_ENCRYPTION)
def test_a_provider_encrypts_with_whichever_sound_algorithm_it_has(world, tokens, algorithm, content):
    world.digid_issuer.mint.tamper.envelope = {"alg": algorithm, "enc": content, "cty": None, "kid": None}

    assert world.log_in("boer").subject == "pseudonym-boer"
    assert tokens.principal(world.digid_issuer.access_token("boer"))


@pytest.mark.parametrize("envelope", [{"alg": "RSA1_5"}, {"enc": "A128CBC"}, {"zip": "DEF"}, {"alg": "dir"}, {"alg": "A256KW"}])
def test_an_envelope_of_another_making_is_refused(world, envelope):
    token = world.digid_issuer.mint.encrypted("a.b.c")
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", **envelope}
    odd = f"{oidc._base64url(json.dumps(header).encode())}.{token.partition('.')[2]}"

    assert reason(lambda: own_keys().opened(odd)) == "encrypted_alg" if "zip" not in envelope else "encryption"


SEALED = ("RSA-OAEP-256", "A256GCM")


@pytest.mark.parametrize("named", [True, False])
def test_a_provider_that_takes_the_key_for_signatures_is_told_apart_from_one_that_takes_a_strange_key(named):
    mine = portal_keys().keys[0].as_dict(private=False)
    strange = RSAKey.generate_key(2048).as_dict(private=False)
    kid = {"kid": mine["kid"]} if named else {}
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", **kid}
    to_mine, to_strange = (
        jwe.encrypt_compact(header, "a.b.c", RSAKey.import_key({"kty": "RSA", "n": key["n"], "e": key["e"]}), list(SEALED))
        for key in (mine, strange)
    )

    assert reason(lambda: own_keys().opened(to_mine)) == "encrypted_to_sig"
    assert reason(lambda: own_keys().opened(to_strange)) == "encryption"


def test_our_published_keys_say_what_they_are_for():
    assert {key["kid"]: key["use"] for key in own_keys().public()["keys"]} == {"portal-sig": "sig", "portal-enc": "enc"}


def fetched_keys(world):
    return sum(call.endswith("/jwks") for call in world.fetch.calls)


def test_a_new_key_under_an_old_name_heals_by_one_look_at_the_issuer(world):
    world.log_in()
    kid = world.digid_issuer.mint.published()["keys"][0]["kid"]
    world.digid_issuer.mint.rotate(RSAKey.generate_key(2048, {"kid": kid}))

    assert world.log_in("boer").subject == "pseudonym-boer"
    assert world.log_in("janssen").subject == "pseudonym-janssen"
    assert fetched_keys(world) == 2


def test_forged_signatures_make_us_look_at_the_issuer_once_a_minute_and_no_more(world, tokens):
    good = world.staff_issuer.access_token("handler")
    tokens.principal(good)
    before = fetched_keys(world)
    forged = good[:-20] + ("A" * 20)
    for _ in range(5):
        assert refusal(tokens, forged) == "token_signature"
    world.clock.advance(timedelta(minutes=1))
    for _ in range(5):
        assert refusal(tokens, forged) == "token_signature"

    assert fetched_keys(world) == before + 2


@pytest.mark.parametrize("path", ["", "/", "/realms/police", "/realms/police/"])
def test_an_issuer_is_found_and_compared_with_the_slash_that_it_has(settings, clock, path):
    issuer = "https://digid.example" + path
    agreed = LoginWorld(replace(settings, digid_issuer=issuer), clock)
    asked = []

    class Directory:
        def get(self, url):
            asked.append(url)
            return Answer(200, json.dumps({**dict.fromkeys(NAMES, "https://digid.example/x"), "issuer": issuer}).encode())

    agreed.reconnect(Directory())
    agreed.digid.start(redirect_uri=CALLBACK)

    assert asked == [issuer.rstrip("/") + "/.well-known/openid-configuration"]
    other = issuer.rstrip("/") if issuer.endswith("/") else issuer + "/"
    strict = LoginWorld(replace(settings, digid_issuer=other), clock)
    strict.reconnect(Directory())
    with pytest.raises(IdentityProviderDown, match="discovery_issuer"):
        strict.digid.start(redirect_uri=CALLBACK)


NAMES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Pushing:
    """An issuer that takes requests from the portal itself, and none from a browser."""

    def __init__(self, fetch, status=201, answer=None):
        self._fetch, self._status, self.pushed = fetch, status, []
        self._answer = {"request_uri": "urn:ietf:params:oauth:request_uri:1", "expires_in": 60} if answer is None else answer

    def get(self, url):
        return self._fetch.get(url)

    def post(self, url, form):
        if not url.endswith("/push"):
            return self._fetch.post(url, form)
        self.pushed.append(dict(form))
        return Answer(self._status, json.dumps(self._answer).encode())


def demanding(document):
    address = document["issuer"] + "/push"
    return {**document, "require_pushed_authorization_requests": True, "pushed_authorization_request_endpoint": address}


def test_a_request_is_handed_over_directly_where_the_provider_demands_it(world):
    pushing = Pushing(world.fetch)
    world.fetch = pushing
    world.publishing(configuration=demanding)

    attempt = world.begin()
    asked = parse_qs(urlsplit(attempt.url).query)

    assert asked == {"client_id": ["mijn-politie"], "request_uri": ["urn:ietf:params:oauth:request_uri:1"]}
    assert pushing.pushed[0]["code_challenge_method"] == "S256"
    assert (pushing.pushed[0]["state"], pushing.pushed[0]["nonce"]) == (attempt.state, attempt.nonce)
    proof = json.loads(oidc.jws.extract_compact(pushing.pushed[0]["client_assertion"].encode()).payload)
    assert (proof["aud"], proof["iss"]) == (world.digid.issuer, "mijn-politie")


@pytest.mark.parametrize(
    ("status", "answer", "cause"),
    [
        (401, {"error": "invalid_client"}, "push_invalid_client"),
        (400, {"error": "mijn naam is Sanne"}, "push_status_400"),
        (200, {}, "push_status_200"),
        (201, {}, "push_answer"),
        (201, {"request_uri": 1}, "push_answer"),
    ],
)
def test_a_request_that_the_provider_does_not_take_is_an_outage_with_its_cause(world, status, answer, cause):
    world.fetch = Pushing(world.fetch, status, answer)
    world.publishing(configuration=demanding)

    with pytest.raises(IdentityProviderDown, match=f"^{cause}$"):
        world.begin()


def test_a_provider_that_demands_it_and_says_not_where_is_an_outage(world):
    world.publishing(configuration=lambda document: {**document, "require_pushed_authorization_requests": True})

    with pytest.raises(IdentityProviderDown, match="discovery_address"):
        world.begin()


def test_an_address_with_a_query_of_its_own_keeps_it(world):
    tenant = lambda document: {  # noqa: E731
        **document,
        **{name: document[name] + "?tenant=police" for name in ("authorization_endpoint", "end_session_endpoint")},
    }
    world.publishing(configuration=tenant)

    for url in (world.begin().url, world.digid.logout_url("sid-1", "https://portal.example/logged-out")):
        asked = parse_qs(urlsplit(url).query)
        assert (asked["tenant"], asked["client_id"]) == (["police"], ["mijn-politie"])


DOWN = {
    "status_503": lambda world: setattr(world.digid_issuer, "down", True),
    "discovery_issuer": lambda world: world.publishing(configuration=lambda found: {**found, "issuer": "https://evil.example"}),
    "discovery_address": lambda world: world.publishing(configuration=lambda found: {**found, "token_endpoint": "http://x"}),
    "keys_missing": lambda world: world.publishing(jwks=lambda _: {"keys": {}}),
}


@pytest.mark.parametrize("cause", DOWN)
def test_an_operator_reads_why_an_issuer_cannot_be_used_once_for_every_time(world, tokens, caplog, cause):
    token = world.digid_issuer.access_token("boer")
    DOWN[cause](world)
    tokens = AccessTokens(world.digid, world.staff, Vault(FakeKms(), world.settings), world.settings, world.clock)

    with pytest.raises(IdentityProviderDown, match=f"^{cause}$"):
        tokens.principal(token)

    assert caplog.messages == [f"identity_provider_down login=digid cause={cause}"]
