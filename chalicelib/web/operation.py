"""The declaration of a route: the one description that serving, OpenAPI and the house tests read."""

from dataclasses import dataclass
from typing import Any

from chalicelib.web.access import Access

CHANGES = frozenset({"POST"})  # the methods of routes that change something; all others read
ROOT = "/v1"  # of the API: its address in the description ends so, and the paths begin after it


@dataclass(frozen=True, slots=True)
class Operation:
    """The facts of a route that are known before it is called. `body`, `query` and `answer` are models of schema.py, or None.

    `summary` and `description` are for builders of programs, `locates` says that the answer has a Location. `header` names a
    request header that the route cannot do without, `limited` says that failed tries are counted (limits.py), `files` that its
    form may hold files, `reasoned` that the header Look-Reason says why an officer looks or acts. `media` is the
    type of the answer, a list of `answer` where `is_list` says so; `tells` are headers that it has besides those of every answer.
    """

    method: str
    path: str
    access: Access
    summary: str = ""
    description: str = ""
    body: Any = None
    query: Any = None
    answer: Any = None
    header: str = ""
    status: int = 200
    limited: bool = False
    files: bool = False
    locates: bool = False
    reasoned: bool = False
    media: str = "application/json"
    is_list: bool = False
    tells: tuple[str, ...] = ()

    @property
    def is_api(self) -> bool:
        return self.path.startswith(f"{ROOT}/")
