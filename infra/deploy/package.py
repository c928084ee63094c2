"""The package that is sent to Lambda: of Chalice's zip, only what our functions load, as bytecode.

/var/task and /opt cannot be written, so without bytecode every cold start compiles everything again. The files are of the
unchecked kind: no source has to be looked at. Only KEPT is shipped, of botocore's data only SERVICES, and of that no prose
(ADR-0025).
"""

import gzip
import hashlib
import json
import py_compile
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from infra.deploy.errors import Stop

APP, LAYER = "app", "layer"
PARTITIONS = ("aws", "aws-eusc")
SERVICES = ("dynamodb", "kms", "s3", "secretsmanager", "sesv2")
_ENDPOINTS = frozenset((*SERVICES, "email"))  # what the list of endpoints calls them
KEPT = frozenset(
    (
        "annotated_types", "botocore", "cryptography", "_cffi_backend", "dateutil", "jinja2", "jmespath", "joserfc", "markupsafe",
        "pydantic", "pydantic_core", "pynamodb", "six", "stdnum", "typing_extensions", "typing_inspection", "urllib3",
    )
)  # fmt: skip
LARGEST_MB, LARGEST_UNPACKED_MB = 50, 250  # what Lambda takes: of one zip in a request; of all that a function unpacks
# What writes documentation and what looks for HTTP/2 is imported at every start and never called: a tenth of a cold start.
HOLLOW = {
    "botocore/docs/__init__.py": "",
    "botocore/docs/docstring.py": """
class ClientMethodDocstring(str):
    def __new__(cls, *_, **__):
        return super().__new__(cls)
PaginatorDocstring = WaiterDocstring = ClientMethodDocstring
""",
    "urllib3/http2/__init__.py": "",
}
_STDNUM = frozenset(("__init__", "exceptions", "iban", "imei", "luhn", "numdb", "util", "iso7064", "nl"))
_NOT_LOADED = re.compile(r"^(pydantic/v1|urllib3/contrib/emscripten)/")
_DATA = re.compile(r"^botocore/data/(?:(?P<service>[^/]+)/[^/]+/(?P<kind>[^/.]+)[^/]*|(?P<general>[^/]+))$")
_MODELS = ("service-2", "endpoint-rule-set-1")
_READ_BY_BOTOCORE = "clientContextParams"  # with the documentation of each, whenever an address is signed
_EPOCH = (1980, 1, 1, 0, 0, 0)
_RULES = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]  # other rules, another file


