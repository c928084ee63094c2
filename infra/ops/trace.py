"""Abuse that came from one internet address: what to look for in the portal's log of a day. Only the digest stands there."""

from argparse import Namespace
from datetime import date

from chalicelib.core.clock import day_of
from chalicelib.web.limits import source_of
from chalicelib.web.trace import digest_of
from infra.ops.stage import Refused, Stage


def trace(stage: Stage, arguments: Namespace) -> int:
    """Say what stands in the lines `asked` for an address on a day."""
    source = source_of(arguments.address)
    if not source:
        raise Refused("This is no internet address: write it as 203.0.113.7 or 2001:db8::1.")
    day = _day(arguments.day) if arguments.day else day_of(stage.services.clock.now())
    stage.say(f"source={digest_of(stage.services.derivation_key, day.isoformat(), source)}")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text} is no day: write it as 2016-07-01.") from None
