"""The verdict, found by comparing the mails in the tray with the timelines: nothing is assumed."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.replay.client import Client

# Events of a timeline that must be mailed to a reporter who wants to hear everything, by the letter they call for.
MAILED = {
    "received": "news",
    "status_changed": "news",
    "question_asked": "news",
    "question_ended": "news",
    "survey_invited": "survey",
}


CODE = re.compile(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts over all reports. `lost` mails are due and not there, `doubled` are there and not due."""

    reports: int
    status_mails: int
    invitations: int
    lost: int
    doubled: int


def judge(client: Client, reports: Mapping[int, str], owners: Mapping[int, str], addresses: Mapping[int, str]) -> Verdict:
    """Read every timeline as its reporter and every mail in the tray, and compare them per report and letter."""
    came = Counter((mail["to"], letter_of(mail)) for mail in client.call("GET", "/_local/mails"))
    due: Counter[tuple[str, str]] = Counter()
    for number, reference in reports.items():
        timeline = client.call("GET", f"/v1/reports/{reference}", person=owners[number])["timeline"]
        due.update((addresses[number], letter) for letter in letters_due(timeline))
    return Verdict(
        reports=len(set(reports.values())),
        status_mails=sum(count for (_, letter), count in came.items() if letter == "news"),
        invitations=sum(count for (_, letter), count in came.items() if letter == "survey"),
        lost=(due - came).total(),
        doubled=(came - due).total(),
    )


def letters_due(timeline: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the letters that a timeline calls for."""
    return [MAILED[event["kind"]] for event in timeline if event["kind"] in MAILED]


def letter_of(mail: Mapping[str, Any]) -> str:
    """Tell an invitation from news by what its reader sees: an invitation holds the mail's own code and one for the survey."""
    return "survey" if len(CODE.findall(mail["text"])) > 1 else "news"
