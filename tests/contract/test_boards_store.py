"""The promises of every store of boards: on the table (moto) and on the fake."""

import pytest

from chalicelib.boards.model import count
from chalicelib.boards.store import BoardStore
from chalicelib.reports.events import REPORTER
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import line_of
from tests.support.fakes_boards import FakeBoards
from tests.support.samples import NOON, a_report

OWN = "Noord-Nederland"


@pytest.mark.parametrize("kind", ["table", "fake"])
def test_a_board_comes_back_as_it_was_counted(kind, request, settings):
    if kind == "table":
        request.getfixturevalue("aws")
    boards = BoardStore(settings) if kind == "table" else FakeBoards()
    board = count(OWN, [line_of(a_report().assigned("NN1111", by=REPORTER, at=NOON))], [], at=NOON)

    assert boards.get(OWN) is None
    boards.put(board)
    boards.put(board)

    assert boards.get(OWN) == board
    assert board.kinds == {Status.RECEIVED: {"bicycle-theft": 1}}
    assert board.oldest_at == {Status.RECEIVED: a_report().filed_at}
