"""Where the files themselves are: a bucket with a quarantine, into which citizens send, and which only the check reads.

No name of a file is in a key or an address: what it is called stands in the headers of the object.
"""

import base64
import re
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

_INVITATION_S = 15 * 60
_LINK_S = 60
_PLAIN = re.compile(r"[^A-Za-z0-9 ._()-]")


@dataclass(frozen=True, slots=True)
class Invitation:
    """A permission to send one file: a browser posts `fields`, and the file last as `file`, to `url`."""

    url: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """The bytes of an object, and which of its versions they are (empty where the bucket keeps one)."""

    content: bytes
    version: str = ""


class Bucket(Protocol):
    """The bucket that the actions need."""

    def invite(self, key: str, media_type: str, most: int, sha256: str) -> Invitation:
        """Return the permission to send one object to this key, for a quarter of an hour: of this type, of 1 to `most` bytes,
        and with this fingerprint (hexadecimal).
        """
        ...

    def put(self, key: str, content: bytes, media_type: str, *, name: str = "", draft: bool = False) -> None:
        """Keep an object, over an older one; with a name it is served as a download of that name."""
        ...

    def get(self, key: str) -> Found | None:
        """Return an object as it is now, None when it is not there."""
        ...

    def keep(self, key: str) -> None:
        """An object that was put as a draft belongs to a report now: it does not expire any more."""
        ...

    def remove(self, key: str) -> None:
        """Forget an object; nothing happens when it is not there."""
        ...

    def link(self, key: str) -> str:
        """Return an address from which the object can be fetched within a minute, and which nobody on the way keeps."""
        ...


class S3Bucket:
    """The bucket in S3. `public_url` takes the place of the bucket's own address for browsers (local stage), empty for none."""

    def __init__(self, client: Any, name: str, public_url: str = "") -> None:
        self._client, self._name, self._public_url = client, name, public_url

    def invite(self, key: str, media_type: str, most: int, sha256: str) -> Invitation:
        fingerprint = base64.b64encode(bytes.fromhex(sha256)).decode()
        fields = {"Content-Type": media_type, "x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": fingerprint}
        conditions = [*({name: value} for name, value in fields.items()), ["content-length-range", 1, most]]
        made = self._client.generate_presigned_post(self._name, key, fields, conditions, _INVITATION_S)
        return Invitation(self._public_url or made["url"], made["fields"])

    def put(self, key: str, content: bytes, media_type: str, *, name: str = "", draft: bool = False) -> None:
        facts = {"ContentDisposition": disposition(name)} if name else {}
        tags = {"Tagging": _DRAFT} if draft else {}
        self._client.put_object(Bucket=self._name, Key=key, Body=content, ContentType=media_type, **facts, **tags)

    def get(self, key: str) -> Found | None:
        try:
            found = self._client.get_object(Bucket=self._name, Key=key)
        except self._client.exceptions.NoSuchKey:
            return None
        return Found(found["Body"].read(), found.get("VersionId", ""))

    def keep(self, key: str) -> None:
        try:
            self._client.put_object_tagging(Bucket=self._name, Key=key, Tagging=_KEPT)
        except self._client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise

    def remove(self, key: str) -> None:
        self._client.delete_object(Bucket=self._name, Key=key)

    def link(self, key: str) -> str:
        facts = {"Bucket": self._name, "Key": key, "ResponseCacheControl": "no-store"}
        made: str = self._client.generate_presigned_url("get_object", facts, _LINK_S)
        split = urlsplit(made)
        return f"{self._public_url}{split.path}?{split.query}" if self._public_url else made


_DRAFT, _KEPT = "state=draft", {"TagSet": [{"Key": "state", "Value": "kept"}]}


def disposition(name: str) -> str:
    """Return the header that makes a download of an object, under its own name also where that has letters of the world."""
    return f"attachment; filename=\"{_PLAIN.sub('_', name)}\"; filename*=UTF-8''{quote(name, safe='')}"
