"""Numbers that somebody gave out: accounts, devices, companies, postcodes, licence plates; each in one spelling. Pure."""

import re
from typing import Any

from stdnum import iban, imei

from chalicelib.forms.text import BadInput, code

_LONGEST = 100  # characters, with all that people put between them
_IMEI = 15  # digits
_PLATE = 6  # letters and digits of a Dutch licence plate


def read_iban(value: Any) -> str:
    """Read an account number by the structure of its country and its check digits, whatever bank there is. Raises BadInput."""
    text = re.sub(r"[\s.:/-]", "", code(value, _LONGEST).upper())
    text = re.sub(r"^IBAN(?=[A-Z]{2}\d\d)", "", text)
    if not text.isascii() or not text.isalnum() or not iban.is_valid(text, check_country=False):
        raise BadInput("iban")
    return text


def read_imei(value: Any) -> str:
    """Read the number of a device; telephones show two digits of their software behind it. Raises BadInput."""
    text = re.sub(r"^(\d{15})/\d\d$", r"\1", re.sub(r"[\s.:-]", "", re.sub(r"^IMEI[\s:]*", "", code(value, _LONGEST).upper())))
    text = text.replace("/", "")
    if len(text) != _IMEI or not text.isascii() or not imei.is_valid(text):
        raise BadInput("imei")
    return text


def read_company_number(value: Any) -> str:
    return _digits(value, 8, "company_number")


def read_branch_number(value: Any) -> str:
    return _digits(value, 12, "branch_number")


def _digits(value: Any, length: int, refusal: str) -> str:
    text = re.sub(r"[\s.-]", "", re.sub(r"^KV?K[\s.:-]*", "", code(value, _LONGEST).upper()))
    if not re.fullmatch(rf"[0-9]{{{length}}}", text):
        raise BadInput(refusal)
    return text


def read_postcode(value: Any) -> str:
    text = re.sub(r"[\s.-]", "", re.sub(r"^NL[\s-]+", "", code(value, _LONGEST).upper()))
    if not re.fullmatch(r"[1-9][0-9]{3}[A-Z]{2}", text) or text[4:] in ("SA", "SD", "SS"):
        raise BadInput("postcode")
    return text


def read_plate(value: Any, most: int) -> str:
    """Read a licence plate: a Dutch one with its hyphens where they stand on it, another as it is typed. Raises BadInput."""
    text = code(value, most).upper()
    bare = re.sub(r"[\s.-]", "", text)
    if len(bare) != _PLATE or not re.fullmatch(r"(?=.*\d)(?=.*[A-Z])[A-Z0-9]+", bare):
        return text
    runs = re.findall(r"[A-Z]+|[0-9]+", bare)
    halved = (part for run in runs for part in ((run[:2], run[2:]) if len(run) > 3 else (run,)))  # noqa: PLR2004 — AB-CD-12
    return "-".join(halved)
