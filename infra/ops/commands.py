"""Every command: what it is for, its arguments, what it does. The table is the manual; `--help` prints it."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from botocore.exceptions import BotoCoreError, ClientError

from infra.ops import (
    checks,
    clues,
    derivation,
    desk_lists,
    digest,
    erasing,
    keys,
    numbers,
    redrive,
    repair_tables,
    sessions,
    statistics,
    status,
    trace,
)
from infra.ops.stage import Refused, Stage


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `changes` when it does: then it takes --dry-run, and changes nothing with it."""

    what: str
    do: Callable[[Stage, Any], int]
    changes: bool = False
    arguments: tuple[tuple[str, dict[str, Any]], ...] = ()


COMMANDS: Mapping[str, Command] = {
    "status": Command("is anything wrong, and what waits", status.status),
    "check-settings": Command(
        "can every setting be used: secrets, keys, tables, both senders, bucket, the issuers of logins", checks.check_settings
    ),
    "digest": Command(
        "what happened on a day: filed, decided, destroyed, letters and how they ended",
        digest.digest,
        arguments=(("--day", {"help": "such as 2016-07-01; yesterday when left out"}),),
    ),
    "export-statistics": Command(
        "reports per month, crime, unit and municipality as CSV; no row under ten",
        statistics.export,
        arguments=(
            ("--first", {"required": True, "help": "first month, such as 2016-07"}),
            ("--last", {"required": True, "help": "last month"}),
        ),
    ),
    "end-sessions": Command(
        "log somebody out everywhere, now: the reporter of a report, or an officer",
        sessions.end,
        changes=True,
        arguments=(
            ("--report", {"help": "the reference of a report: its reporter's sessions end"}),
            ("--officer", {"help": "an officer's number, as the staff login gives it"}),
        ),
    ),
    "trace": Command(
        "what stands in the portal's log for an internet address: to find abuse again",
        trace.trace,
        arguments=(
            ("--address", {"required": True, "help": "such as 203.0.113.7"}),
            ("--day", {"help": "such as 2016-07-01; today when left out"}),
        ),
    ),
    "erase-expired": Command("destroy the reports whose ten years are over, now", erasing.erase, changes=True),
    "redrive": Command(
        "do what was given up or never brought, each once, and take its notes off the failure queue",
        redrive.redrive,
        changes=True,
        arguments=(("--hours", {"default": "72", "help": "look at the reports changed in so many hours; 72 when left out"}),),
    ),
    "register-numbers": Command(
        "claim the police numbers of reports that were registered before each number was on one report",
        numbers.register,
        changes=True,
    ),
    "fill-lists": Command(
        "bring reports of before there were the desk's lists into them; once, after the upgrade that brings them",
        desk_lists.bring_in,
        changes=True,
        arguments=(("--first", {"default": "2016-01", "help": "month of filing to begin with, such as 2016-07: to go on"}),),
    ),
    "mend-tables": Command(
        "put on again what a restore leaves off a table: stream, recovery, expiry, protection", repair_tables.mend, changes=True
    ),
    "rotate-codes": Command(
        "the key of survey codes and other codes that people type: one step of a rotation",
        derivation.rotate,
        changes=True,
        arguments=(
            ("step", {"choices": list(derivation.STEPS), "help": "add a fresh key, retire the old ones"}),
            ("--hours", {"default": "24", "help": "add: after so many hours it is used; 24 when left out"}),
            ("--leaked", {"action": "store_true", "help": "retire: now, though codes of the old keys are still in use"}),
        ),
    ),
    "derive-clues": Command(
        "write anew by which clues reports are found: those of before there were clues, or under a new key",
        clues.derive,
        changes=True,
    ),
    "export-accounts": Command(
        "the accounts that a third person reported within a year, as CSV for their banks; on record",
        clues.export_accounts,
    ),
    "rotate-clue-key": Command(
        "the key under which the clues of reports lie: one step of a rotation",
        clues.rotate,
        changes=True,
        arguments=(("step", {"choices": list(clues.STEPS), "help": "add a fresh key, retire the old one"}),),
    ),
    "rotate-keys": Command(
        "the portal's own signing and encryption keys: one step of a rotation",
        keys.rotate,
        changes=True,
        arguments=(("step", {"choices": list(keys.STEPS), "help": "add fresh keys, use them, retire the old ones"}),),
    ),
}


class _Parser(ArgumentParser):
    """Raises what is wrong with the arguments, instead of ending the process: the local stage parses them too."""

    def error(self, message: str) -> NoReturn:
        raise Refused(f"{message}. `python -m infra.ops --help` lists the commands.")


def parser() -> ArgumentParser:
    """Return what reads the arguments of a command, without those that say on which stage."""
    made = _Parser(prog="python -m infra.ops --stage STAGE", description=__doc__)
    commands = made.add_subparsers(dest="command", required=True, parser_class=_Parser)
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=command.what, description=command.what)
        for argument, facts in command.arguments:
            one.add_argument(argument, **facts)
        if command.changes:
            one.add_argument("--dry-run", action="store_true", help="only say what would be done")
    return made


def run(arguments: Sequence[str], stage: Stage) -> int:
    """Run one command, and return what the process should end with. A thing that cannot be done is said in a sentence."""
    try:
        parsed = parser().parse_args(list(arguments))
        return COMMANDS[parsed.command].do(stage, parsed)
    except Refused as refused:
        stage.say(str(refused))
    except ClientError as error:
        stage.say(f"AWS says {error.response['Error'].get('Code')}: {error.response['Error'].get('Message')}")
    except BotoCoreError as error:
        stage.say(f"AWS did not answer: {error}. Check the credentials, the region and the network.")
    return 2
