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
EMULATOR = ("ministack==1.5.33", "boto3")
ACCOUNT, REGION, PORTAL, MAIL_DOMAIN = "000000000000", "eu-west-1", "https://portal.example", "portal.example"
PREFIX = "mijn-politie-test-"
SHIPPED = ("app.py", "chalicelib", "infra", "requirements.txt", ".chalice/config.json")
LETTER_WAIT_S = 40
IGNORED = (  # by MiniStack 1.5.33: kept, answered, and without effect. Asserted on the calls, never run here.
    "partial batch responses, bisecting, retries and the parallel degree of a stream (record age is honoured)",
    "time to live on DynamoDB writes no REMOVE record; point-in-time recovery and encryption at rest are not kept",
    "SES events: no send, delivery or bounce is published; a test publishes them to the topic itself",
    "access logs, throttling, WAF, TLS versions and compression of API Gateway",
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
            **stack,
        }
        lines = [
            f'region = "{REGION}"',
            f'account = "{ACCOUNT}"',
            "[stack]",
            *(f'{name} = "{value}"' for name, value in facts.items()),
        ]
        lines += ["[settings]", f'LETTER_WAIT_S = "{LETTER_WAIT_S}"', "[api]", f'certificate_arn = "{certificate}"']
        self.stages.mkdir(exist_ok=True)
        (self.stages / "test.toml").write_text("\n".join(lines) + "\n")

    def deploy(self, *step, stage="test", **environment):
        """Run `python -m infra.deploy`; return its exit code and what it said."""
        line = [self.python, "-m", "infra.deploy", stage, *step, "--stages", self.stages]
        env = {**self.environment, **environment}
        done = subprocess.run(line, cwd=self.project, env=env, capture_output=True, text=True, check=False, timeout=240)
        return done.returncode, done.stdout + done.stderr

    def chalice(self, *command):
        """Run Chalice's own command, without our deploy around it; return its exit code and what it said."""
        line = [self.python.parent / "chalice", *command, "--stage", "test"]
        done = subprocess.run(
            line, cwd=self.project, env=self.environment, capture_output=True, text=True, check=False, timeout=240
        )
        return done.returncode, done.stdout + done.stderr

    def client(self, service):
        if service not in self._clients:
            self._clients[service] = self._session.create_client(
                service,
                region_name=REGION,
                endpoint_url=self.url,
                aws_access_key_id="test",
                aws_secret_access_key="test",
            )
        return self._clients[service]

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
