"""The counts of a run, over all its tests and all its workers; at the end it is one line of JSON."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass
class Tally:
    """`visits` are looks (page × width × language × with or without JavaScript), `pages` the pages themselves by name.

    `heaviest` and `most_requests` are what a page and all that it loads take: bytes as API Gateway packs them, and requests.
    """

    pages: set[str] = field(default_factory=set)
    routes: set[str] = field(default_factory=set)
    filed_by_hand: set[str] = field(default_factory=set)
    filed_by_keyboard: set[str] = field(default_factory=set)
    printed: set[str] = field(default_factory=set)
    visits: int = 0
    focus_walks: int = 0
    axe_runs: int = 0
    axe_violations: int = 0
    axe_incomplete: int = 0
    complaints: int = 0
    heaviest: tuple[int, str] = (0, "")
    most_requests: tuple[int, str] = (0, "")

    @property
    def has_counted(self) -> bool:
        return bool(self.visits or self.axe_runs or self.filed_by_hand or self.filed_by_keyboard or self.printed)

    def loaded(self, page: str, size: int, requests: int) -> None:
        self.heaviest = max(self.heaviest, (size, page))
        self.most_requests = max(self.most_requests, (requests, page))

    def add(self, other: dict[str, Any]) -> None:
        """Take in what another worker counted (as `packed`)."""
        for one in fields(self):
            mine, theirs = getattr(self, one.name), other[one.name]
            if isinstance(mine, set):
                mine.update(theirs)
            else:
                setattr(self, one.name, mine + theirs if isinstance(mine, int) else max(mine, tuple(theirs)))

    def packed(self) -> dict[str, Any]:
        """Return the counts as plain lists and numbers."""
        return {name: sorted(value) if isinstance(value, set) else value for name, value in asdict(self).items()}

    def summary(self) -> dict[str, Any]:
        counts = {name: len(value) if isinstance(value, list) else value for name, value in self.packed().items()}
        (size, heavy), (requests, busy) = counts.pop("heaviest"), counts.pop("most_requests")
        return counts | {"heaviest_gz_bytes": size, "heaviest_page": heavy, "most_requests": requests, "busiest_page": busy}


TALLY = Tally()
