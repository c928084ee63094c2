"""`python -m tests.bench.bulk [STATES]`: many reports at once, on tables in memory.

Compares what the trial says with what happens over so many drawn states (10,000); measures a list of 500 from choosing to its
end; prints one line of JSON. Exit 1 when a row ended otherwise than it was tried.
"""

import json
import os
import random
import sys
import time
from collections import Counter

from chalicelib.bulk import actions
from chalicelib.bulk.model import MOST, Batch, Phase
from chalicelib.core.clock import MovableClock
from tests.conftest import StillClock
from tests.crash.world import World
from tests.support.batches import ORDERS, STOP, a_room, any_done, done, registered, tried
from tests.support.random_reports import drawn
from tests.support.samples import HANDLER, SUPERVISOR

AT_ONCE = 100  # states of one list


def compared(states: int) -> Counter[str]:
    """Try and carry out a drawn order over so many drawn reports; count how each ended, and those that ended otherwise."""
    counted: Counter[str] = Counter(otherwise=0)
    for seed in range(states // AT_ONCE):
        chance, clock = random.Random(seed), MovableClock(StillClock())  # noqa: S311 — a draw to repeat
        room = a_room(clock)
        references = [room.reports.add(report).reference for report in drawn(chance, clock, AT_ONCE)]
        order = chance.choice(ORDERS)
        ended = done(room, references, order) if any_done(room, references, order) else tried(room, references, order)
        for row in ended.rows:
            counted[row.verdict.outcome] += 1
            counted["otherwise"] += (row.result or row.forecast) != row.forecast
    return counted


def five_hundred() -> dict[str, float]:
    """Measure a list of 500, in milliseconds of CPU a report: with the real stores, on tables in memory."""
    world = World()
    room = world.services.batch_room
    references = [room.reports.add(registered(number)).reference for number in range(MOST)]
    chosen, choose_ms = _timed(lambda: actions.choose(references, officer=HANDLER, key="", room=room))
    trial, try_ms = _timed(lambda: actions.try_out(chosen.id, STOP, officer=HANDLER, room=room))
    _, confirm_ms = _timed(lambda: actions.confirm(trial.id, trial.fingerprint, officer=SUPERVISOR, room=room))
    _, rest_ms = _timed(lambda: actions.carry_on_all(room))
    ended = room.batches.get(trial.id)
    assert ended is not None
    assert ended.phase is Phase.DONE
    assert ended.counts.done == MOST
    return {
        "choose_ms": choose_ms,
        "try_ms_each": try_ms / MOST,
        "confirm_ms": confirm_ms,
        "carry_out_ms_each": rest_ms / (MOST - 50),
    }


def _timed(what: "object") -> tuple[Batch, float]:
    began = time.process_time()
    answer = what()  # type: ignore[operator]
    return answer, (time.process_time() - began) * 1_000


def main(states: int) -> int:
    counted, measured = compared(states), five_hundred()
    rounded = {name: round(value, 2) for name, value in measured.items()}
    print(json.dumps({"states": states, **counted, **rounded, "load": round(os.getloadavg()[0], 1)}))
    return 1 if counted["otherwise"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
