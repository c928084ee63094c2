"""The costs on the operators' page are what things cost: counted again, on a stage of its own."""

import pytest

from infra.capacity import page
from infra.capacity.scenes import play

SLACK = 0.25  # a page more or less is no news; a quarter more is


def test_the_pages_say_what_the_portal_does():
    seen = play()
    blocks = page.pages(seen)

    for name, each in blocks.items():
        text = (page.FOLDER / name).read_text(encoding="utf-8")
        for block in (each.get("scenes"), each.get("limits")):
            for row, numbers in page.numbers(block or "").items():
                there = page.numbers(text).get(row)
                assert there is not None, f"{name} lacks {row!r}: python -m infra.capacity --write"
                assert numbers == pytest.approx(there, rel=SLACK, abs=2), f"{row}: python -m infra.capacity --write"
    assert page.numbers(blocks["capacity-and-cost.md"]["scenes"])["a citizen files a report"][3] == 1
