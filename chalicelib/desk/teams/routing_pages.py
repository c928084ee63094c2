"""The supervisors' page on where new reports go: the rules of a unit, and where the reports of the past days would have gone."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, Invalid
from chalicelib.core.language import N_
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.desk.teams import actions, dry_run
from chalicelib.desk.teams.pages import chosen_unit, conflict_of, errors_of, of_form, status_of
from chalicelib.desk.teams.schemas import NewRule
from chalicelib.forms import fields
from chalicelib.forms.places import municipalities, units
from chalicelib.people.permissions import Permission
from chalicelib.reports.crimes import CRIME_WORDS, KINDS
from chalicelib.teams.bands import Band
from chalicelib.teams.model import Roster, Rule
from chalicelib.teams.routing import national_rules
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.schema import parse

routes = Routes(__name__)

BAND_WORDS: Mapping[Band, str] = {
    Band.ANY: N_("any amount, or none"),
    Band.FROM_500: N_("from € 500 on"),
    Band.FROM_5000: N_("from € 5,000 on"),
    Band.FROM_50000: N_("from € 50,000 on"),
}
_LABELS = {"kind": N_("Which crime?"), "municipality": N_("Where?"), "band": N_("How much?"), "to": N_("Where do they go?")}
_TOLD = {
    "added": N_("The rule is there. It counts for reports from now on; what is there already stays where it is."),
    "taken": N_("The rule is gone. Reports from now on go where the other rules say."),
}


@routes.page("/desk/routing", access=officer(Permission.RUN_TEAMS))
def show_rules(request: Request) -> Response:
    return _page(request, chosen_unit(request), {})


@routes.page("/desk/routing", access=officer(Permission.RUN_TEAMS), method="POST")
def change_rules(request: Request) -> Response:
    """Add a rule, or take one away: the button says which."""
    posted = request.form()
    typed = {name: value for name, value in posted.items() if not name.startswith("_") and value != ""}
    unit = of_form(request, typed)
    taken, desk = str(typed.pop("taken", "")), TeamDesk.of(request)
    try:
        if taken:
            actions.remove_rule(unit, taken, desk=desk)
        else:
            told = parse(NewRule, typed)
            rule = {"kind": told.kind, "municipality": told.municipality, "band": told.band, "to": told.to}
            actions.add_rule(unit, **rule, key=request.form_key(posted), desk=desk)  # type: ignore[arg-type]
    except (Invalid, Conflict) as refused:
        return _page(request, unit, typed, refused)
    return redirect(f"{request.base}/desk/routing?{urlencode({'unit': unit, 'done': 'taken' if taken else 'added'})}")


@routes.page("/desk/routing/tried", access=officer(Permission.RUN_TEAMS))
def try_rules(request: Request) -> Response:
    """Show where the reports of the past days would have gone by the rules of now. Nothing is moved."""
    unit = chosen_unit(request)
    if not unit:
        return redirect(f"{request.base}/desk/routing")
    desk = TeamDesk.of(request)
    roster = actions.load_roster(unit, desk=desk)
    return html.page(
        request,
        "desk/routing_tried.html",
        unit=unit,
        days=dry_run.DAYS,
        outcome=dry_run.tried(roster, desk=desk),
        rules={rule.id: words_of(rule) for rule in (*roster.rules, *national_rules())},
        roster=roster,
    )


def words_of(rule: Rule) -> tuple[str, str, str]:
    """Return what a rule asks for: the crime and the amount as messages, the place by its name; empty is any."""
    kind = KINDS[rule.kind].name if rule.kind in KINDS else CRIME_WORDS[rule.kind] if rule.kind else ""
    place = municipalities()[rule.municipality].name if rule.municipality else ""
    return kind, place, BAND_WORDS[rule.band]


def _page(request: Request, unit: str, typed: Mapping[str, Any], refused: Invalid | Conflict | None = None) -> Response:
    roster = actions.load_roster(unit, desk=TeamDesk.of(request)) if unit else None
    errors = errors_of(refused)
    return html.page(
        request,
        "desk/routing.html",
        status=status_of(refused),
        units=sorted(request.officer.units),
        unit=unit,
        roster=roster,
        rules=_in_order(roster.rules) if roster else (),
        national=national_rules(),
        words={rule.id: words_of(rule) for rule in (*(roster.rules if roster else ()), *national_rules())},
        choices=_choices(roster) if roster else {},
        labels=_LABELS,
        typed=typed,
        wrong={error.field: error for error in errors},
        problems=[fields.Problem(error, _LABELS.get(error.field, "")) for error in errors],
        conflict=conflict_of(refused, request),
        done=_TOLD.get(request.argument("done"), ""),
        key=ids.secret_id(),
    )


def _in_order(rules: Sequence[Rule]) -> list[Rule]:
    """The most precise first: so they are followed."""
    return sorted(rules, key=lambda rule: rule.precision, reverse=True)


def _choices(roster: Roster) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen in each field: the value, and a message or name."""
    of_unit = [place for place in municipalities().values() if place.unit == roster.unit]
    return {
        "kind": [("", N_("any crime")), *CRIME_WORDS.items(), *((kind.code, kind.name) for kind in KINDS.values())],
        "municipality": [("", N_("the whole unit")), *((place.code, place.name) for place in of_unit)],
        "band": [(band.value, BAND_WORDS[band]) for band in Band],
        "to": [
            *((team.id, team.name) for team in roster.open_teams if team.takes_work),
            *((one, one) for one in units() if one != roster.unit),
        ],
    }
