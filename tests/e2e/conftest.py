"""One local stage for the whole story: the same process that `make run` starts."""

import time

import pytest

from infra.local.stage import Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with Stage(port=0, keys_file=tmp_path_factory.mktemp("keys") / "keys.json") as stage:
        yield stage


@pytest.fixture
def eventually():
    """Wait for what the stream brings, at most half a minute: a busy machine is slow, not wrong."""

    def eventually(condition):
        until = time.monotonic() + 30
        while not (found := condition()) and time.monotonic() < until:
            time.sleep(0.02)
        return found

    return eventually
