"""An operator at a stage, and its failure queue."""

import pytest

from chalicelib import wiring
from infra.ops.commands import run
from infra.ops.stage import Stage
from tests.support.samples import DERIVATION


class Operator:
    """Runs commands, and keeps what they said."""

    def __init__(self, services, client) -> None:
        self.services, self._client = services, client
        self.lines, self.notes, self.web = [], [], None

    def does(self, *arguments) -> int:
        self.lines.clear()
        self.notes.clear()
        stage = Stage(self.services, self._client, self.lines.append, self.notes.append, lambda: self.web)
        return run(arguments, stage)

    @property
    def said(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def operator(aws, settings, clock):
    return Operator(wiring.Services(settings, clock, derivation=DERIVATION), aws.client)


@pytest.fixture
def queue(aws):
    address = aws.client("sqs").create_queue(QueueName="test-failures")["QueueUrl"]
    yield address
    aws.client("sqs").delete_queue(QueueUrl=address)
