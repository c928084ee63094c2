"""The scanner that says whether a file holds something harmful; the settings choose it.

`eicar` looks for the test file of the trade and nothing else: for laptops and tests. `guardduty` reads the verdict that
Malware Protection for S3 writes on the object as a tag; only its role may set tags in the quarantine (infra/template.yaml).
"""

from enum import StrEnum
from typing import Any, Protocol

from chalicelib.evidence.bucket import Found

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"  # in two: no scanner minds this source
TAG = "GuardDutyMalwareScanStatus"


class Verdict(StrEnum):
    """The verdict of a scanner."""

    CLEAN = "clean"
    HARMFUL = "harmful"
    UNKNOWN = "unknown"  # it could not look: encrypted, or of a kind that it does not know
    LATER = "later"  # it has not looked yet; the bucket tells us when it has


class Scanner(Protocol):
    """The scanner that the checking of files needs."""

    def verdict(self, key: str, found: Found) -> Verdict:
        """Return the verdict on what was found at `key` in the quarantine, and on nothing that came there later."""
        ...


class EicarScanner:
    """Knows one harmful file, wherever in the content it stands."""

    def verdict(self, key: str, found: Found) -> Verdict:  # noqa: ARG002 — as every scanner is asked
        return Verdict.HARMFUL if EICAR in found.content else Verdict.CLEAN


class GuardDutyScanner:
    """Reads what Malware Protection for S3 found. A file that it could not scan is refused like what is harmful."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def verdict(self, key: str, found: Found) -> Verdict:
        version = {"VersionId": found.version} if found.version else {}
        tags = self._client.get_object_tagging(Bucket=self._bucket, Key=key, **version)["TagSet"]
        return _STATUSES.get(next((tag["Value"] for tag in tags if tag["Key"] == TAG), ""), Verdict.LATER)


_STATUSES = {
    "NO_THREATS_FOUND": Verdict.CLEAN,
    "THREATS_FOUND": Verdict.HARMFUL,
    "UNSUPPORTED": Verdict.UNKNOWN,
    "ACCESS_DENIED": Verdict.UNKNOWN,
    "FAILED": Verdict.UNKNOWN,
}
