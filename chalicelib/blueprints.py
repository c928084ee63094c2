"""All routes of the portal, by room. Imported by app.py in the function that answers HTTP, and in no other."""

from chalicelib.about import pages as about_pages
from chalicelib.additions import api as additions_api
from chalicelib.additions import pages as additions_pages
from chalicelib.answers import pages as answers_pages
from chalicelib.copies import pages as copies_pages
from chalicelib.counter import pages as counter_pages
from chalicelib.desk import api as desk_api
from chalicelib.desk import composing, telling
from chalicelib.desk import pages as desk_pages
from chalicelib.details import disclosure
from chalicelib.details import pages as details_pages
from chalicelib.evidence import pages as evidence_pages
from chalicelib.filing import attaching, entry
from chalicelib.filing import pages as filing_pages
from chalicelib.identity import pages as identity_pages
from chalicelib.letters import pages as letters_pages
from chalicelib.reports import api as reports_api
from chalicelib.reports import pages as reports_pages
from chalicelib.surveys import api as surveys_api
from chalicelib.surveys import pages as surveys_pages
from chalicelib.web import api as web_api
from chalicelib.web import pages as web_pages
from chalicelib.web import staying

BLUEPRINTS = tuple(
    room.routes
    for room in (
        entry,  # the first page
        web_pages,  # static files, language
        about_pages,  # how it works, rights, privacy, help
        staying,  # stay logged in, leave quickly
        identity_pages,  # log in, log out
        filing_pages,  # choose, tell, check, send
        attaching,
        evidence_pages,  # files: send, fetch
        reports_pages,  # follow
        answers_pages,  # answer the police
        additions_pages,  # add, correct, found again
        copies_pages,  # print, verify
        letters_pages,  # is this mail ours?
        details_pages,  # for all reports: the address, wishes, safety
        disclosure,  # what is held about somebody
        surveys_pages,
        desk_pages,  # officers
        composing,  # ask the reporter
        telling,  # whom no mail reaches
        counter_pages,  # a report at the counter
        web_api,  # /v1/openapi.json
        reports_api,
        additions_api,
        surveys_api,
        desk_api,
    )
)
