"""All that a plain `chalice deploy` must be told, told while it imports app.py. Nothing of this reaches Lambda.

A command that cannot be done is refused before anything is made (commands.py). For the rest Chalice has no arguments, so nine of
its names are replaced: HOOKED lists them with the signatures that
were tested. tests/house/test_chalice.py fails when a new version of Chalice changes one. ADR-0024; for what is in the package,
ADR-0033: the runtime's lock, and not what an index holds on the day.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import chalice
from chalice.awsclient import TypedAWSClient
from chalice.deploy.packager import (
    AppOnlyDeploymentPackager,
    BaseLambdaDeploymentPackager,
    DependencyBuilder,
    LayerDeploymentPackager,
    Package,
)
from chalice.deploy.swagger import SwaggerGenerator

from infra import environments
from infra.deploy import boundary, commands, mapping, package
from infra.deploy.errors import Stop
from infra.deploy.functions import HTTP, function_name
from infra.gateway.answers import gateway_responses

TESTED_WITH = "1.34.0"
LOCK = "requirements.lock"
HOOKED = {
    (TypedAWSClient, "_call_client_method_with_retries"): (
        "self", "method", "kwargs", "max_attempts", "should_retry", "delay_time", "retryable_exceptions",
    ),
    (TypedAWSClient, "create_role"): ("self", "name", "trust_policy", "policy"),
    (TypedAWSClient, "put_function_concurrency"): ("self", "function_name", "reserved_concurrent_executions"),
    (TypedAWSClient, "delete_function_concurrency"): ("self", "function_name"),
    (SwaggerGenerator, "generate_swagger"): ("self", "app", "rest_api"),
    (AppOnlyDeploymentPackager, "create_deployment_package"): ("self", "project_dir", "python_version"),
    (LayerDeploymentPackager, "create_deployment_package"): ("self", "project_dir", "python_version"),
    (BaseLambdaDeploymentPackager, "_get_requirements_filename"): ("self", "project_dir"),
    (DependencyBuilder, "_download_dependencies"): ("self", "abi", "directory", "requirements_filename"),
}  # fmt: skip
_MAPPING_CALLS = ("create_event_source_mapping", "update_event_source_mapping")
_installed: list[str] = []  # the version whose names were replaced; once in a process


def install() -> None:
    """Replace Chalice's names. Raises Stop for a command that cannot be done here, or a Chalice that this was not tested with."""
    if _installed:
        return
    commands.require_possible(sys.argv[1:])
    if chalice.__version__ != TESTED_WITH:
        raise Stop(
            f"This deploys with Chalice {TESTED_WITH}, and {chalice.__version__} is installed. "
            "Install requirements.lock; to move to another version, see docs/adr/0024-deploy-hooks.md."
        )
    _installed.append(chalice.__version__)
    for (owner, name), replacement in _replacements().items():
        setattr(owner, name, replacement)


def _replacements() -> dict[tuple[type, str], Any]:
    call, swagger = TypedAWSClient._call_client_method_with_retries, SwaggerGenerator.generate_swagger
    make_role = TypedAWSClient.create_role
    reserve, unreserve = TypedAWSClient.put_function_concurrency, TypedAWSClient.delete_function_concurrency
    app_zip, layer_zip = AppOnlyDeploymentPackager.create_deployment_package, LayerDeploymentPackager.create_deployment_package

    def with_mapping_options(self: Any, method: Any, kwargs: dict[str, Any], *rest: Any, **options: Any) -> Any:
        return call(self, method, complete(self, method, kwargs), *rest, **options)

    def within_boundary(self: Any, name: str, *rest: Any, **more: Any) -> Any:
        boundary.on_new_roles(self._client("iam"), boundary.arn(os.environ))
        return make_role(self, name, *rest, **more)

    def reserved(self: Any, function_name: str, reserved_concurrent_executions: int) -> None:
        if not stays_stopped(self._client("lambda"), function_name):
            reserve(self, function_name, reserved_concurrent_executions)

    def unreserved(self: Any, function_name: str) -> None:
        if not stays_stopped(self._client("lambda"), function_name):
            unreserve(self, function_name)

    def with_answers(self: Any, app: Any, rest_api: Any = None) -> dict[str, Any]:
        return complete_api(swagger(self, app, rest_api))

    def slim_app(self: Any, project_dir: str, python_version: str) -> str:
        return str(package.slim(Path(app_zip(self, project_dir, python_version)), package.APP))

    def slim_layer(self: Any, project_dir: str, python_version: str) -> str:
        return str(package.slim(Path(layer_zip(self, project_dir, python_version)), package.LAYER))

    of_client = (with_mapping_options, within_boundary, reserved, unreserved)
    return dict(zip(HOOKED, (*of_client, with_answers, slim_app, slim_layer, locked, download), strict=True))


def stays_stopped(functions: Any, name: str) -> bool:
    """True, and said, for a function that somebody stopped: a deploy is part of a restore, and must not start the writing."""
    stopped: bool = functions.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions") == 0
    if stopped:
        print(f"{name} is stopped, and stays so.")
    return stopped


def locked(_: Any, project_dir: str) -> str:
    """Return what the package is made of; Chalice makes another one when its content changes."""
    return str(Path(project_dir) / LOCK)


def download(builder: Any, abi: str, directory: str, requirements_filename: str) -> tuple[set[Package], set[Package]]:
    """Fetch Lambda's wheels of just what is locked, on whatever machine this is. Raises Stop when one is another or missing.

    Chalice would look for each anew, take what has no hash, and build what has no wheel.
    """
    target = [part for each in builder._get_pip_platforms(abi) for part in ("--platform", each)]
    target += ["--implementation", "cp", "--abi", abi, "--python-version", abi.removeprefix("cp")]
    options = ["--quiet", "--no-input", "--disable-pip-version-check", *environments.ONLY_LOCKED]
    line = [sys.executable, "-m", "pip", "download", *options, *target, "--dest", directory, "-r", requirements_filename]
    done = subprocess.run(line, capture_output=True, text=True, check=False)  # noqa: S603 — our own words
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())
        raise Stop(f"What {LOCK} names could not be fetched for the functions, and nothing else is shipped instead: {said}")
    return {Package(directory, each.name) for each in Path(directory).iterdir()}, set()


def complete(client: Any, method: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call of Lambda's, with the options of a stream where the call is about one."""
    if getattr(method, "__name__", "") not in _MAPPING_CALLS:
        return kwargs
    source = (
        kwargs.get("EventSourceArn") or client._client("lambda").get_event_source_mapping(UUID=kwargs["UUID"])["EventSourceArn"]
    )
    if ":dynamodb:" not in source:
        return kwargs
    begin = {"StartingPosition": mapping.FROM} if "StartingPosition" in kwargs else {}
    return {**kwargs, **begin, **mapping.options(mapping.failure_queue(os.environ))}


def complete_api(document: dict[str, Any]) -> dict[str, Any]:
    """Return the description of the API under the stage's own name (alarms go by it), with the gateway's own answers in it.

    A redeploy would wipe both anywhere else.
    """
    info = {**document.get("info", {}), "title": function_name(os.environ.get("STAGE", "local"), HTTP)}
    return {**document, "info": info, "x-amazon-apigateway-gateway-responses": gateway_responses()}
