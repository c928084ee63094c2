"""AWS on this machine: MiniStack, with the few calls filled in that a `chalice deploy` of our app needs and it does not have.

A program, run by cloud.py under an interpreter of its own (build/emulator): only boto3 is installed beside it, so that a
function finds nothing that is not in its package. Schedules run HURRY times as fast. The parts that are filled in: ImportRestApi
and PutRestApi, the DKIM attributes of a mail identity, an empty minimumCompressionSize, the optional parts of an SNS envelope,
the path under a domain of its own, the role in a key policy's condition, the identity and sender of a mail in a policy, requests
that end on the function they began on, no made-up wait before a function is active. Of policies: the names that AWS gives to
Lambda's actions and to resources, what it asks besides (to hand on a role, to tag), the function whose code asks, who may call
one, the boundary of a role, and a list of all that a role was asked for. Of CloudFormation: a secret or a mail identity whose
name is taken is refused as AWS refuses it, and can be taken in.
"""

import json
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qs

from ministack import app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.core.responses import get_account_id
from ministack.services import apigateway_v1 as gateway
from ministack.services import eventbridge, iam, lambda_svc, secretsmanager, ses_v2, sns
from ministack.services.cloudformation import changesets, provisioners, stacks

_MOCK = "mock"
APP, REGION = "mijn-politie", "eu-west-1"
HURRY, SHORTEST_S, FINISH_S = 1200, 2, 15.0
ASKED = "asked.jsonl"  # what every role of ours asked, and whether it may: one line each, in the folder where this runs
sender: ContextVar[str] = ContextVar("sender", default="")  # of the mail that is being sent
given: ContextVar[dict[str, str]] = ContextVar("given", default={})  # noqa: B039 — replaced, never changed; keys of conditions
woken: ContextVar[str] = ContextVar("woken", default="")  # the function of the stream's mapping that is asked for
beside: ContextVar[list[tuple[str, str, str]]] = ContextVar("beside")  # what AWS asks besides: action, resource, who gets a role


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list) and values else values


