"""How a function that reads a stream answers Lambda: which records failed, for Lambda to deliver again."""

from collections.abc import Sequence

from chalicelib.core.errors import PortalError


class BatchFailed(PortalError):
    """Records failed, and Lambda would not hear which: failing the whole batch is the only way not to lose them."""


def answer(failed: Sequence[str], *, partial_batches: bool) -> dict[str, list[dict[str, str]]]:
    """Return what Lambda wants to hear: from the lowest of the `failed` sequence numbers on it delivers again.

    Raises BatchFailed when records failed and the mapping ignores answers.
    """
    if failed and not partial_batches:
        raise BatchFailed(f"{len(failed)} records failed")
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
