"""`make clients`: make a Python client and TypeScript types of the API's description, and use them; then one JSON line.

The portal is the one that `make run` starts, over HTTP. The generators are locked as everything is (ADR-0033), and stand in
build/clients: they are installed once.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from infra import environments, locks
from infra.local.stage import Stage

HERE = Path(__file__).parent
BUILD = locks.ROOT / "build" / "clients"
PACKAGE = "mijn_politie_client"


def main() -> int:
    began = time.monotonic()
    BUILD.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor() as at_once, tempfile.TemporaryDirectory() as keys:
        modules, python = at_once.submit(_node_modules), at_once.submit(_environment)
        with Stage(port=0, keys_file=Path(keys) / "keys.json") as stage:
            description = _described(stage.url)
            types = at_once.submit(_typescript, modules, description)
            told = _python(python.result(), stage.url)
            figures = {**told, **types.result()}
    print(json.dumps({"clients": True, **figures, "seconds": round(time.monotonic() - began)}))
    return 0


def _described(url: str) -> dict[str, Any]:
    """Fetch the description, and put it where the generators find it."""
    with urllib.request.urlopen(f"{url}/v1/openapi.json") as answer:
        text = answer.read()
    (BUILD / "openapi.json").write_bytes(text)
    return json.loads(text)


def _environment() -> Path:
    return environments.install(sys.executable, BUILD / "python", locks.ROOT / locks.lock_of(locks.CLIENTS))


def _python(python: Path, url: str) -> dict[str, Any]:
    """Generate the Python client, warnings being failures, and let a builder of programs use it."""
    path = os.pathsep.join((str(python.parent), os.environ.get("PATH", "")))  # it formats what it makes with its own ruff
    generated = BUILD / "generated"
    shutil.rmtree(generated, ignore_errors=True)
    generated.mkdir()
    line = [
        "generate",
        "--path",
        BUILD / "openapi.json",
        "--meta",
        "none",
        "--output-path",
        generated / PACKAGE,
        "--fail-on-warning",
    ]
    _run([python.with_name("openapi-python-client"), *line], PATH=path)
    done = _run([python, HERE / "builder.py", url, BUILD / "openapi.json"], PYTHONPATH=str(generated))
    return json.loads(done.splitlines()[-1])


def _node_modules() -> Path | None:
    if shutil.which("npm") is None:
        print("No TypeScript types are made: Node.js 20 or newer, with npm, is not here.", file=sys.stderr)
        return None
    return environments.install_modules(BUILD / "node", HERE / "package-lock.json")


def _typescript(modules: Any, description: Mapping[str, Any]) -> dict[str, Any]:
    """Generate the types, and have the compiler read the whole examples and what a builder of programs writes."""
    folder = modules.result()
    if folder is None:
        return {"typed_examples": 0}
    binaries = folder / "node_modules" / ".bin"
    _run([binaries / "openapi-typescript", BUILD / "openapi.json", "-o", folder / "api.d.ts"], folder)
    examples = {name: example["value"] for name, example in description["components"]["examples"].items()}
    (folder / "examples.ts").write_text(_written_out(examples), encoding="utf-8")
    shutil.copy(HERE / "builder.ts", folder)
    strict = [
        "--strict",
        "--noEmit",
        "--exactOptionalPropertyTypes",
        "--noUncheckedIndexedAccess",
        "--moduleResolution",
        "bundler",
    ]
    _run([binaries / "tsc", *strict, "--module", "esnext", "--target", "es2022", "builder.ts", "examples.ts"], folder)
    return {"typed_examples": len(examples)}


def _written_out(examples: Mapping[str, Any]) -> str:
    """Write the examples out as a builder of programs types them: the compiler looks at each value."""
    lines = [f"  {json.dumps(example, ensure_ascii=False)}," for example in examples.values()]
    return "\n".join(('import type { components } from "./api";', "", "export const reports: Whole[] = [", *lines, "];", _WHOLE))


_WHOLE = 'type Whole = components["schemas"]["NewReport"];\n'


def _run(line: list[Any], folder: Path = BUILD, **environment: str) -> str:
    done = subprocess.run(
        list(map(str, line)), cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{Path(line[0]).name} {line[1]} failed:\n{(done.stdout + done.stderr).strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