class Import:
    """One description of an API, brought into MiniStack's own store."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def create(self, endpoint: str) -> str:
        """Make a new API of the description; return its id."""
        facts = {
            "name": self._document["info"]["title"],
            "binaryMediaTypes": self._binary_types(),
            "policy": self._document.get("x-amazon-apigateway-policy"),
            "endpointConfiguration": {"types": [endpoint]},
        }
        _, _, body = gateway._create_rest_api(facts)
        identity: str = json.loads(body)["id"]
        self._fill(identity)
        return identity

    def overwrite(self, identity: str) -> None:
        """Put the description in the place of what the API has; only its root stays."""
        known = gateway._resources[identity]
        for name in [name for name, each in known.items() if each["path"] != "/"]:
            known.pop(name)
        for each in known.values():
            each["resourceMethods"] = {}
        gateway._authorizers_v1[identity].clear()
        gateway._rest_apis[identity]["binaryMediaTypes"] = self._binary_types()
        self._fill(identity)

    def _binary_types(self) -> list[str]:
        return list(self._document.get("x-amazon-apigateway-binary-media-types", []))

    def _fill(self, identity: str) -> None:
        schemes = gateway._import_security_schemes(identity, self._document)
        for path, item in self._document.get("paths", {}).items():
            gateway._import_path_item(identity, path, item, schemes, self._document.get("security"))
            resource = next(name for name, each in gateway._resources[identity].items() if each["path"] == path)
            for method, operation in item.items():
                self._mock(identity, resource, method.upper(), operation)
        for kind, answer in self._document.get("x-amazon-apigateway-gateway-responses", {}).items():
            gateway._put_gateway_response(identity, kind, answer)

    def _mock(self, identity: str, resource: str, method: str, operation: dict[str, Any]) -> None:
        integration = operation.get("x-amazon-apigateway-integration", {})
        if integration.get("type") != _MOCK:
            return
        gateway._put_integration(
            identity, resource, method, {"type": "MOCK", "requestTemplates": integration["requestTemplates"]}
        )
        for code, answer in operation["responses"].items():
            names = {f"method.response.header.{name}": False for name in answer.get("headers", {})}
            gateway._put_method_response(identity, resource, method, code, {"responseParameters": names})
        for answer in integration["responses"].values():
            given = {"responseParameters": answer.get("responseParameters", {})}
            gateway._put_integration_response(identity, resource, method, answer["statusCode"], given)


def _with_imports(answer: Any) -> Any:
    async def handle(method: str, path: str, headers: Any, body: Any, query: dict[str, Any]) -> Any:
        parts = [part for part in path.split("/") if part]
        if parts == ["restapis"] and method == "POST" and _first(query.get("mode")) == "import":
            identity = Import(json.loads(body)).create(_first(query.get("endpointConfigurationTypes")) or "EDGE")
            return gateway._v1_response(gateway._rest_api_view(gateway._rest_apis[identity]), 201)
        if len(parts) == 2 and parts[0] == "restapis" and method == "PUT":
            Import(json.loads(body)).overwrite(parts[1])
            return gateway._v1_response(gateway._rest_api_view(gateway._rest_apis[parts[1]]), 200)
        if len(parts) == 2 and parts[0] == "domainnames" and method == "PATCH":
            return await answer("GET", path, headers, b"", {})  # nothing of a domain changes between two deploys here
        return await answer(method, path, headers, body, query)

    return handle


def _unsetting(apply: Any) -> Any:
    """An empty minimumCompressionSize unsets it; MiniStack would keep the empty text, which no client can read."""

    def apply_patch(subject: Any, operations: list[dict[str, Any]]) -> Any:
        mended = [
            {**each, "value": None} if each.get("path") == "/minimumCompressionSize" and not each.get("value") else each
            for each in operations
        ]
        return apply(subject, mended)

    return apply_patch


def _whole_envelopes(build: Any) -> Any:
    def build_envelope(*facts: Any) -> Any:
        envelope, is_raw = build(*facts), facts[-1]
        return envelope if is_raw else json.dumps({"Subject": None, "MessageAttributes": {}, **json.loads(envelope)})

    return build_envelope


def _with_dkim(create: Any) -> Any:
    def create_identity(*facts: Any) -> tuple[str, dict[str, str]]:
        name, attributes = create(*facts)
        tokens = {f"DkimDNSTokenName{number}": f"token{number}._domainkey.{name}" for number in (1, 2, 3)}
        values = {f"DkimDNSTokenValue{number}": f"token{number}.dkim.amazonses.com" for number in (1, 2, 3)}
        return name, {**attributes, **tokens, **values}

    return create_identity


def _without_stage(build: Any) -> Any:
    """Under a domain of its own, an API's path holds no stage; MiniStack puts it there whatever the address was."""

    def build_event(*facts: Any, **more: Any) -> dict[str, Any]:
        event: dict[str, Any] = build(*facts, **more)
        if ".execute-api." not in str(event["headers"].get("host", "")):
            event["requestContext"]["path"] = event["path"]
        return event

    return build_event


def _hurried(parse: Any) -> Any:
    """HURRY times as fast: an hour between two runs of a schedule is seconds here."""

    def seconds(expression: str) -> int | None:
        found = parse(expression)
        return found and max(SHORTEST_S, round(found / HURRY))

    return seconds


def _with_metric_math(create: Any) -> Any:
    """Alarms of a computed metric are taken, and never go off; no alarm does here."""

    def create_alarm(logical_id: str, properties: dict[str, Any], *rest: Any) -> Any:
        simple = {name: value for name, value in properties.items() if name != "Metrics"}
        if len(simple) < len(properties):
            simple |= {"Namespace": "computed", "MetricName": logical_id, "Statistic": "Sum", "Period": 60}
        return create(logical_id, simple, *rest)

    return create_alarm


