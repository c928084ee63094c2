"""The AWS account that a deploy works in: clients, who we are, and errors as sentences."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

from infra.deploy.errors import Stop
from infra.deploy.stage import Stage

Clients = Callable[[str], Any]
_EXPIRED = (
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account and region. `client` makes the client of a service."""

    id: str
    region: str
    client: Clients

    @property
    def partition(self) -> str:
        """The part of every ARN that tells this region's AWS from that of others."""
        return "aws-eusc" if self.region.startswith("eusc-") else "aws"


def clients(region: str) -> Clients:
    """Return what makes the client of a service, from the credentials of the environment."""
    session = botocore.session.get_session()
    config = Config(retries={"mode": "standard", "total_max_attempts": 5})
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in made:
            made[service] = session.create_client(service, region_name=region, config=config)
        return made[service]

    return client


def account_of(stage: Stage, client: Clients | None = None) -> Account:
    """Return the account of the credentials in the environment. Raises Stop when there are none, or another account's."""
    client = client or clients(stage.region)
    with said("ask AWS who we are"):
        found = client("sts").get_caller_identity()["Account"]
    if found != stage.account:
        raise Stop(
            f"These credentials are of account {found}, and {stage.name} lives in {stage.account} (its file in infra/stages). "
            "Take the credentials of that account."
        )
    return Account(found, stage.region, client)


@contextmanager
def said(doing: str) -> Iterator[None]:
    """Turn what botocore raises into a Stop: what we were doing, and what to do now."""
    try:
        yield
    except (NoCredentialsError, PartialCredentialsError):
        raise Stop(
            f"Cannot {doing}: there are no AWS credentials. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        ) from None
    except ClientError as error:
        code, message = error.response["Error"].get("Code", "?"), error.response["Error"].get("Message", "")
        if code in _EXPIRED:
            raise Stop(f"Cannot {doing}: AWS does not take these credentials ({code}). Log in again.") from None
        if code in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation"):
            raise Stop(f"Cannot {doing}: this role may not. AWS says: {message}") from None
        raise Stop(f"Cannot {doing}. AWS says: {code}: {message}") from None
    except BotoCoreError as error:
        raise Stop(f"Cannot {doing}: {error}. Check the network and the region, and run it again.") from None
