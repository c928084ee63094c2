"""The facts that the claims of a checked token tell: how surely somebody is known, and what an officer may be. Pure.

Level names are a table, claim paths are settings: brokers differ in both. Source: docs/domain.md, "Identity" and "Officers".
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.core.logins import EIDAS_ACR
from chalicelib.core.settings import Settings
from chalicelib.identity.model import LoginRefused
from chalicelib.people.model import Level, Officer, StaffRole

ACR: Mapping[str, Level] = {name: Level[level.upper()] for name, level in EIDAS_ACR.items()}
ACR_OF: Mapping[Level, str] = {level: name for name, level in ACR.items()}


def claim_at(claims: Mapping[str, Any], path: str) -> Any:
    """Return the claim at a dotted path, None when there is none. A claim whose own name has dots goes by its whole name."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for part in path.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found


def level_of(stated: Any, levels: Mapping[str, Level], floor: Level) -> Level:
    """Return the level that a claim states. Raises LoginRefused when it is missing, not known here, or below `floor`."""
    if stated is None:
        raise LoginRefused("acr_missing")
    level = levels.get(stated) if isinstance(stated, str) else None
    if level is None:
        raise LoginRefused("acr_unknown")
    if level < floor:
        raise LoginRefused("acr_too_low")
    return level


def officer_of(claims: Mapping[str, Any], settings: Settings) -> Officer:
    """Return the officer whom the claims describe. Raises LoginRefused without multi-factor, or without a role that is ours.

    Roles of other systems are left out: the directory knows more than this portal.
    """
    if not _proofs(claims, settings.staff_mfa_claim) & set(settings.staff_mfa_proofs):
        raise LoginRefused("mfa")
    ours = {role.value for role in StaffRole} - {StaffRole.REGISTRY.value}  # a system's role: nobody logs in with it
    roles = frozenset(StaffRole(name) for name in _texts(claim_at(claims, settings.staff_roles_claim)) if name in ours)
    if not roles:
        raise LoginRefused("roles")
    return Officer(str(claims["sub"]), roles, frozenset(_texts(claim_at(claims, settings.staff_units_claim))))


def _proofs(claims: Mapping[str, Any], claim: str) -> set[str]:
    """Return what a claim says of how an officer logged in: one value or several; `amr` is a list and nothing else (RFC 8176)."""
    stated = claim_at(claims, claim)
    return {stated} if isinstance(stated, str) and claim != "amr" else set(_texts(stated))


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
