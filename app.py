"""The table of contents: which routes there are, and which event wakes which function. No logic.

Streams, schedules and topics stand here and not on blueprints, because Chalice would deploy a blueprint's event handler
without ever importing this file (docs/tools.md, "Facts"; a house test asserts it).
"""

import gc
from typing import Any

from chalice import Rate
from chalice.app import CloudWatchEvent, DynamoDBEvent, S3Event, SNSEvent

from chalicelib import events
from chalicelib.core import settings
from chalicelib.routes import Portal

if settings.deploying():
    from infra.deploy import hooks

    hooks.install()  # what `chalice deploy` cannot say; nothing of infra reaches Lambda

app = Portal("mijn-politie")
app.api.cors = False
app.api.binary_types.append("multipart/form-data")  # files that come with a form

if settings.in_lambda():
    gc.set_threshold(200_000)  # a cold start makes 120,000 objects and drops none: looking for rubbish was a tenth of its time
else:
    app.load()  # the deploy command, the local stage and the tests see every route; in Lambda an area is loaded when it is used


@app.on_dynamodb_record(stream_arn=settings.stream_arn_at_import("reports"), batch_size=100)  # type: ignore[untyped-decorator]
def on_report_changed(event: DynamoDBEvent) -> dict[str, Any]:
    """A report was written: send the letters that its new events call for."""
    return events.on_report_changed(event.to_dict())


@app.on_dynamodb_record(stream_arn=settings.stream_arn_at_import("reports"), batch_size=100)  # type: ignore[untyped-decorator]
def on_report_indexed(event: DynamoDBEvent) -> dict[str, Any]:
    """A report was written: write by which clues it is found, look what else lies on them, and tell other systems its status."""
    return events.on_report_indexed(event.to_dict())


@app.on_sns_message(topic=settings.receipts_topic_at_import())  # type: ignore[untyped-decorator]
def on_receipt(event: SNSEvent) -> None:
    """SES tells what became of a mail: note it; an address that no mail reaches is not written to again."""
    events.on_receipt(event.to_dict())


@app.schedule(Rate(1, unit=Rate.MINUTES))  # type: ignore[untyped-decorator]
def every_minute(event: CloudWatchEvent) -> None:  # noqa: ARG001
    """The minute struck: send the letters that waited long enough, settle those in doubt."""
    events.every_minute()


@app.schedule(Rate(1, unit=Rate.MINUTES))  # type: ignore[untyped-decorator]
def every_minute_batches(event: CloudWatchEvent) -> None:  # noqa: ARG001
    """The minute struck: carry on with what was decided for many reports at once."""
    events.every_minute_batches()


@app.schedule(Rate(15, unit=Rate.MINUTES))  # type: ignore[untyped-decorator]
def every_quarter_hour(event: CloudWatchEvent) -> None:  # noqa: ARG001
    """A quarter of an hour passed: count what lies at each police unit."""
    events.every_quarter_hour()


@app.on_dynamodb_record(stream_arn=settings.stream_arn_at_import("profiles"), batch_size=25)  # type: ignore[untyped-decorator]
def on_details_changed(event: DynamoDBEvent) -> dict[str, Any]:
    """Somebody changed their details: bring it to their reports, and mail whom it concerns."""
    return events.on_details_changed(event.to_dict())


@app.on_s3_event(  # type: ignore[untyped-decorator]
    bucket=settings.evidence_bucket_at_import(), events=["s3:ObjectCreated:*", "s3:ObjectTagging:Put"], prefix="quarantine/"
)
def on_file_uploaded(event: S3Event) -> None:
    """A file came into the quarantine, or the scanner has judged it: look at it."""
    events.on_file_uploaded(event.to_dict())


@app.schedule(Rate(1, unit=Rate.HOURS))  # type: ignore[untyped-decorator]
def every_hour(event: CloudWatchEvent) -> None:  # noqa: ARG001
    """The hour struck: end questions whose deadline passed, keep promises, invite to the survey who is due."""
    events.every_hour()


@app.schedule(Rate(1, unit=Rate.DAYS))  # type: ignore[untyped-decorator]
def every_day(event: CloudWatchEvent) -> None:  # noqa: ARG001
    """A day began: destroy the reports whose ten years are over."""
    events.every_day()


@app.lambda_function()  # type: ignore[untyped-decorator]
def make_official_report(event: Any, context: Any) -> dict[str, Any]:  # noqa: ARG001
    """The police's own system asks for a report with its BSN: on record first. No address leads here, only an IAM role does."""
    return events.make_official_report(event)
