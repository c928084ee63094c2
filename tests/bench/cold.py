"""`make bench-cold`: what a cold start costs, from process start to the first DynamoDB write that is answered, as CPU.

The package that the deploy ships beside the one that stock Chalice makes of the same app, on the functions' own Python without
anything installed; stream and API function separately; interleaved runs, medians. AWS and the issuer are stubs in this process.
A page writes nothing: of the first page the time until its answer is measured.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from chalicelib.citizen.following.schemas import example_of
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.table import ReportItem, item_of
from infra.deploy import interpreter
from infra.local.gateway import Incoming, match, proxy_event
from tests.bench.answering import Answering
from tests.bench.staged import report_of_the_bench
from tests.support.samples import NOON

ROUNDS = 15
ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "bench-cold"
HANDLERS = {"stream": "app.on_report_changed", "api": "app.app", "page": "app.app"}
_PACK = """
import sys
from chalice.deploy.packager import (
    AppOnlyDeploymentPackager, DependencyBuilder, LambdaDeploymentPackager, LayerDeploymentPackager, PipRunner, SubprocessPip)
from chalice.utils import OSUtils, UI
from infra.deploy import hooks
hooks.install()  # all three of what is locked; the second and third as they are shipped
files = OSUtils()
builder = DependencyBuilder(files, PipRunner(SubprocessPip(files), files))
made = [kind(files, builder, UI(sys.stderr, sys.stderr)).create_deployment_package(sys.argv[1], "python3.13")
        for kind in (LambdaDeploymentPackager, AppOnlyDeploymentPackager, LayerDeploymentPackager)]
print(*made)
"""
_RUN = """
import json, os, sys, time
sys.path[:0] = json.loads(os.environ.pop("PACKAGE"))
import app
import botocore.handlers
def answered(model, **_):
    if model.service_model.service_name == "dynamodb" and model.name in ("PutItem", "UpdateItem"):
        print(json.dumps(round(time.process_time() * 1000, 1)), flush=True)
        os._exit(0)
botocore.handlers.BUILTIN_HANDLERS.append(("after-call", answered))
class Context:
    function_name = memory_limit_in_mb = aws_request_id = "cold"
    def get_remaining_time_in_millis(self): return 60000
event = json.load(open(os.environ["EVENT"]))
name = os.environ["_HANDLER"].partition(".")[2]
answer = getattr(app, name)(event, Context())
if answer.get("statusCode") != 200:
    sys.exit(f"no write to DynamoDB was made, and no page: {str(answer)[:600]}")
print(json.dumps(round(time.process_time() * 1000, 1)))
"""


def measure() -> dict[str, float]:
    """Return medians in CPU ms, and the size of what is shipped."""
    BUILD.mkdir(parents=True, exist_ok=True)
    stock, app, layer = _packed()
    libraries = "python/lib/python3.13/site-packages"
    paths = {
        "stock_": [str(_unpacked(stock, "stock"))],
        "": [str(_unpacked(app, "app")), str(_unpacked(layer, "layer") / libraries)],
    }
    with Answering() as answering:
        events = _events(answering)
        found: dict[str, list[float]] = {f"{variant}{kind}_ms": [] for kind in HANDLERS for variant in paths}
        for _ in range(ROUNDS):
            for kind, event in events.items():
                for variant, path in paths.items():
                    found[f"{variant}{kind}_ms"].append(_run(HANDLERS[kind], event, path, answering.environment))
    megabytes = sum(file.stat().st_size for file in (app, layer)) / 1e6
    return {
        **{name: round(statistics.median(values), 1) for name, values in found.items()},
        "zip_mb": round(megabytes, 2),
        "stock_zip_mb": round(stock.stat().st_size / 1e6, 2),
    }


def _packed() -> tuple[Path, Path, Path]:
    """Make the three zips of a copy of the project (bytecode of the tests' own Python does not belong in any)."""
    project = BUILD / "project"
    for name in ("app.py", "chalicelib"):
        shutil.rmtree(project / name, ignore_errors=True)
    shutil.copytree(ROOT / "chalicelib", project / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "requirements.txt", "requirements.lock"):
        shutil.copy(ROOT / name, project / name)
    line = [str(interpreter.deploying()), "-c", _PACK, str(project)]
    done = subprocess.run(line, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    stock, app, layer = (Path(each) for each in done.stdout.split())
    return stock, app, layer


def _unpacked(zipped: Path, name: str) -> Path:
    folder = BUILD / name / zipped.stem
    if not folder.exists():
        with zipfile.ZipFile(zipped) as content:
            content.extractall(folder)
    return folder


def _events(answering: Answering) -> dict[str, Path]:
    """Write the events: a report that was filed, one that a program files, and somebody who opens the first page."""
    from app import app

    answering.item = item_of(report_of_the_bench(), ReportItem, Deadlines()).to_dynamodb_dict()
    body = json.dumps(example_of(KINDS["bicycle-theft"])).encode()
    headers = {
        "Authorization": f"Bearer {answering.token('janssen')}",
        "Content-Type": "application/json",
        "Idempotency-Key": "cold",
    }
    filing = Incoming("POST", "/v1/reports", tuple(headers.items()), body, "127.0.0.1")
    made: dict[str, Any] = {
        "stream": {"Records": [_filed(answering.item)]},
        "api": _request(app, filing),
        "page": _request(app, Incoming("GET", "/", (), b"", "127.0.0.1")),
    }
    for kind, event in made.items():
        (BUILD / f"{kind}.json").write_text(json.dumps(event))
    return {kind: BUILD / f"{kind}.json" for kind in made}


def _request(app: Any, incoming: Incoming) -> dict[str, Any]:
    found = match(incoming.target, incoming.method, app.routes)
    assert found
    return proxy_event(incoming, *found, binary_types=app.api.binary_types, at=NOON)


def _filed(image: dict[str, Any]) -> dict[str, Any]:
    write = {"Keys": {"reference": image["reference"]}, "NewImage": image, "ApproximateCreationDateTime": 1_467_367_200.0}
    return {"eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": {**write, "SequenceNumber": "1"}}


def _run(handler: str, event: Path, package: list[str], environment: dict[str, str]) -> float:
    env = {**environment, "_HANDLER": handler, "EVENT": str(event), "PACKAGE": json.dumps(package)}
    line = [interpreter.find(), "-S", "-B", "-c", _RUN]
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{handler}: {done.stderr[-2000:]}")
    return float(done.stdout)


def main() -> None:
    """Measure, and print a table and a JSON line."""
    figures = measure()
    print(f"{'function':10} {'ms CPU':>8} {'stock':>8} {'times':>6}   ({ROUNDS} interleaved runs)")
    for kind in HANDLERS:
        ours, theirs = figures[f"{kind}_ms"], figures[f"stock_{kind}_ms"]
        print(f"{kind:10} {ours:>8} {theirs:>8} {theirs / ours:>6.1f}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
