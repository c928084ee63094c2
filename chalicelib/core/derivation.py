"""The keys from which names and codes are derived (ids.derive): one for names, for ever; those for codes, each from a moment on.

A name (a reference, a folder, a profile) proves nothing: who knows it still has to be let in, and with another key what is kept
under it would be lost. A code proves something: who types it was sent it. So the key of codes can be replaced, and the one of
names cannot (ADR-0031). A code that stands for a fact of a certain moment is always derived with the key of that moment.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chalicelib.core.clock import iso

SHORTEST = 32  # characters
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ProofKey:
    """A key of codes, and from when on it is used."""

    since: datetime
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProofKeys:
    """The keys of codes, at least one, the newest first."""

    keys: tuple[ProofKey, ...]

    @classmethod
    def of(cls, key: bytes) -> "ProofKeys":
        """Return the only key that there ever was."""
        return cls((ProofKey(_ALWAYS, key),))

    def at(self, moment: datetime) -> bytes:
        """Return the key with which the code of a fact of that moment is made; of one older than all keys, with the oldest."""
        return next((each.key for each in self.keys if each.since <= moment), self.keys[-1].key)

    @property
    def all(self) -> tuple[bytes, ...]:
        """Every key that a code may have been made with."""
        return tuple(each.key for each in self.keys)


@dataclass(frozen=True, slots=True)
class Derivation:
    """The content of the secret."""

    names: bytes = field(repr=False)
    proofs: ProofKeys

    @classmethod
    def parse(cls, secret: str) -> "Derivation":
        """Return the keys in a secret; a bare text, as the stack makes it, is the only key. Raises ValueError for any other."""
        if not secret.startswith("{"):
            return cls(_sound(secret), ProofKeys.of(_sound(secret)))
        try:
            content = json.loads(secret)
            keys = [ProofKey(_moment(each["since"]), _sound(each["key"])) for each in content["proofs"]]
            return cls(_sound(content["names"]), ProofKeys(_newest_first(keys)))
        except (KeyError, TypeError) as error:
            raise ValueError("no derivation keys") from error

    def written(self) -> str:
        """Return what the secret holds of these keys."""
        proofs = [{"since": iso(each.since), "key": each.key.decode()} for each in self.proofs.keys]
        return json.dumps({"names": self.names.decode(), "proofs": proofs})


def _sound(key: str) -> bytes:
    if len(key) < SHORTEST:
        raise ValueError(f"a key of fewer than {SHORTEST} characters")
    return key.encode()


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment


def _newest_first(keys: Sequence[ProofKey]) -> tuple[ProofKey, ...]:
    if not keys:
        raise ValueError("no key for codes")
    return tuple(sorted(keys, key=lambda each: each.since, reverse=True))
