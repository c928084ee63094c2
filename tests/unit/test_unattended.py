"""A unit at whose open reports nobody looked for three working days is said aloud, once a day, and no other is."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.boards.attention import unattended
from chalicelib.boards.model import Board, Number
from chalicelib.forms.places import units

UNIT = "Noord-Nederland"


class Boards:
    """The boards of some units."""

    def __init__(self, **reports):
        self._reports = reports

    def get(self, unit):
        count = self._reports.get(unit.replace("-", "_"))
        return (
            None if count is None else Board(unit=unit, counted_at=datetime(2016, 7, 1, tzinfo=UTC), numbers={Number.OPEN: count})
        )


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, False), (3, False), (4, False), (5, False), (6, True), (30, True)],  # from a Friday: Monday to Wednesday are three
)
def test_three_working_days_without_a_look_are_said(clock, caplog, days, said):
    caplog.set_level("INFO")
    looked_at = clock.now()
    clock.advance(timedelta(days=days))

    for _ in range(2):
        found = unattended(boards=Boards(Noord_Nederland=7), last_look=lambda _: looked_at, clock=clock)
        assert found == ((UNIT,) if said else ())

    assert (f"unit_unattended unit={UNIT} reports=7" in caplog.text) is said


def test_a_unit_that_nobody_ever_looked_at_is_said_and_one_without_open_reports_is_not(clock):
    boards = Boards(Noord_Nederland=1, Amsterdam=0)

    assert unattended(boards=boards, last_look=lambda _: None, clock=clock) == (UNIT,)
    assert {UNIT, "Amsterdam"} < set(units())
