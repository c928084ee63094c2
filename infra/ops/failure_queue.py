"""The notes on the failure queue, from Lambda, about work that was given up, each with whose work it was.

Two forms (AWS, "Destinations"): of a stream only where in it the records stood, with the time at which they came; of
whatever else wakes a function the whole event. An event can hold an address: nothing of it is printed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.functions import function_name
from infra.ops.stage import Stage

HELD_S = 900  # a note that is being worked on is shown to nobody else for so long; what is left is given back at once


@dataclass(frozen=True, slots=True)
class FailureNote:
    """One note. `function` is empty for what is no note of this stage. `first` and `last`: when the records of a stream came."""

    handle: str = field(repr=False)
    function: str = ""
    event: Any = field(default=None, repr=False, compare=False)
    first: datetime | None = None
    last: datetime | None = None


class FailureQueue:
    """The failure queue of a stage."""

    def __init__(self, stage: Stage) -> None:
        """Find it; a stage on this machine has none, and then it is empty."""
        self._sqs, self._stage = stage.client("sqs"), stage
        self.address = self._found(stage.services.settings.table_prefix + "failures")

    def waiting(self) -> int:
        """Return how many notes are there, about."""
        if not self.address:
            return 0
        asked = ["ApproximateNumberOfMessages"]
        return int(self._sqs.get_queue_attributes(QueueUrl=self.address, AttributeNames=asked)["Attributes"][asked[0]])

    def notes(self) -> list[FailureNote]:
        """Return all notes, and keep them from others until they are deleted or given back."""
        found: list[FailureNote] = []
        waiting = self.waiting()
        while len(found) < waiting:
            asked = {"MaxNumberOfMessages": 10, "VisibilityTimeout": HELD_S, "WaitTimeSeconds": 1}
            messages = self._sqs.receive_message(QueueUrl=self.address, **asked).get("Messages", [])
            if not messages:
                break
            found += [note_of(message["Body"], message["ReceiptHandle"], self._stage) for message in messages]
        return found

    def delete(self, note: FailureNote) -> None:
        self._sqs.delete_message(QueueUrl=self.address, ReceiptHandle=note.handle)

    def give_back(self, note: FailureNote) -> None:
        self._sqs.change_message_visibility(QueueUrl=self.address, ReceiptHandle=note.handle, VisibilityTimeout=0)

    def _found(self, name: str) -> str:
        try:
            address: str = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        except ClientError as error:
            if "NonExistentQueue" not in error.response["Error"]["Code"]:
                raise
            return ""
        return address


def note_of(body: str, handle: str, stage: Stage) -> FailureNote:
    """Return the note in a message, one without a function when it is none of this stage. Pure."""
    try:
        content = json.loads(body)
        name = content["requestContext"]["functionArn"].split(":")[6]
        function = name.removeprefix(function_name(stage.services.settings.stage, ""))
        if function == name or not function:
            return FailureNote(handle)
        if "DDBStreamBatchInfo" not in content:
            return FailureNote(handle, function, content["requestPayload"])
        first, last = (content["DDBStreamBatchInfo"][f"approximateArrivalOf{which}Record"] for which in ("First", "Last"))
        return FailureNote(handle, function, first=_aware(first), last=_aware(last))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return FailureNote(handle)


def _aware(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at


def counted(notes: list[FailureNote]) -> Mapping[str, int]:
    """Return how many notes there are of each function, by name."""
    names = [note.function or "nobody here" for note in notes]
    return {name: names.count(name) for name in sorted(set(names))}
