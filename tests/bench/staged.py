"""The stage that every bench begins with: the settings of a stage that is not there, AWS that answers at once, and one report."""

import os
from datetime import datetime

from chalicelib.citizen.following.schemas import example_of
from chalicelib.reports.contact import Contact, Reach
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.facts import Reporter
from chalicelib.reports.model import Report, filed
from chalicelib.reports.statement import Statement
from tests.bench.stub import Stub
from tests.support.samples import CITIZEN, NOON

_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled"}


def begin(stub: Stub) -> None:
    """Let the stub answer for AWS in this process."""
    stub.install()
    os.environ.update(_CREDENTIALS)


def report_of_the_bench(at: datetime = NOON) -> Report:
    return filed(
        reference="K7MD-PR3W-9XCV",
        reporter=Reporter(CITIZEN.pseudonym, CITIZEN.sealed_bsn),
        statement=Statement.of("bicycle-theft", example_of(KINDS["bicycle-theft"])["answers"]),
        reach=Reach(Contact(email="sanne@example.org")),
        unit="Noord-Nederland",
        municipality="GM0014",
        at=at,
    )
