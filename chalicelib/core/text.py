"""Text as people, telephones and chat programs send it, folded to what its reader sees. Pure; every reader of text begins here.

Nobody sees the difference between a space and a no-break space, and nobody typed the mark that says which way a text runs: what
cannot be seen must not decide whether two values are equal, or whether somebody can report a crime (ADR-0040).
"""

import re
import unicodedata

_IGNORED = "\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef"  # unless something needs it
_BREAKS = re.compile(f"\r[{_IGNORED}]*\n|[\r\v\f\u0085\u2028\u2029]")
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800\u3164\uffa0]")  # also letters that show nothing
_HYPHENS = re.compile("[\u2010\u2011]")
_DASHES = re.compile("[\u00ad\u02d7\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")
# Format characters: which way a text runs, where a line may break, what a program left behind.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001]"
)
# Scripts in which joining or not joining is spelling (Arabic, Syriac, those of India and South-East Asia, Mongolian).
_JOINING = (
    "\u0600-\u109f\u1700-\u18af\u1900-\u1cff\ua800-\ua9ff\uaa00-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00011fff\U0001e900-\U0001e95f"
)
_PICTURES = "\u00a9\u00ae\u203c-\u2fff\u303d\u3297\u3299\U0001f000-\U0001faff"  # an emoji is a picture, or several joined
_JOINERS = re.compile(
    f"(?<=[{_JOINING}])[\u200c\u200d](?=[{_JOINING}])|(?<=[{_PICTURES}\ufe0f])\u200d(?=[{_PICTURES}])|([\u200c\u200d])"
)
_VARIANTS = re.compile(
    f"(?<=[{_PICTURES}])[\ufe0e\ufe0f]|(?<=[0-9#*])\ufe0f(?=\u20e3)|(?<=[{_JOINING}\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
    "[\u180b-\u180d\u180f\ufe00-\ufe0d\U000e0100-\U000e01ef]|([\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef])"
)
_TAGS = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f|([\U000e0020-\U000e007f])")  # the flags of parts of a country
_BESIDE_CODES = re.compile(f"[{_IGNORED}]")


def readable(text: str, *, lines: bool = False) -> str:
    """Return a text in Unicode's composed form, trimmed, without what nobody sees; without `lines` it is one line.

    Joiners stay inside emoji and in the scripts that spell with them. Folding what is folded changes nothing.
    """
    text = _BREAKS.sub("\n", _UNSEEN.sub("", text))
    text = text if text.isascii() else _seen(text)
    return (text if lines else re.sub(r"[\n\t]+", " ", text)).strip()


def _seen(text: str) -> str:
    text = unicodedata.normalize("NFC", _HYPHENS.sub("-", _BLANKS.sub(" ", text)))
    for needed in (_TAGS, _VARIANTS, _JOINERS):
        text = needed.sub(_kept, text)
    return unicodedata.normalize("NFC", text)


def coded(text: str) -> str:
    """Return what stands for a number, a day, an address or an amount: every dash a hyphen, every digit one of 0 to 9.

    A raised two or a half is no digit: `14²` is not 142.
    """
    plain = readable(text)
    if plain.isascii():
        return plain
    plain = _BESIDE_CODES.sub("", _DASHES.sub("-", "".join(map(_narrow, plain))))
    return "".join(map(_digit, plain)).strip()


def _narrow(character: str) -> str:
    """Letters and digits as keyboards of East Asia write them, in their usual form."""
    wide = unicodedata.decomposition(character).startswith(("<wide>", "<narrow>", "<font>"))
    return unicodedata.normalize("NFKC", character) if wide else character


def _kept(match: re.Match[str]) -> str:
    """The last group of each pattern is what stands where nothing needs it."""
    return "" if match[1] else match[0]


def _digit(character: str) -> str:
    return character if character.isascii() or not character.isdecimal() else str(unicodedata.decimal(character))
