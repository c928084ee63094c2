"""The second reader of the reports' stream: each write leads to the report's clues (indexing.py), and to what follows from them.

A record that fails holds back the later records of its own report, nobody else's. May run twice on every record.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.clues.actions import follow
from chalicelib.clues.indexing import ClueRoom, index
from chalicelib.core import log
from chalicelib.reports.model import Report

Image = dict[str, Any]


def deliver(event: Mapping[str, Any], room: ClueRoom, *, report_of_image: Callable[[Image], Report]) -> tuple[str, ...]:
    """Index the reports of a stream event (the AWS document); return the sequence numbers of the records that failed."""
    failed: dict[str, str] = {}  # sequence number → reference
    for record in event["Records"]:
        write = record["dynamodb"]
        number, reference = write["SequenceNumber"], write.get("Keys", {}).get("reference", {}).get("S", "")
        try:
            if reference not in failed.values():
                _index(write, reference, room, report_of_image)
                continue
        except Exception as error:  # noqa: BLE001 — poison of any kind must not keep other people's reports from being found
            log.event("record_failed", level=logging.ERROR, sequence_number=number, error=type(error).__name__)
        failed[number] = reference
    log.event("reports_indexed", records=len(event["Records"]), failed=len(failed))
    return tuple(failed)


def _index(write: Mapping[str, Any], reference: str, room: ClueRoom, report_of_image: Callable[[Image], Report]) -> None:
    told = [report_of_image(write[image]) for image in ("OldImage", "NewImage") if image in write]
    report, new = index(told, reference, room)
    if report is not None:
        follow(report, new, room)
