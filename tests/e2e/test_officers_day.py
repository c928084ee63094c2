"""A day at a police unit, over HTTP, on the local stage, with the waits that a real one has."""

import pytest

from infra.local.stage import Stage
from tests.e2e.actors import Cast
from tests.e2e.officers_day import spend


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    stage = Stage(port=0, keys_file=tmp_path_factory.mktemp("keys") / "keys.json")
    stage.environ = {"LETTER_WAIT_S": "300", "LETTER_UNDO_S": "120"}
    with stage:
        yield stage


def test_an_officers_day(stage, eventually):
    spend(Cast(stage.url), eventually)
