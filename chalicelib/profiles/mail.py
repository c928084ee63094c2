"""Which mail a notice calls for, to whom and with what in it, or the reason for none. Pure: letters sends it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.core.derivation import ProofKeys
from chalicelib.core.language import short_time
from chalicelib.letters.catalogue import Letter, NoLetter, NotSentReason, letter_id
from chalicelib.letters.codes import check_code_of
from chalicelib.letters.render import MailOrder
from chalicelib.profiles.model import Notice, NoticeKind, Profile, code_of

MAILS: Mapping[NoticeKind, Letter] = {
    NoticeKind.CODE_ASKED: Letter.ADDRESS_CODE,
    NoticeKind.ADDRESS_PROVEN: Letter.ADDRESS_CHANGED,
}


def order_of(
    notice: Notice, profile: Profile, *, proof_keys: ProofKeys, is_suppressed: Callable[[str], bool], at: datetime
) -> MailOrder | NoLetter:
    """Return the mail for a notice as the profile is now. A code is mailed to any address: whoever types it asked for it."""
    if notice.kind is NoticeKind.CODE_ASKED:
        waits = profile.challenge
        if not (waits and waits.number == notice.number and waits.is_open(at)):
            return NoLetter(NotSentReason.CODE_OVER)
    elif is_suppressed(notice.to):
        return NoLetter(NotSentReason.ADDRESS_UNUSABLE)
    values, check_code = _values(notice, profile, proof_keys)
    choices = profile.choices
    return MailOrder(
        letter=MAILS[notice.kind],
        to=notice.to,
        language=choices.language,
        neutral=choices.safety.neutral,
        values=values,
        check_code=check_code,
    )


def _values(notice: Notice, profile: Profile, proof_keys: ProofKeys) -> tuple[Mapping[str, str], str]:
    """Return what is filled in, and the mail's check code: of every mail, and at sight another one than the code to type."""
    check_code = check_code_of(proof_keys.at(notice.at), letter_id(profile.id, notice.number))
    values = {"proof": check_code}
    if notice.kind is NoticeKind.CODE_ASKED and profile.challenge is not None:
        values["code"] = code_of(proof_keys.at(profile.challenge.asked_at), profile.id, profile.challenge)
        values["until"] = short_time(profile.challenge.ends_at, profile.choices.language)
    return values, check_code
