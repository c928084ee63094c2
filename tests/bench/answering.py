"""AWS and both issuers over HTTP in this process, answering at once: for functions that run in processes of their own."""

import base64
import json
import threading
from dataclasses import MISSING, fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from joserfc.jwk import KeySet, RSAKey

from chalicelib.core.settings import Settings
from tests.deployed.issuers import Server

PORTAL = "https://portal.example"


def settings_of(issuers: str) -> dict[str, str]:
    """Return the environment of a stage whose names are all made up."""
    made_up = {each.name.upper(): "bench" for each in fields(Settings) if each.default is MISSING}
    return {
        **made_up,
        "STAGE": "test",
        "PORTAL_URL": PORTAL,
        "TABLE_PREFIX": "bench-",
        "PARTIAL_BATCHES": "true",
        "MAIL_FROM": "post@portal.example",
        "REPORTS_STREAM_ARN": "arn:aws:dynamodb:eu-west-1:000000000000:table/bench-reports/stream/2016-07-01T00:00:00.000",
        "DERIVATION_SECRET": "derivation",
        "OIDC_KEYS_SECRET": "oidc-keys",
        "DIGID_ISSUER": f"{issuers}/digid",
        "DIGID_CLIENT_ID": "mijn-politie",
        "STAFF_ISSUER": f"{issuers}/staff",
        "STAFF_CLIENT_ID": "mijn-politie-desk",
    }


class Answering:
    """`environment` is what a function needs to come here; `item` what a read of DynamoDB returns (DynamoDB JSON)."""

    def __init__(self) -> None:
        self.item: dict[str, Any] | None = None
        keys = KeySet([RSAKey.generate_key(2048, {"use": use, "kid": f"bench-{use}"}) for use in ("sig", "enc")])
        self._secrets = {"derivation": "d" * 64, "oidc-keys": json.dumps(keys.as_dict(private=True))}
        self._issuers = Server(keys.as_dict(private=True), PORTAL)
        self._aws = _Aws(self)
        self.environment = {
            **settings_of(self._issuers.url),
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._aws.server_address[1]}",
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
        }

    def __enter__(self) -> Self:
        for server in (self._issuers, self._aws):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in (self._issuers, self._aws):
            server.shutdown()
            server.server_close()

    def token(self, person: str) -> str:
        token: str = self._issuers.issuers["digid"].access_token(person)
        return token

    def answer(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        key = base64.b64encode(b"k" * 32).decode()
        answers: dict[str, dict[str, Any]] = {
            "UpdateItem": {"Attributes": {}},
            "Query": {"Items": [], "Count": 0, "ScannedCount": 0},
            "GetSecretValue": {"SecretString": self._secrets.get(str(asked.get("SecretId")), "")},
            "GenerateMac": {"Mac": key},
            "GenerateDataKey": {"Plaintext": key, "CiphertextBlob": key},
        }
        return answers.get(operation, {})


class _Aws(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answering: Answering) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        self.answering = answering


class _Call(BaseHTTPRequestHandler):
    """One call of one of the JSON protocols; two writes would wait for each other's packets."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Aws

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        body = json.dumps(self.server.answering.answer(operation, asked)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the table is the output."""
