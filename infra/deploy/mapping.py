"""How a stream reaches its function: what Chalice has no argument for, on the event source mapping of every DynamoDB stream.

Partial batches: what was delivered is not delivered again because of a record behind it. Bisect: a record on which the
function dies is found. Retries and age: an outage of SES may last six hours; what is older goes to the failure queue, from
where an operator lets it be told again. Filter: what is removed by a retention rule wakes nobody.
"""

import json
from collections.abc import Mapping
from typing import Any

from infra.deploy.errors import Stop

PER_SHARD = 1  # ParallelizationFactor: letters rely on one batch of a shard at a time (ADR-0002)
FROM = "TRIM_HORIZON"  # a mapping that is made again misses nothing; the ledger keeps a letter from going out twice
_WRITES = {"Filters": [{"Pattern": json.dumps({"eventName": ["INSERT", "MODIFY"]})}]}


def failure_queue(environ: Mapping[str, str]) -> str:
    """Return the ARN of the stage's failure queue, from the settings. Raises Stop without them."""
    try:
        _, partition, _, region, account, *_ = environ["REPORTS_STREAM_ARN"].split(":")
        return f"arn:{partition}:sqs:{region}:{account}:{environ['TABLE_PREFIX']}failures"
    except (KeyError, ValueError):
        raise Stop(
            "This stage has no settings yet. Run `python -m infra.deploy STAGE` once; `chalice deploy` works from then on."
        ) from None


def options(queue_arn: str) -> dict[str, Any]:
    """Return what every mapping of a DynamoDB stream must have."""
    return {
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": 500,
        "MaximumRecordAgeInSeconds": 6 * 3600,
        "ParallelizationFactor": PER_SHARD,
        "DestinationConfig": {"OnFailure": {"Destination": queue_arn}},
        "FilterCriteria": _WRITES,
    }


def differences(mapping: Mapping[str, Any], queue_arn: str) -> list[str]:
    """Return the options that a mapping, as Lambda describes it, does not have."""
    return sorted(name for name, value in options(queue_arn).items() if mapping.get(name) != value)
