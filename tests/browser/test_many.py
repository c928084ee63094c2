"""Fifty like frauds, decided with the keyboard alone: as few acts as a person can do, and as many reporters told."""

import pytest

from chalicelib.bulk.model import ALONE
from chalicelib.reports.contact import Contact
from chalicelib.reports.statuses import Status
from tests.browser.keyboard import Keyboard
from tests.browser.world import a_report, in_status

MOST_ACTS = 12
WHY = "De rekening is in het buitenland. Daarom kunnen wij niet verder zoeken."


class Counted(Keyboard):
    """Counts what a person does: a link followed, a field filled in, a button pressed."""

    acts = 0

    def enter(self) -> None:
        self.acts += 1
        super().enter()

    def _is_done(self, at, typed) -> bool:
        self.acts += at["name"] in typed
        return super()._is_done(at, typed)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_fifty_like_frauds_are_decided_in_twelve_acts_with_the_keyboard_alone(browse, world, script):
    frauds = [
        in_status(
            a_report(world, f"fraud {script} {number}", kind="web-shop-fraud", contact=Contact(email="")), Status.REGISTERED
        )
        for number in range(ALONE)
    ]
    for report in frauds:
        world.services.reports.add(report)

    with browse("handler-noord", script=script) as tab:
        keyboard = Counted(tab)
        tab.goto(f"{world.url}/desk/batches")
        keyboard.follow("/desk/batches/new")
        keyboard.fill_in({"references": "\n".join(report.reference for report in frauds)})
        assert tab.locator("h1").inner_text() == f"{ALONE} aangiften tegelijk"
        keyboard.fill_in({"act": "status", "status": "not_investigated", "explanation": WHY})
        keyboard.fill_in({})

        assert "Klaar" in tab.locator("dl.facts").inner_text()
    assert keyboard.acts <= MOST_ACTS, keyboard.acts
    assert {world.services.reports.get(report.reference).status for report in frauds} == {Status.NOT_INVESTIGATED}
