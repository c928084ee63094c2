"""The queue as officers and programs use it: lists, filters, saved lists, taking the next one, the way on from a report."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.boards.actions import count_all
from chalicelib.core import ids
from chalicelib.reports.additions import Sort
from chalicelib.reports.events import Actor, Rank, Role
from chalicelib.reports.store import line_of
from chalicelib.reports.tasks import Task
from chalicelib.teams.model import Roster, Team
from tests.support.samples import NOON, a_report

UNIT = "Noord-Nederland"
OFFICER = Actor(Role.OFFICER, "NN9999")


def reference(number):
    return ids.reference(f"report {number:030}".encode())


def filed(services, number, *acts, **facts):
    report = services.reports.add(replace(a_report(reference=reference(number), at=NOON + timedelta(minutes=number)), **facts))
    for act in acts:
        report = services.reports.save(report, act(report))
    return report


def shown(page):
    """The references of a list, in its order."""
    return re.findall(r'<td class="number">(\w{4}-\w{4}-\w{4})', page.text)


def further(page):
    """The address behind the list's own link to more of it."""
    return re.search(r'href="(/desk/queue\?[^"]*cursor=[^"]+)"', page.text)[1].replace("&amp;", "&")


def test_fifty_reports_are_shown_and_the_newest_are_two_steps_away(portal, services):
    for number in range(53):
        filed(services, number)
    officer = portal.browser("handler")

    first = officer.get("/desk/queue")
    second = officer.get(further(first))
    newest = officer.get("/desk/queue?order=newest")

    assert shown(first) == [reference(number) for number in range(50)]
    assert shown(second) == [reference(number) for number in range(50, 53)]
    assert "Meer aangiften" not in second.text
    assert shown(newest)[0] == reference(52)


def test_a_changed_filter_begins_at_the_beginning(portal, services):
    for number in range(53):
        filed(services, number)
    officer = portal.browser("handler")
    cursor = further(officer.get("/desk/queue")).partition("cursor=")[2]

    changed = officer.get(f"/desk/queue?order=newest&cursor={cursor}")

    assert (changed.status, shown(changed)[0]) == (200, reference(52))
    assert officer.get("/desk/queue?cursor=nonsense").status == 200
    for query in (f"order=newest&cursor={cursor}", "cursor=nonsense"):
        refused = portal.api("GET", f"/v1/desk/reports?unit={UNIT}&{query}", person="handler")
        assert (refused.status, refused.json["errors"][0]["field"]) == (400, "cursor")


def test_a_line_tells_what_it_is_whose_it_is_and_what_is_new(portal, services):
    filed(
        services,
        1,
        lambda r: r.assigned("NN1234", by=OFFICER, at=NOON),
        lambda r: r.ranked(Rank.URGENT, by=OFFICER, at=NOON),
        lambda r: r.added(Sort.MORE, {"text": "KWARTEL-7F3"}, at=NOON),
    )

    page = portal.browser("handler").get("/desk/queue")

    row = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    for words in ("Diefstal van een fiets", reference(1), "Groningen", "<strong>u</strong>", "spoed", "nieuw", "nog 3 dagen"):
        assert words in row, words
    assert "KWARTEL-7F3" not in page.text


def test_what_is_over_term_is_marked_in_words_and_its_last_day_ends_at_midnight(portal, services, clock):
    filed(services, 1)  # on Friday 1 July 2016: three working days end on Wednesday 6 July
    texts = []
    for to in (timedelta(days=5, hours=11, minutes=59), timedelta(minutes=2)):  # 23:59 in Amsterdam, then 0:01
        clock.advance(to)
        texts.append(portal.browser("handler").get("/desk/queue").text)

    assert 'class="term-today">vandaag<' in texts[0]
    assert 'class="term-late">1 dag te laat<' in texts[1]