def _not_twice(create: Any, store: Any, key: str) -> Any:
    """A name that is taken is refused; MiniStack puts the new one in the place of the old."""

    def create_once(logical_id: str, properties: dict[str, Any], *rest: Any) -> Any:
        if properties.get(key) in store:
            raise ValueError(f"{properties[key]} already exists")
        return create(logical_id, properties, *rest)

    return create_once


def _not_its_own_buckets(errors: Any) -> Any:
    """A bucket of this account that a change set takes in is no conflict of names; MiniStack calls every bucket one."""

    def validation_errors(definitions: dict[str, Any], *rest: Any) -> list[Any]:
        found = errors(definitions, *rest)
        names = {name: str(each.get("Properties", {}).get("BucketName")) for name, each in definitions.items()}
        return [each for each in found if provisioners._s3._bucket_owner_account(names[each[0]]) != get_account_id()]

    return validation_errors


def _secret(identifier: dict[str, str]) -> tuple[str, dict[str, str]]:
    name = next(each["Name"] for each in secretsmanager._secrets.values() if each["ARN"] == identifier["Id"])
    return name, {"Id": identifier["Id"], "Arn": identifier["Id"]}


def _no_secret(arn: str) -> str | None:
    known = {each["ARN"] for each in secretsmanager._secrets.values()}
    return None if arn in known else f"Resource of type 'AWS::SecretsManager::Secret' with identifier '{arn}' was not found."


def _no_identity(name: str) -> str | None:
    return (
        None
        if name in ses_v2._identities
        else f"Resource of type 'AWS::SES::EmailIdentity' with identifier '{name}' was not found."
    )


def _scan_plan(logical_id: str, *_: Any) -> tuple[str, dict[str, str]]:
    """A plan is taken, and scans nothing: a test gives the verdict, with the plan's own role."""
    return logical_id, {"MalwareProtectionPlanId": logical_id}


def _let_finish(kill: Any) -> Any:
    """A call that runs when its function changes runs on to its end, as on AWS; only new requests get the new one."""

    def kill_later(workers: Any) -> None:
        timer = threading.Timer(FINISH_S, kill, [workers])
        timer.daemon = True
        timer.start()

    return kill_later


def _packages_first(script: str) -> str:
    """A module of a layer goes before what is installed beside the emulator, as it goes before the runtime's own on AWS."""
    appended = "_site.addsitedir(_sp)"
    if appended not in script:
        raise RuntimeError("MiniStack's worker has changed: functions may load its boto3 and not their package's.")
    return script.replace(appended, "sys.path.insert(0, _sp)")


def _from_identity(name: Any) -> Any:
    """A mail is sent from an identity, and a policy names it; MiniStack takes any."""

    def resource(method: str, path: str, body: bytes, region: str, account: str) -> str:
        if not path.endswith("/outbound-emails"):
            found: str = name(method, path, body, region, account)
            return found
        sender.set(str(json.loads(body).get("FromEmailAddress", "")))
        return f"arn:aws:ses:{region}:{account}:identity/{sender.get().rpartition('@')[2]}"

    return resource


