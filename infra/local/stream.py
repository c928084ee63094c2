"""A table's stream, delivered to its handler as a Lambda event source mapping does.

In order per shard; a batch that fails is tried again with growing pauses and, after some tries, in halves; a partial batch
response moves the checkpoint to the lowest failed record. A record is passed only when its handler took it: one that never
succeeds holds up its shard for ever, which the state page shows. (The deployed mapping gives up after its retry cap and
reports to the failure queue; nothing local should hide a record.)
"""

import base64
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.local.ending import PATIENCE_S, ended

Handler = Callable[[dict[str, Any]], Any]

_PAUSES_S = (*(0.1,) * 8, 0.2, 0.5, 1, 2, 5)  # after the first try, the second, …; eight halve a hundred records down to one
_TRIES_BEFORE_HALVING = 2
_IDLE_S = 1.0  # the writes wake the poller; this is for what nobody announced
_logger = logging.getLogger("mijn_politie.local")


@dataclass(slots=True)
class Shard:
    """How far one shard has come. `position` is the last sequence number that was taken; up to `suspect` batches stay small."""

    id: str
    iterator: str
    limit: int
    position: str = ""
    suspect: str = ""
    handled: int = 0
    tries: int = 0
    failing_at: str = ""
    last_error: str = ""


class StreamMapping:
    """One stream and its handler. `poll` is one turn; `start` lets a thread take turns until `stop`."""

    def __init__(
        self, client: Any, *, stream_arn: str, handler: Handler, batch_size: int, partial_batches: bool, written: threading.Event
    ) -> None:
        self._client, self._arn, self._handler = client, stream_arn, handler
        self._batch_size, self._partial_batches, self._written = batch_size, partial_batches, written
        self._turn = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)
        self.retries = 0
        self.shards: dict[str, Shard] = {}
        self._discover()

    @property
    def arn(self) -> str:
        return self._arn

    def start(self) -> None:
        self._thread.start()

    def stop(self, *, within_s: float = PATIENCE_S) -> None:
        self._stopped.set()
        self._written.set()
        ended(self._thread, within_s)

    def poll(self) -> float | None:
        """Take one turn: a batch per shard. Return the seconds to pause: 0 when there may be more, None when nothing waited."""
        with self._turn:
            pauses = [self._deliver(shard) for shard in self.shards.values()]
        return min((pause for pause in pauses if pause is not None), default=None)

    @contextmanager
    def held(self) -> Iterator[str]:
        """Take no turn meanwhile; what is given is the last sequence number that was taken."""
        with self._turn:
            yield max((shard.position for shard in self.shards.values()), key=lambda position: int(position or 0), default="")

    def drain(self, patience_s: float = 5.0) -> bool:
        """Take turns here and now until nothing waits. False when a record still fails after `patience_s` of pauses."""
        while (pause := self.poll()) is not None:
            patience_s -= pause
            if patience_s < 0 or self._stopped.wait(pause):
                return False
        return True

    def state(self) -> dict[str, Any]:
        """Return what the state page shows."""
        shards = [
            {"shard": one.id, "position": one.position, "records": one.handled, "failing_at": one.failing_at, "tries": one.tries}
            for one in self.shards.values()
        ]
        last_error = next((shard.last_error for shard in self.shards.values() if shard.last_error), "")
        return {"stream": self._arn, "shards": shards, "retries": self.retries, "last_error": last_error}

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._written.clear()
            pause = self.poll()
            if pause is None and not self._written.wait(_IDLE_S) and not self._stopped.is_set():
                self._discover()
            elif pause:
                self._stopped.wait(pause)

    def _deliver(self, shard: Shard) -> float | None:
        answer = self._records(shard)
        records = [_lambda_record(record, self._arn) for record in answer["Records"]]
        if not records:
            shard.iterator = answer["NextShardIterator"]
            return None
        failed, error = self._invoke(records)
        taken = records if failed is None else records[:failed]
        if taken:
            shard.position, shard.tries = _sequence_number(taken[-1]), 0
            shard.handled += len(taken)
            if int(shard.position) >= int(shard.suspect or 0):
                shard.limit = self._batch_size
        if failed is None:
            shard.iterator, shard.failing_at = answer["NextShardIterator"], ""
            return 0.0
        shard.suspect = max(shard.suspect, _sequence_number(records[-1]), key=lambda number: int(number or 0))
        return self._retry(shard, _sequence_number(records[failed]), error)

    def _records(self, shard: Shard) -> dict[str, Any]:
        """Return the next records. An iterator that is no longer known (another reader of the stream asked often meanwhile) is
        made anew, as Lambda does with one that expired.
        """
        try:
            answer: dict[str, Any] = self._client.get_records(ShardIterator=shard.iterator, Limit=shard.limit)
        except KeyError:
            kind = "AFTER_SEQUENCE_NUMBER" if shard.position else "TRIM_HORIZON"
            shard.iterator = self._iterator(shard.id, kind, shard.position)
            answer = self._client.get_records(ShardIterator=shard.iterator, Limit=shard.limit)
        return answer

    def _invoke(self, records: Sequence[dict[str, Any]]) -> tuple[int | None, str]:
        """Call the handler. Return the index of the record to try again from (None: all were taken), and why."""
        try:
            response = self._handler({"Records": list(records)})
        except Exception as error:  # whatever a handler raises fails the batch, as in Lambda
            _logger.warning("stream handler failed", exc_info=True)
            return 0, f"{type(error).__name__}: {error}"
        failed = lowest_failure(response, records) if self._partial_batches else None
        return failed, "" if failed is None else "the handler reported failed records"

    def _retry(self, shard: Shard, sequence_number: str, error: str) -> float:
        self.retries += 1
        shard.tries += 1
        shard.failing_at, shard.last_error = sequence_number, error
        shard.iterator = self._iterator(shard.id, "AT_SEQUENCE_NUMBER", sequence_number)
        if shard.tries >= _TRIES_BEFORE_HALVING:
            shard.limit = max(1, shard.limit // 2)
        return _PAUSES_S[min(shard.tries, len(_PAUSES_S)) - 1]

    def _discover(self) -> None:
        """Add the shards that are new: a real stream splits them every few hours."""
        described = self._client.describe_stream(StreamArn=self._arn)["StreamDescription"]
        for shard_id in (shard["ShardId"] for shard in described["Shards"]):
            if shard_id not in self.shards:
                self.shards[shard_id] = Shard(shard_id, self._iterator(shard_id, "TRIM_HORIZON"), self._batch_size)

    def _iterator(self, shard_id: str, kind: str, sequence_number: str = "") -> str:
        at = {"SequenceNumber": sequence_number} if sequence_number else {}
        answer = self._client.get_shard_iterator(StreamArn=self._arn, ShardId=shard_id, ShardIteratorType=kind, **at)
        iterator: str = answer["ShardIterator"]
        return iterator


def lowest_failure(response: Any, records: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the index of the first record that a partial batch response reports as failed; None when all were taken.

    As Lambda reads it: no response, none or an empty list of failures is success; a failure that names no record of the
    batch (empty, null, a wrong key) fails the whole batch.
    """
    failures = response.get("batchItemFailures") if isinstance(response, Mapping) else None
    if not failures:
        return None
    numbers = [_sequence_number(record) for record in records]
    named = [failure.get("itemIdentifier") if isinstance(failure, Mapping) else None for failure in failures]
    return min(numbers.index(name) if name in numbers else 0 for name in named)


def _sequence_number(record: Mapping[str, Any]) -> str:
    number: str = record["dynamodb"]["SequenceNumber"]
    return number


def _lambda_record(record: Mapping[str, Any], arn: str) -> dict[str, Any]:
    """Turn a record of the streams API into the one in a Lambda event: JSON types only, and the stream's ARN."""
    converted = {name: _plain(value) for name, value in record.items()}
    return {**converted, "eventSourceARN": arn}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
