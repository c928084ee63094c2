"""Load, decide, save; and again when somebody else was first. For what rests on no version that anybody saw."""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.core.errors import Conflict

Before = TypeVar("Before")
After = TypeVar("After")


def load_decide_save(
    load: Callable[[], Before], decide: Callable[[Before], After], save: Callable[[Before, After], After], *, tries: int
) -> tuple[Before, After]:
    """Return what was loaded, and what stands there now: the same object when `decide` changed nothing.

    A Conflict that `save` raises is another's write: all is done again with what that one left, `tries` times in all, and then
    the Conflict is the caller's. An error of `load` or `decide` is raised as it is.
    """
    for tries_left in reversed(range(tries)):
        before = load()
        after = decide(before)
        is_unchanged = after is before
        if is_unchanged:
            return before, after
        try:
            return before, save(before, after)
        except Conflict:
            if not tries_left:
                raise
    raise ValueError("no tries")
