"""The pictures of docs/screens: where they lie, and how they are made small."""

from io import BytesIO
from pathlib import Path

from PIL import Image

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
FROM_DEMO = ("start-1280", "worklist-1280", "desk-report-1280", "linked-1280")  # taken by demo_screens, by hand
_COLOURS = 48


def small(picture: bytes) -> bytes:
    """Return a picture as a PNG with a palette: a third of its bytes, and nobody sees the difference."""
    packed = BytesIO()
    Image.open(BytesIO(picture)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    return packed.getvalue()
