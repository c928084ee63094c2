"""The bounds of every reader: a file is read once from front to back, in at most so many parts. Pure (ADR-0041)."""

from dataclasses import dataclass

MOST_PARTS = 250_000  # segments, chunks, blocks: a GIF of 15 MB has 61,680, whoever made it; a second of work, not more


class Damaged(ValueError):
    """The file does not follow its own format, so nobody can say what is in it."""


@dataclass(slots=True)
class Meter:
    """Counts the parts of one file as its readers come by them."""

    parts: int = 0

    def part(self) -> None:
        """One part more. Raises Damaged for a file that is all parts and no picture."""
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise Damaged("parts")


@dataclass(frozen=True, slots=True)
class Copy:
    """The bytes that are shown in the place of a file. `hides` when something may be left in it that nobody sees (ADR-0041)."""

    content: bytes
    hides: bool = False
