"""The code that each mail carries: with it anybody can ask us whether a mail is ours. Pure.

It follows from the letter's id with the derivation key, so a letter written again has the same code; the ledger keeps its
digest alone.
"""

from chalicelib.core import ids

PURPOSE = "mail"  # under which failed tries are counted


def code_of(derivation_key: bytes, letter_id: str) -> str:
    """Return the code that the mail of a letter carries, such as `K7MDP-R3W9X`."""
    return ids.code(ids.derive(derivation_key, "mail", letter_id))


def proof_of(code: str) -> str:
    """Return what the ledger keeps of a code, as `ids.parse_code` returns it."""
    return ids.digest(code)
