"""DynamoDB's expressions, read once and kept: conditions, updates and projections, as much of them as the portal writes.

An operand is a function of an item and of the request's names and values; what is not there is None.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

Item = dict[str, Any]  # DynamoDB JSON by attribute name
Value = Mapping[str, Any]  # one value: {"S": "text"}


@dataclass(frozen=True, slots=True)
class Given:
    """The names and values that a request brings to its expressions."""

    names: Mapping[str, str]
    values: Mapping[str, Value]


Operand = Callable[[Item, Given], Value | None]
Condition = Callable[[Item, Given], bool]
Change = Callable[[Item, Item, Given], None]  # of the new item, by what the old one held

_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),+]|[#:]?[A-Za-z_][\w.\[\]#]*|[#:]\d[\w.\[\]#]*)")


class _Tokens:
    def __init__(self, text: str) -> None:
        self._tokens, position = [], 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if not match:
                raise ValueError(f"cannot read: {text[position:]}")
            self._tokens.append(match[1])
            position = match.end()
        self._next = 0

    @property
    def head(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def take(self, *expected: str) -> str:
        token = self.head
        if not token or (expected and token.upper() not in expected):
            raise ValueError(f"expected {expected or 'more'}, found {token!r}")
        self._next += 1
        return token

    def may_take(self, *words: str) -> bool:
        if self.head.upper() in words:
            self._next += 1
            return True
        return False


@cache
def condition(text: str) -> Condition:
    """Return the condition that an expression states; an empty one always holds."""
    if not text:
        return lambda _item, _given: True
    tokens = _Tokens(text)
    read = _either(tokens)
    if tokens.head:
        raise ValueError(f"left over: {tokens.head}")
    return read


def _either(tokens: _Tokens) -> Condition:
    parts = [_all(tokens)]
    while tokens.may_take("OR"):
        parts.append(_all(tokens))
    return parts[0] if len(parts) == 1 else lambda item, given: any(part(item, given) for part in parts)


def _all(tokens: _Tokens) -> Condition:
    parts = [_not(tokens)]
    while tokens.may_take("AND"):
        parts.append(_not(tokens))
    return parts[0] if len(parts) == 1 else lambda item, given: all(part(item, given) for part in parts)


def _not(tokens: _Tokens) -> Condition:
    if tokens.may_take("NOT"):
        inner = _not(tokens)
        return lambda item, given: not inner(item, given)
    if tokens.may_take("("):
        inner = _either(tokens)
        tokens.take(")")
        return inner
    return _comparison(tokens)


def _comparison(tokens: _Tokens) -> Condition:
    name = tokens.head.lower()
    if name in _TESTS:
        tokens.take()
        arguments = _arguments(tokens)
        return lambda item, given: _TESTS[name](*(argument(item, given) for argument in arguments))
    left = _operand(tokens)
    if tokens.may_take("BETWEEN"):
        low = _operand(tokens)
        tokens.take("AND")
        high = _operand(tokens)
        return lambda item, given: (
            _ordered(left(item, given), low(item, given), ">=") and _ordered(left(item, given), high(item, given), "<=")
        )
    if tokens.may_take("IN"):
        choices = _arguments(tokens)
        return lambda item, given: any(left(item, given) == choice(item, given) for choice in choices)
    sign = tokens.take("=", "<>", "<", "<=", ">", ">=")
    right = _operand(tokens)
    return lambda item, given: _ordered(left(item, given), right(item, given), sign)


def _arguments(tokens: _Tokens) -> list[Operand]:
    tokens.take("(")
    found = [_operand(tokens)]
    while tokens.may_take(","):
        found.append(_operand(tokens))
    tokens.take(")")
    return found


def _operand(tokens: _Tokens) -> Operand:
    token = tokens.take()
    if token.startswith(":"):
        return lambda _item, given: given.values[token]
    if token.lower() in ("if_not_exists", "list_append"):
        first, second = _arguments(tokens)
        if token.lower() == "if_not_exists":
            return lambda item, given: first(item, given) or second(item, given)
        return lambda item, given: {"L": [*_listed(first(item, given)), *_listed(second(item, given))]}
    return lambda item, given: _found(item, _path(token, given))


def _listed(value: Value | None) -> list[Any]:
    if value is None or "L" not in value:
        raise ValueError("list_append needs two lists")
    return list(value["L"])


def _path(token: str, given: Given) -> list[str]:
    return [given.names.get(part, part) for part in token.split(".")]


def _found(item: Item, path: list[str]) -> Value | None:
    value: Value | None = {"M": item}
    for name in path:
        value = value.get("M", {}).get(name) if value else None
    return value


_TESTS: Mapping[str, Callable[..., bool]] = {
    "attribute_exists": lambda value: value is not None,
    "attribute_not_exists": lambda value: value is None,
    "begins_with": lambda value, start: value is not None and str(value.get("S", "")).startswith(start["S"]),
    "contains": lambda value, part: value is not None and part.get("S", "") in value.get("S", value.get("SS", "")),
}


def _ordered(left: Value | None, right: Value | None, sign: str) -> bool:
    """Compare as DynamoDB does: what is missing or of another type is unequal, and before or after nothing."""
    if left is None or right is None or left.keys() != right.keys():
        return sign == "<>"
    ours, theirs = plain(left), plain(right)
    if sign in ("=", "<>"):
        return (ours == theirs) is (sign == "=")
    return bool({"<": ours < theirs, "<=": ours <= theirs, ">": ours > theirs, ">=": ours >= theirs}[sign])


def plain(value: Value) -> Any:
    """Return what a value is sorted and compared by."""
    (kind, content), *_ = value.items()
    return Decimal(content) if kind == "N" else content


@cache
def update(text: str) -> tuple[Change, ...]:
    """Return the changes that an update expression makes."""
    tokens, changes = _Tokens(text), []
    while tokens.head:
        clause = tokens.take("SET", "REMOVE", "ADD").upper()
        changes.append(_CLAUSES[clause](tokens))
        while tokens.may_take(","):
            changes.append(_CLAUSES[clause](tokens))
    return tuple(changes)


def _set(tokens: _Tokens) -> Change:
    name = tokens.take()
    tokens.take("=")
    operand = _sum(tokens)

    def change(new: Item, old: Item, given: Given) -> None:
        value = operand(old, given)
        if value is None:
            raise ValueError("an attribute is set to what is not there")
        attribute, _, place = name.partition("[")
        if place:  # an element of a list; behind its end it is the next one
            held = list(_listed(new.get(_one(attribute, given))))
            at = int(place.rstrip("]"))
            held[at : at + 1] = [value]
            new[_one(attribute, given)] = {"L": held}
        else:
            new[_one(name, given)] = value

    return change


def _sum(tokens: _Tokens) -> Operand:
    first = _operand(tokens)
    if not tokens.may_take("+"):
        return first
    second = _operand(tokens)
    return lambda item, given: _added(first(item, given), second(item, given))


def _added(first: Value | None, second: Value | None) -> Value:
    if first is None or second is None:
        raise ValueError("what is not there cannot be added to")
    return {"N": str(Decimal(first["N"]) + Decimal(second["N"]))}


def _remove(tokens: _Tokens) -> Change:
    name = tokens.take()
    return lambda new, _old, given: new.pop(_one(name, given), None)


def _add(tokens: _Tokens) -> Change:
    name, operand = tokens.take(), _operand(tokens)

    def change(new: Item, old: Item, given: Given) -> None:
        more, present = operand(old, given), old.get(_one(name, given))
        if more is not None and "SS" in more:
            new[_one(name, given)] = {"SS": sorted({*more["SS"], *(present or {"SS": []})["SS"]})}
        else:
            new[_one(name, given)] = _added(present or {"N": "0"}, more)

    return change


_CLAUSES: Mapping[str, Callable[[_Tokens], Any]] = {"SET": _set, "REMOVE": _remove, "ADD": _add}


def _one(name: str, given: Given) -> str:
    (only,) = _path(name, given)  # nobody here changes a part of an attribute
    return only


@cache
def hash_value(text: str) -> str:
    """Return the name of the value that a key condition asks of the hash key: what it equals comes first."""
    match = _HASH.match(text)
    if match is None:
        raise ValueError(f"no hash key first: {text}")
    return match[1]


_HASH = re.compile(r"[\s(]*[#\w]+\s*=\s*(:\w+)")


@cache
def projection(text: str) -> tuple[str, ...]:
    """Return the names in a projection expression; empty for everything."""
    return tuple(part.strip() for part in text.split(",")) if text else ()


def names_of(text: str, given: Given) -> Iterator[str]:
    """Yield the attributes that a projection expression keeps."""
    for part in projection(text):
        yield given.names.get(part, part)
