"""`python -m tests.crash.replay [N]`: the summer of 2016 while one call in a hundred breaks, and records come up to three times.

The same plan as infra/replay, on the real events, stores and mailer over AWS in memory. Whoever meets an error tries again, as
citizens, officers, Lambda and SNS do. Prints one JSON line; exit 1 when a count is off.
"""

import json
import logging
import random
import re
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib import events
from chalicelib.letters.mailer import letter_of
from chalicelib.reports import actions, submission
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.events import Actor, EventKind, Role
from chalicelib.reports.facts import Reporter
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from chalicelib.surveys import actions as surveys
from chalicelib.surveys.model import Scores
from infra.memory.wire import Fault
from infra.population import DAYS, Case, Plan, plan
from tests.crash.world import World

START = datetime(2016, 7, 1, 8, tzinfo=UTC)
LAST_DAY = DAYS + 61
OFFICER = Actor(Role.OFFICER, "NN1234")
CODE = re.compile(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b")
READ_MAILS_EVERY = 20  # days; an invitation is open for thirty
TRIES = 8  # of a citizen, an officer or a schedule: at one in a hundred nobody needs more


class Chance(Mapping[int, Fault]):
    """One call in a hundred breaks, in any way; the same ones every time."""

    def __init__(self) -> None:
        self._chance, self._last, self._fault, self.struck = random.Random(2016), -1, None, 0  # noqa: S311 — to be repeated

    def get(self, number: int, default: Any = None) -> Any:
        if number != self._last:
            self._last = number
            self._fault = self._chance.choice(list(Fault)) if self._chance.random() < 0.01 else None
            self.struck += self._fault is not None
        return self._fault or default

    def __getitem__(self, number: int) -> Fault:
        raise KeyError(number)

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return self.struck


class Replay:
    """One run of a plan."""

    def __init__(self, planned: Plan) -> None:
        self.world, self.plan, self.faults = World(), planned, Chance()
        self.references: dict[int, str] = {}
        self.answered: set[int] = set()
        self.world.repeats = random.Random(61)  # noqa: S311
        self.world.cloud.begin(self.faults)

    def run(self) -> None:
        filed, acted = self.plan.by_day()
        for day in range(LAST_DAY + 1):
            self.world.clock.at = max(self.world.clock.at, START + timedelta(days=day))
            for case in filed[day]:
                self._file(case)
            self.world.deliver()
            for case, number, step in acted[day]:
                self._act(case, number, step)
            self.world.come_to_rest()
            self.world.tried(events.every_hour, TRIES)
            self.world.come_to_rest()
            if day % READ_MAILS_EVERY == 0 or day == LAST_DAY:
                self._answer()

    def _file(self, case: Case) -> None:
        told = submission.parse(KINDS[case.body["kind"]], case.body["answers"], now=self.world.clock.now())
        services = self.world.services
        parts = {"reports": services.reports, "derivation_key": services.derivation_key, "clock": self.world.clock}
        reporter, key = Reporter(f"V1-{case.number}", "sealed"), f"file-{case.number}"

        def file() -> None:
            self.references[case.number] = actions.file(told, reporter=reporter, key=key, **parts).reference

        assert self.world.tried(file, TRIES), case.number

    def _act(self, case: Case, number: int, step: str) -> None:
        reports, reference = self.world.services.reports, self.references[case.number]
        key, parts = f"step-{case.number}-{number}", {"reports": reports, "clock": self.world.clock}

        def change() -> None:
            before = actions.get(reference, reports)
            number = f"PL0100-2016{case.number % 1_000_000:06}" if step == "registered" else ""
            change = Change(Status(step), explanation="Wij leggen dit uit.", registration_number=number, key=key)
            actions.change_status(before, change, by=OFFICER, version=before.version, **parts)

        def ask() -> None:
            before = actions.get(reference, reports)
            actions.ask(
                before, "Weet u nog hoe laat?", by=OFFICER, version=before.version, deadlines=Deadlines(), key=key, **parts
            )

        def answer() -> None:
            open_question = actions.get(reference, reports).open_question
            if open_question:
                mine = actions.OwnReports(pseudonym=f"V1-{case.number}", **parts)
                actions.answer(reference, open_question.number, "Rond acht uur.", key=f"answer-{case.number}-{number}", mine=mine)

        for what in (ask, answer) if step == "ask" else (change,):
            assert self.world.tried(what, TRIES), (case.number, step)

    def _answer(self) -> None:
        """Type the codes of the invitations, as those do who answer."""
        codes = {mail.to: CODE.search(mail.text) for mail in self.world.cloud.mails if len(CODE.findall(mail.text)) > 1}
        for case in self.plan.cases:
            code = codes.get(case.body["answers"]["email"])
            if case.score and code and case.number not in self.answered:
                self._answered(code[0], case)

    def _answered(self, code: str, case: Case) -> None:
        services = self.world.services
        parts = {"surveys": services.surveys, "names_key": services.derivation_key, "clock": self.world.clock}
        parts["key"] = f"survey-{case.number}"
        assert self.world.tried(lambda: surveys.answer(code, Scores(satisfaction=case.score), "", **parts), TRIES), case.number
        self.answered.add(case.number)

    def outcome(self) -> dict[str, Any]:
        """Count what came out, from the timelines, the ledger and the mails."""
        verdict, kinds = self.world.verdict(), {}
        for report in self.world.reports():
            kinds |= {f"{report.reference}#{event.number}": event.kind for event in report.timeline}
        sent = [kinds[letter_of(mail.letter)] for mail in self.world.cloud.mails]
        return {
            "reports": len(self.world.reports()),
            "status_mails": sum(kind is not EventKind.SURVEY_INVITED for kind in sent),
            "invitations": sum(kind is EventKind.SURVEY_INVITED for kind in sent),
            "answers": len(self.answered),
            "lost": verdict.lost,
            "doubled": verdict.doubled,
            "stuck": verdict.stuck,
            "calls": self.world.cloud.number + 1,
            "faults": len(self.faults),
        }


def main(count: int) -> int:
    logging.getLogger("mijn_politie").setLevel(logging.CRITICAL)
    began, planned = time.monotonic(), plan(count)
    replay = Replay(planned)
    replay.run()
    outcome = replay.outcome()
    print(json.dumps({**outcome, "seconds": round(time.monotonic() - began)}))
    expected = {"reports": count, "status_mails": count + planned.later_changes, "invitations": count}
    expected["answers"] = planned.answers
    expected |= {"lost": 0, "doubled": 0, "stuck": 0}
    wrong = [f"{name} should be {want}" for name, want in expected.items() if outcome[name] != want]
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
