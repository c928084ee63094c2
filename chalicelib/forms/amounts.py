"""Amounts of money as people write them, read to the cent or not at all. Pure."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from chalicelib.forms.text import BadInput, code

_MOST = 10**9  # euros
_GROUPS = r"[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:'\d{3})+|[1-9]\d{0,2}(?: \d{3})+"
_AMOUNT = re.compile(rf"(?P<whole>{_GROUPS}|\d+|(?=[.,]\d))(?:[.,](?P<cents>\d{{1,2}}|-{{1,2}}|=))?", re.ASCII)
_CURRENCY = re.compile(r"€|\beuros?\b|\beur\b", re.IGNORECASE)
_LONGEST = 40  # characters


def read_money(value: Any) -> int:
    """Read `1.234,50`, `12,-`, `€ 99`, `12 euro`, 12.5 and keep cents. A leading zero begins no group of thousands.

    Raises BadInput for what has two readings, and for a part of a cent.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadInput("money_format")
    return _of_text(value) if isinstance(value, str) else _of_number(value)


def _of_text(value: str) -> int:
    text = code(value, _LONGEST).replace("\u2019", "'")
    match = _AMOUNT.fullmatch(_CURRENCY.sub("", text, count=1).strip())
    if not match:
        raise BadInput("money_format")
    cents = match["cents"] or ""
    return _bounded(int(re.sub(r"\D", "", match["whole"]) or 0) * 100 + int(cents.ljust(2, "0") if cents.isdigit() else 0))


def _of_number(value: float) -> int:
    try:
        cents = Decimal(repr(value)) * 100
        if cents == cents.to_integral_value():
            return _bounded(int(cents))
    except (InvalidOperation, OverflowError, ValueError):
        pass
    raise BadInput("money_format")


def _bounded(cents: int) -> int:
    if not 0 <= cents < _MOST * 100:
        raise BadInput("money_format")
    return cents
