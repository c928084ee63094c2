"""Nothing is read twice: most of a simulation's time would go into taking the same written events apart again.

Reading is pure, and a written part is never changed in place, so one of an item that was read before is the same thing again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pynamodb.attributes import ListAttribute, MapAttribute


@contextmanager
def remembered() -> Iterator[None]:
    """Let PynamoDB remember the parts that it read, until the end."""
    known: dict[tuple[type, int], tuple[Any, Any]] = {}  # the written part stays with what was read: its id is nobody else's
    read_map, read_list = MapAttribute.deserialize, ListAttribute.deserialize

    def part(kind: type[MapAttribute[str, Any]], written: Any) -> Any:
        key = kind, id(written)
        if key not in known:
            known[key] = written, kind._instantiate(written)
        return known[key][1]

    def of_map(self: Any, written: Any) -> Any:
        return read_map(self, written) if self.is_raw() else part(type(self), written)

    def of_list(self: Any, written: Any) -> Any:
        kind = self.element_type
        if kind is None or not issubclass(kind, MapAttribute) or kind.is_raw():
            return read_list(self, written)
        return [part(kind, element["M"]) for element in written]

    MapAttribute.deserialize, ListAttribute.deserialize = of_map, of_list
    try:
        yield
    finally:
        MapAttribute.deserialize, ListAttribute.deserialize = read_map, read_list
