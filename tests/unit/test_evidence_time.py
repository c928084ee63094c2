"""No file keeps us busy out of proportion: what a reader does is counted, at two sizes, and no clock is asked.

Counted are the lines of our own that run, and the bytes that are cut out of the file. The steps of the library of patterns
within one search cannot be counted: no pattern here can run on and fail after that.
"""

import importlib
import pkgutil
import re
import sys

import pytest

from chalicelib import evidence
from chalicelib.evidence import strip
from chalicelib.evidence.kinds import KINDS, Mismatch, require_kind
from chalicelib.evidence.strip import Damaged, copied
from chalicelib.evidence.strip.meter import MOST_PARTS
from tests.support.worst_files import SHAPES

SIZE = 16_000
PARSER = re._parser  # what the library of patterns makes of one, before it runs


class Watched(bytes):
    """A file that notes how much of it is cut out."""

    cut = 0

    def __getitem__(self, what):
        found = super().__getitem__(what)
        Watched.cut += len(found) if isinstance(found, bytes) else 1
        return found


def cost(code, content):
    """Return the lines of our own that run, and the bytes that they cut out, until the file is taken or refused."""
    lines, before, Watched.cut = 0, sys.gettrace(), 0

    def trace(frame, event, _):
        nonlocal lines
        lines += event == "line"
        return trace if "/evidence/" in frame.f_code.co_filename else None

    sys.settrace(trace)
    try:
        require_kind(KINDS[code], Watched(content))
        copied(code, Watched(content))
    except (Damaged, Mismatch):
        pass
    finally:
        sys.settrace(before)
    return lines, Watched.cut


@pytest.mark.parametrize("name", SHAPES)
def test_a_file_of_twice_the_size_costs_at_most_twice_the_work(name):
    code, shape = SHAPES[name]
    small, large = shape(SIZE), shape(2 * SIZE)
    growth = len(large) / len(small)

    lines, cut = cost(code, small)
    more_lines, more_cut = cost(code, large)

    assert more_lines <= lines * growth * 1.1 + 300
    assert more_cut <= cut * growth * 1.1 + 300
    assert lines <= 10 * len(small) + 2_000, "a few lines for each byte"
    assert cut <= 10 * len(small) + 300_000, "each byte a few times"


def modules():
    found = [(package.__name__, one.name) for package in (evidence, strip) for one in pkgutil.iter_modules(package.__path__)]
    return [importlib.import_module(f"{package}.{name}") for package, name in found]


def patterns():
    found = ((module.__name__, name, one) for module in modules() for name, one in vars(module).items())
    return {f"{module}.{name}": one for module, name, one in found if isinstance(one, re.Pattern)}


def runs_on(items):
    """True when something repeats without end, and must be followed by something else."""
    for place, (kind, value) in enumerate(items):
        within = [value[-1]] if kind in (PARSER.MAX_REPEAT, PARSER.MIN_REPEAT, PARSER.SUBPATTERN) else []
        within = value[1] if kind is PARSER.BRANCH else within
        endless = kind in (PARSER.MAX_REPEAT, PARSER.MIN_REPEAT) and value[1] is PARSER.MAXREPEAT
        if (endless and place < len(items) - 1) or any(runs_on(list(one)) for one in within):
            return True
    return False


def test_no_pattern_of_a_reader_of_files_runs_on_and_can_fail_after_that():
    found = patterns()

    assert "chalicelib.evidence.strip.jpeg._NEXT_MARKER" in found
    assert [name for name, one in found.items() if runs_on(list(PARSER.parse(one.pattern, one.flags & ~re.UNICODE)))] == []
    assert runs_on(list(PARSER.parse(rb"\xff+[^\x00]"))), "which took a minute and a half for 80 KB"


@pytest.mark.parametrize(
    ("code", "name"), [("jpeg", "the smallest segments"), ("png", "the smallest chunks"), ("webp", "the smallest parts")]
)
def test_a_file_that_is_all_parts_and_no_picture_is_refused_before_it_costs_more(code, name):
    content = SHAPES[name][1](MOST_PARTS * 13)

    with pytest.raises(Damaged):
        copied(code, content)
