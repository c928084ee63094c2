"""The copy on paper: everything that the report holds, in the language that is asked for, and nothing of anybody else."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.copies.model import code_of
from chalicelib.core import ids
from chalicelib.core.codes import CodeKind, read
from chalicelib.reports import actions
from chalicelib.reports.actions import OwnReports
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from chalicelib.web.assets import STATIC
from tests.support.samples import REFERENCE, a_report, answers

PAGE = f"/reports/{REFERENCE}/copy"
GOODS = [
    {"what": "Telefoon", "brand": "Fairphone", "value": 52_500},
    {"what": "Tas <leer>", "colour": "bruin"},
    {"what": "Ring", "value": 123_456},
]
COMPANY = {
    "victim": "company",
    "victimName": "Fietsenmakerij De Ketting",
    "victimAddress": "Havenstraat 12, Groningen",
    "companyNumber": "87654321",
    "branchNumber": "000087654321",
    "mandate": "Schriftelijke machtiging van 1 juli 2016",
}


def added(services, kind="bicycle-theft", **changes):
    return services.reports.add(a_report(statement=Statement.of(kind, answers(kind, **changes))))


def copy_of(portal, language="nl", person="sanne"):
    return portal.browser(person).get(f"{PAGE}?language={language}")


def text_of(page):
    """The part that a reader sees of the page's own content: words without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2].partition("</main>")[0]))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_copy_of_every_kind_holds_every_answer(portal, services, kind, language):
    report = added(services, kind, **({"goods": GOODS} if "goods" in answers(kind) else {}))

    page = copy_of(portal, language)

    assert page.status == 200
    assert f'<html lang="{language}">' in page.text
    told = [value for value in report.statement.answers.values() if isinstance(value, str)]
    shown = [value for value in told if value in text_of(page)]
    assert "Sanne" in shown
    assert report.statement.answers["story"] in shown


def test_a_copy_says_number_code_times_status_unit_and_fingerprint(portal, services, clock):
    report = added(services)
    clock.advance(timedelta(days=2))

    text = text_of(copy_of(portal))

    code = code_of(services.derivation_key, REFERENCE, report.statement, 0)
    for said in (REFERENCE, code, "https://portal.example/verify", report.statement.sha256, "Noord-Nederland"):
        assert said in text
    assert "1 juli 2016 om 12.00 uur" in text
    assert "3 juli 2016 om 12.00 uur" in text
    assert "We hebben uw aangifte ontvangen" in text


def test_goods_stand_in_a_table_with_their_amounts_and_the_sum(portal, services):
    added(services, "other-theft", goods=GOODS)

    dutch, english = copy_of(portal), copy_of(portal, "en")

    assert dutch.text.count("<tr>") == 1 + len(GOODS) + 1
    for amount in ("€ 525,00", "€ 1.234,56", "€ 1.759,56"):
        assert amount in dutch.text
    assert "€1,759.56" in english.text
    assert "Tas &lt;leer&gt;" in dutch.text
    assert dutch.text.index("Fairphone") < dutch.text.index("bruin") < dutch.text.index("Ring")


def test_goods_of_which_nobody_knows_the_value_have_no_sum(portal, services):
    added(services, "other-theft", goods=[{"what": "Telefoon"}])

    page = copy_of(portal).text

    assert "Telefoon" in page
    assert "<tfoot>" not in page


def test_bank_accounts_stand_in_a_table_too(portal, services):
    added(services, "web-shop-fraud", accounts=[{"iban": "NL91ABNA0417164300"}, {"iban": "DE89370400440532013000"}])

    page = copy_of(portal).text

    assert page.index("NL91ABNA0417164300") < page.index("DE89370400440532013000")
    assert "<tfoot>" not in page


def test_a_report_for_a_company_names_both_and_the_mandate_first(portal, services):
    added(services, **COMPANY)

    text = text_of(copy_of(portal))

    order = ["van den Berg", "Assen", "Damrak", *(value for name, value in COMPANY.items() if name != "victim"), "Gazelle"]
    places = [text.index(said) for said in order]
    assert places == sorted(places)