@pytest.mark.parametrize(
    "query", ["mark=lost", "status=nowhere", "unit=Atlantis", "place=GM9999", "age=3", "who=a%20name", "order=x"]
)
def test_a_filter_that_there_is_not_is_refused_by_name_and_reads_nothing(portal, services, aws, query):
    filed(services, 1)

    page = portal.browser("handler").get(f"/desk/queue?{query}")
    answer = portal.api("GET", f"/v1/desk/reports?{query if 'unit' in query else f'unit={UNIT}&{query}'}", person="handler")

    assert (page.status, answer.status) == (400, 400)
    assert answer.json["errors"][0]["field"] == query.partition("=")[0]


def test_a_list_is_saved_by_name_opened_again_and_forgotten(portal, services, caplog):
    officer = portal.browser("handler")
    address = f"unit={UNIT}&status=all&mark=overdue"

    saved = officer.submit(f"/desk/queue?{address}", {"name": " KWARTEL-7F3  fietsen "}, to="/desk/queue/saved")
    page = officer.get(saved.location)

    assert f'href="/desk/queue?{address.replace("&", "&amp;")}" aria-current="true">KWARTEL-7F3 fietsen<' in page.text
    assert "KWARTEL" not in portal.browser("supervisor").get("/desk/queue").text, "another officer's is not shown"
    assert "KWARTEL" not in caplog.text
    [kept] = services.officers.of_officer("NN1234", "FILTER-")
    assert "KWARTEL" not in kept.id
    officer.submit("/desk/queue", {"forget": kept.id}, to="/desk/queue/saved")
    assert services.officers.of_officer("NN1234", "FILTER-") == ()


@pytest.mark.parametrize(("name", "status"), [("", 400), (" ", 400), ("x" * 41, 400), ("x" * 40, 303)])
def test_a_name_that_cannot_be_kept_is_asked_again(portal, services, name, status):
    answer = portal.browser("handler").submit("/desk/queue", {"name": name}, to="/desk/queue/saved")

    assert answer.status == status
    assert len(services.officers.of_officer("NN1234", "FILTER-")) == (status == 303)


def test_taking_the_next_one_opens_it_and_twice_pressed_takes_one(portal, services):
    for number in range(3):
        filed(services, number)
    officer = portal.browser("handler")
    page = officer.get("/desk/queue")
    form = {name: value for name, value in page.hidden.items() if name in ("_token", "_key", "list")}

    first, again = (officer.post("/desk/queue/next", form) for _ in range(2))

    assert first.location == again.location
    assert first.location.startswith(f"/desk/reports/{reference(0)}?")
    assert [services.reports.get(reference(number)).assignee for number in range(3)] == ["NN1234", "", ""]


def test_when_nothing_is_free_the_list_says_so_and_stays(portal, services):
    filed(services, 1, lambda r: r.assigned("NN9999", by=OFFICER, at=NOON))

    page = portal.browser("handler").submit("/desk/queue", {}, to="/desk/queue/next")

    assert page.status == 409
    assert "In deze lijst is niets vrij" in page.text
    assert shown(page) == [reference(1)]


def test_a_program_takes_the_next_one_once_for_each_key(portal, services):
    for number in range(2):
        filed(services, number)
    body = {"unit": UNIT}

    taken = [portal.api("POST", "/v1/desk/takes", body, person="handler", Idempotency_Key=key) for key in ("a", "a", "b", "c")]

    assert [answer.status for answer in taken] == [201, 201, 201, 409]
    assert [answer.json["reference"] for answer in taken[:3]] == [reference(0), reference(0), reference(1)]
    assert taken[3].json["code"] == "nothing_free"


def test_the_way_from_a_report_leads_on_back_and_to_the_list(portal, services):
    for number in range(3):
        filed(services, number)
    officer = portal.browser("handler")
    address = re.findall(r'<td class="kind"><a href="([^"]+)"', officer.get("/desk/queue").text)[1].replace("&amp;", "&")

    ways = re.findall(r'href="(/desk/queue[^"]*)"', officer.get(address).text.partition('class="ways')[2].partition("</nav>")[0])
    back, previous, onward = (way.replace("&amp;", "&") for way in ways)

    assert back == f"/desk/queue?#{reference(1)}"
    assert officer.get(onward).location.startswith(f"/desk/reports/{reference(2)}?")
    assert officer.get(previous).location.startswith(f"/desk/reports/{reference(0)}?")
    last = officer.get(onward.replace(reference(1), reference(2)))
    assert last.location.startswith("/desk/queue?"), "behind the last report stands the list"


