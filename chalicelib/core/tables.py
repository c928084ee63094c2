"""The shared parts of every PynamoDB model here: how it is bound, found and written under a condition; how instants are kept."""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, cached_property
from threading import Lock
from typing import Any, ParamSpec, TypeVar, cast

from botocore.config import Config
from botocore.exceptions import ClientError
from pynamodb.attributes import Attribute, ListAttribute, MapAttribute
from pynamodb.connection import Connection
from pynamodb.constants import MAP, NUMBER
from pynamodb.exceptions import DeleteError, PutError, PynamoDBException, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chalicelib.core.errors import Conflict
from chalicelib.core.settings import Settings

M = TypeVar("M", bound=Model)
P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E", bound=MapAttribute[str, Any])


def bind(model: type[M], name: str, settings: Settings) -> type[M]:
    """Return `model` bound to the stage's table `<prefix><name>`.

    A bound subclass per stage, instead of a table name set on the class, keeps two stages (or two tests) in one process apart.
    """
    with _binding:  # two threads of the local stage at once would both add the table, and the second be refused
        return cast(type[M], _bound(model, settings.table_prefix + name, settings.region))


_binding = Lock()


@cache
def _bound(model: type[Model], table_name: str, region: str) -> type[Model]:
    meta = type("Meta", (), {"table_name": table_name, "region": region})
    bound = cast(type[Model], type(model.__name__, (model,), {"Meta": meta, "__module__": model.__module__}))
    table, shared = bound._get_connection(), connection(region)  # noqa: SLF001 — PynamoDB has no other way to share a client
    shared.add_meta_table(table.get_meta_table())
    table.connection = shared
    return bound


def tuned(region: str, service: str, attempts: int) -> Config:
    """Return the configuration of a client of another service (docs/tools.md, "Facts"): a third of the CPU of the default one."""
    return Config(
        region_name=region,
        connect_timeout=2,
        read_timeout=8,
        parameter_validation=False,
        user_agent="mijn-politie",
        signature_version="s3v4" if service == "s3" else None,
        s3={"addressing_style": "virtual"},  # said aloud: only then browsers are sent to the bucket's own region
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        disable_request_compression=True,
        retries={"total_max_attempts": attempts, "mode": "standard"},
    )


@cache
def connection(region: str) -> Connection:
    """Return the one connection of all tables: PynamoDB's own, one a model, cost a client and a TLS handshake for each table.

    It says who calls in a word. The name that botocore makes up, anew and twice for every call, is a seventh of a page's CPU.
    """
    made = Connection(region=region, connect_timeout_seconds=2, read_timeout_seconds=5, max_retry_attempts=2)
    made.session.set_default_client_config(Config(user_agent="mijn-politie"))
    return made


class InstantAttribute(Attribute[datetime]):
    """An aware UTC instant as epoch microseconds: sortable as a number, exact, and 16 bytes shorter than text."""

    attr_type = NUMBER

    def serialize(self, value: datetime) -> str:
        delta = value.astimezone(UTC) - _EPOCH
        return str((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds)

    def deserialize(self, value: str) -> datetime:
        seconds, microseconds = divmod(int(value), 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


class ListOf(ListAttribute[E]):
    """A list of maps. PynamoDB makes its element anew, with a copy of every attribute, for each list that it reads; this makes
    it once.
    """

    def deserialize(self, value: list[Any]) -> list[E]:
        return [self._element.deserialize(each[MAP]) for each in value]

    @cached_property
    def _element(self) -> Any:
        return cast(type[Any], self.element_type)()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def find(model: type[M], hash_key: Any, range_key: Any = None) -> M | None:
    """Return the item under a key as it is now, None when there is none."""
    try:
        return model.get(hash_key, range_key, consistent_read=True)
    except model.DoesNotExist:
        return None


def wrote(write: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Do a write that has a condition (`update`, `item.save`, `item.delete`, with their arguments); False when it did not hold.

    A fault of the service, or of the way there, is raised.
    """
    try:
        write(*args, **kwargs)
    except (PutError, UpdateError, DeleteError) as error:
        if _is_answered(error) and error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def update(item: Model, actions: list[Action], condition: Condition | None = None) -> None:
    """Change an item as its own `update` does, which has the whole of it answered and reads that; this has nothing answered."""
    hash_key, range_key = item._get_hash_range_key_serialized_values()  # noqa: SLF001 — the public `update` leaves no choice
    table = item._get_connection()  # noqa: SLF001 — likewise
    table.update_item(hash_key, range_key=range_key, actions=actions, condition=condition)


def _is_answered(error: PynamoDBException) -> bool:
    """True when DynamoDB said what is wrong. An error of the way there, as a time-out, has a response that is None, which
    PynamoDB's `cause_response_code` reads all the same.
    """
    return isinstance(error.cause, ClientError)


def require_first(has_written: bool, after: T, present: Callable[[], T | None]) -> T:
    """Return `after` when it `has_written`. Raises Conflict(`stale_version`) when somebody was first.

    The SDK may have repeated a write whose reply was lost: our own first attempt then stands in its way, which `present` shows.
    """
    if not has_written and present() != after:
        raise Conflict("stale_version")
    return after


def expiry(at: datetime) -> int:
    """Return an instant as DynamoDB's TTL wants it: whole epoch seconds."""
    return int(at.timestamp())


def shard_of(key: str, shards: int) -> int:
    """Return which of so many partitions of an index holds what belongs to a key; always the same."""
    return zlib.crc32(key.encode()) % shards
