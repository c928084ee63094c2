"""From the stack's outputs to what Chalice reads: the stage in .chalice/config.json, and one policy per function beside it.

The configuration holds names and no secrets, so that an operator can keep it in the fork: with it, a plain
`chalice deploy --stage STAGE` deploys the same as this package does.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from chalicelib.core.settings import BadSetting, Settings, load
from infra import policies
from infra.deploy.account import Account, said
from infra.deploy.errors import Stop
from infra.deploy.functions import ENOUGH_AT_ONCE, SIZES
from infra.deploy.stage import Stage


def environment(stage: Stage, outputs: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a stage by environment variable. Raises Stop naming each one that is missing or malformed."""
    known = {each.name.upper() for each in fields(Settings)}
    unknown = sorted(set(stage.settings) - known)
    if unknown:
        raise Stop(
            f"{', '.join(unknown)} under [settings] of {stage.name} is no setting. docs/operations/settings.md lists them."
        )
    values = {name: outputs[_output(name)] for name in sorted(known) if outputs.get(_output(name))}
    values |= {"PARTIAL_BATCHES": "true", **stage.settings}  # true: hooks.py sets it on the mapping, check.py looks again
    try:
        load(values)
    except BadSetting as error:
        raise Stop(f"The settings of {stage.name} are not complete. {error}. Mend infra/stages/{stage.name}.toml.") from None
    return values


def write(stage: Stage, account: Account, outputs: Mapping[str, str], project: Path) -> None:
    """Write the stage into .chalice/config.json, and its policies beside it. Everything else in the file stays as it is."""
    folder = project / ".chalice"
    file = folder / "config.json"
    config = json.loads(file.read_text("utf-8"))
    outputs = {**outputs, **streams(account, outputs)}
    values = environment(stage, outputs)
    names = {**outputs, "Account": account.id, "Partition": account.partition, "StageName": stage.name}
    names |= {"MailFrom": _address(values, "MAIL_FROM"), "MailFromNeutral": _address(values, "MAIL_FROM_NEUTRAL")}
    rendered = {function: _rendered(function, names) for function in SIZES}
    for function, policy in rendered.items():
        (folder / _policy_file(stage, function)).write_text(json.dumps(policy, indent=2) + "\n", "utf-8")
    config.setdefault("stages", {})[stage.name] = chalice_stage(stage, values, runs_at_once=runs_at_once(account))
    file.write_text(json.dumps(config, indent=2) + "\n", "utf-8")


def concurrency(account: Account) -> int:
    """Return how many functions this account may run at once."""
    with said("ask how many functions may run at once"):
        found: int = account.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    return found


def _address(values: Mapping[str, str], name: str) -> str:
    """Return the bare address of a sender: IAM compares that, and not the name beside it (`ses:FromDisplayName` would)."""
    return parseaddr(values.get(name, ""))[1]


def of(stage: Stage, project: Path) -> dict[str, str]:
    """Return the settings of a stage as they stand in .chalice/config.json, none before they were written."""
    config = json.loads((project / ".chalice" / "config.json").read_text("utf-8"))
    found: dict[str, str] = config.get("stages", {}).get(stage.name, {}).get("environment_variables", {})
    return found


def streams(account: Account, outputs: Mapping[str, str]) -> dict[str, str]:
    """Return the streams as the tables have them now: a restored table has another one, and the stack does not know."""
    named = {"ReportsStreamArn": "reports", "ProfilesStreamArn": "profiles"}
    with said("ask the tables for their streams"):
        tables = account.client("dynamodb")
        found = {
            name: tables.describe_table(TableName=outputs["TablePrefix"] + table)["Table"].get("LatestStreamArn", "")
            for name, table in named.items()
        }
    return {name: arn for name, arn in found.items() if arn}


def runs_at_once(account: Account) -> int:
    """Return how many functions this account runs at once, all of them together."""
    with said("ask Lambda how many functions run at once"):
        limits = account.client("lambda").get_account_settings()["AccountLimit"]
    return int(limits["ConcurrentExecutions"])


def chalice_stage(stage: Stage, values: Mapping[str, str], *, runs_at_once: int) -> dict[str, Any]:
    """Return what .chalice/config.json says of a stage. In a small account Lambda sets no runs aside for a function."""
    functions = {
        name: {
            "lambda_memory_size": size.memory_mb,
            "lambda_timeout": size.timeout_s,
            "iam_policy_file": _policy_file(stage, name),
            **({"reserved_concurrency": size.at_once} if size.at_once and runs_at_once >= ENOUGH_AT_ONCE else {}),
        }
        for name, size in SIZES.items()
    }
    found: dict[str, Any] = {
        "autogen_policy": False,
        "environment_variables": dict(sorted(values.items())),
        "lambda_functions": functions,
        "tags": {"app": "mijn-politie", "stage": stage.name},
    }
    if stage.api.certificate_arn:
        found["api_gateway_custom_domain"] = {
            "domain_name": stage.domain,
            "certificate_arn": stage.api.certificate_arn,
            "tls_version": "TLS_1_2",
        }
    return found


def required() -> tuple[str, ...]:
    """Return the settings without a default; each is an output of the stack."""
    return tuple(each.name.upper() for each in fields(Settings) if each.default is MISSING)


def _rendered(function: str, names: Mapping[str, str]) -> dict[str, Any]:
    try:
        return policies.render(function, names)
    except KeyError as error:
        raise Stop(f"infra/policies/{function}.json names {error}, which is no output of the stack.") from None


def _output(setting: str) -> str:
    return "".join(part.capitalize() for part in setting.split("_"))


def _policy_file(stage: Stage, function: str) -> str:
    return f"policy-{stage.name}-{function}.json"
