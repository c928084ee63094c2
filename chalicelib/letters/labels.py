"""The names of letters in words. Pure."""

from collections.abc import Mapping

from chalicelib.core.language import N_
from chalicelib.letters.catalogue import Letter

LETTER_WORDS: Mapping[Letter, str] = {
    Letter.NEWS: N_("There is news"),
    Letter.SURVEY: N_("Invitation to the survey"),
    Letter.ADDRESS_CODE: N_("Code for an e-mail address"),
    Letter.ADDRESS_CHANGED: N_("Your e-mail address was changed"),
    Letter.DIGEST: N_("Your work in numbers"),
}
