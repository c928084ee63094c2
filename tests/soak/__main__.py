"""`python -m tests.soak [STEPS]`: the state machine for so many steps (100,000), each time another way; prints one JSON line."""

import json
import logging
import sys
import time

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.crash.world import crash_settings
from tests.soak.machine import PostMachine

LENGTH = 50


def main(steps: int) -> int:
    logging.getLogger("mijn_politie").setLevel(logging.CRITICAL)
    began = time.monotonic()
    PostMachine.settings = crash_settings()
    rules = settings(
        max_examples=steps // LENGTH + 1,
        stateful_step_count=LENGTH,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    broken = ""
    while PostMachine.steps < steps and not broken:
        try:
            run_state_machine_as_test(PostMachine, settings=rules)
        except AssertionError as error:
            broken = str(error).splitlines()[0]
            print("\n".join(getattr(error, "__notes__", [])), file=sys.stderr)
    counts = {"steps": PostMachine.steps, "mails": PostMachine.mails, "crashes": PostMachine.crashes_seen}
    print(json.dumps({**counts, "broken": broken, "seconds": round(time.monotonic() - began)}))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
