"""Would this stage start? Every setting, and every secret and key behind one, before a citizen finds out."""

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence

from botocore.exceptions import ClientError

from chalicelib.clues.model import ClueKeys
from chalicelib.core.derivation import Derivation
from chalicelib.core.logins import LoginMeans
from chalicelib.identity.keys import OwnKeys
from infra.deploy import issuers
from infra.deploy.ready import domain_of, is_verified
from infra.ops.stage import Refused, Stage


def check_settings(stage: Stage, _: Namespace) -> int:
    """Look at what the settings point at. That they are all there and well-formed is known: the stage was loaded with them."""
    wrong = []
    for name, check in CHECKS.items():
        try:
            check(stage)
        except Refused as refused:
            wrong.append(f"{name}: {refused}")
        except ClientError as error:
            wrong.append(f"{name}: AWS says {error.response['Error']['Code']}: {error.response['Error']['Message']}")
    for line in wrong:
        stage.say(line)
    stage.say(f"{len(wrong)} settings cannot be used" if wrong else "every setting can be used")
    return 1 if wrong else 0


def _clues(stage: Stage) -> None:
    value = stage.client("secretsmanager").get_secret_value(SecretId=stage.services.settings.clues_secret)["SecretString"]
    try:
        ClueKeys.parse(value)
    except ValueError as error:
        raise Refused(str(error)) from None


def _derivation(stage: Stage) -> None:
    value = stage.client("secretsmanager").get_secret_value(SecretId=stage.services.settings.derivation_secret)["SecretString"]
    try:
        Derivation.parse(value)
    except ValueError as error:
        raise Refused(f"{error}. Never replace it on a stage with reports: see keys.md.") from None


def _oidc(stage: Stage) -> None:
    secret = stage.services.settings.oidc_keys_secret
    try:
        value = stage.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
        uses = {key["use"] for key in OwnKeys(value).public()["keys"]}
    except (ValueError, KeyError, StopIteration, TypeError):
        uses = set()
    if uses != {"sig", "enc"}:
        raise Refused("holds no key set with a `sig` and an `enc` key. Run `rotate-keys add`.")


def _mac(stage: Stage) -> None:
    key = stage.client("kms").describe_key(KeyId=stage.services.settings.bsn_hmac_key_id)["KeyMetadata"]
    if key["KeySpec"] != "HMAC_256" or key["KeyState"] != "Enabled":
        raise Refused(f"is {key['KeySpec']}, {key['KeyState']}; it must be HMAC_256, Enabled")


def _envelope(stage: Stage) -> None:
    state = stage.client("kms").describe_key(KeyId=stage.services.settings.bsn_key_id)["KeyMetadata"]["KeyState"]
    if state != "Enabled":
        raise Refused(f"is {state}; it must be Enabled")


def _tables(stage: Stage) -> None:
    prefix = stage.services.settings.table_prefix
    table = stage.client("dynamodb").describe_table(TableName=prefix + "reports")["Table"]
    if table.get("LatestStreamArn") != stage.services.settings.reports_stream_arn:
        raise Refused("is not the stream that the table has now. docs/operations/restore.md says what to do.")


def _mail(stage: Stage) -> None:
    sender = stage.services.settings.mail_from
    if not is_verified(stage.client("sesv2"), sender):
        raise Refused(f"{domain_of(sender)} is not verified with SES yet: put its DKIM records in the DNS, and wait.")


def _neutral_mail(stage: Stage) -> None:
    """Whoever is not safe is written to by a second sender, whose identity is made by hand: by address or by domain."""
    sender = stage.services.settings.mail_from_neutral
    if sender and not is_verified(stage.client("sesv2"), sender):
        raise Refused(
            f"{domain_of(sender)} is not verified with SES: make an identity for it, put its DKIM records in the DNS, and wait."
        )


def _bucket(stage: Stage) -> None:
    stage.client("s3").head_bucket(Bucket=stage.services.settings.evidence_bucket)


def _digid(stage: Stage) -> None:
    _require_fit(stage, stage.services.settings.citizen_logins[:1])


def _more_logins(stage: Stage) -> None:
    _require_fit(stage, stage.services.settings.citizen_logins[1:])


def _staff(stage: Stage) -> None:
    _require_fit(stage, (stage.services.settings.staff_login,))


def _require_fit(stage: Stage, logins: Sequence[LoginMeans]) -> None:
    """Ask each issuer what it can do. Raises Refused with everything that would keep people out; the rest is said beside it."""
    found = [(means.key, misfit) for means in logins for misfit in issuers.asked(means, stage.fetch())]
    for key, misfit in found:
        if not misfit.stops:
            stage.note(f"{key}: {misfit.text}")
    if stopping := [f"{key}: {misfit.text}" for key, misfit in found if misfit.stops]:
        raise Refused(" ".join(stopping))


CHECKS: Mapping[str, Callable[[Stage], None]] = {
    "DERIVATION_SECRET": _derivation,
    "CLUES_SECRET": _clues,
    "OIDC_KEYS_SECRET": _oidc,
    "BSN_HMAC_KEY_ID": _mac,
    "BSN_KEY_ID": _envelope,
    "REPORTS_STREAM_ARN": _tables,
    "MAIL_FROM": _mail,
    "MAIL_FROM_NEUTRAL": _neutral_mail,
    "EVIDENCE_BUCKET": _bucket,
    "DIGID_ISSUER": _digid,
    "MORE_LOGINS": _more_logins,
    "STAFF_ISSUER": _staff,
}
