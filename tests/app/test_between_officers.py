"""Two officers at one report, a report between two units, names that officers give: nothing is lost, nothing leaks."""

from datetime import timedelta

import pytest

import app
from chalicelib.reports.events import EventKind
from tests.app.test_policies import scheduled_event, written
from tests.app.test_teams import COLLEAGUE, manned
from tests.support.samples import HANDLER, REFERENCE, SUPERVISOR, a_report

PAGE, UNIT = f"/desk/reports/{REFERENCE}", "Noord-Nederland"
WORDS = "Wij hebben uw aangifte gelezen en willen er met u over praten. " * 5  # 315 characters
PLANTED = "KWARTEL-7F3"


@pytest.fixture
def report(services):
    return services.reports.add(a_report())


@pytest.fixture
def post(services, aws, clock):
    """Delivers what was written since, twice, and lets the rounds go; returns the mails of that."""
    before = []

    def come():
        event, mailed = written(aws, "reports", "reference", before), len(aws.mails())
        for _ in range(2):
            assert app.on_report_changed(event, None) == {"batchItemFailures": []}
            clock.advance(timedelta(minutes=3))
            app.every_minute(scheduled_event("every_minute", clock.now()), None)
        before[:] = aws.items("reports")
        return aws.mails()[mailed:]

    return come


def test_whoever_sends_a_text_after_a_colleague_was_given_the_report_is_refused_and_keeps_it(portal, services, report, post):
    """T3: refused, the colleague's act shown, 300 characters kept, no mail; sent again, one event and one letter."""
    post()
    manned(services, COLLEAGUE)
    mine, theirs = portal.browser("handler"), portal.browser("supervisor")
    seen = mine.get(PAGE).hidden_for(f"{PAGE}/status")
    theirs.submit(f"{PAGE}/work", {"to": COLLEAGUE}, to=f"{PAGE}/work")
    assert services.reports.get(REFERENCE).assignee == COLLEAGUE

    refused = mine.post(f"{PAGE}/status", {**seen, "status": "referred", "explanation": WORDS})

    assert refused.status == 409
    assert f"{WORDS.strip()}</textarea>" in refused.text.replace(" </textarea>", "</textarea>")
    assert SUPERVISOR.id in refused.main, "who did what meanwhile"
    assert post() == []
    again = {**refused.hidden_for(f"{PAGE}/status"), "status": "referred", "explanation": WORDS}
    for _ in range(2):
        assert mine.post(f"{PAGE}/status", again).location.startswith(PAGE)
    changes = [event for event in services.reports.get(REFERENCE).timeline if event.kind is EventKind.STATUS_CHANGED]
    assert len(changes) == 1
    assert len(post()) == 1


def test_a_hand_over_and_an_assignment_put_no_mail_in_the_outbox(portal, services, report, post):
    """T12, counted in the outbox after the stream came twice."""
    assert len(post()) == 1, "that the report was received"
    officer = portal.browser("handler")
    officer.submit(f"{PAGE}/work", {"to": HANDLER.id}, to=f"{PAGE}/work")
    told = {"unit": "Amsterdam", "remark": "Verdachte daar.", "step": "done"}

    officer.submit(f"{PAGE}/move", told)

    after = services.reports.get(REFERENCE)
    assert (after.unit, after.assignee) == ("Amsterdam", "")
    assert post() == []


def test_the_name_of_a_team_and_of_a_saved_list_is_on_nothing_that_a_reporter_reads(portal, services, report, post, caplog):
    """T11, for the names that officers give."""
    boss = portal.browser("supervisor")
    [team] = manned(services, COLLEAGUE, name=PLANTED).open_teams
    boss.submit(f"{PAGE}/work", {"to": team.id}, to=f"{PAGE}/work")
    boss.submit(f"/desk/queue?unit={UNIT}", {"name": PLANTED}, to="/desk/queue/saved")
    seen = boss.get(PAGE)
    assert PLANTED in seen.text
    boss.submit(PAGE, {"status": "referred", "explanation": "Kom langs."}, to=f"{PAGE}/status")
    assert services.reports.get(REFERENCE).assignee == team.id

    sanne, own = portal.browser("sanne"), f"/reports/{REFERENCE}"
    shown = [
        sanne.get(path).text for path in (own, f"{own}/copy", f"{own}/views", "/reports", "/details/data", "/details/data.json")
    ]
    shown += [portal.api("GET", f"/v1{path}", person="sanne").text for path in (own, "/reports")]
    shown += [portal.api("GET", f"/v1/desk/changes?unit={UNIT}", person="handler").text, caplog.text]
    shown += [str(mail.raw_data) if hasattr(mail, "raw_data") else str(vars(mail)) for mail in post()]

    assert "Kom langs." in shown[0]
    assert len(shown) > 10, "the mails too"
    assert [PLANTED in each or team.id in each for each in shown[:9]] == [False] * 9
    assert [PLANTED in each for each in shown] == [False] * len(shown)
