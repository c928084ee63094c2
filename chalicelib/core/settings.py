"""Every setting, typed, read once. The only reader of the environment; `docs/operations/settings.md` is compared with this list.

A missing or malformed setting raises BadSetting with a sentence that names it, at start, never at the first request.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

from chalicelib.core import logins
from chalicelib.core.language import Language
from chalicelib.core.logins import AskAgain, AtLogout, IdentityKind, LoginMeans
from chalicelib.core.retention import RETENTION, Kept


class BadSetting(Exception):
    """A setting is missing or malformed; the message says which, and what to do."""


def _setting(help_text: str, default: Any = MISSING) -> Any:
    if default is MISSING:
        return field(metadata={"help": help_text})
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The values that differ between stages. Each field is the environment variable of the same name in capitals."""

    stage: str = _setting("`local`, `test`, `acceptance` or `prod`; outside `prod` a banner says that this is not the police")
    region: str = _setting("AWS region", "eu-west-1")
    portal_url: str = _setting("public address of the portal, no slash at the end; https, except on a loopback address")
    table_prefix: str = _setting("what the names of all tables start with, from the stack's output `TablePrefix`")
    reports_stream_arn: str = _setting("stream of the reports table, from the stack's output `ReportsStreamArn`")
    profiles_stream_arn: str = _setting("stream of the profiles table, from the stack's output `ProfilesStreamArn`")
    partial_batches: bool = _setting(
        "`true` once the stream mapping reports partial batches; until then a failing record fails its whole batch", False
    )
    mail_from: str = _setting(
        "sender of every mail, an address of the SES identity, with or without a name: `Mijn Politie <post@…>`"
    )
    mail_from_neutral: str = _setting(
        "sender of mails to whoever is not safe: name and domain do not tell of the police; must be given in prod", ""
    )
    mail_rate: int = _setting("mails a second that SES lets this account send", 14)
    mail_configuration_set: str = _setting("SES configuration set whose events come back to the portal", "")
    receipts_topic: str = _setting("name of the SNS topic with SES events", "")
    bsn_hmac_key_id: str = _setting("KMS HMAC key that turns a BSN into a pseudonym")
    bsn_hmac_key_version: str = _setting("version that pseudonyms of that key start with; capitals and digits", "V1")
    bsn_hmac_older_keys: str = _setting(
        "keys that made pseudonyms before, such as `V1=arn:…`, joined by commas; who is known under one keeps that name", ""
    )
    bsn_key_id: str = _setting("KMS key under which BSNs are envelope encrypted")
    oidc_keys_secret: str = _setting("secret with the portal's own JWK set: one `sig` and one `enc` private RSA key")
    derivation_secret: str = _setting("secret with the keys of names and codes; a bare text of ≥ 32 characters is both")
    clues_secret: str = _setting("secret with the keys under which the clues of reports lie; a bare text is the first of them")
    digid_issuer: str = _setting("issuer of the DigiD broker (OpenID Connect, NL GOV profile)")
    digid_client_id: str = _setting("the portal's client id at the DigiD broker")
    digid_level: str = _setting("lowest level of assurance that is accepted: `low`, `substantial` or `high`", "substantial")
    digid_bsn_claim: str = _setting("path of the BSN in the claims, parts joined by dots", "bsn")
    digid_acr_claim: str = _setting("path of the level in the claims", "acr")
    digid_acr: str = _setting(
        "the level that each value of that claim is, such as `urn:x:mid=substantial`, joined by commas; empty: eIDAS's names", ""
    )
    digid_acr_values: str = _setting(
        "what DigiD is asked for (`acr_values`); empty: the first name of the lowest level that is accepted", ""
    )
    digid_jti: bool = _setting("`false` when the DigiD broker gives its ID tokens no id of their own (`jti`)", True)
    digid_ask_again: str = _setting(
        "how DigiD is asked to let nobody in unasked: `prompt` (`prompt=login`), `max_age` (`max_age=0`) or `never`", "prompt"
    )
    digid_at_logout: str = _setting(
        "how DigiD's own session ends when somebody logs out: `encrypted` (`id_token_hint`, encrypted to DigiD), `session` "
        "(`logout_hint`) or `link` (its reader is asked to)",
        "link",
    )
    more_logins: str = _setting(
        "logins of citizens beside DigiD, a list in JSON (first-deploy.md, “The logins”), such as eHerkenning", ""
    )
    staff_issuer: str = _setting("issuer of the officers' login (OpenID Connect with multi-factor)")
    staff_client_id: str = _setting("the portal's client id at the officers' login")
    staff_roles_claim: str = _setting("path of the roles in an officer's claims", "roles")
    staff_units_claim: str = _setting("path of the police units in an officer's claims", "units")
    staff_mfa_claim: str = _setting("path of the claim that tells of an officer's second factor", "amr")
    staff_mfa_values: str = _setting(
        "values of that claim that prove a second factor, joined by commas; one of them is enough, none refuses the officer",
        "mfa",
    )
    staff_acr_values: str = _setting(
        "what the officers' login is asked for (`acr_values`), where it wants to be asked for a second factor", ""
    )
    staff_jti: bool = _setting("`false` when the officers' login gives its ID tokens no id of their own (`jti`)", True)
    staff_ask_again: str = _setting(
        "how the officers' login is asked to let nobody in unasked: `prompt`, `max_age` or `never`", "prompt"
    )
    api_contact: str = _setting("e-mail address at which builders of programs are helped; empty: that of `MAIL_FROM`", "")
    feed_source: str = _setting(
        "`source` of the changes that are told to other systems, after the NL GOV profile for CloudEvents: "
        "`urn:nld:oin:<OIN>:systeem:<name>`; empty: by the portal's host",
        "",
    )
    staff_at_logout: str = _setting(
        "how the session of the officers' login ends: `signed` (`id_token_hint`), `encrypted`, `session` or `link`", "signed"
    )
    api_audience: str = _setting(
        "audience that an access token for the API must name; may be empty where `API_SCOPE` is not", "mijn-politie-api"
    )
    api_scope: str = _setting("scope that an access token for the API must have; empty: none, the audience says enough", "")
    api_token_longest_s: int = _setting(
        "seconds that an access token may be meant to last; one that lasts longer is refused", 3_600
    )
    session_idle_s: int = _setting("seconds without a request after which a session ends", 900)
    session_longest_s: int = _setting("seconds after login at which a session ends in any case", 28_800)
    quick_exit_url: str = _setting(
        "harmless site to which the link “Leave this site quickly” leads; https", "https://www.wikipedia.org/"
    )
    question_days: int = _setting("days that a reporter gets to answer a question, unless the officer says otherwise", 14)
    survey_after_decision_days: int = _setting("days between a decision and the survey invitation", 14)
    survey_latest_days: int = _setting("days after filing at which the invitation goes out in any case", 60)
    survey_open_days: int = _setting("days that an invitation can be answered", 30)
    audit_kept_years: int = _setting(
        "years that it stays on record which officer looked at what, and why", RETENTION[Kept.LOOKS].years
    )
    letter_wait_s: int = _setting("seconds that news of a report waits for more, so that both become one mail", 300)
    letter_undo_s: int = _setting("seconds that the letter of what an officer did waits at least: so long it can be undone", 120)
    limit_tries: int = _setting("failed tries with a code, from one address in one window, after which nothing is tried", 10)
    limit_window_s: int = _setting("seconds that such a window lasts", 600)
    details_most: int = _setting(
        "codes for e-mail addresses that one person may ask in an hour; as many to one address by all but its owner; as many "
        "other changes of somebody's details",
        10,
    )
    unproven_mail_most: int = _setting(
        "mails a day, about all reports of everybody, to an e-mail address that its reporter has not proven with a code", 6
    )
    reports_most: int = _setting("reports that one person may send in a day, the police station not counted", 20)
    drafts_most: int = _setting("reports that one person may begin in a day", 40)
    searches_most: int = _setting("searches by a clue (an account, a telephone number, …) that one officer may do in a day", 100)
    evidence_bucket: str = _setting("bucket with the files that citizens send, from the stack's output `EvidenceBucket`")
    evidence_url: str = _setting("address of that bucket for browsers, where it is not S3's own (local stage)", "")
    evidence_scanner: str = _setting(
        "who looks for harmful files: `guardduty`, or `eicar` (knows the test file only; refused in prod)", "eicar"
    )
    upload_most: int = _setting("files that one person may send in a day", 60)
    elsewhere_kinds: str = _setting("kinds of crime that cannot be reported online for now, joined by commas", "")

    @property
    def secure(self) -> bool:
        """True when the portal is served over https; only then a `__Host-` cookie can be set."""
        return self.portal_url.startswith("https://")

    @property
    def switched_off_kinds(self) -> tuple[str, ...]:
        """The codes of the kinds of crime that cannot be reported online for now."""
        return tuple(code.strip() for code in self.elsewhere_kinds.split(",") if code.strip())

    @property
    def bsn_older_keys(self) -> tuple[tuple[str, str], ...]:
        """The version and the KMS key of every pseudonym key that came before the present one."""
        pairs = (pair.strip().partition("=") for pair in self.bsn_hmac_older_keys.split(",") if pair.strip())
        return tuple((version, key) for version, _, key in pairs)

    @property
    def staff_mfa_proofs(self) -> tuple[str, ...]:
        """The values that prove an officer's second factor."""
        return tuple(value.strip() for value in self.staff_mfa_values.split(",") if value.strip())

    @property
    def citizen_logins(self) -> tuple[LoginMeans, ...]:
        """Every login of citizens, DigiD first."""
        digid = LoginMeans(
            key=logins.DIGID,
            names=dict.fromkeys(Language, "DigiD"),
            issuer=self.digid_issuer,
            client_id=self.digid_client_id,
            identity=IdentityKind.BSN,
            identifier=self.digid_bsn_claim,
            acr=logins.acr_of(self.digid_acr),
            acr_claim=self.digid_acr_claim,
            acr_values=self.digid_acr_values,
            floor=self.digid_level,
            jti=self.digid_jti,
            ask_again=AskAgain(self.digid_ask_again),
            at_logout=AtLogout(self.digid_at_logout),
        )
        return (digid, *logins.more(self.more_logins))

    @property
    def staff_login(self) -> LoginMeans:
        """The login of officers: it states no level, and its tokens may be readable."""
        return LoginMeans(
            key=logins.STAFF,
            names={},
            issuer=self.staff_issuer,
            client_id=self.staff_client_id,
            identity=None,
            acr={},
            acr_values=self.staff_acr_values,
            jti=self.staff_jti,
            encrypted=False,
            ask_again=AskAgain(self.staff_ask_again),
            at_logout=AtLogout(self.staff_at_logout),
        )

    @property
    def is_production(self) -> bool:
        return self.stage == "prod"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ` (default: the process environment). Raises BadSetting naming every one that is wrong."""
    source = os.environ if environ is None else environ
    values, wrong = {}, []
    for setting in fields(Settings):
        name = setting.name.upper()
        if name not in source:
            if setting.default is MISSING:
                wrong.append(f"{name} is missing: {setting.metadata['help']}")
            continue
        try:
            values[setting.name] = _PARSERS[setting.type](source[name])
        except ValueError as error:
            wrong.append(f"{name} is malformed: {error}")
    if not wrong:
        settings = Settings(**values)
        wrong = list(_contradictions(settings))
    if wrong:
        raise BadSetting("; ".join(wrong))
    return settings


def in_lambda() -> bool:
    """True in a function, which loads only the routes that are used; on a laptop and under the deploy command all are loaded."""
    return "_HANDLER" in os.environ


def deploying() -> bool:
    """True while the chalice command imports app.py, on an operator's machine; never in Lambda."""
    return "AWS_CHALICE_CLI_MODE" in os.environ


def stream_arn_at_import(table: str) -> str:
    """Return the ARN that a stream decorator needs when `app.py` is imported; before the first deploy a stand-in."""
    stand_in = f"arn:aws:dynamodb:eu-west-1:000000000000:table/{table}/stream/2016-07-01T00:00:00.000"
    return os.environ.get(f"{table.upper()}_STREAM_ARN", stand_in)


def evidence_bucket_at_import() -> str:
    """Return the bucket's name, which the decorator of its events needs when `app.py` is imported; else a stand-in."""
    return os.environ.get("EVIDENCE_BUCKET", "evidence")


def receipts_topic_at_import() -> str:
    """Return the name of the topic with SES events, which the decorator needs when `app.py` is imported; else a stand-in."""
    return os.environ.get("RECEIPTS_TOPIC", "receipts")


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("write `true` or `false`")
    return text == "true"


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise ValueError("write a whole number above 0")
    return int(text)


_SENDER = re.compile(r"""(?:"[^"<>\\@\x00-\x1f]+"\s*|[^"<>@,;:\x00-\x1f]+)<[^<>@\s,]+@[^<>@\s,]+>|[^<>@\s,]+@[^<>@\s,]+""")
_PARSERS: dict[Any, Any] = {str: str, bool: _boolean, int: _positive}
_PASSWORDS = frozenset(("pwd", "pin", "kba"))  # what `amr` calls one that is known and not held (RFC 8176)


def _contradictions(settings: Settings) -> list[str]:
    wrong = []
    if settings.stage not in ("local", "test", "acceptance", "prod"):
        wrong.append("STAGE must be local, test, acceptance or prod")
    if not settings.secure and urlsplit(settings.portal_url).hostname not in logins.LOOPBACK:
        wrong.append("PORTAL_URL must start with https:// (http is for a loopback address)")
    versions = [version for version, key in settings.bsn_older_keys if version.isalnum() and key]
    if len({*versions, settings.bsn_hmac_key_version}) != len(settings.bsn_older_keys) + 1:
        wrong.append("BSN_HMAC_OLDER_KEYS must hold pairs such as V1=arn:…, each version once, and not the present one")
    wrong.extend(_wrong_logins(settings))
    if not settings.api_audience and not settings.api_scope:
        wrong.append("API_AUDIENCE or API_SCOPE must say how an access token for this API is known: others must not open it")
    if not settings.staff_mfa_claim or not settings.staff_mfa_proofs:
        wrong.append(
            "STAFF_MFA_CLAIM and STAFF_MFA_VALUES must say how an officer's second factor is known: nobody logs in without"
        )
    if any(proof.lower() in _PASSWORDS or "password" in proof.lower() for proof in settings.staff_mfa_proofs):
        wrong.append("STAFF_MFA_VALUES must not name a password: one value is enough, so that would let in who has nothing else")
    if settings.evidence_scanner not in ("guardduty", "eicar") or (
        settings.is_production and settings.evidence_scanner == "eicar"
    ):
        wrong.append("EVIDENCE_SCANNER must be guardduty or eicar, and in prod guardduty")
    wrong.extend(_wrong_senders(settings))
    if settings.is_production and not settings.mail_from_neutral:
        wrong.append("MAIL_FROM_NEUTRAL must be given in prod: some people are not safe when others see who writes to them")
    return wrong


def _wrong_senders(settings: Settings) -> list[str]:
    wrong = []
    for name, sender in {"MAIL_FROM": settings.mail_from, "MAIL_FROM_NEUTRAL": settings.mail_from_neutral}.items():
        if (sender or name == "MAIL_FROM") and not _SENDER.fullmatch(sender):
            wrong.append(f"{name} must be one address, or a name and one address: Name <address>")
    if re.search("politie|police", settings.mail_from_neutral.rpartition("<")[0], re.IGNORECASE):
        wrong.append("MAIL_FROM_NEUTRAL must not name the police: its readers are not safe when others see who writes to them")
    return wrong


def _wrong_logins(settings: Settings) -> list[str]:
    wrong = []
    if settings.digid_level not in logins.LEVELS:
        wrong.append("DIGID_LEVEL must be low, substantial or high")
    asked = {"DIGID_ASK_AGAIN": settings.digid_ask_again, "STAFF_ASK_AGAIN": settings.staff_ask_again}
    wrong += [f"{name} must be prompt, max_age or never" for name, how in asked.items() if how not in list(AskAgain)]
    if settings.digid_at_logout not in logins.CITIZENS_LOGOUT:
        wrong.append("DIGID_AT_LOGOUT must be encrypted, session or link")
    if settings.staff_at_logout not in list(AtLogout):
        wrong.append("STAFF_AT_LOGOUT must be signed, encrypted, session or link")
    try:
        logins.acr_of(settings.digid_acr)
    except ValueError:
        wrong.append("DIGID_ACR must hold pairs such as urn:x:mid=substantial, with low, substantial or high behind the last =")
    try:
        logins.more(settings.more_logins)
    except logins.BadLogins as bad:
        wrong.extend(f"MORE_LOGINS, {said}" for said in bad.wrong)
    if wrong:
        return wrong
    digid, *others = settings.citizen_logins
    if not digid.asked:
        wrong.append("DIGID_ACR must name the level of DIGID_LEVEL, or DIGID_ACR_VALUES must say what DigiD is asked for")
    if others:
        wrong += [f"MORE_LOGINS: {said}" for said in logins.clashes((digid, *others, settings.staff_login))]
    return wrong
