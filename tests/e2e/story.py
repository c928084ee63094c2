"""A report's whole life, told by those who live it: the same on a laptop (tests/e2e) and as it is deployed (tests/deployed)."""

import re
from datetime import date, timedelta

from chalicelib.citizen.following.schemas import example_of
from chalicelib.forms.questions import Input
from chalicelib.reports.crimes import KINDS

LAST_WEEK = f"{date.today() - timedelta(days=7):%d-%m-%Y}"  # noqa: DTZ011 — any day before the stage's own will do
CODE = re.compile(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b")


def form_of(kind: str, **changes):
    """The fields that a citizen types into the form of a kind: the examples of its questions, as a page sends them."""
    told = example_of(KINDS[kind])["answers"] | changes
    fields = []
    for question in KINDS[kind].questions:
        if question.name not in told:
            continue
        value = told[question.name]
        match question.input:
            case Input.YES_NO | Input.TICK:
                fields.append((question.name, "yes" if value else "no"))
            case Input.MOMENT:
                fields += [(f"{question.name}.date", LAST_WEEK), (f"{question.name}.time", "14:30")]
            case Input.ROWS:
                for number, row in enumerate(value):
                    fields += [(f"{question.name}.{number}.{name}", str(cell)) for name, cell in row.items()]
            case Input.CHOICES:
                fields += [(question.name, one) for one in value]
            case _:
                fields.append((question.name, str(value)))
    return fields


def file(citizen, kind="bicycle-theft", **changes):
    check = citizen.tell(kind, form_of(kind, **changes))
    assert check.path.endswith("/check"), check.words[:2000]
    receipt = citizen.confirm(check)
    assert receipt.path.endswith("/receipt"), receipt.words[:2000]
    return re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", receipt.path)[0]


ADDRESS = "sanne.story@example.org"


def live(cast, eventually):
    """Live from the report to the survey. `cast` has citizens, officers, an inbox by address, and a world in which time passes.

    Returns the report's reference.
    """
    citizen, officer, world, inbox = cast.citizen(), cast.officer(), cast.world(), cast.inbox(ADDRESS)

    # a citizen logs in and files a report
    citizen.log_in("janssen")
    reference = file(citizen, email=ADDRESS)
    assert "We hebben uw aangifte ontvangen" in citizen.open(f"/reports/{reference}").words
    (received,) = eventually(inbox.mails)

    # the mail says only that there is news
    assert received["subject"]
    for telling in (reference, "fiets", "Gazelle", "Sanne", "href", "http"):
        assert telling not in received["text"] + received["html"] + received["subject"]

    # an officer checks it and asks something
    officer.log_in("handler")
    assert "Gazelle" in officer.read(reference).words
    officer.change(reference, "checked", explanation="Uw aangifte is duidelijk.")
    officer.ask(reference, "Was het slot doorgeknipt?")
    assert eventually(lambda: len(inbox.mails()) == 2), "the question goes at once, and takes the change along"

    # the citizen reads what changed, and answers
    page = citizen.open(f"/reports/{reference}")
    assert "Uw aangifte is duidelijk." in page.words
    assert "Was het slot doorgeknipt?" in page.words
    checked = citizen.send(citizen.open(f"/reports/{reference}/question"), {"answer": "Ja, het lag ernaast."})
    answered = citizen.send(checked, {})
    assert answered.status == 200
    assert "Ja, het lag ernaast." in officer.read(reference).words

    # the police decide
    officer.change(reference, "registered", registrationNumber="PL0100-2026123456")
    officer.change(reference, "not_investigated", explanation="Er zijn geen aanknopingspunten.")
    page = citizen.open(f"/reports/{reference}")
    assert "PL0100-2026123456" in page.words
    assert "Er zijn geen aanknopingspunten." in page.words
    assert len(inbox.mails()) == 2, "news waits for more news"
    world.minutes_pass(1)
    news = inbox.mails()
    codes = [CODE.search(mail["text"])[0] for mail in news]
    assert len(set(codes)) == len(news) == 3
    assert len({CODE.sub("", mail["subject"] + mail["text"] + mail["html"]) for mail in news}) == 1, "but for its code"

    # who doubts a mail asks whether it is ours
    asked = cast.citizen()
    assert "Wij hebben hem gestuurd op" in asked.send(asked.open("/mail"), {"code": codes[2]}).words

    # two weeks later the survey invitation goes out, once, and is answered without logging in
    world.days_pass(13)
    assert len(inbox.mails()) == 3
    world.days_pass(1)
    world.days_pass(1)
    invitation = inbox.mails()[3]
    assert len(inbox.mails()) == 4
    code = CODE.search(invitation["text"])[0]
    visitor = cast.citizen()
    form = visitor.send(visitor.open("/survey"), {"code": code})
    thanks = visitor.send(form, {"satisfaction": "8", "why": "Duidelijk."})
    assert thanks.status == 200
    assert "Bedankt" in thanks.words or "Dank" in thanks.words
    again = visitor.send(visitor.open("/survey"), {"code": code})
    assert again.status == 410
    return reference
