"""Files with a report: sent, shown, confirmed, fetched; and what somebody may try with those of another."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.evidence import looking
from chalicelib.evidence.model import MOST_FILES, key_of
from chalicelib.evidence.scanner import EICAR
from infra.local.bucket import event_of
from infra.local.schedule import scheduled_event
from tests.app import files
from tests.app.forms import told
from tests.support import pictures
from tests.support.samples import CITIZEN

PHOTO = ("foto café.jpg", "image/jpeg", pictures.jpeg(pictures.exif()))
HEADERS = {"Content-Type": files.TYPE, "Origin": "https://portal.example"}


def looked_at(portal):
    """The bucket tells of everything in quarantine, twice."""
    bucket = portal.services.evidence_storage.bucket
    listed = bucket._client.list_objects_v2(Bucket=bucket._name, Prefix="quarantine/").get("Contents", ())
    for _ in range(2):
        for one in listed:
            looking.check_told(event_of(bucket._name, one["Key"], "ObjectCreated:Post"), storage=portal.services.evidence_storage)


def objects(portal):
    bucket = portal.services.evidence_storage.bucket
    return [one["Key"] for one in bucket._client.list_objects_v2(Bucket=bucket._name).get("Contents", ())]


def page_of(browser):
    return told(browser).replace("/check", "/evidence")


def send(browser, page, *sent, button="add", **fields):
    form = browser.get(page).hidden | {"_go": button} | fields
    body = b"".join([files.encoded(form, {})[: -len(files.BOUNDARY) - 6], *(part(one) for one in sent), end()])
    return browser._send("POST", page, body, HEADERS)


def part(one):
    return files.encoded({}, {"file": one})[: -len(files.BOUNDARY) - 6]


def end():
    return f"--{files.BOUNDARY}--\r\n".encode()


def filed(browser, page):
    check = page.replace("/evidence", "/check")
    answer = browser.submit(check, {"truth": "yes"})
    assert answer.status == 303, answer.text
    return answer.location.split("/")[2]


def links(text):
    return re.findall(r'href="([^"]*/files/[0-9a-f]{32}[^"]*)"', text)


@pytest.fixture
def sanne(portal):
    return portal.browser("sanne")


def test_a_photo_sent_without_javascript_is_checked_confirmed_and_can_be_fetched(portal, sanne):
    page = page_of(sanne)

    answer = send(sanne, page, PHOTO)
    assert (answer.status, answer.location) == (303, page)
    assert "wordt" in sanne.get(page).text
    looked_at(portal)
    assert "foto café.jpg" in sanne.get(page).text
    reference = filed(sanne, page)

    report = portal.services.reports.get(reference)
    [attachment] = report.statement.evidence
    assert (attachment.name, attachment.size) == ("foto café.jpg", len(PHOTO[2]))
    shown = sanne.get(f"/reports/{reference}").text
    assert attachment.sha256 in shown
    assert attachment.sha256 in sanne.get(f"/reports/{reference}/copy").text
    answer = sanne.get(links(shown)[0])
    assert answer.status == 303
    assert answer.location.startswith("https://test-evidence.s3.eu-west-1.amazonaws.com/kept/")
    assert "/copy?" in answer.location
    assert "foto" not in answer.location, "no name is in an address"


class DiesBefore:
    """A room in which one thing is never done, because the process died before it."""

    def __init__(self, honest, name):
        self._honest, self._name = honest, name

    def __getattr__(self, name):
        if name == self._name:
            raise OSError("died")
        return getattr(self._honest, name)


def died_while_filing(portal, sanne, **dying):
    """Send a report with a photo, and die at what these services cannot do."""
    dies_at_check(portal, sanne, with_photo(portal, sanne), **dying)


def with_photo(portal, sanne):
    page = page_of(sanne)
    send(sanne, page, PHOTO)
    looked_at(portal)
    return page


def dies_at_check(portal, sanne, page, **dying):
    form = sanne.get(page.replace("/evidence", "/check")).hidden | {"truth": "yes"}
    portal.services.__dict__.update(dying)
    assert sanne.post(page.replace("/evidence", "/check"), form).status == 500
    for name in dying:
        del portal.services.__dict__[name]


def days_kept(portal, aws, clock):
    [item] = aws.items("files")
    bucket = portal.services.evidence_storage.bucket
    kept = [key for key in objects(portal) if key.startswith("kept/")]
    tags = [bucket._client.get_object_tagging(Bucket=bucket._name, Key=key)["TagSet"] for key in kept]
    assert kept
    return (int(item["expires_at"]["N"]) - clock.now().timestamp()) / 86_400, {one["Value"] for each in tags for one in each}


def test_files_of_a_report_that_was_never_filed_after_all_are_forgotten_as_drafts_are(portal, sanne, aws, clock):
    died_while_filing(portal, sanne, reports=DiesBefore(portal.services.reports, "add"))

    assert aws.items("reports") == []
    assert days_kept(portal, aws, clock) == (30, {"draft"})


def test_files_of_a_report_whose_request_died_after_it_was_filed_are_kept_by_the_day(portal, sanne, aws, clock):
    storage = portal.services.evidence_storage
    died_while_filing(portal, sanne, evidence_storage=replace(storage, bucket=DiesBefore(storage.bucket, "keep")))
    assert len(aws.items("reports")) == 1
    assert days_kept(portal, aws, clock) == (30, {"draft"})
    from app import every_day

    for _ in range(2):
        every_day(scheduled_event("every_day", clock.now()), None)

    assert days_kept(portal, aws, clock) == (3_700, {"kept"})


def later(portal, clock, days):
    """Log in again some days later, and work on the draft: it stays 30 days after that, and a file 30 days after it was added."""
    clock.advance(timedelta(days=days))
    drafts = portal.services.drafts
    for draft in drafts.of_owner(CITIZEN.pseudonym):
        drafts.put(CITIZEN.pseudonym, draft.id, draft.kind, draft.content)
    return portal.browser("sanne")


def test_a_report_that_is_sent_long_after_a_try_that_failed_names_no_file_that_is_gone(portal, sanne, aws, clock):
    page = with_photo(portal, sanne)
    dies_at_check(portal, later(portal, clock, 20), page, reports=DiesBefore(portal.services.reports, "add"))
    sanne = later(portal, clock, 16)  # the bucket keeps drafts for 35 days

    answer = sanne.submit(page.replace("/evidence", "/check"), {"truth": "yes"})

    assert (answer.status, aws.items("reports")) == (409, [])
    assert "foto café.jpg" not in sanne.get(page).text
    send(sanne, page, PHOTO)
    looked_at(portal)
    [attachment] = portal.services.reports.get(filed(sanne, page)).statement.evidence
    assert any(attachment.id in key for key in objects(portal))
    assert aws.items("files")[0]["kept"] == {"N": "1"}


def test_a_report_that_a_request_saved_before_it_died_is_found_with_its_files_when_sent_again(portal, sanne, aws, clock):
    page, storage = with_photo(portal, sanne), portal.services.evidence_storage
    dying = replace(storage, bucket=DiesBefore(storage.bucket, "keep"))
    dies_at_check(portal, later(portal, clock, 29), page, evidence_storage=dying)

    reference = filed(later(portal, clock, 2), page)

    assert len(portal.services.reports.get(reference).statement.evidence) == len(aws.items("reports")) == 1
    assert days_kept(portal, aws, clock) == (3_700, {"kept"})


def test_what_was_changed_after_a_request_that_saved_the_report_is_not_taken_for_what_was_sent(portal, sanne, aws):
    page, storage = with_photo(portal, sanne), portal.services.evidence_storage
    dies_at_check(portal, sanne, page, evidence_storage=replace(storage, bucket=DiesBefore(storage.bucket, "keep")))
    [draft] = portal.services.drafts.of_owner(CITIZEN.pseudonym)
    assert "story" in draft.content
    portal.services.drafts.put(CITIZEN.pseudonym, draft.id, draft.kind, {**draft.content, "story": "Het was anders."})

    answer = sanne.submit(page.replace("/evidence", "/check"), {"truth": "yes"})

    assert (answer.status, len(aws.items("reports")), len(portal.services.drafts.of_owner(CITIZEN.pseudonym))) == (409, 1, 1)


def test_the_statements_hash_covers_the_files(portal, sanne):
    page = page_of(sanne)
    before = sanne.get(page.replace("evidence", "check")).hidden["statement"]
    send(sanne, page, PHOTO)
    looked_at(portal)

    assert sanne.get(page.replace("evidence", "check")).hidden["statement"] != before


def test_a_file_added_in_another_window_after_the_check_page_is_not_confirmed_unseen(portal, sanne):
    page = page_of(sanne)
    check = page.replace("evidence", "check")
    hidden = sanne.get(check).hidden
    send(sanne, page, PHOTO)
    looked_at(portal)

    assert sanne.post(check, hidden | {"truth": "yes"}).status == 409


def test_nothing_is_sent_while_a_file_is_on_its_way(portal, sanne):
    page = page_of(sanne)
    send(sanne, page, PHOTO)

    answer = sanne.submit(page.replace("evidence", "check"), {"truth": "yes"})

    assert answer.status == 409
    assert "onderweg" in answer.text


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (("virus.exe", "application/x-msdownload", b"MZ"), "Dit soort bestand"),
        (("foto.jpg", "text/html", b"x"), "past niet"),
        (("leeg.pdf", "application/pdf", b""), "leeg"),
        (("groot.pdf", "application/pdf", b"%PDF-" + bytes(4 * 1024 * 1024)), "te groot"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_what_to_do(portal, sanne, sent, why):
    answer = send(sanne, page_of(sanne), sent)

    assert answer.status == 400
    assert why in answer.text.partition('<fieldset class="field wrong">')[2], "at the field too"
    assert objects(portal) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [(pictures.jpeg(tail=EICAR), "schadelijks"), (b"MZ" + bytes(90), "past niet"), (pictures.jpeg()[:30], "niet openen")],
)
def test_a_harmful_or_false_file_is_refused_after_the_look_and_not_confirmed(portal, sanne, content, why):
    page = page_of(sanne)
    send(sanne, page, ("foto.jpg", "image/jpeg", content))
    looked_at(portal)

    assert why in sanne.get(page).text
    reference = filed(sanne, page)
    assert portal.services.reports.get(reference).statement.evidence == ()
    assert objects(portal) == []


def test_the_eleventh_file_is_refused_and_ten_can_be_sent_at_once(portal, sanne):
    page = page_of(sanne)
    ten = [(f"{number}.jpg", "image/jpeg", pictures.jpeg(tail=bytes([number]))) for number in range(MOST_FILES)]

    assert send(sanne, page, *ten).status == 303
    answer = send(sanne, page, PHOTO)

    assert answer.status == 400
    assert "hoogstens 10" in answer.text


def test_the_same_form_sent_twice_adds_one_file(portal, sanne):
    page = page_of(sanne)

    send(sanne, page, PHOTO)
    send(sanne, page, PHOTO)

    assert len(objects(portal)) == 1


def test_a_removed_file_is_gone_from_the_bucket_too(portal, sanne):
    page = page_of(sanne)
    send(sanne, page, PHOTO)
    looked_at(portal)
    button = re.search(r'value="(remove\.[0-9a-f]+)"', sanne.get(page).text)[1]

    assert send(sanne, page, button=button).status == 303
    assert send(sanne, page, button=button).status == 303

    assert objects(portal) == []
    assert "foto café" not in sanne.get(page).text


def test_go_on_takes_what_was_chosen_along(portal, sanne):
    page = page_of(sanne)

    answer = send(sanne, page, PHOTO, button="")

    assert answer.location == page.replace("evidence", "check")
    assert len(objects(portal)) == 1


def test_adding_without_choosing_says_what_to_do(sanne):
    answer = send(sanne, page_of(sanne))

    assert answer.status == 400
    assert "Kies eerst een bestand" in answer.text


def test_who_came_from_the_check_still_goes_back_there_after_a_file_that_was_refused(sanne):
    page = page_of(sanne)

    again = send(sanne, page, ("brief.txt", "text/plain", b"tekst"), _to="check")

    assert again.status == 400
    assert '<input type="hidden" name="_to" value="check">' in again.text


def test_a_form_over_four_megabytes_is_told_so_in_words(sanne):
    answer = send(sanne, page_of(sanne), ("a.pdf", "application/pdf", bytes(5 * 1024 * 1024)))

    assert answer.status == 413
    assert "4 MB" in answer.text


def start(browser, page, reference, **fields):
    token = browser.get(page).hidden["_token"]
    return browser.post(
        f"/files/{reference}/report",
        {"_token": token, "name": "a.jpg", "type": "image/jpeg", "size": "9", "sha256": "a" * 64} | fields,
    )


def address_of(browser, page):
    return re.search(r'data-address="/files/([A-Z0-9-]+)/report"', browser.get(page).text)[1]


def test_the_script_gets_a_permission_for_this_file_alone(portal, sanne):
    page = page_of(sanne)

    asked = start(sanne, page, address_of(sanne, page))

    assert asked.status == 200, asked.text
    assert asked.json["fields"]["key"].startswith("quarantine/")
    assert asked.json["fields"]["Content-Type"] == "image/jpeg"
    state = sanne.get(f"/files/{address_of(sanne, page)}/report").json
    assert state["awaited"] == [asked.json["id"]]


def test_the_script_hears_in_words_what_is_refused(sanne):
    page = page_of(sanne)
    reference = address_of(sanne, page)

    assert start(sanne, page, reference, name="a.exe").status == 400
    assert "15 MB" in start(sanne, page, reference, size=str(16 * 1024 * 1024)).json["error"]
    assert start(sanne, page, reference, size="-1").status == 400
    assert start(sanne, page, "XXXX").status == 404


def test_nobody_fills_the_bucket(portal, sanne, settings):
    page = page_of(sanne)
    reference = address_of(sanne, page)

    answers = [start(sanne, page, reference, size="x").status for _ in range(settings.upload_most + 1)]

    assert answers[-1] == 429


def test_another_citizen_finds_neither_the_page_nor_the_files(portal, sanne):
    page = page_of(sanne)
    send(sanne, page, PHOTO)
    looked_at(portal)
    neighbour = portal.browser("neighbour")
    reference = address_of(sanne, page)

    assert neighbour.get(page).status == 404
    assert neighbour.get(f"/files/{reference}/report").json["awaited"] == []
    assert "foto" not in neighbour.get(f"/files/{reference}/report").text
    filed_as = filed(sanne, page)
    link = links(sanne.get(f"/reports/{filed_as}").text)[0]
    assert neighbour.get(link).status == 404
    assert sanne.get(link[:-4] + "0000").status == 404


def test_a_forged_part_is_not_found(sanne):
    page = page_of(sanne)

    assert sanne.get(f"/files/{address_of(sanne, page)}/other").status == 404


def test_after_sending_no_file_can_be_added_or_taken_away(portal, sanne):
    page = page_of(sanne)
    send(sanne, page, PHOTO)
    looked_at(portal)
    reference = address_of(sanne, page)
    token = sanne.get(page).hidden["_token"]
    filed(sanne, page)

    answer = sanne.post(
        f"/files/{reference}/report", {"_token": token, "name": "a.jpg", "type": "image/jpeg", "size": "9", "sha256": "a" * 64}
    )

    assert answer.status == 409
    assert sanne.get(page).location.endswith("/receipt")


def test_an_officer_fetches_copy_or_original_and_each_is_on_record(portal, sanne):
    page = page_of(sanne)
    send(sanne, page, PHOTO)
    looked_at(portal)
    reference = filed(sanne, page)
    handler = portal.browser("handler")

    copy, original = links(handler.get(f"/desk/reports/{reference}").text.replace("&amp;", "&"))

    assert "/copy?" in handler.get(copy).location
    assert "/original?" in handler.get(original).location
    assert portal.browser("handler", why="").get(copy).status == 200  # asks for the reason
    assert portal.browser("stranger").get(copy).status == 404
    looks = [record.what.partition(":")[0] for record in portal.services.audit.of(reference)]
    assert sorted(looks) == sorted(["read_report", "file_copy", "file_original"])
    assert sanne.get(f"/reports/{reference}/views").status == 200


def test_an_officer_reads_of_which_files_the_copy_may_hide_something(portal, sanne):
    page = page_of(sanne)
    said = {"bon.pdf": pictures.pdf(trailer=b"/Info 7 0 R"), "los.heic": pictures.heic()[:-60], "foto.heic": pictures.heic()}
    for name, content in said.items():
        send(sanne, page, (name, "", content))
    send(sanne, page, PHOTO)
    looked_at(portal)
    reference = filed(sanne, page)

    lines = portal.browser("handler").get(f"/desk/reports/{reference}").text.split("<li>")

    told = [name for name in (*said, PHOTO[0]) for line in lines if name in line and "verborgen gegevens" in line]
    assert sorted(told) == ["bon.pdf", "los.heic"]
    assert "verborgen" not in sanne.get(f"/reports/{reference}").text


def test_a_form_with_files_is_refused_where_none_are_asked(sanne):
    answer = sanne._send("POST", "/reports/x/wishes", files.encoded({}, {"file": PHOTO}), HEADERS)

    assert answer.status == 415


def test_no_log_line_tells_what_a_file_is_called(portal, sanne, caplog):
    page = page_of(sanne)
    send(sanne, page, PHOTO)
    looked_at(portal)
    filed(sanne, page)

    assert "file_checked" in caplog.text
    assert "café" not in caplog.text


def test_keys_hold_no_name_and_nobody(portal, sanne):
    page = page_of(sanne)
    send(sanne, page, PHOTO)
    looked_at(portal)

    keys = objects(portal)

    assert len(keys) == 2
    assert all(re.fullmatch(r"kept/[0-9a-f]{40}/[0-9a-f]{32}/(copy|original)", key) for key in keys)
    assert key_of("a" * 40, "b" * 32, "copy").startswith("kept/")
