"""The promises of every store of tombstones: on the table (moto) and on the fake."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.erasure.model import Tombstone
from chalicelib.erasure.store import TombstoneStore
from tests.support.fakes import FakeTombstones
from tests.support.samples import REFERENCE

STONE = Tombstone(REFERENCE, "2016-07", "bicycle-theft", "Noord-Nederland", date(2026, 7, 1))


@pytest.fixture(params=["table", "fake"])
def tombstones(request, settings):
    if request.param == "fake":
        return FakeTombstones()
    request.getfixturevalue("aws")
    return TombstoneStore(settings)


def test_a_tombstone_stands_under_the_month_in_which_its_report_was_filed(tombstones):
    tombstones.add(STONE)
    tombstones.add(replace(STONE, reference="CCCC-CCCC-CCCC", month="2016-08"))

    assert list(tombstones.of_month("2016-07")) == [STONE]


def test_the_first_tombstone_of_a_report_stands(tombstones):
    tombstones.add(STONE)
    tombstones.add(replace(STONE, erased_on=date(2026, 7, 2)))

    assert list(tombstones.of_month("2016-07")) == [STONE]
