"""Access tokens for the API (RFC 9068): the same two issuers, the same checks, without a browser.

A citizen's token holds a BSN, so it must be encrypted to us; that rule is the provider's. It must be made for this API, which its
audience or its scope says, and not to last for days. A token that was checked is remembered
for a few minutes, by its digest: checking again costs an RSA decryption and two calls to KMS.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Any

from chalicelib.core import ids, log
from chalicelib.core.clock import Clock
from chalicelib.core.errors import Unauthenticated
from chalicelib.core.settings import Settings
from chalicelib.identity.bsn import Vault, has_bsn
from chalicelib.identity.claims import officer_of
from chalicelib.identity.keys import is_encrypted
from chalicelib.identity.model import LoginRefused
from chalicelib.identity.oidc import Provider, issuer_of
from chalicelib.people.model import Principal

REMEMBERED_S = 300  # so that a key that its issuer withdrew does not live on in here
REMEMBERED = 256  # tokens


class AccessTokens:
    """Bearer tokens → principals. Citizens' tokens are encrypted, officers' are not: that decides whose rules apply."""

    def __init__(
        self,
        digid: Provider,
        staff: Provider,
        vault: Vault,
        settings: Settings,
        clock: Clock,
        more: Collection[Provider] = (),
    ) -> None:
        """`more` are the logins of citizens beside DigiD; of those at one issuer the first one's rules count (ADR-0037)."""
        self._digid, self._staff, self._vault, self._settings, self._clock = digid, staff, vault, settings, clock
        self._more = tuple(more)
        self._known: OrderedDict[str, tuple[float, Principal]] = OrderedDict()

    def principal(self, bearer: str) -> Principal:
        """Return whose token this is. Raises Unauthenticated(`token_…`), IdentityProviderDown."""
        key, now = ids.digest(bearer), self._clock.now().timestamp()
        known = self._known.get(key)
        if known and now < known[0]:
            return known[1]
        provider = self._of_citizens(bearer) if is_encrypted(bearer) else self._staff
        try:
            claims = self._claims(bearer, provider)
            principal = self._principal(claims, provider)
        except LoginRefused as error:
            log.event("token_refused", login=provider.rules.key, reason=error.reason)
            raise Unauthenticated(f"token_{error.reason}") from error
        self._known[key] = min(claims["exp"], now + REMEMBERED_S), principal
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return principal

    def _claims(self, bearer: str, provider: Provider) -> Mapping[str, Any]:
        claims = provider.verified(bearer, kinds=("at+jwt",), audience=self._settings.api_audience).claims
        if not isinstance(claims.get("client_id"), str):
            raise LoginRefused("client_id")
        if self._settings.api_scope and self._settings.api_scope not in _scopes(claims.get("scope")):
            raise LoginRefused("scope")
        if claims["exp"] - claims["iat"] > self._settings.api_token_longest_s:  # stolen, it would open the API for as long
            raise LoginRefused("life")
        return claims

    def _of_citizens(self, bearer: str) -> Provider:
        """Return the login whose rules check an encrypted token: that of its issuer, else DigiD's, which refuses it."""
        if not self._more:
            return self._digid
        try:
            issuer = issuer_of(self._digid.opened(bearer))
        except LoginRefused:
            return self._digid
        return next((each for each in (self._digid, *self._more) if each.issuer == issuer), self._digid)

    def _principal(self, claims: Mapping[str, Any], provider: Provider) -> Principal:
        means = next((each for each in self._settings.citizen_logins if each.key == provider.rules.key), None)
        level = provider.level_of(claims) if means else None
        if level is not None:
            return self._vault.citizen_of(claims, level, means)
        if has_bsn(claims, self._settings):
            raise LoginRefused("not_encrypted")
        return officer_of(claims, self._settings)


def _scopes(stated: Any) -> list[Any]:
    """Return the scopes of a token: words in one text (RFC 9068, section 2.2.3), or a list of them."""
    return stated if isinstance(stated, list) else str(stated or "").split()
