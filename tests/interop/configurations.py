"""How the providers are configured: three times, each as DigiD's broker and as the officers' login.

`stock` is what a provider does by itself, `other algorithms` is what one may do by the standards. At every provider an operator
replaces the keys, under another name or under the same. The portal's settings that fit stand beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.people import CITIZENS, OFFICERS, Person

AUDIENCE = "urn:mijn-politie:api"  # an absolute URI: resource indicators are (RFC 8707)
SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The two providers, each as providers.mjs takes it, and the settings of the portal that fit them."""

    digid: Mapping[str, Any]
    staff: Mapping[str, Any]
    settings: Mapping[str, str]


def _people(people: tuple[Person, ...]) -> dict[str, Any]:
    return {person.id: {"subject": person.subject, "claims": person.claims} for person in people}


def _digid(**more: Any) -> dict[str, Any]:
    return {
        "client_id": "mijn-politie",
        "callback": "/login/callback",
        "alg": "RS256",
        "acr": SUBSTANTIAL,
        "claims": ["bsn"],
        "audience": AUDIENCE,
        "envelope": {"id_token_encrypted_response_alg": "RSA-OAEP"},
        "encrypts": {"alg": "RSA-OAEP", "enc": "A128CBC-HS256"},
        "people": _people(CITIZENS),
    } | more


def _staff(**more: Any) -> dict[str, Any]:
    return {
        "client_id": "mijn-politie-desk",
        "callback": "/staff/login/callback",
        "alg": "RS256",
        "claims": ["roles", "units", "amr"],
        "audience": AUDIENCE,
        "people": _people(OFFICERS),
    } | more


# No provider of this make gives its ID tokens a `jti`.
_SETTINGS = {"DIGID_JTI": "false", "STAFF_JTI": "false", "API_AUDIENCE": AUDIENCE, "MORE_LOGINS": "", "DIGID_AT_LOGOUT": "link"}

CONFIGURATIONS: Mapping[str, Configuration] = {
    "stock": Configuration(digid=_digid(), staff=_staff(), settings=_SETTINGS),
    "other algorithms": Configuration(
        digid=_digid(
            alg="ES384",
            slash=True,
            envelope={
                "id_token_encrypted_response_alg": "RSA-OAEP-256",
                "id_token_encrypted_response_enc": "A256CBC-HS512",
            },
            encrypts={"alg": "RSA-OAEP-256", "enc": "A128GCM"},
        ),
        staff=_staff(
            alg="Ed25519",
            pushed=True,
            envelope={"id_token_encrypted_response_alg": "RSA-OAEP", "id_token_encrypted_response_enc": "A192CBC-HS384"},
        ),
        settings=_SETTINGS,
    ),
    "rotated keys": Configuration(digid=_digid(alg="PS256"), staff=_staff(alg="ES256"), settings=_SETTINGS),
}
