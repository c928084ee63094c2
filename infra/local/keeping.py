"""The files that `make run KEEP=1` keeps in a folder, for the next start: one file that is replaced as a whole, and the files of
reports.

The folder belongs to one stage at a time. A file that cannot be read is never overwritten: the stage does not start, and says so.
"""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

FORMAT = 1  # raised when what is kept changes its shape
NAME, BODIES = "stage.json", "files"
EVERY_S = 60.0


class Unusable(Exception):
    """The kept stage cannot be taken up, or its folder is in use; the message is the sentence for whoever started the stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """All that a stage remembers. Items are as DynamoDB writes them in JSON; the body of an object lies in a file of its own."""

    ahead_s: float
    secrets: Mapping[str, str]
    keys: Mapping[str, Mapping[str, str]]
    tables: Mapping[str, list[dict[str, Any]]]
    untaken: Mapping[str, list[dict[str, Any]]]  # what the stream still had to bring, oldest first; `tables` is of before it
    objects: list[dict[str, Any]]
    mails: list[dict[str, Any]]
    schedules: Mapping[str, str]


class Keeper:
    """A folder with what one stage keeps. Enter it before the stage reads or writes there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / NAME

    def __enter__(self) -> Self:
        (self._folder / BODIES).mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = (self._folder / ".in-use").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise Unusable(f"Another stage keeps its data in {self._folder}. Stop that one, or start without KEEP=1.") from None
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.close()

    def load(self) -> Kept | None:
        """Return what was kept, None when nothing was. Raises Unusable."""
        if not self._file.exists():
            return None
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
            version = content.pop("format")
            kept = Kept(**content) if version == FORMAT else None
            is_whole = kept is None or (_is_whole(kept) and all(self.has(each["body"]) for each in kept.objects))
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            raise self.unusable("it is damaged") from None
        if kept is None:
            raise self.unusable(f"another version of Mijn Politie wrote it (format {version}, and this is {FORMAT})")
        if not is_whole:
            raise self.unusable("it is damaged")
        return kept

    def unusable(self, why: str) -> Unusable:
        return Unusable(
            f"What was kept in {self._folder} cannot be taken up: {why}. Nothing of it was changed. "
            "Move that folder away to begin anew, or start without KEEP=1."
        )

    def has(self, body: str) -> bool:
        return self._body(body).is_file()

    def body(self, name: str) -> bytes:
        return self._body(name).read_bytes()

    def save(self, kept: Kept, bodies: Mapping[str, bytes]) -> None:
        """Replace what was kept, all at once: who stops halfway leaves what was there before."""
        for name, content in bodies.items():
            _write(self._body(name), content)
        _write(self._file, json.dumps({"format": FORMAT, **asdict(kept)}, ensure_ascii=False).encode())
        wanted = {each["body"] for each in kept.objects}
        for file in (self._folder / BODIES).iterdir():
            if file.name not in wanted:
                file.unlink()

    def _body(self, name: str) -> Path:
        return self._folder / BODIES / name


def _is_whole(kept: Kept) -> bool:
    shapes = {"ahead_s": float | int, "objects": list, "mails": list}
    return all(isinstance(getattr(kept, each.name), shapes.get(each.name, dict)) for each in fields(kept))


def _write(file: Path, content: bytes) -> None:
    """Write a file as a whole or not at all, also when the machine loses its power."""
    making = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    making.replace(file)
