"""From the stream of the reports to the feed, in the order of the stream. May run twice on every record, and stop anywhere."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import log
from chalicelib.core.clock import Clock
from chalicelib.feed.actions import Write, publish
from chalicelib.feed.store import Feed
from chalicelib.reports.model import Report

ReadImage = Callable[[dict[str, Any]], Report]


def deliver(event: Mapping[str, Any], *, feed: Feed, clock: Clock, report_of_image: ReadImage) -> tuple[str, ...]:
    """Bring the changes of status of a stream event (the AWS document) into the feed.

    Return the numbers of the records that have to come again: those that cannot be read, with the later ones of their report;
    all, when the feed did not take them.
    """
    failed: dict[str, str] = {}  # sequence number → reference
    writes: list[Write] = []
    for record in event["Records"]:
        number, reference = (
            record["dynamodb"]["SequenceNumber"],
            record["dynamodb"].get("Keys", {}).get("reference", {}).get("S", ""),
        )
        try:
            if reference in failed.values():
                failed[number] = reference
            elif new := record["dynamodb"].get("NewImage"):
                old = record["dynamodb"].get("OldImage")
                writes.append((report_of_image(old) if old else None, report_of_image(new)))
        except Exception as error:  # noqa: BLE001 — poison of any kind must not hold back what happened to others
            failed[number] = reference
            log.event("changes_failed", level=logging.ERROR, error=type(error).__name__)
    try:
        publish(writes, feed=feed, clock=clock)
    except Exception as error:  # noqa: BLE001 — of whatever kind: it is brought again, and what is there is left out
        log.event("changes_failed", level=logging.ERROR, error=type(error).__name__)
        return tuple(record["dynamodb"]["SequenceNumber"] for record in event["Records"])
    return tuple(failed)
