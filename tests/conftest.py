"""Fixtures for every test: a still clock, settings, and AWS in memory with the tables of infra/template.yaml."""

import logging
import os
import pickle
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import botocore.session
import hypothesis
import pytest
from botocore.exceptions import ClientError
from botocore.handlers import BUILTIN_HANDLERS
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.s3.models import s3_backends
from moto.ses.models import ses_backends

from chalicelib.core.clock import MovableClock
from chalicelib.core.settings import Settings
from infra.memory.expressions import Given, condition
from infra.tables import buckets, definitions
from tests.support import permits, swift
from tests.support.settings import ACCOUNT, REGION, settings_of

os.environ.update(AWS_DEFAULT_REGION="eu-west-1", AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled", AWS_EC2_METADATA_DISABLED="true")

# No deadline: how long an example takes says how busy the machine is. The same examples each time, so that main does not break by
# itself; `make test-all` draws others.
hypothesis.settings.register_profile("house", deadline=None, derandomize=os.environ.get("TESTS") != "all")
hypothesis.settings.load_profile("house")

PREFIX = "test-"
START = datetime(2016, 7, 1, 10, tzinfo=UTC)
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _only_loopback(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every connection that leaves this machine. An audit hook cannot be forgotten by a test, nor undone by one."""
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in LOOPBACK:
        raise PermissionError(f"a test reached for the network: {arguments[1]}")


sys.addaudithook(_only_loopback)


permits.listen()
swift.install()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a test process saw its functions ask of AWS."""
    permits.CALLS.update(map(tuple, getattr(node, "workeroutput", {}).get("calls", ())))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Once every test ran and none failed: no policy allows what no test needed. One more failure, though no test's."""
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["calls"] = sorted(permits.CALLS)
    elif session.testsfailed == 0 and _is_whole(config):
        unused = permits.unused(permits.CALLS)
        if unused:
            said = "allowed, and no test needs it; take it out of infra/policies, or test what needs it:\n" + "\n".join(unused)
            place = ("infra/policies", None, "every permission is needed")
            report = pytest.TestReport("infra/policies", place, {}, "failed", said, "call")
            config.hook.pytest_runtest_logreport(report=report)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _is_whole(config: pytest.Config) -> bool:
    """True when all tests were asked for, as `make test` does (what runs in a browser, or deployed, calls no AWS from here)."""
    chosen = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return chosen and not config.option.keyword and not config.option.markexpr and not config.option.collectonly


def _start_within(params: dict[str, Any], **_: Any) -> None:
    """Refuse a page that starts outside its own query, as DynamoDB does; moto takes any start."""
    start, given = params.get("ExclusiveStartKey"), (params.get(f"ExpressionAttribute{what}", {}) for what in ("Names", "Values"))
    if start and not condition(params["KeyConditionExpression"])(start, Given(*given)):
        message = "The provided starting key is outside query boundaries based on provided conditions"
        raise ClientError({"Error": {"Code": "ValidationException", "Message": message}}, "Query")


BUILTIN_HANDLERS.append(("provide-client-params.dynamodb.Query", _start_within))


class StillClock:
    """Tells one instant; MovableClock moves it."""

    def __init__(self, at: datetime = START) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


class Cloud:
    """AWS in memory: clients to look at it with."""

    def __init__(self) -> None:
        self._session = botocore.session.get_session()
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self._session.create_client(service, region_name=REGION)
        return self._clients[service]

    def items(self, name: str) -> list[dict[str, Any]]:
        """Return every item of a table, as DynamoDB JSON."""
        found: list[dict[str, Any]] = self.client("dynamodb").scan(TableName=PREFIX + name)["Items"]
        return found

    def mails(self) -> list[Any]:
        """Return every mail that SES took in this test."""
        return list(ses_backends[ACCOUNT][REGION].sent_messages)

    def tables(self) -> list[Table]:
        return [table for name, table in dynamodb_backends[ACCOUNT][REGION].tables.items() if name.startswith(PREFIX)]

    def kept(self) -> bytes:
        """Return all that stands in the tables, to be put back any number of times; no files and no mails."""
        return pickle.dumps(
            {table.name: (table.items, table.stream_shard and table.stream_shard.items) for table in self.tables()}
        )

    def put_back(self, kept: bytes) -> None:
        content = pickle.loads(kept)  # noqa: S301 — made by this process
        for table in self.tables():
            table.items, records = content[table.name]
            if table.stream_shard:
                table.stream_shard.items = records

    def empty(self) -> None:
        """Forget items, stream records and mails; tables, keys and secrets stay."""
        for table in self.tables():
            table.items.clear()
            if table.stream_shard:
                table.stream_shard.items.clear()
        ses_backends[ACCOUNT][REGION].sent_messages.clear()
        for bucket in buckets(PREFIX):
            s3_backends[ACCOUNT]["aws"].buckets[bucket].keys.clear()


@pytest.fixture(scope="session")
def _cloud() -> Iterator[Cloud]:
    """One mock for the whole run: starting it and creating the tables takes 25 ms, emptying them nothing."""
    with mock_aws():
        cloud = Cloud()
        for definition in definitions(PREFIX):
            cloud.client("dynamodb").create_table(**definition)
        for bucket in buckets(PREFIX):
            cloud.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
            cloud.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        kms = cloud.client("kms")
        envelope = kms.create_key()["KeyMetadata"]["KeyId"]
        mac = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName="alias/test-bsn", TargetKeyId=envelope)
        kms.create_alias(AliasName="alias/test-bsn-hmac", TargetKeyId=mac)
        cloud.client("secretsmanager").create_secret(Name="test-derivation", SecretString="d" * 64)
        cloud.client("secretsmanager").create_secret(Name="test-clues", SecretString="c" * 64)
        cloud.client("sesv2").create_email_identity(EmailIdentity="portal.example")
        yield cloud


@pytest.fixture(autouse=True)
def _within_policies() -> Iterator[None]:
    """No function asks of AWS, in any test, what its policy (infra/policies) does not allow."""
    permits.REFUSED.clear()
    yield
    refused = sorted(permits.REFUSED)
    assert not refused, "add to infra/policies/FUNCTION.json, or do without: " + "; ".join(map(" ".join, refused))


class _Cut(logging.Handler):
    """Holds the lines of the log that lack a value: it was no plain word, so it was cut."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if re.search(r"=\?(\s|$)", record.getMessage()):
            self.lines.append(record.getMessage())


CUT = _Cut()
logging.getLogger("mijn_politie").addHandler(CUT)


@pytest.fixture(autouse=True)
def _logs_plain_words(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing that is logged in any test has to be cut, but where a test is about the cut itself (`@pytest.mark.cut`)."""
    CUT.lines.clear()
    yield
    assert bool(CUT.lines) == bool(request.node.get_closest_marker("cut")), "; ".join(CUT.lines) or "nothing was cut"


@pytest.fixture
def aws(_cloud: Cloud) -> Cloud:
    """AWS in memory with empty tables named `test-…`, the KMS keys, the derivation secret and the SES identity of `settings`."""
    _cloud.empty()
    return _cloud


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands still at 1 July 2016, 12:00 in Amsterdam, until a test advances it."""
    return MovableClock(StillClock())


@pytest.fixture
def settings() -> Settings:
    return settings_of("test")
