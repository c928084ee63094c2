"""AWS in this process: moto with the tables of the template, the keys, the secrets and the mail identity of one stage."""

import json
import os
import secrets
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import botocore.session
from joserfc.jwk import KeySet, RSAKey
from moto import mock_aws
from moto.dynamodbstreams.models import dynamodbstreams_backends
from moto.s3.models import s3_backends
from moto.ses.models import ses_backends

from infra.local import snapshot
from infra.local.aws_tap import Answer, AwsTap
from infra.local.keeping import Keeper, Kept
from infra.tables import buckets, definitions

ACCOUNT, REGION, PREFIX = "123456789012", "eu-west-1", "local-"
_OIDC_KEYS, _DERIVATION, _CLUES = PREFIX + "oidc-keys", PREFIX + "derivation", PREFIX + "clues"
_SECRETS = (_OIDC_KEYS, _DERIVATION, _CLUES)
_MAIL_DOMAIN = "local.example"  # not the one of the tests: a stage takes its own away again
_AWS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    # moto does not know the endpoints with an account id that botocore prefers; its streams answer 404 there.
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
}
_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
_STREAMS = {"REPORTS_STREAM_ARN": "reports", "PROFILES_STREAM_ARN": "profiles"}
_ITERATORS = 100  # that moto may remember; it never forgets one by itself, and every poll makes one


