"""Does an issuer fit the portal? Read in what it publishes of itself (OpenID Connect Discovery 1.0, section 3).

Where a login needs something that the provider does not publish, that is said, and stops nobody. Pure but for `asked`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core.clock import SystemClock
from chalicelib.core.logins import LoginMeans
from chalicelib.identity.discovery import Discovery
from chalicelib.identity.fetch import Fetch
from chalicelib.identity.jose import CONTENT_ENCRYPTION, KEY_ENCRYPTION, SIGNATURES
from chalicelib.identity.keys import SIGNING
from chalicelib.identity.model import IdentityProviderDown


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing that does not fit, as a sentence; `stops` when nobody could log in."""

    text: str
    stops: bool = True


def asked(means: LoginMeans, fetch: Fetch) -> list[Misfit]:
    """Ask an issuer what it is, and return all that does not fit."""
    issuer = Discovery(means.issuer, fetch, SystemClock())
    try:
        issuer.endpoints()
        return [*misfits(issuer.document(), means), *_keys(issuer.signing_keys())]
    except IdentityProviderDown as down:
        return [Misfit(f"It does not answer at {issuer.address} as an OpenID Connect issuer ({down.cause}, see logins.md).")]


def misfits(document: Mapping[str, Any], means: LoginMeans) -> Iterator[Misfit]:
    """Yield what an issuer's document says that does not fit one login."""
    for name, ours, meaning in _needs(means):
        yield from _missing(document, name, ours, meaning)
    if document.get("require_signed_request_object") is True:
        yield Misfit("It demands signed requests (JAR), which the portal does not send: have it do without for this client.")
    if means.asked and (known := _listed(document, "acr_values_supported")) and not set(means.asked.split()) & set(known):
        yield Misfit(
            f"It is asked for {means.asked}, and knows the levels {', '.join(map(str, known))}: mend the names of levels."
        )
    if "end_session_endpoint" not in document:
        yield Misfit("It has no `end_session_endpoint`: who logs out here stays logged in there.", stops=False)
    if document.get("backchannel_logout_supported") is not True:
        yield Misfit(
            "It tells nobody of a logout elsewhere (`backchannel_logout_supported`): sessions end by themselves.", stops=False
        )


def _needs(means: LoginMeans) -> Iterator[tuple[str, Collection[str], str]]:
    """Yield the lists that matter: their name, which of their values we can deal with, and for what they are."""
    yield "response_types_supported", ("code",), "the code flow"
    yield "code_challenge_methods_supported", ("S256",), "PKCE"
    yield "token_endpoint_auth_methods_supported", ("private_key_jwt",), "the proof that we are the client"
    yield "token_endpoint_auth_signing_alg_values_supported", (SIGNING,), "the signature of that proof"
    yield "id_token_signing_alg_values_supported", SIGNATURES, "signed ID tokens"
    if means.encrypted:
        yield "id_token_encryption_alg_values_supported", KEY_ENCRYPTION, "encrypted ID tokens"
        yield "id_token_encryption_enc_values_supported", CONTENT_ENCRYPTION, "encrypted ID tokens"


def _missing(document: Mapping[str, Any], name: str, ours: Collection[str], meaning: str) -> Iterator[Misfit]:
    listed = _listed(document, name)
    if not listed:
        yield Misfit(f"It does not say that it knows {' or '.join(ours)} (`{name}`, {meaning}): ask its people.", stops=False)
    elif not set(listed) & set(ours):
        yield Misfit(f"It knows {', '.join(map(str, listed))} for {meaning} (`{name}`), and we need {' or '.join(ours)}.")


def _keys(usable: Collection[object]) -> Iterator[Misfit]:
    if not usable:
        yield Misfit("It publishes no key that we can check a signature with (`jwks_uri`): RSA of 2048 bits, EC or Ed25519.")


def _listed(document: Mapping[str, Any], name: str) -> list[Any]:
    listed = document.get(name)
    return listed if isinstance(listed, list) else []
