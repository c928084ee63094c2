"""The local stage delivers a stream as a Lambda event source mapping does: in order, at least once, and nothing is lost."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.stream import StreamMapping

ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/test-reports/stream/2016-07-01T00:00:00.000"
EVENTS = Path(__file__).parents[1] / "events"


class FakeStreams:
    """A stream in memory with the operations of the DynamoDB Streams API that the mapping uses."""

    def __init__(self, *lengths: int) -> None:
        self.forgets = 0  # so many iterators are known no more: another reader asked often meanwhile
        self.shards = {
            f"shard-{name}": [_record(name * 1000 + n) for n in range(length)] for name, length in enumerate(lengths, 1)
        }

    def describe_stream(self, *, StreamArn):  # noqa: N803  # botocore's names
        assert StreamArn == ARN
        return {"StreamDescription": {"Shards": [{"ShardId": name} for name in self.shards]}}

    def get_shard_iterator(self, *, StreamArn, ShardId, ShardIteratorType, SequenceNumber=None):  # noqa: N803
        assert StreamArn == ARN
        numbers = [record["dynamodb"]["SequenceNumber"] for record in self.shards[ShardId]]
        places = {
            "TRIM_HORIZON": lambda: 0,
            "AT_SEQUENCE_NUMBER": lambda: numbers.index(SequenceNumber),
            "AFTER_SEQUENCE_NUMBER": lambda: numbers.index(SequenceNumber) + 1,
        }
        at = places[ShardIteratorType]()
        return {"ShardIterator": f"{ShardId}|{at}"}

    def get_records(self, *, ShardIterator, Limit):  # noqa: N803
        if self.forgets:
            self.forgets -= 1
            raise KeyError(ShardIterator)
        shard, _, at = ShardIterator.partition("|")
        records = self.shards[shard][int(at) : int(at) + Limit]
        return {"Records": records, "NextShardIterator": f"{shard}|{int(at) + len(records)}"}


def _record(number: int) -> dict:
    return {
        "eventID": str(number),
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "dynamodb": {
            "ApproximateCreationDateTime": datetime(2016, 7, 1, 10, tzinfo=UTC),
            "Keys": {"reference": {"S": str(number)}, "sealed": {"B": b"\x00\xff"}},
            "SequenceNumber": str(number),
            "SizeBytes": 26,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    }


class Handler:
    """A handler that takes records until one that it cannot take; `partial` says how it tells."""

    def __init__(self, *poison: int, partial: bool = True) -> None:
        self.poison, self.partial = set(poison), partial
        self.batches: list[list[int]] = []
        self.taken: list[int] = []

    def __call__(self, event):
        numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in event["Records"]]
        self.batches.append(numbers)
        for number in numbers:
            if number in self.poison:
                if not self.partial:
                    raise RuntimeError("poison")
                return {"batchItemFailures": [{"itemIdentifier": str(number)}]}
            self.taken.append(number)
        return {"batchItemFailures": []}


def _mapping(streams, handler, *, batch_size=100, partial_batches=True):
    return StreamMapping(
        streams,
        stream_arn=ARN,
        handler=handler,
        batch_size=batch_size,
        partial_batches=partial_batches,
        written=threading.Event(),
    )


def _turns(mapping, most=100):
    """Take turns without waiting until nothing is left or `most` were taken; return the pauses that were asked for."""
    pauses = []
    while len(pauses) < most and (pause := mapping.poll()) is not None:
        pauses.append(pause)
    return pauses


def test_changes_reach_the_handler_in_order_and_in_batches():
    handler = Handler()

    _turns(_mapping(FakeStreams(5), handler, batch_size=2))

    assert handler.batches == [[1000, 1001], [1002, 1003], [1004]]


def test_every_shard_is_delivered():
    handler = Handler()

    _turns(_mapping(FakeStreams(2, 2), handler))

    assert sorted(handler.taken) == [1000, 1001, 2000, 2001]


def test_an_iterator_that_is_known_no_more_is_made_anew_and_no_change_is_missed_or_told_twice():
    streams, handler = FakeStreams(5), Handler()
    mapping = _mapping(streams, handler, batch_size=2)
    streams.forgets = 1
    mapping.poll()
    streams.forgets = 1

    _turns(mapping)

    assert handler.batches == [[1000, 1001], [1002, 1003], [1004]]


def test_a_new_change_is_found_after_the_stream_was_empty():
    streams, handler = FakeStreams(1), Handler()
    mapping = _mapping(streams, handler)
    _turns(mapping)

    streams.shards["shard-1"].append(_record(1001))
    _turns(mapping)

    assert handler.taken == [1000, 1001]


def test_a_batch_whose_handler_raises_comes_again_whole():
    handler = Handler(1001, partial=False)
    mapping = _mapping(FakeStreams(3), handler)

    mapping.poll()
    handler.poison.clear()
    mapping.poll()

    assert handler.batches == [[1000, 1001, 1002], [1000, 1001, 1002]]


def test_a_partial_answer_goes_on_at_its_lowest_failure():
    handler = Handler(1001)
    mapping = _mapping(FakeStreams(4), handler)

    mapping.poll()
    handler.poison.clear()
    _turns(mapping)

    assert handler.batches == [[1000, 1001, 1002, 1003], [1001, 1002, 1003]]
    assert handler.taken == [1000, 1001, 1002, 1003]


def test_a_mapping_without_partial_batches_loses_what_the_answer_names_as_lambda_does():
    handler = Handler(1001)

    _turns(_mapping(FakeStreams(3), handler, partial_batches=False))

    assert handler.batches == [[1000, 1001, 1002]]


@pytest.mark.parametrize(
    "name", [{"itemIdentifier": ""}, {"itemIdentifier": None}, {"item": "1001"}, {"itemIdentifier": "9"}, "1001"]
)
def test_an_answer_that_names_no_record_fails_the_whole_batch(name):
    answers = [{"batchItemFailures": [name]}, None]
    batches = []

    def handler(event):
        batches.append(len(event["Records"]))
        return answers.pop(0)

    _turns(_mapping(FakeStreams(3), handler))

    assert batches == [3, 3]


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}, "done"])
def test_an_answer_without_failures_takes_the_batch(answer):
    mapping = _mapping(FakeStreams(3), lambda _: answer)

    assert _turns(mapping) == [0.0]


def test_a_record_that_always_fails_is_tried_alone_and_holds_up_what_follows():
    handler = Handler(1070, partial=False)
    mapping = _mapping(FakeStreams(100), handler)

    pauses = _turns(mapping, most=40)

    assert handler.batches[-1] == [1070]
    assert sorted(set(handler.taken)) == list(range(1000, 1070))
    assert pauses[-1] == max(pauses) == 5
    assert mapping.state()["shards"][0]["failing_at"] == "1070"
    assert mapping.state()["last_error"] == "RuntimeError: poison"


def test_what_waited_behind_a_failing_record_arrives_once_it_heals():
    handler = Handler(1003, partial=False)
    mapping = _mapping(FakeStreams(10), handler)
    _turns(mapping, most=20)

    handler.poison.clear()
    _turns(mapping)

    assert list(dict.fromkeys(handler.taken)) == list(range(1000, 1010))
    assert mapping.state()["shards"][0]["failing_at"] == ""


def test_draining_a_stream_that_keeps_failing_says_so():
    mapping = _mapping(FakeStreams(1), Handler(1000))

    assert mapping.drain(patience_s=0.0) is False


def test_a_mapping_that_stops_waits_for_the_handler_that_is_at_work():
    """Else it would go on asking for records when the next stage has its own AWS, in which its place is unknown."""
    working, done = threading.Event(), threading.Event()

    def slow(_event):
        working.set()
        done.wait(60)

    mapping = _mapping(FakeStreams(1), slow)
    mapping.start()
    working.wait(60)

    with pytest.raises(TimeoutError, match="stream"):
        mapping.stop(within_s=0.05)
    done.set()
    mapping.stop()
    assert "stream" not in {thread.name for thread in threading.enumerate()}


def test_a_record_has_the_shape_that_lambda_gives_it():
    genuine = json.loads((EVENTS / "dynamodb-stream-insert-modify-remove.json").read_text())["Records"][0]
    seen = []

    _turns(_mapping(FakeStreams(1), lambda event: seen.extend(event["Records"])))

    [record] = seen
    assert set(record) == set(genuine)
    assert record["eventSourceARN"] == ARN
    assert record["dynamodb"]["ApproximateCreationDateTime"] == 1467367200.0
    assert record["dynamodb"]["Keys"] == {"reference": {"S": "1000"}, "sealed": {"B": "AP8="}}
    json.dumps(record)


@given(
    count=st.integers(1, 30),
    batch_size=st.integers(1, 10),
    troubles=st.lists(st.tuples(st.integers(1000, 1030), st.booleans()), max_size=8),
)
def test_whatever_fails_for_a_while_every_change_is_delivered_in_order(count, batch_size, troubles):
    pending, taken = list(troubles), []

    def handler(event):
        trouble = pending.pop(0) if pending else None
        for record in event["Records"]:
            number = int(record["dynamodb"]["SequenceNumber"])
            if trouble and number >= trouble[0]:
                if trouble[1]:
                    raise RuntimeError
                return {"batchItemFailures": [{"itemIdentifier": str(number)}]}
            taken.append(number)
        return None

    _turns(_mapping(FakeStreams(count), handler, batch_size=batch_size))

    assert list(dict.fromkeys(taken)) == list(range(1000, 1000 + count))
