"""The text that the reporter confirmed: the content received is the content confirmed, and later changes are detectable.

Source: decree on electronic reports, and docs/domain.md, "What a report holds".
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as it was confirmed: `kind` is a code of evidence/kinds.py, `sha256` is over every byte that was sent.

    `part` is what it was sent with: the report itself, an answer or an addition.
    """

    id: str
    name: str
    kind: str
    size: int
    sha256: str
    part: str = "report"


@dataclass(frozen=True, slots=True)
class Statement:
    """The text that the reporter confirmed, once and for all: `text` is canonical JSON, and the hash is over its UTF-8 bytes."""

    text: str

    @classmethod
    def of(cls, kind: str, answers: Mapping[str, Any], evidence: Sequence[Attachment] = ()) -> "Statement":
        """Return the statement that `answers` (JSON values by question name) and files make, in the one canonical spelling."""
        content: dict[str, Any] = {"kind": kind, "answers": answers}
        if evidence:  # without files it is spelled as it always was
            content["evidence"] = [asdict(file) for file in evidence]
        return cls(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")))

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def kind(self) -> str:
        kind: str = json.loads(self.text)["kind"]
        return kind

    @property
    def answers(self) -> dict[str, Any]:
        answers: dict[str, Any] = json.loads(self.text)["answers"]
        return answers

    @property
    def evidence(self) -> tuple[Attachment, ...]:
        return tuple(Attachment(**file) for file in json.loads(self.text).get("evidence", ()))
