"""The words for logins that came to nothing: what happened, and what somebody can do now."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.core.language import N_
from chalicelib.core.logins import DIGID
from chalicelib.identity.model import LoginCancelled, LoginRefused


@dataclass(frozen=True, slots=True)
class Ending:
    """The words for a login that came to nothing; `%(login)s` is the name of the login."""

    status: int
    title: str
    explanation: str
    advice: str


CANCELLED = Ending(
    200,
    N_("You did not log in"),
    N_("You stopped logging in. Nothing was saved or sent."),
    N_("You can log in again when you like. Without logging in, you can report by phone (0900-8844) or at a police station."),
)
DOWN = Ending(
    503,
    N_("Logging in does not work for the moment"),
    N_("We get no answer from %(login)s. It is not your fault."),
    N_("Try again in fifteen minutes. Can it not wait? Call 0900-8844, or come to a police station."),
)
REFUSED = Ending(
    403,
    N_("Logging in did not work"),
    N_("We could not check the answer from %(login)s, so we did not let you in. This also happens when logging in takes long."),
    N_("Try again. Does it keep happening? Call 0900-8844."),
)
TOO_WEAK = Ending(
    403,
    N_("Log in with a safer form of DigiD"),
    N_("A report holds sensitive information. A user name and password alone is not enough for that."),
    N_("Log in with the DigiD app, and have it check your identity document if it asks for that. Or call 0900-8844."),
)
TOO_WEAK_ELSEWHERE = Ending(
    403,
    N_("Log in in a safer way"),
    N_("A report holds sensitive information. The way in which you logged in with %(login)s is not safe enough for that."),
    N_("Log in again with a higher level of %(login)s, or choose another way to log in. Or call 0900-8844."),
)
NO_COMPANY = Ending(
    403,
    N_("You did not log in for a company"),
    N_("%(login)s did not tell us for which company or organisation you report."),
    N_(
        "Ask who arranges the logins of your company whether you may act for it here. "
        "Do you report for yourself? Then choose another login."
    ),
)
NO_FACTOR = Ending(
    403,
    N_("Log in with a second factor"),
    N_("You logged in with a password alone."),
    N_("Log in again and use your second factor, such as your card or your telephone."),
)
NO_ROLE = Ending(
    403,
    N_("You have no role here"),
    N_("Your account is known, but has no role for reports."),
    N_("Ask your supervisor for a role, and then log in again."),
)
NO_UNIT = Ending(
    403,
    N_("You have no police unit here"),
    N_("Your account is known, but we cannot read to which police unit you belong."),
    N_("Ask your supervisor to have that mended, and then log in again."),
)
REFUSALS: Mapping[str, Ending] = {
    "acr_too_low": TOO_WEAK,
    "provider_unmet_authentication_requirements": TOO_WEAK,
    "company": NO_COMPANY,
    "mfa": NO_FACTOR,
    "mfa_unreadable": NO_FACTOR,
    "roles": NO_ROLE,
    "roles_unreadable": NO_ROLE,
    "units": NO_UNIT,
    "units_unreadable": NO_UNIT,
}
_WEAK = {TOO_WEAK: TOO_WEAK_ELSEWHERE}  # the advice for DigiD is about its app


def ending_of(error: Exception, login: str) -> Ending:
    """Return the words for what went wrong at a login, which goes by its key."""
    if isinstance(error, LoginRefused):
        found = REFUSALS.get(error.reason, REFUSED)
        return found if login == DIGID else _WEAK.get(found, found)
    return CANCELLED if isinstance(error, LoginCancelled) else DOWN
