"""What the reporter confirmed: the content received is the content confirmed, and later changes are detectable.

Source: decree on electronic reports, and DOMAIN, "What a report holds".
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Statement:
    """What the reporter confirmed, once and for all: `text` is canonical JSON, and the hash is over its UTF-8 bytes."""

    text: str

    @classmethod
    def of(cls, kind: str, answers: Mapping[str, Any]) -> "Statement":
        """Return the statement that `answers` (JSON values by question name) make, in the one canonical spelling."""
        content = {"kind": kind, "answers": answers}
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
