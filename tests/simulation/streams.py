"""The streams as Lambda reads each for a function: a key's writes in order at first, any of them again later, some never."""

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from infra.memory.dynamo import Dynamo, Item

LIFE = timedelta(hours=24)  # a stream keeps nothing for longer
KEY = {"reports": "reference", "profiles": "pseudonym", "index": "reference"}
FUNCTION = {"reports": "on_report_changed", "profiles": "on_details_changed", "index": "on_report_indexed"}
SOURCE = {"index": "reports"}  # a second reader of the same writes, which comes to them in a time of its own


@dataclass(frozen=True, slots=True)
class Record:
    """One write, and when it was made."""

    number: int
    key: str
    at: datetime
    old: Item | None
    new: Item | None

    def document(self, name: str) -> dict[str, Any]:
        """Return the record as Lambda hands it over."""
        write: dict[str, Any] = {"SequenceNumber": str(self.number), "Keys": {name: {"S": self.key}}}
        write |= {image: item for image, item in (("OldImage", self.old), ("NewImage", self.new)) if item is not None}
        kind = "REMOVE" if self.new is None else "MODIFY" if self.old else "INSERT"
        return {"eventName": kind, "eventSource": "aws:dynamodb", "dynamodb": write}


class Streams:
    """The writes that are still to be delivered, by table and key; and those that were delivered within a day."""

    def __init__(self, time: Any, dynamo: Dynamo, prefix: str) -> None:
        self._time, self._dynamo, self._prefix = time, dynamo, prefix
        self._taken = dict.fromkeys(KEY, 0)
        self.pending: dict[str, dict[str, deque[Record]]] = {table: defaultdict(deque) for table in KEY}
        self.done: dict[str, deque[Record]] = {table: deque() for table in KEY}
        self.busy: set[tuple[str, str]] = set()
        self.lost_since: dict[str, datetime] = {}

    def fill(self) -> None:
        """Take up what was written; forget what a stream would have forgotten."""
        for table, name in KEY.items():
            writes = self._dynamo.tables[self._prefix + SOURCE.get(table, table)].writes
            for old, new in writes[self._taken[table] :]:
                self._taken[table] += 1
                key = (new or old or {})[name]["S"]
                self.pending[table][key].append(Record(self._taken[table], key, self._time.at, old, new))
            gone = self._time.at - LIFE
            for queue in self.pending[table].values():
                while queue and queue[0].at < gone:
                    self._lost(table, queue.popleft())
            while self.done[table] and self.done[table][0].at < gone:
                self.done[table].popleft()

    def waiting(self, table: str) -> list[str]:
        return sorted(key for key, queue in self.pending[table].items() if queue and (table, key) not in self.busy)

    def batch(self, table: str, chance: Random, most: int) -> list[Record]:
        """Return some of what waits: of each key the oldest, keys in any order."""
        keys, found = self.waiting(table), []
        chance.shuffle(keys)
        for key in keys:
            queue = self.pending[table][key]
            found += list(queue)[: chance.randint(1, len(queue))]
        return found[:most]

    def delivered(self, table: str, records: list[Record]) -> None:
        for record in records:
            queue = self.pending[table][record.key]
            if queue and queue[0] is record:
                queue.popleft()
                self.done[table].append(record)

    def lose(self, table: str, key: str) -> bool:
        """A record that is in the stream never arrives."""
        queue = self.pending[table][key]
        if queue and (table, key) not in self.busy:
            self._lost(table, queue.popleft())
            return True
        return False

    def _lost(self, table: str, record: Record) -> None:
        self.lost_since[table] = min(self.lost_since.get(table, record.at), record.at)
