"""The things that a stage needs of others, and no deploy can make: that SES lets it send, and that both logins answer.

Looked at before anything is changed, and once more before the functions change, when it is known where the stack put things.
In prod what misses stops the deploy; elsewhere it is said, and the deploy goes on: a stage is built before the others are ready.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.core.logins import BadLogins, IdentityKind, LoginMeans, more
from chalicelib.core.settings import Settings
from chalicelib.identity.fetch import Fetch, WebFetch
from infra.deploy import issuers
from infra.deploy import settings as settings_of
from infra.deploy.account import Account, said
from infra.deploy.errors import Stop
from infra.deploy.functions import ENOUGH_AT_ONCE
from infra.deploy.stage import Stage

_SENDERS = {"MAIL_FROM": "the sender of every mail", "MAIL_FROM_NEUTRAL": "the sender of mail to whoever is not safe"}


@dataclass(frozen=True, slots=True)
class Finding:
    """The thing that is not as it must be, and what to do. `needed` when no citizen can be served well without it."""

    text: str
    needed: bool = True


def outside(stage: Stage, account: Account, fetch: Fetch | None = None) -> Iterator[Finding]:
    """Yield what is not ready outside this stage: SES's permission to send, and the logins."""
    with said("ask SES what this account may send"):
        found = account.client("sesv2").get_account()
    yield from _sending(found, _rate(stage))
    yield from _room(settings_of.runs_at_once(account))
    yield from _chosen(stage)
    for name, means in _logins(stage):
        for misfit in issuers.asked(means, fetch or WebFetch()):
            # Not needed: whoever brings back an older version while the broker is away must not be held up.
            yield Finding(f"{name}: {misfit.text}", needed=False)


def _logins(stage: Stage) -> Iterator[tuple[str, LoginMeans]]:
    """Yield every login under what names it in the stage's file. A list that is wrong is refused later, by the settings."""
    common: dict[str, Any] = {"names": {}, "client_id": "", "acr": {}}
    digid_asks, staff_asks = (stage.settings.get(name, "") for name in ("DIGID_ACR_VALUES", "STAFF_ACR_VALUES"))
    digid, staff = (stage.stack.get(name, "") for name in ("DigidIssuer", "StaffIssuer"))
    yield "DigidIssuer", LoginMeans(key="digid", issuer=digid, identity=IdentityKind.BSN, acr_values=digid_asks, **common)
    yield "StaffIssuer", LoginMeans(key="staff", issuer=staff, identity=None, acr_values=staff_asks, encrypted=False, **common)
    with suppress(BadLogins):
        yield from ((f"MORE_LOGINS, {means.key}", means) for means in more(stage.settings.get("MORE_LOGINS", "")))


def inside(account: Account, settings: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is not ready inside: the senders as SES knows them, and the portal's own keys."""
    with said("look at the senders and the portal's own keys"):
        for name, who in _SENDERS.items():
            if (sender := settings.get(name, "")) and not is_verified(account.client("sesv2"), sender):
                domain = domain_of(sender)
                yield Finding(f"{name}: {domain}, {who}, is not verified with SES: put its DKIM records in the DNS, and wait.")
        secret = account.client("secretsmanager").describe_secret(SecretId=settings["OIDC_KEYS_SECRET"])
    if not any("AWSCURRENT" in labels for labels in secret.get("VersionIdsToStages", {}).values()):
        yield Finding("OIDC_KEYS_SECRET: the portal has no keys of its own: run `python -m infra.ops --stage … rotate-keys add`.")


def domain_of(sender: str) -> str:
    """Return the domain of a sender, which may have a name beside its address."""
    return parseaddr(sender)[1].rpartition("@")[2]


def is_verified(ses: Any, sender: str) -> bool:
    """True when SES sends for this address: it, or its domain, was verified."""
    for identity in (domain_of(sender), parseaddr(sender)[1]):
        try:
            if ses.get_email_identity(EmailIdentity=identity).get("VerifiedForSendingStatus"):
                return True
        except ClientError as error:
            if error.response["Error"]["Code"] != "NotFoundException":
                raise
    return False


def require(stage: Stage, findings: Iterable[Finding], say: Any, *, accepted: bool = False) -> None:
    """Say what is not ready. Raises Stop in prod when something needed is not, unless that was accepted."""
    found = list(findings)
    stopping = [each.text for each in found if each.needed] if stage.is_prod and not accepted else []
    if stopping:
        raise Stop(f"prod is not ready: {' '.join(stopping)} Do that first; to go on without, add OPTIONS=--accept-unready.")
    for each in found:
        say(f"  not ready: {each.text}")


def _sending(account: Mapping[str, Any], rate: int) -> Iterator[Finding]:
    if not account.get("ProductionAccessEnabled"):
        yield Finding("SES is in its sandbox, and mails verified addresses only: ask for production access (first-deploy.md).")
    if not account.get("SendingEnabled"):
        yield Finding("SES has stopped this account from sending: see the SES console, Account dashboard.")
    most = account.get("SendQuota", {}).get("MaxSendRate", rate)
    if most < rate:
        yield Finding(
            f"MAIL_RATE is {rate}, and SES takes {most:g} mails a second from this account; mail above that is refused and tried "
            f'again, for nothing. Put MAIL_RATE = "{int(most)}" under [settings], or ask SES for more.',
            needed=False,
        )


def _room(most: int) -> Iterator[Finding]:
    if most < ENOUGH_AT_ONCE:
        yield Finding(
            f"This account may run {most} functions at once, too few to keep some apart for files: ask for 1,000 (Service "
            "Quotas, Lambda, Concurrent executions)."
        )


def _chosen(stage: Stage) -> Iterator[Finding]:
    """Yield what prod cannot do without; the settings would refuse it too, but not before the stack was changed."""
    if not stage.is_prod:
        return
    if stage.stack.get("Scanner") != "true" and stage.settings.get("EVIDENCE_SCANNER") != "guardduty":
        yield Finding('Nobody looks for harmful files: put Scanner = "true" under [stack].')
    if not stage.stack.get("MailFromNeutral") and not stage.settings.get("MAIL_FROM_NEUTRAL"):
        yield Finding("There is no sender for whoever is not safe: put MailFromNeutral under [stack].")
    if stage.stack.get("Firewall") != "true" and not stage.api.no_firewall_because.strip():
        yield Finding(
            'There is no firewall in front of the API: put Firewall = "true" under [stack], or say under [api] why not: '
            'no_firewall_because = "…".'
        )


def _rate(stage: Stage) -> int:
    given = stage.settings.get("MAIL_RATE", "")
    default: Any = Settings.__dataclass_fields__["mail_rate"].default
    return int(given if given.isdecimal() else default)  # what is no number, the settings refuse
