"""Boards in a dictionary; the same test bodies hold for the table (tests/contract/test_boards_store.py)."""


class FakeBoards:
    """The newest board of each unit."""

    def __init__(self) -> None:
        self._boards = {}

    def get(self, unit):
        return self._boards.get(unit)

    def put(self, board) -> None:
        self._boards[board.unit] = board
