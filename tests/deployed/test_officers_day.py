"""A day at a police unit, as it is deployed: with the rights of each function, its real mails and its real waits."""

import time

from tests.e2e.officers_day import spend

EVENTS = ("on_report_changed", "on_report_indexed", "every_minute", "every_minute_batches", "every_quarter_hour", "every_hour")


def test_an_officers_day(cloud, cast, eventually, figures):
    began = time.monotonic()

    day = spend(cast, eventually)

    figures["day_s"] = round(time.monotonic() - began)
    figures["day_slowest"] = dict(sorted(day.took.items(), key=lambda each: -each[1])[:5])
    for function in ("api_handler", *EVENTS):
        wrong = [line for line in cloud.logs(function) if "AccessDenied" in line or "[ERROR]" in line]
        assert not wrong, f"{function}: {wrong[:3]}"
