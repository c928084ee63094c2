"""The triage that sends some reporters elsewhere: what does not belong online, why, and the right next step. The rows are the
policy.

Source: docs/domain.md, "Crimes online, and who is sent elsewhere". The same rows stop a report on the page, in the API and on the
server when somebody skips the page.
"""

from dataclasses import dataclass

from chalicelib.core.errors import Elsewhere
from chalicelib.core.language import N_
from chalicelib.forms.questions import Choice, Input, Need, Question

NONE = "none"
MINIMUM_AGE = 13

_CALL = N_("Call 0900-8844, or make an appointment at a police station. Then we can help you better.")
_PERSONAL = N_("We want to speak with you in person about this.")


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason why a report cannot be made online. `but_not` names crimes (not kinds) to which it does not apply."""

    code: str
    applies: str
    reason: str
    next_step: str
    but_not: frozenset[str] = frozenset()

    @property
    def elsewhere(self) -> Elsewhere:
        """The error that stops a report by this rule."""
        return Elsewhere(self.code, self.reason, self.next_step)


RULES: tuple[Rule, ...] = (
    Rule(
        "danger",
        N_("Somebody is in danger now, or the offender is still there"),
        N_("You need help right now."),
        N_("Call 112 now."),
    ),
    Rule(
        "dwelling",
        N_("It was stolen from a house, shed or garage, or there was a burglary"),
        _PERSONAL,
        _CALL,
        frozenset({"fraud"}),
    ),
    Rule("violence", N_("Violence was used, or somebody threatened me"), _PERSONAL, _CALL),
    Rule("firearm", N_("There was a firearm"), _PERSONAL, _CALL),
    Rule(
        "discrimination",
        N_("It was done because of origin, religion, orientation or another form of discrimination"),
        _PERSONAL,
        _CALL,
    ),
    Rule("domestic", N_("The offender is my partner, ex-partner or a member of my family"), _PERSONAL, _CALL),
    Rule(
        "traces",
        N_("There are traces, such as blood, fingerprints or something that was left behind"),
        N_("We may want to look at the traces. Please touch nothing."),
        _CALL,
        frozenset({"fraud"}),
    ),
    Rule(
        "suspect",
        N_("I know who did it, or can describe the offender well"),
        N_("With what you know we may find the offender. A police employee wants to hear it from you."),
        _CALL,
        frozenset({"fraud"}),  # there a name, an IBAN or a telephone number is normal
    ),
    Rule(
        "vehicle_or_identity",
        N_("A car, a motorcycle, a passport, an identity card or a driving licence was stolen"),
        N_("These must be put in a register at once, and only an employee can do that."),
        _CALL,
        frozenset({"vandalism"}),
    ),
    Rule("secret_address", N_("My address must stay secret"), _PERSONAL, _CALL),
    Rule(
        "abroad",
        N_("It happened outside the Netherlands"),
        N_("The police of that country must investigate this."),
        N_("Report it to the police there. Are you back home? Then call 0900-8844 and ask how to report it."),
    ),
    Rule(
        "delivered",
        N_("I did get something, but late, broken or different from what I ordered"),
        N_("This is often a disagreement with the seller and not a crime. The police cannot help you with that."),
        N_("Ask the seller for a solution in writing. ConsuWijzer explains your rights: call 088-070 70 70."),
        frozenset({"theft", "vandalism"}),
    ),
)
TOO_YOUNG = Rule(
    "too_young",
    N_("You are younger than 13"),
    N_("You are younger than 13. We want a parent or guardian to be with you."),
    N_("Come to the police station with your parent or guardian. Call 0900-8844 for an appointment."),
)
SWITCHED_OFF = Rule(
    "switched_off",
    N_("This kind of report cannot be made online at the moment"),
    N_("This kind of report cannot be made online at the moment."),
    _CALL,
)

CIRCUMSTANCES = Question(
    "circumstances",
    N_("Does one of these apply?"),
    Input.CHOICES,
    Need.REQUIRED,
    hint=N_("Then it is better that we speak with you. We will tell you whom to call."),
    choices=(*(Choice(rule.code, rule.applies) for rule in RULES), Choice(NONE, N_("None of these"))),
    example=["none"],
)


def rules_for(crime: str) -> tuple[Rule, ...]:
    """Return the rules that apply to a crime (`theft`, `vandalism` or `fraud`)."""
    return tuple(rule for rule in RULES if crime not in rule.but_not)


def stop(crime: str, circumstances: list[str]) -> None:
    """Raises Elsewhere for the first (most urgent) rule of the crime that applies."""
    for rule in rules_for(crime):
        if rule.code in circumstances:
            raise rule.elsewhere
