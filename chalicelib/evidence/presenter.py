"""Files as their readers see them: what it is, how large, and how far. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.core.language import N_, Language, number, translate
from chalicelib.evidence.kinds import KINDS
from chalicelib.evidence.model import FileState
from chalicelib.reports.statement import Attachment

STATES: Mapping[FileState, str] = {
    FileState.AWAITED: N_("on its way, or being checked"),
    FileState.ARRIVED: N_("received; our scanner still looks at it"),
    FileState.CHECKED: N_("received and checked"),
    FileState.REFUSED: N_("refused"),
}
_KB, _MB = 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One confirmed file: `facts` is its kind and size in the reader's language."""

    id: str
    name: str
    facts: str
    sha256: str


def rows(files: Sequence[Attachment], language: Language) -> tuple[Row, ...]:
    """Return what is shown of confirmed files."""
    return tuple(Row(file.id, file.name, facts(file.kind, file.size, language), file.sha256) for file in files)


def facts(kind: str, size: int, language: Language) -> str:
    """Return a file's kind and size, such as `photo (JPEG), 1.2 MB`; without the size while that is not known."""
    name = translate(KINDS[kind].name, language)
    return f"{name}, {_size(size, language)}" if size else name


def _size(size: int, language: Language) -> str:
    if size < _MB:
        return f"{max(1, round(size / _KB))} KB"
    return f"{number(size / _MB, language, decimals=1)} MB"
