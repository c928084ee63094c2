"""The codes that people are given and type: how each is shown, how it is read wherever it is typed, and what is kept of it.

They differ at sight: `C-…` checks a mail, `V-…` (vragenlijst) opens a questionnaire, `K-…` (kopie) proves a copy. Those of
before had no letter, and are read as well. The code that proves an address is shorter, the number of a report longer. The letter
only says where a code belongs: it proves nothing, and what is kept or compared is the code without it. ADR-0042.
"""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.core import ids


class CodeKind(StrEnum):
    """The kinds of what people type."""

    CHECK = "C"
    SURVEY = "V"
    COPY = "K"
    OLD = "old"  # printed before there were letters: it may be any of the three
    ADDRESS = "address"
    NUMBER = "number"  # of a report: no code, but some take it for one


LETTERED = (CodeKind.CHECK, CodeKind.SURVEY, CodeKind.COPY)


@dataclass(frozen=True, slots=True)
class Typed:
    """A code as somebody typed it. `code` is without the letter, as `ids` prints it."""

    kind: CodeKind
    code: str


def shown(kind: CodeKind, code: str) -> str:
    """Return a code as people see it: its letter and the code itself, such as `C-K7MDP-R3W9X`."""
    return f"{kind}-{code}" if kind in LETTERED else code


def read(text: str) -> Typed | None:
    """Return the code that a text spells, however it is written (`ids.folded`), or None when it can be no code of ours."""
    if len(text) > _LONGEST:
        return None
    if code := ids.parse_code(text):
        return Typed(CodeKind.OLD, code)
    symbols = ids.folded(text)
    if symbols[:1] in LETTERED and (code := ids.parse_code(symbols[1:])):
        return Typed(CodeKind(symbols[0]), code)
    if code := ids.parse_short_code(text):
        return Typed(CodeKind.ADDRESS, code)
    return Typed(CodeKind.NUMBER, code) if (code := ids.parse_reference(text)) else None


def read_long(text: str) -> str:
    """Return the long code that a text spells, without its letter, whichever that is; empty when it spells none."""
    found = read(text)
    return found.code if found and found.kind in (*LETTERED, CodeKind.OLD) else ""


def kept_names(key: bytes, code: str) -> tuple[str, str]:
    """Return the names under which something of a long code may be kept: the one of now, and the one of before.

    A digest without a key can be turned back into its code by trying all; what was kept under one is still found.
    """
    return kept_name(key, code), ids.digest(code)


def kept_name(key: bytes, code: str) -> str:
    """Return what a table may hold of a long code: a digest that only the holder of the key can compute."""
    return ids.derive(key, "code", code).hex()


_LONGEST = 60  # characters: a pasted page is no code
