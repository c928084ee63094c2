"""The first facts that an officer reads on a report: who, how to reach them, by when, whose it is, and its marks."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.reports.contact import Contact, Safety
from chalicelib.reports.events import Actor, Rank, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from chalicelib.teams.model import Roster, Team
from tests.support.samples import NOON, REFERENCE, a_report, answers

PAGE = f"/desk/reports/{REFERENCE}"
UNIT, ELSEWHERE = "Noord-Nederland", "Amsterdam"
BY, COLLEAGUE = Actor(Role.OFFICER, "NN9999"), Actor(Role.OFFICER, "AM1234")
TEAM = "T-AAAAA-BBBBB"


def filed(services, *acts, **facts):
    told = {"statement": Statement.of("bicycle-theft", answers()), **facts}
    report = services.reports.add(a_report(**told))
    for act in acts:
        report = services.reports.save(report, act(report))
    return report


def with_team(services, unit=UNIT, name="Fietsen"):
    services.rosters.save(services.rosters.get(unit), Roster(unit=unit, version=1, teams=(Team(TEAM, name, ("NN1234",)),)))


def head(page):
    """The facts at the top, as their label and what is said."""
    found = re.findall(
        r"<dt>(.*?)</dt><dd>(.*?)</dd>", page.text.partition('<dl class="head">')[2].partition("</dl>")[0], re.DOTALL
    )
    return {label: " ".join(re.sub(r"<[^>]+>", " ", told).split()) for label, told in found}


def test_who_by_when_and_whose_stand_on_top_and_teams_by_their_name(portal, services):
    with_team(services)
    filed(
        services,
        lambda report: report.assigned(TEAM, by=BY, at=NOON),
        lambda report: report.ranked(Rank.URGENT, by=BY, at=NOON),
    )

    page = portal.browser("handler", why="handling").get(PAGE)

    told = head(page)
    assert list(told)[:5] == ["Aangever", "Mag gebeld worden", "Termijn", "Van wie", "Kenmerken"]
    assert told["Aangever"] == " ".join((answers()["givenNames"], answers()["familyName"]))
    assert told["Termijn"] == "nog 3 dagen tot en met 6 juli 2016"
    assert told["Van wie"] == "Fietsen"
    assert told["Kenmerken"] == "spoed taak"
    assert "Toegewezen: Fietsen" in page.text
    assert "Diefstal van een fiets of e-bike, Groningen" in page.text
    assert TEAM not in page.main.partition("<form")[0], "nobody knows a team by its id"


def test_the_title_which_the_browser_keeps_names_nobody(portal, services):
    filed(services)

    title = portal.browser("handler", why="handling").get(PAGE).text.partition("<title>")[2].partition("</title>")[0]

    assert REFERENCE in title
    assert answers()["familyName"] not in title


def test_a_term_that_is_over_and_one_that_there_is_not_are_said(portal, services, clock):
    report = filed(services)
    clock.advance(timedelta(days=7))
    over = head(portal.browser("handler", why="handling").get(PAGE))
    why = Change(Status.REFERRED, explanation="Bel ons.")
    referred = services.reports.save(report, report.changed(why, by=BY, at=clock.now()))
    services.reports.save(referred, referred.changed(Change(Status.CLOSED, explanation="Klaar."), by=BY, at=clock.now()))
    closed = head(portal.browser("handler", why="handling").get(PAGE))

    assert over["Termijn"].startswith("2 dagen te laat")
    assert closed["Termijn"] == "geen termijn"


def test_the_number_to_call_stands_there_once_it_was_uncovered_and_never_against_the_wish(portal, services):
    filed(services, statement=Statement.of("bicycle-theft", answers(phone="0612345678")))
    desk = portal.browser("handler", why="reporter_contact")

    covered, open_ = (head(desk.get(f"{PAGE}{query}")) for query in ("", "?contact=shown"))

    assert "0612345678" not in covered["Mag gebeld worden"]
    assert "0612345678" in open_["Mag gebeld worden"]


def test_who_must_not_be_called_has_no_number_on_top(portal, services):
    contact = Contact(email="sanne@example.org", safety=Safety(phone=False))
    filed(services, statement=Statement.of("bicycle-theft", answers(phone="0612345678")), contact=contact)

    told = head(portal.browser("handler", why="reporter_contact").get(f"{PAGE}?contact=shown"))

    assert told["Mag gebeld worden"] == "Nee, niet bellen"


def test_the_timeline_says_to_whom_and_where_in_names_of_the_unit_of_then(portal, services):
    with_team(services, ELSEWHERE, "Noordteam")
    filed(
        services,
        lambda report: report.moved(ELSEWHERE, by=BY, at=NOON),
        lambda report: report.assigned(TEAM, by=COLLEAGUE, at=NOON),
        lambda report: report.assigned("", by=COLLEAGUE, at=NOON),
        lambda report: report.moved(UNIT, by=COLLEAGUE, at=NOON),
        lambda report: report.ranked(Rank.LATER, by=BY, at=NOON),
    )

    page = portal.browser("handler", why="handling").get(PAGE).text

    for words in (
        "Overgedragen aan een andere eenheid: Amsterdam",
        "Toegewezen: Noordteam",
        "Toegewezen: niemand",
        "Overgedragen aan een andere eenheid: Noord-Nederland",
    ):
        assert words in page, words


def test_a_report_from_another_unit_is_marked_until_somebody_of_the_unit_does_something_with_it(portal, services):
    report = filed(
        services, lambda report: report.moved(ELSEWHERE, by=BY, at=NOON), lambda r: r.moved(UNIT, by=COLLEAGUE, at=NOON)
    )
    officer = portal.browser("handler", why="handling")
    marked = officer.get("/desk/queue?status=all&mark=from_elsewhere").text
    api = portal.api("GET", f"/v1/desk/reports?unit={UNIT}&status=all&mark=from_elsewhere", person="handler").json

    assert "van andere eenheid" in head(officer.get(PAGE))["Kenmerken"]
    assert REFERENCE in marked
    assert ["from_elsewhere" in line["flags"] for line in api["reports"]] == [True]

    services.reports.save(report, report.noted("Gezien.", by=Actor(Role.OFFICER, "NN1234"), at=NOON))

    assert "eenheid" not in head(officer.get(PAGE))["Kenmerken"]
    assert REFERENCE not in officer.get("/desk/queue?status=all&mark=from_elsewhere").text


def test_a_report_that_a_rule_sent_here_when_it_was_filed_is_from_nobody(portal, services):
    report = a_report()
    services.reports.add(replace(report, timeline=(replace(report.timeline[0], to=UNIT),)))

    assert "Kenmerken" not in head(portal.browser("handler", why="handling").get(PAGE))


@pytest.mark.parametrize("person", ["handler", "supervisor"])
def test_a_program_reads_whose_it_is_how_soon_and_what_is_to_be_seen(portal, services, person):
    filed(
        services,
        lambda report: report.assigned(TEAM, by=BY, at=NOON),
        lambda report: report.ranked(Rank.URGENT, by=BY, at=NOON),
        lambda report: report.joined("C-AAAAA-BBBBB", by=BY, at=NOON),
    )

    told = portal.api("GET", f"/v1{PAGE}", person=person, Look_Reason="handling").json

    assert (told["assignee"], told["rank"], told["jointCase"]) == (TEAM, "urgent", "C-AAAAA-BBBBB")
    assert (told["dueOn"], told["freshAt"], told["flags"]) == ("2016-07-06", None, ["joint", "task"])
