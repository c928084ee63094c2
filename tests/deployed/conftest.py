"""One stage on the emulator for all of these tests, deployed once. They are told in order: one stage has one life."""

import json
import time
from pathlib import Path

import pytest

from tests.deployed.cast import Cast
from tests.deployed.cloud import BUILD, Cloud


def pytest_collection_modifyitems(items):
    """In the order of the files, whatever the random order of the rest: a stage is deployed before it is taken away."""
    mine = [item for item in items if Path(__file__).parent in item.path.parents]
    items[:] = [item for item in items if item not in mine] + sorted(mine, key=_place)


def _place(item):
    return item.path.name, item.function.__code__.co_firstlineno


@pytest.fixture(scope="session")
def figures():
    """The counts made on the way, written down for the last line of `make deployed`."""
    found = {}
    yield found
    (BUILD / "figures.json").write_text(json.dumps(found))


@pytest.fixture(scope="session")
def cloud():
    cloud = Cloud()
    cloud.start()
    yield cloud
    cloud.stop()


@pytest.fixture(scope="session")
def cast(cloud):
    return Cast(cloud)


@pytest.fixture(scope="session")
def eventually():
    """Wait for what the stream brings; a function that was never called takes seconds to start here."""

    def eventually(condition, seconds=60):
        until = time.monotonic() + seconds
        while not (found := condition()) and time.monotonic() < until:
            time.sleep(0.2)
        return found

    return eventually
