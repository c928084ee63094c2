"""The names of Chalice that infra/deploy relies on: another version than the one tested with fails here, not on an account."""

import ast
import importlib.util
import inspect
import json
import re
from pathlib import Path

import chalice
from chalice.deploy import planner
from chalice.deploy.planner import PlanStage, RemoteState

from infra import policies
from infra.deploy import functions, package
from infra.deploy.hooks import HOOKED, TESTED_WITH, complete_api
from infra.deploy.stage import ROOT
from infra.tables import resources


def test_chalice_is_the_version_that_the_deploy_was_tested_with():
    assert chalice.__version__ == TESTED_WITH
    assert f"chalice=={TESTED_WITH}\n" in (ROOT / "requirements.txt").read_text()


def test_the_private_names_that_are_replaced_take_what_they_took():
    assert HOOKED
    for (owner, name), parameters in HOOKED.items():
        assert tuple(inspect.signature(getattr(owner, name)).parameters) == parameters, f"{owner.__name__}.{name} changed"


def test_chalice_still_makes_and_updates_a_mapping_by_the_calls_that_are_completed():
    source = inspect.getsource(chalice.awsclient)

    assert "lambda_client.create_event_source_mapping,\n" in source
    assert "lambda_client.update_event_source_mapping,\n" in source


def test_chalice_still_records_what_is_looked_up_again_under_these_names():
    planned = inspect.getsource(PlanStage) + inspect.getsource(RemoteState)

    for name in ("event_uuid", "stream_arn", "subscription_arn", "topic_arn", "layer_version_arn", "rest_api_id", "rest_api_url"):
        assert f"'{name}'" in planned, name
    for kind in ("dynamodb_event", "sns_event", "rest_api", "lambda_layer", "lambda_function", "iam_role"):
        assert f"'{kind}'" in inspect.getsource(planner), kind


def test_the_way_out_of_chalice_stays_short():
    """Another module that imports it makes leaving longer (ADR-0024, "Staying with Chalice")."""
    importing = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "chalice")
        or (isinstance(node, ast.Import) and any(each.name.split(".")[0] == "chalice" for each in node.names))
    }

    assert importing == {"app.py", "chalicelib/routes.py", "chalicelib/web/routes.py"}


def test_the_description_of_the_api_carries_the_gateways_own_answers():
    document = complete_api({"swagger": "2.0", "info": {"title": "mijn-politie", "version": "1"}})

    assert document["swagger"] == "2.0"
    assert document["info"] == {"title": "mijn-politie-local", "version": "1"}, (
        "alarms tell two stages of one account apart by it"
    )
    assert document["x-amazon-apigateway-gateway-responses"]["MISSING_AUTHENTICATION_TOKEN"]["statusCode"] == "404"


def test_every_function_has_a_size_with_a_reason_a_policy_and_a_log_that_ends():
    from app import app

    names = functions.names(app)
    logs = {each["Properties"]["LogGroupName"]["Fn::Sub"] for each in resources("AWS::Logs::LogGroup").values()}

    assert set(functions.SIZES) == set(names)
    assert all(size.why for size in functions.SIZES.values())
    assert set(policies.known()) == set(names)
    assert {functions.function_name("${Stage}", name).replace("mijn-politie", "/aws/lambda/${App}") for name in names} <= logs


def test_every_service_that_is_called_is_in_the_package():
    called = set(re.findall(r'_client(?:\(|, )"(\w+)"', (ROOT / "chalicelib" / "wiring.py").read_text()))

    assert called
    assert called | {"dynamodb"} == set(package.SERVICES)


def test_a_module_that_is_shipped_hollow_has_every_name_that_its_library_takes_from_it():
    """A new version of botocore or urllib3 that wants more of them fails here, and not in Lambda."""
    taken = {file: names_taken(file) for file in package.HOLLOW}

    assert set(taken["botocore/docs/docstring.py"]) == {"ClientMethodDocstring", "PaginatorDocstring", "WaiterDocstring"}
    for file, names in taken.items():
        made: dict[str, object] = {}
        exec(package.HOLLOW[file], made)  # noqa: S102 — our own text
        assert set(names) <= set(made), file
    assert str(made_docstring()) == ""


def made_docstring():
    made: dict[str, type[str]] = {}
    exec(package.HOLLOW["botocore/docs/docstring.py"], made)  # noqa: S102 — our own text
    return made["ClientMethodDocstring"](operation_model=None, method_name="put_item", event_emitter=None)


def names_taken(file):
    """Yield what the rest of the library, as far as it is loaded at a start, imports from a module by name."""
    library, module = file.split("/")[0], file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    root = Path(importlib.util.find_spec(library).origin).parent
    for source in (*root.glob("*.py"), *root.glob("util/*.py"), *root.glob("retries/*.py")):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.ImportFrom) and module == (f"{library}.{node.module}" if node.level else node.module):
                yield from (each.name for each in node.names if not (root.parent / file).with_name(f"{each.name}.py").exists())


def test_no_policy_allows_any_action_or_any_data():
    for name in policies.known():
        statements = policies.render(name, Anything())["Statement"]
        for each in statements:
            assert each["Effect"] == "Allow"
            assert not [action for action in each["Action"] if "*" in action], f"{name}: {each['Sid']}"
            if each["Resource"] == ["*"]:
                assert each["Action"] in (["dynamodb:ListStreams"], ["ses:DeleteSuppressedDestination"]), f"{name}: {each['Sid']}"


def test_only_the_function_that_makes_the_official_report_may_open_a_sealed_bsn():
    opening = [
        name
        for name in policies.known()
        for each in policies.render(name, Anything())["Statement"]
        if "kms:Decrypt" in each["Action"] and "${BsnKeyId}" in each["Resource"]
    ]

    assert opening == ["make_official_report"]


def test_only_the_functions_that_send_letters_may_send_mail_and_none_of_them_reads_sessions():
    allowed = {name: json.dumps(policies.render(name, Anything())) for name in policies.known()}

    senders = {name for name, policy in allowed.items() if "ses:SendEmail" in policy}
    assert senders == {"on_report_changed", "on_details_changed", "every_minute"}
    assert {name for name, policy in allowed.items() if "sessions" in policy} == {"api_handler"}


class Anything(dict):
    """A name for every placeholder: its own."""

    def __missing__(self, name):
        return f"${{{name}}}"