class Cloud:
    """The AWS of one stage. `written` is set by every write to DynamoDB: the stream's poller sleeps on it."""

    def __init__(self, portal_url: str, keys_file: Path, kept: Kept | None = None) -> None:
        """Begin with empty tables, or with the secrets and keys of what was kept (`put_back` brings the rest)."""
        self.written = threading.Event()
        self.tap = AwsTap()
        self.tap.listen(self._after)
        self._mock = mock_aws(config={"core": {"reset_boto3_session": False}})
        self._environ = {name: os.environ.get(name) for name in (*_AWS, *_STREAMS)}
        os.environ.update(_AWS)
        self._mock.start()
        self.tap.connect()
        self._session = botocore.session.get_session()
        try:
            self.keys = KeySet.import_key_set(json.loads(kept.secrets[_OIDC_KEYS])) if kept else _keys(keys_file)
            self.environment = self._furnished(portal_url, kept)
        except BaseException:
            self._disconnect()
            raise
        os.environ.update({name: self.environment[name] for name in _STREAMS})  # read while app.py is imported

    def client(self, service: str) -> Any:
        return self._session.create_client(service, region_name=REGION)

    @property
    def secret(self) -> str:
        """The key with which everything here is signed."""
        secret: str = self._session.get_credentials().secret_key
        return secret

    def kept(self, positions: Mapping[str, str], keeper: Keeper) -> tuple[dict[str, Any], dict[str, bytes]]:
        """Return what Kept holds of AWS, all of one moment, and the bodies of objects that the keeper lacks.

        `positions` has, by its ARN, how far each stream was taken.
        """
        with self.tap.held():
            names = {arn.partition("/stream/")[0].rpartition("/")[2]: position for arn, position in positions.items()}
            items, untaken = snapshot.tables(ACCOUNT, REGION, names)
            found, bodies = snapshot.objects(self.client("s3"), buckets(PREFIX), keeper.has)
            vault = self.client("secretsmanager")
            return {
                "secrets": {name: vault.get_secret_value(SecretId=name)["SecretString"] for name in _SECRETS},
                "keys": {name: snapshot.key_of(ACCOUNT, REGION, arn) for name, arn in self._key_arns.items()},
                "tables": items,
                "untaken": untaken,
                "objects": found,
            }, bodies

    def put_back(self, kept: Kept, keeper: Keeper) -> None:
        """Fill the tables and buckets with what was kept. Before anybody listens: it is no news."""
        snapshot.put_back(ACCOUNT, REGION, kept.tables, kept.untaken)
        snapshot.put_objects_back(self.client("s3"), kept.objects, keeper.body)

    def stop(self) -> None:
        """Forget everything, and give the process its own AWS settings back."""
        self._remove()  # a surrounding mock (a test's) would keep it for the next stage
        self._disconnect()

    def _disconnect(self) -> None:
        self.tap.disconnect()
        self._mock.stop()
        for name, value in self._environ.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value

    def _furnished(self, portal_url: str, kept: Kept | None) -> dict[str, str]:
        """Create what the template would, and return the settings that point at it."""
        kms, secret_store = self.client("kms"), self.client("secretsmanager")
        envelope = kms.create_key(Description="BSN envelope")
        mac = kms.create_key(Description="BSN pseudonym", KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        self._key_arns = {"envelope": envelope["KeyMetadata"]["Arn"], "mac": mac["KeyMetadata"]["Arn"]}
        contents = {_OIDC_KEYS: json.dumps(self.keys.as_dict(private=True))}
        contents |= {_DERIVATION: secrets.token_hex(32), _CLUES: secrets.token_hex(32)}
        if kept:
            contents |= kept.secrets  # a stage that was kept before there were clues has no key of them
            self._key_arns = {name: snapshot.rekey(ACCOUNT, REGION, arn, kept.keys[name]) for name, arn in self._key_arns.items()}
        for name, content in contents.items():
            secret_store.create_secret(Name=name, SecretString=content)
        self._create_mail()
        return {
            "STAGE": "local",
            "REGION": REGION,
            "PORTAL_URL": portal_url,
            "TABLE_PREFIX": PREFIX,
            **self._create_tables(),
            "PARTIAL_BATCHES": "true",
            "LETTER_UNDO_S": "5",
            "LETTER_WAIT_S": "5",  # long enough to see two changes become one mail, short enough to wait for
            "EVIDENCE_BUCKET": self._create_buckets(),
            "EVIDENCE_URL": f"{portal_url}/_local/s3",
            "MAIL_RATE": "1000",
            "MAIL_FROM": f"mijn-politie@{_MAIL_DOMAIN}",
            "MAIL_CONFIGURATION_SET": PREFIX + "mail",
            "RECEIPTS_TOPIC": PREFIX + "receipts",
            "BSN_HMAC_KEY_ID": self._key_arns["mac"],
            "BSN_KEY_ID": self._key_arns["envelope"],
            "OIDC_KEYS_SECRET": _OIDC_KEYS,
            "DERIVATION_SECRET": _DERIVATION,
            "CLUES_SECRET": _CLUES,
            "DIGID_ISSUER": f"{portal_url}/_local/digid",
            "DIGID_CLIENT_ID": "mijn-politie",
            "DIGID_AT_LOGOUT": "encrypted",
            "MORE_LOGINS": json.dumps(_more_logins(portal_url)),
            "STAFF_ISSUER": f"{portal_url}/_local/staff",
            "STAFF_CLIENT_ID": "mijn-politie-desk",
        }

    def _create_tables(self) -> dict[str, str]:
        """Create the tables; return the settings that name their streams."""
        dynamodb = self.client("dynamodb")
        for definition in definitions(PREFIX):
            dynamodb.create_table(**definition)
        return {
            setting: dynamodb.describe_table(TableName=PREFIX + table)["Table"]["LatestStreamArn"]
            for setting, table in _STREAMS.items()
        }

    def _create_buckets(self) -> str:
        """Create the buckets; return that of the evidence."""
        for name in buckets(PREFIX):
            self.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        return PREFIX + "evidence"

    def _create_mail(self) -> None:
        mail = self.client("sesv2")
        mail.create_email_identity(EmailIdentity=_MAIL_DOMAIN)
        ses_backends[ACCOUNT][REGION].email_identities[_MAIL_DOMAIN].verified_for_sending_status = True  # no DNS here
        mail.create_configuration_set(ConfigurationSetName=PREFIX + "mail")

    def _remove(self) -> None:
        dynamodb, secret_store, mail = (self.client(service) for service in ("dynamodb", "secretsmanager", "sesv2"))
        for definition in definitions(PREFIX):
            dynamodb.delete_table(TableName=definition["TableName"])
        for name in buckets(PREFIX):
            s3_backends[ACCOUNT]["aws"].get_bucket(name).keys.clear()  # S3 removes no bucket with something in it
            self.client("s3").delete_bucket(Bucket=name)
        for name in _SECRETS:
            secret_store.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        mail.delete_email_identity(EmailIdentity=_MAIL_DOMAIN)
        mail.delete_configuration_set(ConfigurationSetName=PREFIX + "mail")

    def _after(self, request: Any, _: Answer) -> None:
        target = _target(request)
        if target.startswith("DynamoDB_") and target.endswith(_WRITES):
            self.written.set()
        elif target.endswith("GetRecords"):
            _forget_old(dynamodbstreams_backends[ACCOUNT][REGION].shard_iterators)


def _more_logins(portal_url: str) -> list[dict[str, Any]]:
    """Return the logins beside DigiD, one of each kind, as an operator would write them."""
    shared = {"at_logout": "encrypted"}
    return [
        {
            "key": "eherkenning",
            "name": {"nl": "eHerkenning", "en": "eHerkenning"},
            "issuer": f"{portal_url}/_local/eherkenning",
            "client_id": "mijn-politie-companies",
            "identity": "company",
            **shared,
        },
        {
            "key": "eidas",
            "name": {"nl": "een Europese login", "en": "a European login"},
            "issuer": f"{portal_url}/_local/eidas",
            "client_id": "mijn-politie-europe",
            "identity": "eidas",
            **shared,
        },
    ]


def _forget_old(iterators: dict[str, Any]) -> None:
    """Keep the newest iterators of each stream: a quiet stream asks often, and must not push out those of a busy one."""
    by_stream: dict[str, list[str]] = {}
    for iterator in list(iterators):
        by_stream.setdefault(iterator.partition("|")[0], []).append(iterator)
    for older in by_stream.values():
        for iterator in older[:-_ITERATORS]:
            iterators.pop(iterator, None)


def _target(request: Any) -> str:
    """Return the operation that a JSON protocol call names: `DynamoDB_20120810.PutItem`."""
    target = request.headers.get("X-Amz-Target", "")
    return target.decode() if isinstance(target, bytes) else str(target)


def _keys(file: Path) -> KeySet:
    """Return the portal's own keys. Made once and kept, because making RSA keys takes longer than all the rest of a start."""
    if file.exists():
        return KeySet.import_key_set(json.loads(file.read_text(encoding="utf-8")))
    keys = KeySet([RSAKey.generate_key(2048, {"use": use, "kid": f"local-{use}"}) for use in ("sig", "enc")])
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{os.getpid()}")  # two stages may start at once: each writes its own, the last rename stays
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(keys.as_dict(private=True)), encoding="utf-8")
    fresh.replace(file)
    return keys
