"""Clues for operators: derived anew for all reports, and their key replaced. docs/operations/keys.md has the whole procedure."""

import secrets
from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import date

from chalicelib.clues import actions
from chalicelib.clues.bank import MOST
from chalicelib.clues.indexing import ClueRoom
from chalicelib.clues.model import ClueKeys, clues_of, short
from chalicelib.clues.sorts import ClueSort
from chalicelib.clues.traces import BankTold
from chalicelib.core.clock import day_of, month_of, months
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.people.model import Officer, StaffRole
from chalicelib.reports.retention import years_later
from infra.ops.stage import Refused, Stage

_BYTES = 48  # 64 characters
MOST_KEYS = 2


def derive(stage: Stage, arguments: Namespace) -> int:
    """Derive the clues of every report that is found by one; twice changes nothing. Ends with 1 when some could not be."""
    references = list(_found_by_a_clue(stage))
    if arguments.dry_run:
        stage.say(f"would derive the clues of {len(references)} reports")
        return 0
    found = actions.derive_all(references, stage.services.clue_room)
    stage.say(f"clues derived         {found.reports} reports, of which {found.failed} failed")
    return 1 if found.failed else 0


def _found_by_a_clue(stage: Stage) -> list[str]:
    today = day_of(stage.services.clock.now())
    first = month_of(_years_before(today, RETENTION[Kept.READ_REPORTS].years))
    return [filing.reference for month in months(first, month_of(today)) for filing in stage.services.reports.filed_in(month)]


def _years_before(on: date, years: int) -> date:
    return years_later(on, -years)


def rotate(stage: Stage, arguments: Namespace) -> int:
    """Take one step, or with --dry-run only say what it would do."""
    name, vault = stage.services.settings.clues_secret, stage.client("secretsmanager")
    try:
        before = ClueKeys.parse(vault.get_secret_value(SecretId=name)["SecretString"])
    except ValueError as error:
        raise Refused(
            f"The secret {name} holds no keys of clues: {error}. Restore it, or the one before (AWSPREVIOUS)."
        ) from None
    after = STEPS[arguments.step](before)
    stage.say(f"before  {_named(before)}")
    stage.say(f"after   {_named(after)}")
    if arguments.dry_run:
        stage.say("nothing was changed")
        return 0
    vault.put_secret_value(SecretId=name, SecretString=after.written())
    stage.say("Deploy once more: functions that run keep the keys with which they started.")
    return 0


def add(keys: ClueKeys) -> ClueKeys:
    """Return the keys with a fresh one in front: it is written with from now on."""
    if len(keys.keys) >= MOST_KEYS:
        raise Refused("There is a fresh key already. Run `derive-clues`, then take the step `retire`.")
    number = max(int(version.removeprefix("V")) for version, _ in keys.keys) + 1
    return ClueKeys(((f"V{number}", secrets.token_urlsafe(_BYTES).encode()), *keys.keys))


def retire(keys: ClueKeys) -> ClueKeys:
    """Return the newest key alone."""
    if len(keys.keys) == 1:
        raise Refused("There is one key. Take the step `add` first.")
    return keys.newest


HEADER = ("account", "reports", "reporters", "first", "last")


def export_accounts(stage: Stage, _: Namespace) -> int:
    """Write the accounts that a third person reported within a year as CSV, for their banks; each is on record."""
    room, rows = stage.services.clue_room, 0
    lines = [",".join(HEADER)]
    for told in room.clues.banks():
        account = _account(told, room)
        traces = room.clues.all_of(told.clue, most=MOST)
        if account is None or not traces:
            continue  # erased, or corrected since: there is nothing left to tell
        stage.services.audit.note(f"clue:{short(told.clue)}", officer=_OPERATOR, what="exported:iban", why="tell_bank")
        days = sorted(day_of(trace.filed_at) for trace in traces)
        reporters = len({trace.reporter for trace in traces})
        lines.append(f"{account},{len(traces)},{reporters},{days[0].isoformat()},{days[-1].isoformat()}")
        rows += 1
    stage.say("\n".join(lines))
    stage.note(f"{rows} accounts; who asked for them is on record")
    return 0


def _account(told: BankTold, room: ClueRoom) -> str | None:
    """Return the account of which a bank is to be told, from the report of the third person: the table has its digest only."""
    report = room.reports.get(told.reference)
    found = (clue for clue in (clues_of(report) if report else ()) if clue.sort is ClueSort.IBAN)
    return next((clue.value for clue in found if told.clue in room.keys.digests(clue)), None)


_OPERATOR = Officer("operator", frozenset({StaffRole.REGISTRY}), frozenset())


STEPS: Mapping[str, Callable[[ClueKeys], ClueKeys]] = {"add": add, "retire": retire}


def _named(keys: ClueKeys) -> str:
    return ", ".join(version for version, _ in keys.keys)