def ways(page):
    """The addresses of a report's page that lead back to the list and on."""
    found = re.findall(r'href="(/desk/queue[^"]*)"', page.text.partition('class="ways')[2].partition("</nav>")[0])
    return [way.replace("&amp;", "&") for way in found]


def acts_of(page):
    """Where the forms of a report's page are sent to."""
    return {action.replace("&amp;", "&") for action in re.findall(r'action="(/desk/reports/[^"]*)"', page.text)}


def test_after_an_act_the_way_leads_on_to_the_next_report_and_back_to_the_same_page_of_the_list(portal, services):
    for number in range(53):
        filed(services, number)
    officer = portal.browser("handler", why="handling")
    second = further(officer.get(f"/desk/queue?unit={UNIT}&status=received"))
    opened = re.findall(r'<td class="kind"><a href="([^"]+)"', officer.get(second).text)[0].replace("&amp;", "&")
    report = officer.get(opened)
    assert officer.get(ways(report)[0].partition("#")[0]).text.count("<tr id=") == 3

    [change] = [action for action in acts_of(report) if "/status" in action]
    checked = officer.submit(opened, {"status": "checked", "_step": "check", "version": "1"}, to=change)

    done = officer.post(change, {**checked.hidden, "_step": "do"})

    after = officer.get(done.location)
    assert services.reports.get(reference(50)).status == "checked"
    back, _, onward = ways(after)
    assert shown(officer.get(back.partition("#")[0])) == [reference(number) for number in (51, 52)], "the page of before"
    assert officer.get(onward).location.startswith(f"/desk/reports/{reference(51)}?")


def test_every_form_and_page_of_a_report_keeps_the_list_it_was_opened_from(portal, services):
    filed(services, 1, lambda r: r.task_raised(Task.CALL_BACK, by=OFFICER, at=NOON))
    officer = portal.browser("handler", why="handling")
    kept = f"list=unit%3D{UNIT}&at={line_of(services.reports.get(reference(1))).place}"

    pages = [officer.get(f"/desk/reports/{reference(1)}{rest}?{kept}") for rest in ("", "/update", "/question", "/work", "/move")]

    assert {page.status for page in pages} == {200}
    for page in pages:
        found = acts_of(page) | set(re.findall(rf'href="(/desk/reports/{reference(1)}[^"#]*)"', page.text))
        strayed = {one for one in found if kept not in one.replace("&amp;", "&")}
        assert found, page.text
        assert strayed == set()


def test_two_reports_open_in_two_tabs_each_keep_their_own_place(portal, services):
    for number in range(4):
        filed(services, number)
    officer = portal.browser("handler", why="handling")
    opened = [link.replace("&amp;", "&") for link in re.findall(r'kind"><a href="([^"]+)"', officer.get("/desk/queue").text)]
    tabs = [officer.get(address) for address in opened[:3:2]]

    for tab, number in zip(tabs, (0, 2), strict=True):
        [note] = [action for action in acts_of(tab) if "/notes" in action]
        form = {name: value for name, value in tab.hidden.items() if name in ("_token", "_key")}
        done = officer.post(note, {**form, "note": "Gezien"})
        assert officer.get(ways(officer.get(done.location))[2]).location.startswith(f"/desk/reports/{reference(number + 1)}?")


def test_who_goes_back_over_the_edge_of_a_page_comes_back_to_the_page_before_it(portal, services):
    for number in range(53):
        filed(services, number)
    officer = portal.browser("handler", why="handling")
    opened = re.findall(r'kind"><a href="([^"]+)"', officer.get(further(officer.get("/desk/queue"))).text)
    at_edge, behind = (officer.get(address.replace("&amp;", "&")) for address in opened[:2])

    kept = officer.get(officer.get(ways(behind)[1]).location)
    before = officer.get(officer.get(ways(at_edge)[1]).location)

    assert shown(officer.get(ways(kept)[0].partition("#")[0]))[0] == reference(50)
    assert reference(49) in shown(officer.get(ways(before)[0].partition("#")[0]))


