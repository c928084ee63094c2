"""Fifty like frauds, decided with the keyboard alone: as few acts as a person can do, and as many reporters told."""

import pytest

from chalicelib.bulk.model import ALONE
from chalicelib.clues.indexing import derive
from chalicelib.reports.contact import Contact
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from tests.browser.keyboard import Keyboard
from tests.browser.world import a_report, in_status
from tests.support.samples import answers

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


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_the_queue_fifty_frauds_on_one_account_are_decided_in_twelve_acts(browse, world, script):
    account = {True: "NL39RABO0300065264", False: "NL20INGB0001234567"}[script]
    frauds = [in_status(_fraud(world, f"linked {script} {number}", account), Status.REGISTERED) for number in range(ALONE)]
    for report in frauds:
        world.services.reports.add(report)
        derive(report.reference, world.services.clue_room)

    with browse("handler-noord", script=script) as tab:
        keyboard = Counted(tab)
        tab.goto(f"{world.url}/desk/queue?unit=Noord-Nederland&status=registered&kind=web-shop-fraud&order=newest")
        keyboard.tab_to(lambda at: at["tag"] == "a" and any(report.reference in at["href"] for report in frauds))
        keyboard.enter()
        keyboard.tab_to(lambda at: (at["name"], at["value"]) == ("reason", "handling"))
        keyboard.enter()
        keyboard.tab_to(lambda at: "/linked/" in at["href"])
        keyboard.enter()
        keyboard.tab_to(lambda at: at["value"] == "whole")
        keyboard.enter()
        assert tab.locator("h1").inner_text() == f"{ALONE} aangiften tegelijk"
        keyboard.fill_in({"act": "status", "status": "not_investigated", "explanation": WHY})
        keyboard.fill_in({})

        assert "Klaar" in tab.locator("dl.facts").inner_text()
    assert keyboard.acts <= MOST_ACTS, keyboard.acts
    assert {world.services.reports.get(report.reference).status for report in frauds} == {Status.NOT_INVESTIGATED}


def _fraud(world, name, account):
    statement = Statement.of("web-shop-fraud", answers("web-shop-fraud", accounts=[{"iban": account}]))
    return a_report(world, name, kind="web-shop-fraud", contact=Contact(email=""), statement=statement)
