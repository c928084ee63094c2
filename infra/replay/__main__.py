"""`python -m infra.replay [N]`: replay two months scaled to N reports, and print one JSON line. Exit 1 when a count is off."""

import json
import logging
import sys
import time

from chalicelib.core.clock import MovableClock
from infra.local.clock import ClockFrom
from infra.local.stage import Stage
from infra.population import REPORTS, plan
from infra.replay.client import Client
from infra.replay.story import START, Replay, citizens
from infra.replay.verdict import judge


def main(count: int) -> int:
    """Run the replay for `count` reports."""
    logging.getLogger("mijn_politie").setLevel(logging.WARNING)
    began, planned = time.monotonic(), plan(count)
    with Stage(port=0, clock=MovableClock(ClockFrom(START)), citizens=citizens()) as stage:
        client = Client(stage.url)
        replay = Replay(client, planned)
        replay.run()
        seconds = time.monotonic() - began
        owners = {case.number: case.bsn for case in planned.cases}
        addresses = {case.number: case.body["answers"]["email"] for case in planned.cases}
        verdict = judge(client, replay.references, owners, addresses)
    scores = replay.answered
    outcome = {
        "reports": verdict.reports,
        "status_mails": verdict.status_mails,
        "invitations": verdict.invitations,
        "answers": len(scores),
        "mean_score": round(sum(scores) / len(scores), 2) if scores else None,
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "seconds": round(seconds, 1),
        "reports_per_s": round(count / seconds, 1),
    }
    print(json.dumps(outcome))
    expected = (count, count + planned.later_changes, count, planned.answers, 0, 0)
    names = ("reports", "status_mails", "invitations", "answers", "lost", "doubled")
    wrong = [f"{name} should be {want}" for name, want in zip(names, expected, strict=True) if outcome[name] != want]
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    argument = sys.argv[1] if len(sys.argv) > 1 else "500"
    if not argument.isdigit() or not 1 <= int(argument) <= REPORTS:
        sys.exit(f"Say how many reports to replay: a whole number from 1 to {REPORTS}.")
    sys.exit(main(int(argument)))
