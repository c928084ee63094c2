"""One stage on the emulator: started, deployed as an operator deploys, looked at with AWS's own API, and stopped."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import botocore.session
from botocore.exceptions import ClientError
from joserfc.jwk import KeySet, RSAKey

from infra.deploy import interpreter

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "deployed"
EMULATOR = "requirements-emulator.lock"
ACCOUNT, REGION, PORTAL, MAIL_DOMAIN = "000000000000", "eu-west-1", "https://portal.example", "portal.example"
PREFIX = "mijn-politie-test-"
REGISTRY = "arn:aws:iam::222222222222:role/registry"  # the police's own system, in an account of its own
SHIPPED = ("app.py", "chalicelib", "infra", "requirements.txt", "requirements.lock", ".chalice/config.json")
LETTER_WAIT_S, LETTER_UNDO_S = 40, 25
REPORTS_MOST = 1000  # the traffic under a deploy is of one person
IGNORED = (  # by MiniStack 1.5.33: kept, answered, and without effect. Asserted on the calls, never run here.
    "partial batch responses, bisecting, retries and the parallel degree of a stream (record age is honoured)",
    "time to live on DynamoDB writes no REMOVE record; point-in-time recovery and encryption at rest are not kept",
    "SES events: no send, delivery or bounce is published; a test publishes them to the topic itself",
    "access logs, throttling, TLS versions and compression of API Gateway",
    "a firewall is associated with the API, and refuses nobody; a scanner is there, and its verdict is given by a test",
    "what CloudFormation itself may do (compared with its schemas instead)",
    "key policies' conditions on services; lifecycle rules; alarms, budgets and backups do not act",
)


class Cloud:
    """The emulator, both issuers, and a copy of the project to deploy from."""

    def __init__(self):
        self.python = interpreter.deploying()
        self._emulator_python = interpreter.environment(ROOT / "build" / "emulator", EMULATOR)
        self.url = f"http://127.0.0.1:{_free_port()}"
        self.project, self.stages = BUILD / "project", BUILD / "stages"
        self._session = botocore.session.get_session()
        self._clients = {}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST"))},
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def start(self):
        shutil.rmtree(BUILD, ignore_errors=True)
        BUILD.mkdir(parents=True)
        keys = KeySet([RSAKey.generate_key(2048, {"use": use, "kid": f"portal-{use}"}) for use in ("sig", "enc")])
        (BUILD / "keys.json").write_text(json.dumps(keys.as_dict(private=True)))
        self._log = (BUILD / "emulator.log").open("wb")
        self._emulator = subprocess.Popen(
            [self._emulator_python, ROOT / "tests" / "deployed" / "emulator.py"],
            env={**self.environment, "AUTH": "true", "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": self.url.rpartition(":")[2]},
            stdout=self._log,
            stderr=self._log,
            cwd=BUILD,
        )
        self._issuers = subprocess.Popen(
            [sys.executable, "-m", "tests.deployed.issuers", str(BUILD / "keys.json"), PORTAL],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.issuers = self._issuers.stdout.readline().strip()
        _wait_for(f"{self.url}/_ministack/health")
        self.copy()
        self.make_roles()

    def stop(self):
        for process in (self._emulator, self._issuers):
            process.terminate()
            process.wait(timeout=20)
        self._issuers.stdin.close()
        self._issuers.stdout.close()
        self._log.close()

    def copy(self):
        """Copy the project as it is now, as an operator's clone would have it."""
        self.project.mkdir(exist_ok=True)
        for name in SHIPPED:
            source, target = ROOT / name, self.project / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
            elif not target.exists() or name != ".chalice/config.json":
                target.parent.mkdir(exist_ok=True)
                shutil.copy(source, target)

    def make_roles(self):
        """Make the stack of roles, as an administrator does once; from then on a deploy has the rights of `deployer` alone."""
        names = {"Stage": "test", "Prefix": PREFIX, "PortalHost": PORTAL.removeprefix("https://"), "MailDomain": MAIL_DOMAIN}
        names["OfficialReportCaller"] = REGISTRY
        names |= dict.fromkeys(("Deployers", "Operators", "Menders"), f"arn:aws:iam::{ACCOUNT}:root")
        cloudformation = self.client("cloudformation")
        cloudformation.create_stack(
            StackName=f"{PREFIX}roles",
            TemplateBody=(ROOT / "infra" / "roles.yaml").read_text(),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in names.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        cloudformation.get_waiter("stack_create_complete").wait(StackName=f"{PREFIX}roles", WaiterConfig={"Delay": 1})
        [stack] = cloudformation.describe_stacks(StackName=f"{PREFIX}roles")["Stacks"]
        self.cloudformation_role = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}["CloudFormationArn"]

    def as_role(self, role):
        """Return the environment of whoever took on a role of the stage."""
        found = self.taken_on(self.client("sts"), f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}{role}")
        return {**self.environment, **{name.upper(): value for name, value in found.items()}}

    def taken_on(self, sts, arn):
        """Return the credentials of a role, as botocore names them."""
        found = sts.assume_role(RoleArn=arn, RoleSessionName="somebody")["Credentials"]
        names = {"access_key_id": "AccessKeyId", "secret_access_key": "SecretAccessKey", "session_token": "SessionToken"}
        return {f"aws_{name}": found[theirs] for name, theirs in names.items()}

    def with_credentials(self, service, **credentials):
        return self._session.create_client(service, region_name=REGION, endpoint_url=self.url, **credentials)

    def registry(self):
        """Make the role of the police's own system, in its own account; return its credentials."""
        iam, account = self.client("iam", account=REGISTRY.split(":")[4]), REGISTRY.split(":")[4]
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}
        asks = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}registry"}
        iam.create_role(RoleName="registry", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
        policy = json.dumps({"Version": "2012-10-17", "Statement": [asks]})
        iam.put_role_policy(RoleName="registry", PolicyName="ask", PolicyDocument=policy)
        return self.taken_on(self.client("sts", account=account), REGISTRY)

    def asked(self, role):
        """Return each (action, resource) that a role of the stage was asked for, and the same of what it was refused."""
        lines = [json.loads(line) for line in (BUILD / "asked.jsonl").read_text().splitlines()]
        mine = [each for each in lines if each["role"] == PREFIX + role]
        return tuple(
            {(each["action"], each["resource"]) for each in mine if each["refused"] is refused} for refused in (False, True)
        )

    def allowed(self, role):
        """Yield each (statement, action, resource patterns) that the policies of a role of the stage allow, as IAM has them."""
        iam = self.client("iam")
        for policy in iam.list_attached_role_policies(RoleName=PREFIX + role)["AttachedPolicies"]:
            version = iam.get_policy(PolicyArn=policy["PolicyArn"])["Policy"]["DefaultVersionId"]
            found = iam.get_policy_version(PolicyArn=policy["PolicyArn"], VersionId=version)["PolicyVersion"]["Document"]
            for each in found["Statement"]:
                actions, resources = (
                    value if isinstance(value, list) else [value] for value in (each["Action"], each["Resource"])
                )
                yield from ((each["Sid"], action, resources) for action in actions)

    def describe(self, **stack):
        """Write the stage's file, as an operator fills it in."""
        certificate = self.client("acm").request_certificate(DomainName=MAIL_DOMAIN)["CertificateArn"]
        facts = {
            "PortalUrl": PORTAL,
            "MailDomain": MAIL_DOMAIN,
            "MailFrom": f"mijn-politie@{MAIL_DOMAIN}",
            "AlarmMail": f"alarm@{MAIL_DOMAIN}",
            "DigidIssuer": f"{self.issuers}/digid",
            "DigidClientId": "mijn-politie",
            "StaffIssuer": f"{self.issuers}/staff",
            "StaffClientId": "mijn-politie-desk",
            "Firewall": "true",
            "Scanner": "true",
            **stack,
        }
        lines = [
            f'region = "{REGION}"',
            f'account = "{ACCOUNT}"',
            f'cloudformation_role = "{self.cloudformation_role}"',
            "[roots]",
            f'KeyAdministrators = "arn:aws:iam::{ACCOUNT}:role/keepers"',
            "[stack]",
            *(f'{name} = "{value}"' for name, value in facts.items()),
        ]
        settings = {"LETTER_WAIT_S": LETTER_WAIT_S, "LETTER_UNDO_S": LETTER_UNDO_S, "REPORTS_MOST": REPORTS_MOST}
        lines += ["[settings]", *(f'{name} = "{value}"' for name, value in settings.items())]
        lines += ["[api]", f'certificate_arn = "{certificate}"']
        self.stages.mkdir(exist_ok=True)
        (self.stages / "test.toml").write_text("\n".join(lines) + "\n")

    def make_roots(self):
        """Make the keys and secrets, as an administrator does once; return the exit code and what was said."""
        return self.deploy("roots", role="")

    def deploy(self, *step, stage="test", role="deployer", **environment):
        """Run `python -m infra.deploy` as the stage's `deployer`, or as an administrator; return exit code and what it said."""
        line = [self.python, "-m", "infra.deploy", stage, *step, "--stages", self.stages]
        env = {**(self.as_role(role) if role else self.environment), **environment}
        done = subprocess.run(line, cwd=self.project, env=env, capture_output=True, text=True, check=False, timeout=240)
        return done.returncode, done.stdout + done.stderr

    def chalice(self, *command):
        """Run Chalice's own command, without our deploy around it; return its exit code and what it said."""
        line = [self.python.parent / "chalice", *command, "--stage", "test"]
        done = subprocess.run(
            line, cwd=self.project, env=self.as_role("deployer"), capture_output=True, text=True, check=False, timeout=240
        )
        return done.returncode, done.stdout + done.stderr

    def ops(self, *command, role="operator"):
        """Run a command of `infra.ops` as a role of the stage; return its exit code and what it said."""
        line = [self.python, "-m", "infra.ops", "--stage", "test", *command]
        env = self.as_role(role)
        done = subprocess.run(line, cwd=self.project, env=env, capture_output=True, text=True, check=False, timeout=240)
        return done.returncode, done.stdout + done.stderr

    def client(self, service, account="test"):
        if (service, account) not in self._clients:
            given = {"aws_access_key_id": account, "aws_secret_access_key": "test"}
            self._clients[service, account] = self.with_credentials(service, **given)
        return self._clients[service, account]

    def bring_keys(self):
        """Put the portal's own keys where an operator puts them."""
        keys = (BUILD / "keys.json").read_text()
        self.client("secretsmanager").put_secret_value(SecretId=f"{PREFIX}oidc-keys", SecretString=keys)

    def recorded(self):
        """Return what Chalice recorded, by name."""
        content = json.loads((self.project / ".chalice" / "deployed" / "test.json").read_text())
        return {each["name"]: each for each in content["resources"]}

    def logs(self, function):
        """Return what a function logged, oldest first."""
        name = f"/aws/lambda/mijn-politie-test{'' if function == 'api_handler' else '-' + function}"
        try:
            pages = self.client("logs").get_paginator("filter_log_events").paginate(logGroupName=name)
            return [event["message"] for page in pages for event in page["events"]]
        except ClientError:
            return []

    def sent(self):
        """Return what SES took, oldest first."""
        with urllib.request.urlopen(f"{self.url}/_ministack/ses/messages", timeout=20) as answer:
            found = json.loads(answer.read())["messages"].get(ACCOUNT, [])
        names = {"id": "MessageId", "subject": "Subject", "text": "BodyText", "html": "BodyHtml"}
        return [{**{name: each[theirs] for name, theirs in names.items()}, "to": each["To"][0]} for each in found]


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url):
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