def slim(zipped: Path, kind: str) -> Path:
    """Return what is shipped instead of Chalice's zip: beside it, made once, the same bytes every time."""
    target = zipped.with_name(f"{zipped.stem}-{_RULES}.zip")
    if not target.exists():
        with tempfile.TemporaryDirectory() as folder:
            making = target.with_suffix(".making")
            with zipfile.ZipFile(zipped) as found, zipfile.ZipFile(making, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as shipped:
                for name, content in sorted(_shipped(found, kind, Path(folder))):
                    entry = zipfile.ZipInfo(name, _EPOCH)
                    entry.external_attr = 0o644 << 16
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    shipped.writestr(entry, content)
            making.replace(target)
    require_small(target)
    return target


def require_small(shipped: Path, largest_mb: float = LARGEST_MB, largest_unpacked_mb: float = LARGEST_UNPACKED_MB) -> None:
    """Raise Stop for what Lambda would refuse after minutes of uploading."""
    with zipfile.ZipFile(shipped) as archive:
        files = sorted(archive.infolist(), key=lambda each: each.compress_size, reverse=True)
    packed, unpacked = shipped.stat().st_size / 1e6, sum(each.file_size for each in files) / 1e6
    if packed <= largest_mb and unpacked <= largest_unpacked_mb:
        return
    named = ", ".join(f"{each.filename} ({each.compress_size / 1e6:.1f} MB)" for each in files[:3])
    raise Stop(
        f"The functions do not fit in Lambda: {shipped.name} is {packed:.0f} MB, {unpacked:.0f} MB unpacked, and Lambda takes "
        f"{largest_mb:g} and {largest_unpacked_mb:g}. Nothing was uploaded. Take something out; the largest files are {named}."
    )


def _shipped(found: zipfile.ZipFile, kind: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files that go out. Our own code keeps its source beside the bytecode: tracebacks show its lines."""
    names = set(found.namelist())
    for name in sorted(names):
        inside = _inside(name) if kind == LAYER else name
        if "__pycache__/" in name or name.endswith("/") or (kind == LAYER and not _is_loaded(inside)):
            continue
        content = found.read(name)
        if name.endswith(".py"):
            content = HOLLOW[inside].encode() if inside in HOLLOW else content
            if kind == APP:
                yield name, content
            yield _bytecode_name(name, kind), _bytecode(content, name, kind, folder)
        elif kind == LAYER and (cut := _cut(inside, content)) is not None:
            yield name.removesuffix(".gz"), cut
        elif kind == APP and not name.endswith((".po", ".pot")):
            yield name, content


def _inside(name: str) -> str:
    """Return the path inside site-packages."""
    return name.partition("/site-packages/")[2] or name


def _is_loaded(inside: str) -> bool:
    top = inside.split("/", 1)[0].split(".", 1)[0]
    if top not in KEPT or _NOT_LOADED.match(inside) or inside.endswith((".pyi", ".typed", ".c", ".h")):
        return False
    return top != "stdnum" or inside.split("/")[1].split(".", 1)[0] in _STDNUM


def _bytecode_name(name: str, kind: str) -> str:
    """Ours lies where Python keeps it beside a source; that of a library takes the place of its source."""
    path = PurePosixPath(name)
    if kind == LAYER:
        return name + "c"
    return str(path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc")


def _bytecode(source: bytes, name: str, kind: str, folder: Path) -> bytes:
    """Return the bytecode; that of libraries without docstrings and their authors' asserts, as `python -OO` would load it."""
    file, compiled = folder / "module.py", folder / "module.pyc"
    file.write_bytes(source)
    place, level = (f"/opt/{name}", 2) if kind == LAYER else (f"/var/task/{name}", 0)
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(file), str(compiled), dfile=place, doraise=True, optimize=level, invalidation_mode=unchecked)
    return compiled.read_bytes()


def _cut(inside: str, content: bytes) -> bytes | None:
    """Return a file of a library as it is shipped (JSON unpacked, so that it need not be later); None when it stays behind."""
    data = _DATA.match(inside)
    if data is None:
        return content if inside.endswith((".so", ".pem", ".dat", ".json")) or ".so." in inside else None
    if data["general"] is not None:
        found = _read(inside, content)
        return _packed(_endpoints(found) if data["general"].startswith("endpoints.json") else found)
    if data["service"] not in SERVICES or data["kind"] not in _MODELS:
        return None
    return _packed(without_prose(_read(inside, content)))


def _read(name: str, content: bytes) -> Any:
    return json.loads(gzip.decompress(content) if name.endswith(".gz") else content)


def _packed(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def without_prose(model: Any, *, asked_for: bool = False) -> Any:
    """Return a service's model without its documentation, which is most of it; but for the little that botocore itself reads."""
    if isinstance(model, dict):
        return {
            name: without_prose(part, asked_for=asked_for or name == _READ_BY_BOTOCORE)
            for name, part in model.items()
            if asked_for or not (name == "documentation" and isinstance(part, str))
        }
    if isinstance(model, list):
        return [without_prose(part, asked_for=asked_for) for part in model]
    return model


def _endpoints(known: dict[str, Any]) -> dict[str, Any]:
    """Return the list of endpoints for PARTITIONS and SERVICES alone."""
    kept = [
        {**each, "services": {name: found for name, found in each["services"].items() if name in _ENDPOINTS}}
        for each in known["partitions"]
        if each["partition"] in PARTITIONS
    ]
    return {**known, "partitions": kept}
