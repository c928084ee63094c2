"""The functions of the app: which there are (read from app.py), what each is called in AWS, how large it is and why.

A function without a size, a policy (infra/policies) or a log group (infra/template.yaml) fails a house test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

APP_NAME = "mijn-politie"
HTTP = "api_handler"  # Chalice's own name for the function behind all routes


@dataclass(frozen=True, slots=True)
class Size:
    """Memory (Lambda gives CPU in proportion: 1,769 MB is one core) and the longest time of one run, with the reason for both.

    `at_once` is how many of it run at once at the most, where somebody from outside could start any number: so many are set
    aside for it, and no more are taken from the rest (ADR-0041). None for the functions that share what the account has.
    """

    memory_mb: int
    timeout_s: int
    why: str
    at_once: int | None = None


SIZES: Mapping[str, Size] = {
    HTTP: Size(
        1769,
        29,
        "one whole core: a page is CPU, a cold start a third of a second of it, and somebody waits; the gateway waits 29 s",
    ),
    "on_report_changed": Size(
        512,
        300,
        "a letter is two calls that wait for the network; a batch of 100 at SES's slowest pace takes minutes, not seconds",
    ),
    "on_report_indexed": Size(
        512, 120, "a report is two reads and one write of its clues; only what was filed or changes a clue asks for any"
    ),
    "on_details_changed": Size(
        512, 300, "brings a change to each report of one person, and sends a mail or two; batches are small"
    ),
    "on_receipt": Size(512, 60, "one update for each thing that SES tells of a mail"),
    "every_minute": Size(512, 120, "what waited goes out at SES's pace; two minutes, so that at most two rounds overlap"),
    "every_minute_batches": Size(
        512, 300, "what was decided for many reports at once: 500 of them are 25 seconds of reads and writes, one after another"
    ),
    "every_quarter_hour": Size(
        1024,
        300,
        "reads the line of every open report: ten times 20,000 is half a minute of CPU; a count that dies is done again",
    ),
    "on_file_uploaded": Size(
        1024,
        120,
        "a file of 15 MB is in memory, twice while its copy without hidden data is made; the worst takes seconds; ten run "
        "at once, so that nobody's files take the portal's room",
        at_once=10,
    ),
    "every_hour": Size(
        512,
        300,
        "one item per report that is due, then a hundred short queries for letters that the stream lost; the rest waits an hour",
    ),
    "every_day": Size(
        512,
        900,
        "a day of the national load is 1,918 reports to destroy, each with its files, then four days of changed reports to look "
        "at: Lambda's longest run",
    ),
    "make_official_report": Size(512, 30, "one report is read, noted and opened, while an officer's system waits"),
}


ENOUGH_AT_ONCE = 200  # functions that an account must run at once before any are set aside: Lambda wants 100 left for the rest


def names(app: Any) -> tuple[str, ...]:
    """Return the functions that Chalice makes for `app`: the one behind the routes, and one for each event handler."""
    handlers = [source.name for source in app.event_sources] + [function.name for function in app.pure_lambda_functions]
    return (HTTP, *sorted(handlers))


def function_name(stage: str, name: str) -> str:
    """Return what Chalice calls a function in AWS; the one behind the routes carries no name of its own."""
    return f"{APP_NAME}-{stage}" if name == HTTP else f"{APP_NAME}-{stage}-{name}"


def role_name(stage: str, name: str) -> str:
    """Return what Chalice calls the role of a function that has a policy of its own."""
    return f"{APP_NAME}-{stage}-{name}"
