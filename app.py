"""The table of contents: which routes there are, and which event wakes which function. No logic.

Streams, schedules and topics stand here and not on blueprints, because Chalice would deploy a blueprint's event handler
without ever importing this file (DESIGN, "Facts"; a house test asserts it).
"""

from typing import Any

from chalice import Chalice, Rate
from chalice.app import CloudWatchEvent, DynamoDBEvent, S3Event

from chalicelib import wiring
from chalicelib.core import settings
from chalicelib.core.clock import day_of

app = Chalice(app_name="mijn-politie")
app.api.cors = False
app.api.binary_types.append("multipart/form-data")  # files that come with a form

if settings.serves_http():
    from chalicelib.blueprints import BLUEPRINTS
    from chalicelib.web.routes import refuse_other_methods

    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    refuse_other_methods(app)


@app.on_dynamodb_record(stream_arn=settings.stream_arn_at_import(), batch_size=100)  # type: ignore[untyped-decorator]
def on_report_changed(event: DynamoDBEvent) -> dict[str, Any]:
    """A report was written: send the letters that its new events call for."""
    from chalicelib.letters import post

    services = wiring.services()
    result = post.deliver(
        post.records_of(event.to_dict()),
        report_of_image=services.reports.report_of_image,
        ledger=services.ledger,
        mailer=services.mailer,
        write=services.write_letter,
    )
    return result.as_lambda_response(partial_batches=services.settings.partial_batches)


@app.on_s3_event(  # type: ignore[untyped-decorator]
    bucket=settings.evidence_bucket_at_import(), events=["s3:ObjectCreated:*", "s3:ObjectTagging:Put"], prefix="quarantine/"
)
def on_file_uploaded(event: S3Event) -> None:
    """A file came into the quarantine, or the scanner has judged it: look at it."""
    from chalicelib.evidence import actions as evidence

    evidence.check_told(event.to_dict(), shelves=wiring.services().shelves)


@app.schedule(Rate(1, unit=Rate.HOURS))  # type: ignore[untyped-decorator]
def every_hour(event: CloudWatchEvent) -> None:  # noqa: ARG001
    """The hour struck: end questions whose deadline passed, invite to the survey who is due."""
    from chalicelib.reports import actions as reports
    from chalicelib.surveys import actions as surveys

    services = wiring.services()
    due = tuple(services.reports.due(day_of(services.clock.now())))  # read once, for both
    reports.end_overdue_questions(due, reports=services.reports, clock=services.clock)
    surveys.invite_due(
        due,
        reports=services.reports,
        surveys=services.surveys,
        clock=services.clock,
        terms=services.terms,
        open_days=services.settings.survey_open_days,
        derivation_key=services.derivation_key,
    )


@app.schedule(Rate(1, unit=Rate.DAYS))  # type: ignore[untyped-decorator]
def every_day(event: CloudWatchEvent) -> None:  # noqa: ARG001
    """A day began: destroy the reports whose ten years are over."""
    from chalicelib.erasure import actions as erasure

    erasure.erase_expired(wiring.services().archive)
