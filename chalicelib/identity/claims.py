"""The facts that the claims of a checked token tell: how surely somebody is known, and what an officer may be. Pure.

Level names are a table, claim paths are settings: brokers differ in both. Source: docs/domain.md, "Identity" and "Officers".
"""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.core.logins import EIDAS_ACR
from chalicelib.core.settings import Settings
from chalicelib.forms.places import units
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
    """Return the officer whom the claims describe.

    Raises LoginRefused: without multi-factor (`mfa`), without a role that is ours (`roles`), without a claim for units or with
    none of the police's in it (`units`; an empty list says that there is none), for what cannot be read (`…_unreadable`).
    Roles and units of other systems are left out: the directory knows more than this portal.
    """
    proofs = _listed(claims, settings.staff_mfa_claim, "mfa")
    if not set(proofs or ()) & set(settings.staff_mfa_proofs):
        raise LoginRefused("mfa")
    ours = {role.value for role in StaffRole} - {StaffRole.REGISTRY.value}  # a system's role: nobody logs in with it
    roles = [name for name in _listed(claims, settings.staff_roles_claim, "roles") or () if name in ours]
    if not roles:
        raise LoginRefused("roles")
    return Officer(str(claims["sub"]), frozenset(map(StaffRole, roles)), _units(claims, settings))


def _units(claims: Mapping[str, Any], settings: Settings) -> frozenset[str]:
    """Return the police units in a claim; in a text each is looked for by its name, because one has a space in it."""
    path = settings.staff_units_claim
    text = claim_at(claims, path)
    stated = _listed(claims, path, "units")
    named = stated if not isinstance(text, str) else [unit for unit in units() if re.search(_whole(unit), text)]
    known = frozenset(named or ()) & set(units())
    if stated is None or (stated and not known):
        raise LoginRefused("units")
    return known


def _whole(unit: str) -> str:
    return rf"(?<![\w-]){re.escape(unit)}(?![\w-])"


def _listed(claims: Mapping[str, Any], path: str, what: str) -> list[str] | None:
    """Return the texts at a path: of a list, or of one text in which providers join several. None when there is no such claim.

    A text is taken whole, and as it falls apart at commas and at spaces. Raises LoginRefused for what is neither.
    """
    stated = claim_at(claims, path)
    if stated is None:
        return None
    if isinstance(stated, str):
        return _parted(stated)
    if isinstance(stated, list) and all(isinstance(one, str) for one in stated):
        return [one.strip() for one in stated]
    raise LoginRefused(f"{what}_unreadable")


def _parted(text: str) -> list[str]:
    parts = (text, *text.split(","), *text.replace(",", " ").split())
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))
