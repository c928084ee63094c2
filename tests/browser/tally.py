"""What a run counts, over all its tests."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Tally:
    """`pages` are looks (page × width × language × with or without JavaScript), `distinct` the pages themselves."""

    pages: int = 0
    distinct: set[str] = field(default_factory=set)
    axe_runs: int = 0
    axe_violations: int = 0
    axe_incomplete: int = 0
    console_errors: int = 0
    heaviest_page_kb: float = 0.0
    heaviest_page: str = ""

    def weighed(self, page: str, kb: float) -> None:
        if kb > self.heaviest_page_kb:
            self.heaviest_page_kb, self.heaviest_page = kb, page

    def as_dict(self) -> dict[str, Any]:
        counted = asdict(self)
        counted["pages_distinct"] = len(counted.pop("distinct"))
        return counted


TALLY = Tally()
