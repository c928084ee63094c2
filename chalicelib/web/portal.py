"""The app: Chalice, which opens each door of doors.py once; in Lambda at the first request through it."""

from typing import Any

from chalice import Chalice

from chalicelib.doors import DOORS, door_of


class Portal(Chalice):  # type: ignore[misc]
    """The app with its doors, all closed."""

    def __init__(self, app_name: str) -> None:
        super().__init__(app_name=app_name)
        self._open: set[str] = set()

    def open(self, *doors: str) -> None:
        """Register the rooms behind some doors, all of them when none is named."""
        from chalicelib.web.routes import refuse_other_methods  # noqa: PLC0415 — a function that answers no HTTP loads none of it

        for door in doors or DOORS:
            if door not in self._open:
                self._open.add(door)
                for blueprint in DOORS[door]():
                    self.register_blueprint(blueprint)
        refuse_other_methods(self)

    def __call__(self, event: Any, context: Any) -> Any:
        self.open(door_of(event.get("requestContext", {}).get("resourcePath") or "/"))
        return super().__call__(event, context)
