"""Failed tries with a code, and what one person does in a day, are counted: what a view puts around the trying."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.core.errors import Invalid, NotFound
from chalicelib.web.request import Request

_IPV6_BITS = 64  # what a provider gives to one customer: whoever has one address has all of them


@contextmanager
def counted(request: Request, purpose: str) -> Iterator[None]:
    """Let one try through. It counts when it ends in Invalid or NotFound. Raises TooMany when too many failed before."""
    limits = request.services.limits
    taken = limits.count_try(purpose, source_of(request.source_ip))
    try:
        yield
    except (Invalid, NotFound):
        raise
    except Exception:  # the code was right (the survey was answered before), or we could not look
        limits.give_back(taken)
        raise
    else:
        limits.give_back(taken)


@contextmanager
def one_of_the_day(request: Request, purpose: str, most: int) -> Iterator[None]:
    """Take one of the `most` that a citizen has in a day; it is given back when nothing came of it. Raises TooMany."""
    limits = request.services.daily
    taken = limits.count_try(purpose, request.citizen.pseudonym, most=most)
    try:
        yield
    except Exception:
        limits.give_back(taken)
        raise


def source_of(address: str) -> str:
    """Return whose tries are counted together: one IPv4 address, or one IPv6 network. Unknown ones share one count."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), _IPV6_BITS), strict=False))
