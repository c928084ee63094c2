"""What a citizen types into the form of a kind of crime, made from the same examples as the API's documentation."""

from typing import Any

from tests.samples import answers

_MOMENTS = {"2016-06-30T07:15:00Z": ("30-6-2016", "09:15"), "2016-06-30T15:40:00Z": ("30-6-2016", "17:40")}


def typed(kind: str = "bicycle-theft", **changes: Any) -> dict[str, Any]:
    """The fields of a complete form, with changes by field name; a change to None leaves the field out."""
    fields: dict[str, Any] = {}
    for name, value in answers(kind).items():
        fields |= _fields(name, value)
    fields |= changes
    return {name: value for name, value in fields.items() if value is not None}


def _fields(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, str) and value in _MOMENTS:
        return dict(zip((f"{name}.date", f"{name}.time"), _MOMENTS[value], strict=True))
    if isinstance(value, bool):
        return {name: "yes" if value else "no"}
    if isinstance(value, list) and isinstance(value[0], dict):
        return {f"{name}.{number}.{key}": str(inner) for number, row in enumerate(value) for key, inner in row.items()}
    return {name: value if isinstance(value, list) else str(value)}
