"""The menu of the desk: a table of addresses, words and the permission that each page asks for. Pure.

A room adds its row here, in the order of a day's work. It stands in `web`, below the desk, because pages of errors show it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.core.language import N_
from chalicelib.people.model import Officer
from chalicelib.people.permissions import Permission, may


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu. `words` is a message; `keeps_list`: it leads to the list that was opened last, with its filters."""

    address: str
    words: str
    permission: Permission
    keeps_list: bool = False
    alone: bool = False  # the pages below it belong to other entries


MENU: tuple[Entry, ...] = (
    Entry("/desk", N_("Today"), Permission.READ_REPORT, alone=True),
    Entry("/desk/queue", N_("Worklist"), Permission.READ_REPORT, keeps_list=True),
    Entry("/desk/tasks", N_("Tasks"), Permission.DO_TASKS),
    Entry("/desk/to-tell", N_("To tell"), Permission.TELL_REPORTER),
    Entry("/desk/batches", N_("Many at once"), Permission.BULK),
    Entry("/desk/search", N_("Find reports"), Permission.SEARCH),
    Entry("/desk/new", N_("At the counter"), Permission.FILE_REPORT),
    Entry("/desk/audit", N_("Who looked"), Permission.READ_AUDIT),
    Entry("/desk/figures", N_("Figures"), Permission.READ_BOARD),
    Entry("/desk/teams", N_("Teams"), Permission.RUN_TEAMS),
    Entry("/desk/goods", N_("Found property"), Permission.WATCH_GOODS),
    Entry("/desk/shared", N_("Shared values"), Permission.SHARE_VALUES),
)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as one officer sees it on one page."""

    address: str
    words: str
    is_here: bool


def menu(officer: Officer, path: str, *, last_list: str = "") -> tuple[Item, ...]:
    """Return the menu of an officer on the page at `path`; `last_list` is the address of the list that they opened last."""
    offered = [entry for entry in MENU if may(officer, entry.permission)]
    here = max((entry.address for entry in offered if _leads(entry, path)), key=len, default="")
    return tuple(
        Item(last_list if last_list and entry.keeps_list else entry.address, entry.words, entry.address == here)
        for entry in offered
    )


def home_of(officer: Officer, default: str = "/desk") -> str:
    """Return the page at which an officer begins: the first that they may open."""
    offered: Sequence[Entry] = [entry for entry in MENU if may(officer, entry.permission)]
    return offered[0].address if offered else default


def _leads(entry: Entry, path: str) -> bool:
    return path == entry.address or (not entry.alone and path.startswith(f"{entry.address}/"))
