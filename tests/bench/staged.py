"""What every bench begins with: the settings of a stage that is not there, AWS that answers at once, and one report."""

import os
from datetime import datetime

from chalicelib.citizen.following.schemas import example_of
from chalicelib.core.settings import Settings
from chalicelib.reports.contact import Contact
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report, Reporter, filed
from chalicelib.reports.statement import Statement
from tests.bench.stub import Stub
from tests.support.samples import CITIZEN, NOON

_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled"}


def begin(stub: Stub) -> None:
    """Let the stub answer for AWS in this process."""
    stub.install()
    os.environ.update(_CREDENTIALS)


def settings_of_the_bench() -> Settings:
    return Settings(
        stage="test",
        portal_url="https://portal.example",
        table_prefix="bench-",
        reports_stream_arn="arn:aws:dynamodb:eu-west-1:000000000000:table/reports/stream/2016-07-01T00:00:00.000",
        profiles_stream_arn="arn:aws:dynamodb:eu-west-1:000000000000:table/profiles/stream/2016-07-01T00:00:00.000",
        partial_batches=True,
        evidence_bucket="bench-evidence",
        mail_from="post@portal.example",
        mail_configuration_set="bench",
        mail_rate=100_000,  # nobody waits here for SES
        bsn_hmac_key_id="bench",
        bsn_key_id="bench",
        oidc_keys_secret="bench",
        derivation_secret="bench",
        digid_issuer="https://digid.example",
        digid_client_id="bench",
        staff_issuer="https://staff.example",
        staff_client_id="bench",
    )


def report_of_the_bench(at: datetime = NOON) -> Report:
    return filed(
        reference="K7MD-PR3W-9XCV",
        reporter=Reporter(CITIZEN.pseudonym, CITIZEN.sealed_bsn),
        statement=Statement.of("bicycle-theft", example_of(KINDS["bicycle-theft"])["answers"]),
        contact=Contact(email="sanne@example.org"),
        unit="Noord-Nederland",
        municipality="GM0014",
        at=at,
    )
