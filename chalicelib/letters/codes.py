"""The codes that a mail carries. With its own code anybody can ask us whether the mail is ours. Pure.

It follows from the letter's id with the derivation key, so a letter written again has the same code; the ledger keeps a keyed
digest alone (core/codes.py). In the address to unsubscribe stand this code and a second one: long, because nobody has to type it.
"""

import hmac

from chalicelib.core import ids
from chalicelib.core.codes import CodeKind, kept_name, read_long, shown

PURPOSE, UNSUBSCRIBING = "mail", "unsubscribe"  # under which failed tries are counted


def check_code_of(derivation_key: bytes, letter_id: str) -> str:
    """Return the code that the mail of a letter carries, such as `C-K7MDP-R3W9X`."""
    return shown(CodeKind.CHECK, _bare(derivation_key, letter_id))


def code_digest(key: bytes, code: str) -> str:
    """Return what the ledger keeps of a mail's code, as it is shown."""
    return kept_name(key, read_long(code))


def token_of(derivation_key: bytes, letter_id: str) -> str:
    """Return what stands in the address to unsubscribe: the mail's code, and one that only its holder can know."""
    return f"{_bare(derivation_key, letter_id)}-{ids.code(ids.derive(derivation_key, 'unsubscribe', letter_id))}"


def code_in(token: str) -> str | None:
    """Return the mail's code in the token of an address to unsubscribe, None when it can be none."""
    middle = (len(token) - 1) // 2
    return ids.parse_code(token[:middle]) if token[middle : middle + 1] == "-" else None


def is_token_of(token: str, derivation_key: bytes, letter_id: str) -> bool:
    """True when the token is that of this letter."""
    return hmac.compare_digest(token.encode(), token_of(derivation_key, letter_id).encode())


def _bare(derivation_key: bytes, letter_id: str) -> str:
    return ids.code(ids.derive(derivation_key, "mail", letter_id))
