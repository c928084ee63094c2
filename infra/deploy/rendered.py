"""A template as it is sent: the names of a stage written out.

CloudFormation takes in what an earlier stack left behind only where its name stands in the template as it is; a name that is put
together while it works is made anew, and refused as taken (ADR-0044).
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.tables import parsed

_PLACE = re.compile(r"\$\{(\w+)\}")


def rendered(file: Path, names: Mapping[str, str], only: tuple[str, ...] = ()) -> bytes:
    """Return a template with `names` in the place of its parameters; with `only`, these resources alone and no outputs."""
    template = _written(parsed(file), names)
    if only:
        template = {**template, "Resources": {name: template["Resources"][name] for name in only}}
        template.pop("Outputs", None)
    return json.dumps(template, ensure_ascii=False).encode()


def _written(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_written(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return names.get(value["Ref"], value)
    if set(value) == {"Fn::GetAtt"} and isinstance(value["Fn::GetAtt"], str):
        return {"Fn::GetAtt": value["Fn::GetAtt"].split(".", 1)}
    if set(value) == {"Fn::Sub"} and isinstance(value["Fn::Sub"], str):
        text = _PLACE.sub(lambda place: names.get(place[1], place[0]), value["Fn::Sub"])
        return {"Fn::Sub": text} if "${" in text else text
    return {key: _written(each, names) for key, each in value.items()}
