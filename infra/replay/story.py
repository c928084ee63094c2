"""The two months, day by day: citizens file, officers act, the clock moves, invitations come and are answered."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from infra.local.people import Person
from infra.population import DAYS, Case, Plan, bsns
from infra.replay.client import Client
from infra.replay.verdict import CODE, letter_of

START = datetime(2016, 7, 1, 6, tzinfo=UTC)
OFFICER, SUPERVISOR = "handler", "supervisor"
_LAST_DAY = DAYS + 61  # everybody is invited sixty days after filing at the latest
_READ_MAILS_EVERY = 20  # days; an invitation is open for thirty


def citizens() -> tuple[Person, ...]:
    """Return everybody who can log in to the replay's stage; their id is their test number."""
    return tuple(Person(id=bsn, name=f"Person {bsn}", subject=f"pseudonym-{bsn}", claims={"bsn": bsn}) for bsn in bsns())


@dataclass
class Replay:
    """One run of a plan over HTTP."""

    client: Client
    plan: Plan
    references: dict[int, str] = field(default_factory=dict)
    answered: list[int] = field(default_factory=list)  # scores that the portal took
    _done: set[int] = field(default_factory=set)

    def run(self) -> None:
        """Play all days, until the last reporter was invited and who answers has answered."""
        filed, acted = self.plan.by_day()
        for day in range(_LAST_DAY + 1):
            for case in filed[day]:
                self._file(case)
            for case, number, step in acted[day]:
                self._act(case, number, step)
            self.client.call("POST", "/_local/clock", {"advance_days": 1})
            self.client.forget_tokens()
            if day % _READ_MAILS_EVERY == _READ_MAILS_EVERY - 1 or day == _LAST_DAY:
                self._answer_invitations()

    def _file(self, case: Case) -> None:
        report = self.client.call("POST", "/v1/reports", case.body, person=case.bsn, key=f"file-{case.number}")
        self.references[case.number] = report["reference"]

    def _act(self, case: Case, number: int, step: str) -> None:
        path = f"/v1/desk/reports/{self.references[case.number]}"
        version = self.client.call("GET", path, person=OFFICER, reason="handling")["version"]
        key = f"step-{case.number}-{number}"
        if step == "ask":
            question = {"text": "Weet u nog hoe laat het was?", "version": version}
            asked = self.client.call("POST", f"{path}/questions", question, person=OFFICER, key=key)
            answer = {"question": asked["questions"][-1]["number"], "answer": "Rond acht uur."}
            own = f"/v1/reports/{self.references[case.number]}/answers"
            self.client.call("POST", own, answer, person=case.bsn, key=key)
            return
        change: dict[str, Any] = {"status": step, "version": version, "explanation": "Wij leggen dit uit op uw pagina."}
        if step == "registered":
            change["registrationNumber"] = f"PL0100-2016{case.number % 1_000_000:06}"
        self.client.call("POST", f"{path}/status-changes", change, person=OFFICER, key=key)

    def _answer_invitations(self) -> None:
        """Type the codes that came by mail since the last time, as those do who answer."""
        waiting = {case.body["answers"]["email"]: case for case in self.plan.cases if case.score}
        for mail in self.client.call("GET", "/_local/mails"):
            case, code = waiting.get(mail["to"]), CODE.search(mail["text"])  # in an invitation its own code stands first
            if case and case.score and code and letter_of(mail) == "survey" and case.number not in self._done:
                answer = {"code": code[0], "satisfaction": case.score}
                self.client.call("POST", "/v1/survey-answers", answer, key=f"answer-{case.number}")
                self._done.add(case.number)
                self.answered.append(case.score)
