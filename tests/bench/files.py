"""CPU of reading the files that cost the most: milliseconds for each megabyte of the worst, and how it grows with the size.

Growth is the exponent between two sizes of one run: 1 when a file of twice the size takes twice as long.
"""

import contextlib
import gc
import json
import math
import time

from chalicelib.evidence.kinds import KINDS, Mismatch, require_kind
from chalicelib.evidence.strip import Damaged, copied
from tests.support.worst_files import SHAPES

SMALL, LARGE, ROUNDS = 250_000, 1_000_000, 3
MEGABYTE = 1_000_000


def measure() -> dict[str, float]:
    """Return the worst of each kind per megabyte, and the largest growth of any shape."""
    figures: dict[str, float] = {}
    growths = []
    for code, shape in SHAPES.values():
        small, large = shape(SMALL), shape(LARGE)
        took = _took(code, large)
        growth = math.log(took / _took(code, small)) / math.log(len(large) / len(small)) if len(large) > 2 * len(small) else 0.0
        growths.append(growth)
        name = f"file_{code}_worst_ms_per_mb"
        figures[name] = max(figures.get(name, 0), round(took * 1000 * MEGABYTE / len(large), 1))
    return {**figures, "file_worst_growth": round(max(growths), 2)}


def _took(code: str, content: bytes) -> float:
    return min(_once(code, content) for _ in range(ROUNDS))


def _once(code: str, content: bytes) -> float:
    gc.collect()
    began = time.process_time()
    with contextlib.suppress(Damaged, Mismatch):
        copied(require_kind(KINDS[code], content).code, content)
    return max(time.process_time() - began, 1e-5)


if __name__ == "__main__":
    print(json.dumps(measure()))