def _beside(service: str, content: dict[str, Any], body: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield what AWS asks besides the action itself, and MiniStack does not: to hand on a role, to tag, to touch an API."""
    form = parse_qs(body.decode()) if service == "cloudformation" else {}
    patched = [str(each.get("value")) for each in content.get("patchOperations", ()) if each.get("path") == "/cloudwatchRoleArn"]
    passed = {"lambda": [content.get("Role")], "cloudformation": form.get("RoleARN", []), "apigateway": patched}
    yield from (("iam:PassRole", role, f"{service}.amazonaws.com") for role in passed.get(service, ()) if role)
    if service == "lambda" and content.get("Tags"):
        yield "lambda:TagResource", "", ""
    if form.get("Tags.member.1.Key"):
        yield "cloudformation:TagResource", "", ""
    if "WebACLArn" in content and "ResourceArn" in content:
        yield "apigateway:SetWebACL", str(content["ResourceArn"]), ""


def _conditions(service: str, content: dict[str, Any], body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the keys of conditions that AWS knows of a call and MiniStack does not."""
    if service == "lambda" and "Principal" in content:
        yield "lambda:principal", str(content["Principal"])
    form = parse_qs(body.decode()) if service == "iam" else {}
    if asked := _first(form.get("PermissionsBoundary")):
        yield "iam:permissionsboundary", str(asked)
    elif role := iam._roles.get(_first(form.get("RoleName"))):
        yield "iam:permissionsboundary", str(role.get("PermissionsBoundary") or "")


def _by_aws_names(name: Any) -> Any:
    """A rule's name holds no bus. A new function has a name, a layer's version its ARN, a stream's mapping its function."""

    def resource(service: str, method: str, path: str, headers: Any, body: bytes, query: Any, region: str, account: str) -> str:
        found: str = name(service, method, path, headers, body, query, region, account)
        content = json.loads(body) if method in ("POST", "PUT", "PATCH") and body.startswith(b"{") else {}
        woken.set("")
        given.set(dict(_conditions(service, content, body)))
        beside.set(list(_beside(service, content, body)))
        if service == "events" and "Rule" in content:
            return f"arn:aws:events:{region}:{account}:rule/{content['Rule']}"
        if "WebACLArn" in content:
            return str(content["WebACLArn"])
        if service != "lambda":
            return found.replace(":rule/default/", ":rule/")
        mapping = lambda_svc._esms.get(path.rstrip("/").rpartition("/")[2]) or content
        function = str(mapping.get("FunctionArn") or mapping.get("FunctionName", ""))
        woken.set(function if function.startswith("arn:") else f"arn:aws:lambda:{region}:{account}:function:{function}")
        if path.rstrip("/").endswith("/functions") and content:
            return f"arn:aws:lambda:{region}:{account}:function:{content['FunctionName']}"
        return str(_first(query.get("Arn")) or found)

    return resource


def _by_its_name(extract: Any) -> Any:
    """Of Lambda, MiniStack knows half the actions by a wrong name; botocore's own model knows them all."""

    def action(service: str, method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        found = service == "lambda" and iam_actions._match_rest_action("lambda", method, path, query)
        if not found:
            return extract(service, method, path, headers, body, query)
        return "lambda:" + {"Invoke": "InvokeFunction", "GetLayerVersionByArn": "GetLayerVersion"}.get(found, found)

    return action


def _over_tls(pin: Any) -> Any:
    """Policies refuse whoever comes without TLS; here the way to AWS has none, as that is botocore's own part."""

    def pin_origin(address: str, _secure: bool) -> None:
        pin(address, True)

    return pin_origin


def _noted(enforce: Any) -> Any:
    """Ask for what AWS asks besides; write down what a role was asked for, and whether it was let."""

    def decide(access_key: str, action: str, service: str, region: str, resource_arn: str = "*", *rest: Any, **more: Any) -> Any:
        refused = enforce(access_key, action, service, region, resource_arn, *rest, **more)
        who = (iam_evaluator.resolve_caller_identity(access_key) or {}).get("userArn", "")
        if ":assumed-role/" in who:
            _write_down(who, action, resource_arn, refused)
            for also, resource, receiver in beside.get([]) if refused is None else ():
                context = {"iam:PassedToService": receiver} if receiver else {}
                refused = refused or enforce(access_key, also, service, region, resource or resource_arn, service_context=context)
                _write_down(who, also, resource or resource_arn, refused)
            beside.set([])
        return refused

    return decide


def _write_down(who: str, action: str, resource: str, refused: Any) -> None:
    line = {"role": who.split("/")[1], "action": action, "resource": resource, "refused": refused is not None}
    with open(ASKED, "a", encoding="utf-8") as file:  # noqa: PTH123 — a line at once, by whichever thread
        file.write(json.dumps(line) + "\n")


def _function_of(principal: str) -> str | None:
    """Return the function whose code asks: MiniStack gives a function a session of its role that has the function's name."""
    *_, role, session = principal.split("/")
    of_lambda = ":assumed-role/" in principal and session in lambda_svc._functions and role.startswith(f"{APP}-")
    return (
        f"arn:aws:lambda:{principal.split(':')[3] or REGION}:{principal.split(':')[4]}:function:{session}" if of_lambda else None
    )


def _by_role(resolve: Any) -> Any:
    """In a condition, whoever took on a role is that role (`aws:PrincipalArn`), not the session: our key policies name roles."""

    def resolve_key(key: str, context: Any) -> Any:
        if key.lower() == "ses:fromaddress":
            return sender.get()
        if key.lower() == "lambda:functionarn" and woken.get():
            return woken.get()
        if key.lower() in given.get():
            return given.get()[key.lower()]
        if key.lower() == "lambda:sourcefunctionarn":
            return _function_of(str(context.principal_arn))
        found = resolve(key, context)
        if key.lower() != "aws:principalarn" or ":assumed-role/" not in str(found):
            return found
        account, role = found.split(":")[4], found.split("/")[1]
        return f"arn:aws:iam::{account}:role/{role}"

    return resolve_key


def _fill_in() -> None:
    iam_actions._ses_v2_resource_arn = _from_identity(iam_actions._ses_v2_resource_arn)
    iam_actions._BOTOCORE_SERVICE_MAP["lambda"] = ["lambda"]
    iam_actions.extract_iam_action = _by_its_name(iam_actions.extract_iam_action)
    iam_actions.extract_resource_arn = _by_aws_names(iam_actions.extract_resource_arn)
    app.pin_request_origin = _over_tls(app.pin_request_origin)
    iam_evaluator.enforce = _noted(iam_evaluator.enforce)
    iam_evaluator._resolve_condition_key = _by_role(iam_evaluator._resolve_condition_key)
    lambda_runtime.kill_workers = _let_finish(lambda_runtime.kill_workers)
    lambda_runtime._PYTHON_WORKER_SCRIPT = _packages_first(lambda_runtime._PYTHON_WORKER_SCRIPT)
    gateway.handle_request = _with_imports(gateway.handle_request)
    gateway._apply_patch = _unsetting(gateway._apply_patch)
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = 0
    gateway._build_lambda_event_v1 = _without_stage(gateway._build_lambda_event_v1)
    eventbridge._parse_rate_seconds = _hurried(eventbridge._parse_rate_seconds)
    sns._build_envelope = _whole_envelopes(sns._build_envelope)
    known = next(each for each in vars(provisioners).values() if isinstance(each, dict) and "AWS::SES::EmailIdentity" in each)
    identities, alarms = known["AWS::SES::EmailIdentity"], known["AWS::CloudWatch::Alarm"]
    known["AWS::GuardDuty::MalwareProtectionPlan"] = {"create": _scan_plan, "update": _scan_plan, "delete": lambda *_: None}
    identities["import"] = _with_dkim(lambda identifier: (identifier["EmailIdentity"], {}))
    identities["create"] = _with_dkim(_not_twice(identities["create"], ses_v2._identities, "EmailIdentity"))
    identities["update"] = _with_dkim(identities["update"])
    sets, secrets = known["AWS::SES::ConfigurationSet"], known["AWS::SecretsManager::Secret"]
    sets["create"] = _not_twice(sets["create"], ses_v2._config_sets, "Name")
    stacks._validation_errors = _not_its_own_buckets(stacks._validation_errors)
    secrets["create"], secrets["import"] = _not_twice(secrets["create"], secretsmanager._secrets, "Name"), _secret
    changesets._IMPORT_LOOKUPS["AWS::SecretsManager::Secret"] = (("Id",), _no_secret)
    changesets._IMPORT_LOOKUPS["AWS::SES::EmailIdentity"] = (("EmailIdentity",), _no_identity)
    alarms["create"] = _with_metric_math(alarms["create"])


if __name__ == "__main__":
    _fill_in()
    app.main()
