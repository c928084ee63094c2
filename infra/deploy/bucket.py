"""The deploy's own bucket: the template on its way to CloudFormation, and Chalice's record of a stage, every version of it.

Made by the deploy and not by the stack, because the stack's template already comes from here.
"""

from botocore.exceptions import ClientError

from infra.deploy.account import Account, said
from infra.deploy.errors import Stop
from infra.deploy.stage import Stage


class DeployBucket:
    """Made at its first use: versioned, private, encrypted."""

    def __init__(self, stage: Stage, account: Account) -> None:
        self.name = f"{stage.prefix}deploy-{account.id}"
        self._stage, self._account, self._s3 = stage, account, account.client("s3")
        # The name can be guessed: whoever made it first, and let us in, would hand CloudFormation a template of their own.
        self._own = {"Bucket": self.name, "ExpectedBucketOwner": account.id}

    def ensure(self) -> None:
        """Make the bucket if it is not there. Raises Stop when somebody else has its name."""
        with said(f"make the bucket {self.name}"):
            try:
                self._s3.head_bucket(**self._own)
            except ClientError as error:
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                if status == 403:  # noqa: PLR2004 — it is there, and not ours
                    raise Stop(
                        f"The bucket name {self.name} is taken by another account. Choose another Prefix under [stack]."
                    ) from None
                self._make()

    def put(self, key: str, body: bytes) -> str:
        """Keep `body` under `key`, as a new version; return its address."""
        with said(f"write {key} to the bucket {self.name}"):
            self._s3.put_object(**self._own, Key=key, Body=body)
        endpoint = self._s3.meta.endpoint_url.rstrip("/")
        return f"{endpoint}/{self.name}/{key}"

    def get(self, key: str) -> bytes | None:
        """Return the newest version of `key`, None when there is none."""
        with said(f"read {key} from the bucket {self.name}"):
            try:
                body: bytes = self._s3.get_object(**self._own, Key=key)["Body"].read()
            except ClientError as error:
                if error.response["Error"]["Code"] in ("NoSuchKey", "NoSuchBucket", "404"):
                    return None
                raise
        return body

    def remove(self, key: str) -> None:
        """Hide `key`; its versions stay."""
        with said(f"remove {key} from the bucket {self.name}"):
            self._s3.delete_object(**self._own, Key=key)

    def keep(self, key: str, body: bytes) -> str:
        """Upload a template (it is larger than CloudFormation takes in a request), and return its address."""
        self.ensure()
        return self.put(key, body)

    def _make(self) -> None:
        where = {} if self._account.region == "us-east-1" else {"LocationConstraint": self._account.region}
        self._s3.create_bucket(Bucket=self.name, **({"CreateBucketConfiguration": where} if where else {}))
        self._s3.put_public_access_block(
            Bucket=self.name,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True,
            },
        )
        self._s3.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": "Enabled"})
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
        self._s3.put_bucket_encryption(Bucket=self.name, ServerSideEncryptionConfiguration={"Rules": [rule]})