@pytest.mark.parametrize(
    "address", ["list=cursor%3Dx&at=x", "list=%0d%0aSet-Cookie%3A+a&at=1", "list=a&list=b", "list=unit%3DAtlantis"]
)
def test_a_list_that_somebody_made_up_leads_nowhere_and_breaks_nothing(portal, services, address):
    filed(services, 1)
    officer = portal.browser("handler", why="handling")

    page = officer.get(f"/desk/reports/{reference(1)}?{address}")

    assert page.status in (200, 400)
    for way in ways(page) if page.status == 200 else ():
        assert officer.get(way.partition("#")[0]).status in (200, 303, 400)


def in_team(services, *members, name="Fietsen", team="T-AAAAA-BBBBB"):
    roster = Roster(unit=UNIT, version=1, teams=(Team(team, name, members),))
    services.rosters.save(services.rosters.get(UNIT), roster)
    return team


def test_a_team_stands_in_a_list_by_its_name_and_ones_own_can_be_asked_for(portal, services):
    team = in_team(services, "NN1234")
    filed(services, 1, lambda r: r.assigned(team, by=OFFICER, at=NOON))
    filed(services, 2)

    page = portal.browser("handler").get(f"/desk/queue?who={team}")

    assert shown(page) == [reference(1)]
    assert "<td>Fietsen</td>" in page.text
    assert f'<option value="{team}" selected>Fietsen</option>' in page.text
    assert team not in portal.browser("reader").get("/desk/queue?who=nobody").text, "another's team is not offered"
    assert f'<option value="{team}">Fietsen</option>' in portal.browser("supervisor").get("/desk/queue").text


def test_the_first_page_shows_what_waits_with_my_team_and_how_much(portal, services):
    team = in_team(services, "NN1234")
    filed(services, 1, lambda r: r.assigned(team, by=OFFICER, at=NOON))
    filed(services, 2, lambda r: r.assigned("NN1234", by=OFFICER, at=NOON))

    mine = portal.browser("handler").get("/desk").text
    another = portal.browser("reader").get("/desk").text

    section = mine.partition(f'who={team}">Fietsen</a>')[2].partition("</section>")[0]
    assert "1 wacht" in section
    assert f"/desk/reports/{reference(1)}?" in section
    assert reference(2) not in section
    assert "Fietsen" not in another


def test_a_name_that_was_refused_stands_in_its_field_again(portal):
    answer = portal.browser("handler").submit("/desk/queue", {"name": "x" * 41}, to="/desk/queue/saved")

    assert f'value="{"x" * 41}"' in answer.text
    assert "<details open>" in answer.text


def test_the_first_page_counts_what_lies_at_the_unit_and_shows_what_is_mine(portal, services, clock):
    filed(services, 1, lambda r: r.assigned("NN1234", by=OFFICER, at=NOON))
    filed(services, 2, lambda r: r.added(Sort.MORE, {"text": "Nog iets"}, at=NOON))
    officer = portal.browser("handler")
    assert "Er is nog niet geteld" in officer.get("/desk").text
    count_all(reports=services.reports, boards=services.boards, clock=clock)

    page = officer.get("/desk").text

    assert f"/desk/reports/{reference(1)}" in page
    assert f"/desk/reports/{reference(2)}" not in page
    assert re.search(r'mark=fresh">Nieuw van aangevers</a><span class="count">1<', page)
    assert re.search(r'status=all">Open</a><span class="count">2<', page)
    assert "Geteld op 1 juli 2016 om 12.00 uur" in page
    answer = portal.api("GET", f"/v1/desk/board?unit={UNIT}", person="handler").json
    assert (answer["countedAt"], answer["numbers"]["fresh"]) == ("2016-07-01T10:00:00Z", 1)
    assert answer["kinds"] == {"received": {"bicycle-theft": 2}}
