"""The parts that a restore leaves off a table: its stream, recovery, expiry and protection. Put on again as template.yaml has it.

CloudFormation does not do it: the table has its old name, so the stack believes that nothing changed.
"""

from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from infra.ops.stage import Stage
from infra.tables import resources


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that a table lacks, and what puts it on."""

    table: str
    what: str
    mend: Callable[[], Any]


def mend(stage: Stage, arguments: Namespace) -> int:
    """Put on what is missing, or with --dry-run only say what it is; and say which stream the functions must read now."""
    found = [lack for table in resources("AWS::DynamoDB::Table").values() for lack in _lacks(table["Properties"], stage)]
    for lack in found:
        if not arguments.dry_run:
            lack.mend()
        stage.say(f"{lack.table}  {'lacks' if arguments.dry_run else 'has again'} {lack.what}")
    if not found:
        stage.say("every table has what the template says")
    streams = list(_moved(stage))
    for line in streams:
        stage.say(line)
    if streams:
        stage.say("The functions still read the stream of an earlier table. Deploy: it leads them to this one.")
    return 1 if streams or (found and arguments.dry_run) else 0


def _lacks(wanted: Any, stage: Stage) -> Iterator[Lack]:
    tables, name = stage.client("dynamodb"), _name(wanted, stage)
    found = tables.describe_table(TableName=name)["Table"]
    if "StreamSpecification" in wanted and not found.get("StreamSpecification", {}).get("StreamEnabled"):
        stream = {"StreamEnabled": True, **wanted["StreamSpecification"]}
        yield Lack(name, "its stream", lambda: _updated(tables, name, StreamSpecification=stream))
    if stage.services.settings.is_production and not found.get("DeletionProtectionEnabled"):
        yield Lack(name, "protection against deletion", lambda: _updated(tables, name, DeletionProtectionEnabled=True))
    recovery = tables.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    if recovery.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") != "ENABLED":
        on = {"PointInTimeRecoveryEnabled": True}
        yield Lack(
            name,
            "point-in-time recovery",
            lambda: tables.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=on),
        )
    expiry = wanted.get("TimeToLiveSpecification")
    status = tables.describe_time_to_live(TableName=name)["TimeToLiveDescription"].get("TimeToLiveStatus")
    if expiry and status not in ("ENABLED", "ENABLING"):
        yield Lack(
            name,
            "expiry",
            lambda: tables.update_time_to_live(TableName=name, TimeToLiveSpecification={**expiry, "Enabled": True}),
        )


def _updated(tables: Any, name: str, **change: Any) -> None:
    tables.update_table(TableName=name, **change)
    tables.get_waiter("table_exists").wait(TableName=name)  # one change at a time: until it is ACTIVE again


def _moved(stage: Stage) -> Iterator[str]:
    """Yield the setting and the new stream for every one that is not the one that the functions were deployed with."""
    for table in resources("AWS::DynamoDB::Table").values():
        if "StreamSpecification" not in table["Properties"]:
            continue
        name = _name(table["Properties"], stage)
        setting = f"{name.removeprefix(stage.services.settings.table_prefix)}_stream_arn"
        arn = stage.client("dynamodb").describe_table(TableName=name)["Table"].get("LatestStreamArn", "")
        if arn and arn != getattr(stage.services.settings, setting):
            yield f'{setting.upper()} = "{arn}"'


def _name(properties: Any, stage: Stage) -> str:
    name: str = properties["TableName"]["Fn::Sub"]
    return name.replace("${Prefix}", stage.services.settings.table_prefix)