def test_the_other_language_is_one_link_away_and_changes_nothing_else(portal, services):
    added(services)
    browser = portal.browser("sanne")

    dutch = browser.get(PAGE)
    english = browser.get(re.search(r'href="([^"]+language=en)"', dutch.text)[1])

    assert '<html lang="nl">' in dutch.text
    assert '<html lang="en">' in english.text
    assert f'href="{PAGE}?language=nl"' in english.text
    assert "Theft of a bicycle or e-bike" in english.text
    assert english.cookies == []
    assert '<html lang="nl">' in browser.get("/reports").text


@pytest.mark.parametrize("language", ["", "de", "NL", "<b>"])
def test_a_language_that_we_do_not_speak_is_that_of_the_reader(portal, services, language):
    added(services)

    page = copy_of(portal, language)

    assert page.status == 200
    assert '<html lang="nl">' in page.text


def test_answers_to_the_police_are_on_the_copy_and_remarks_are_not(portal, services, clock):
    report = added(services)
    facts = {"reports": services.reports, "clock": clock}
    officer = Actor(Role.OFFICER, "NN1234")
    actions.ask(report, "Was het slot nog heel?", by=officer, version=1, deadlines=services.deadlines, **facts)
    mine = OwnReports(pseudonym=report.reporter.pseudonym, **facts)
    actions.answer(REFERENCE, 1, "Nee, <doorgeknipt>.", mine=mine)
    before = services.reports.get(REFERENCE)
    actions.change_status(before, Change(Status.CHECKED, remark="geheim dossier"), by=officer, version=3, **facts)

    page = copy_of(portal).text

    assert "Was het slot nog heel?" in page
    assert "Nee, &lt;doorgeknipt&gt;." in page
    assert "geheim dossier" not in page
    assert "NN1234" not in page
    assert report.reporter.pseudonym not in page


def test_only_the_reporter_can_make_a_copy(portal, services):
    added(services)

    assert copy_of(portal, person="neighbour").status == 404
    assert portal.browser().get(PAGE).location.startswith("/login?next=/reports/")
    assert portal.browser("handler").get(PAGE).status == 403


def test_receipt_and_report_lead_to_the_copy(portal, services):
    added(services)
    browser = portal.browser("sanne")

    for page in (f"/reports/{REFERENCE}/receipt", f"/reports/{REFERENCE}"):
        assert f'href="{PAGE}"' in browser.get(page).text


def test_the_code_holds_for_this_number_with_this_content_only(services):
    key, statement = services.derivation_key, Statement.of("bicycle-theft", answers())
    other = Statement.of("bicycle-theft", answers(colour="rood"))

    codes = {
        code_of(key, REFERENCE, statement, 0),
        code_of(key, REFERENCE, other, 0),
        code_of(key, ids.reference(b"x" * 32), statement, 0),
    }

    assert len(codes) == 3
    assert all(read(code).kind is CodeKind.COPY for code in codes)


def test_a_copy_looks_the_same_whoever_handles_the_report(portal, services):
    """The code follows from the statement: a new status, or another wish, leaves older copies genuine."""
    report = added(services)
    before = code_of(services.derivation_key, REFERENCE, report.statement, 0)
    changed = replace(report.contact, survey=False)
    services.reports.save(report, report.wishes_changed(changed, at=services.clock.now()))

    assert before in copy_of(portal).text


def test_paper_is_a4_with_page_numbers_and_without_what_only_a_screen_can_do():
    style = (STATIC / "site.css").read_text("utf-8")
    in_print = style.partition("@media print{")[2]

    assert re.search(r"@page\{size:A4;.*counter\(page\)", style)
    assert ".header" in in_print.partition("{display:none}")[0]
    assert ".unprinted" in in_print.partition("{display:none}")[0]
    assert ".on-paper{display:block}" in in_print


def test_outside_production_the_paper_itself_says_that_it_is_not_of_the_police(portal, services):
    added(services)

    main = copy_of(portal).text.partition("<main")[2]

    assert 'class="notice on-paper">Dit is' in main
