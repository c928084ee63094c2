"""Every page that is opened in the browser: a row each. tests/house/test_visits.py finds the page that has none."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.audit.model import Register
from chalicelib.core.language import Language
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.statuses import Status
from tests.browser.world import NEWCOMER, PARTS, REGULAR, REPORTER

GO_ON = "main form .button:not(.second)"
STOP = 'button[value="stop"]'
CANCEL, OUTAGE, OUT = 'button[value="cancelled"]', 'button[value="outage"]', 'form[action="/logout"] button'
HANDLER, READER, AUDITOR, ELSEWHERE = "handler-noord", "reader-amsterdam", "auditor", "handler-amsterdam"
SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One page, and how to come to it.

    `path` and the values of `typed` may name facts of the world in braces. `who` is logged in (empty: nobody). On that page
    `typed` is filled in and each of `press` (selectors) pressed; the page then shown is at `ends`, if that is another
    path, and is the one that is looked at. `languages` and `widths` are those for which the page was made.
    An officer has said why they look at the report, unless the page `asks_why`. A visit after which its report is out of the
    officer's reach has that report `anew` each time it is opened: with and without scripts, on whichever stage comes second.
    """

    path: str
    who: str = ""
    status: int = 200
    typed: Mapping[str, str] = field(default_factory=dict)
    press: tuple[str, ...] = ()
    ends: str = ""
    languages: tuple[str, ...] = tuple(Language)
    widths: tuple[int, ...] = (320, 1280)
    asks_why: bool = False
    anew: str = ""

    @property
    def failed(self) -> bool:
        """True when the page is a form that was sent back with errors."""
        return self.status == 400


def _citizen(path: str, **facts: object) -> Visit:
    return Visit(path=path, who=REPORTER, **facts)


def _officer(path: str, who: str = HANDLER, **facts: object) -> Visit:
    return Visit(path=path, who=who, **facts)


_PUBLIC = {
    "home": Visit(path="/"),
    "choose": Visit(path="/report"),
    "how it works": Visit(path="/how-it-works"),
    "rights": Visit(path="/rights"),
    "help": Visit(path="/help"),
    "privacy": Visit(path="/privacy"),
    "accessibility": Visit(path="/toegankelijkheid"),
    "logged out": Visit(path="/logged-out"),
    "log out": Visit(path="/", who=NEWCOMER, press=(OUT,), ends="/logout"),
    "still there": Visit(path="/session/ending?next=/reports", who=NEWCOMER, ends="/session/ending"),
    "time is up": Visit(path="/session/ended?next=/reports", ends="/session/ended"),
    "login, choice": Visit(path="/login"),
    "login cancelled": Visit(path="/login/with/digid", press=(CANCEL,), ends="/login/callback"),
    "login down": Visit(path="/login/with/digid", press=(OUTAGE,), ends="/login/callback", status=503),
    "login cancelled, company": Visit(path="/login/with/eherkenning", press=(CANCEL,), ends="/login/callback/eherkenning"),
    "login refused, Europe": Visit(path="/login/callback/eidas?code=x&state=x", status=403),
    "login refused": Visit(path="/login/callback?code=x&state=x", status=403),
    "staff login cancelled": Visit(path="/staff/login", press=(CANCEL,), ends="/staff/login/callback"),
    "no such address": Visit(path="/nothing-here", status=404, languages=(Language.NL.value,)),  # the gateway's own, in both
    "no such page": Visit(path="/reports/XXXX-XXXX-XXXX", who=REPORTER, status=404),
}
_PARTS = {
    name: visit
    for part, facts in PARTS.items()
    for name, visit in {
        f"part {part}": _citizen(f"/report/{facts.kind}/{{draft-{part}}}/{facts.name}"),
        f"part {part}, left empty": _citizen(
            f"/report/{facts.kind}/{{{'draft' if facts.content else 'empty'}-{part}}}/{facts.name}", press=(GO_ON,), status=400
        ),
    }.items()
    if facts.required or not visit.failed
}
_KINDS = {
    name: visit
    for kind in KINDS
    for name, visit in {
        f"check of {kind}": _citizen(f"/report/{kind}/{{told-{kind}}}/check"),
        f"report of {kind}": _citizen(f"/reports/{{{kind}}}"),
    }.items()
}
_FAMILIES = {
    name: visit
    for kind in ("bicycle-theft", "graffiti", "phishing")  # one of each crime: the circumstances are those of the crime
    for name, visit in {
        f"circumstances of {kind}": Visit(path=f"/report/{kind}/circumstances"),
        f"circumstances of {kind}, none chosen": Visit(path=f"/report/{kind}/circumstances", press=(GO_ON,), status=400),
    }.items()
}
_CHECK = "/report/bicycle-theft/{told-bicycle-theft}/check"
_CITIZEN = {
    "more rows": _citizen(
        "/report/other-theft/{rows}/goods",
        typed={"goods.0.what": "Ring"},
        press=('button[value="more.goods"]',),
    ),
    "a place of which there are two": _citizen(
        "/report/bicycle-theft/{two-places}/place", typed={"municipality": "Bergen"}, press=(GO_ON,), status=400
    ),
    "check of what cannot be true": _citizen("/report/phishing/{told-doubtful}/check"),
    "danger": Visit(path="/report/bicycle-theft/circumstances", typed={"circumstances": "danger"}, press=(GO_ON,), status=409),
    "files of a draft": _citizen("/report/bicycle-theft/{told-bicycle-theft}/evidence"),
    "files, none chosen": _citizen(
        "/report/bicycle-theft/{told-bicycle-theft}/evidence",
        press=("main .buttons .button:not(.second)",),
        ends="/report/bicycle-theft/{told-bicycle-theft}/check",
    ),
    "drafts": _citizen("/report/saved"),
    "drafts, none": Visit(path="/report/saved", who=REGULAR),
    "a part to change": _citizen("/report/theft-from-car/{told-theft-from-car}/goods?to=check"),
    "check without the tick": _citizen(_CHECK, press=(GO_ON,), status=400),
    "check of what changed": _citizen(_CHECK, typed={"statement": "old"}, press=(GO_ON,), status=409),
    "receipt": _citizen("/reports/{received}/receipt"),
    "my reports": _citizen("/reports"),
    "my reports, none": Visit(path="/reports", who=NEWCOMER),
    "my reports, two pages": Visit(path="/reports", who=REGULAR),
    "a bounced address": _citizen("/reports/{bounced}"),
    "add": _citizen("/reports/{received}/add"),
    "add more": _citizen("/reports/{received}/add/more"),
    "add a correction, left empty": _citizen("/reports/{received}/add/wrong", press=(GO_ON,), status=400),
    "add what was found": _citizen("/reports/{other-theft}/add/found"),
    "add what was found, left empty": _citizen("/reports/{received}/add/found", press=(GO_ON,), status=400),
    "a report with additions": _citizen("/reports/{added}?saved=found"),
    "a letter to object": _citizen("/reports/{not_investigated}/objection"),
    "ask for an update": _citizen("/reports/{unsubscribing}/update"),
    "ask for an update, too soon": _citizen("/reports/{answered}/update"),
    "ask for an update, a question waits": _citizen("/reports/{asked}/update"),
    "a report of which an update was asked": _citizen("/reports/{waiting}?saved=update"),
    "a report with an update": _citizen("/reports/{updated}"),
    "ask to look again": _citizen("/reports/{not_investigated}/contest"),
    "ask to look again, left empty": _citizen("/reports/{not_investigated}/contest", press=(GO_ON,), status=400),
    "ask to look again, twice": _citizen("/reports/{contested}/contest"),
    "a report that was contested": _citizen("/reports/{contested}?saved=contest"),
    "my details": _citizen("/details"),
    "my details, an address that waits": Visit(path="/details", who=REGULAR),
    "where you are logged in": _citizen("/details/logins"),
    "log in once more": Visit(path="/session/again?next=/details/address", who=NEWCOMER, ends="/session/again"),
    "my details, nothing yet": Visit(path="/details", who=NEWCOMER),
    "another address": _citizen("/details/address"),
    "another address, left empty": _citizen("/details/address", typed={"email": ""}, press=(GO_ON,), status=400),
    "code for an address": Visit(path="/details/code", who=REGULAR),
    "code for an address, left empty": Visit(path="/details/code", who=REGULAR, press=(GO_ON,), status=400),
    "code for an address, an older one": Visit(
        path="/details/code", who=REGULAR, typed={"challenge": "9", "code": "{short-code}"}, press=(GO_ON,), status=409
    ),
    "wishes for all reports": _citizen("/details/wishes"),
    "what is safe": _citizen("/details/safety"),
    "what is held, one page": _citizen("/details/data"),
    "what is held, nearly nothing": Visit(path="/details/data", who=NEWCOMER),
    "who looked": _citizen("/reports/{received}/views"),
    "wishes kept": _citizen("/reports/{received}/wishes", ends="/reports/{received}"),
    "wishes kept, said so": _citizen("/reports/{received}?saved=wishes"),
    "an open question": _citizen("/reports/{asked}/question"),
    "an empty answer": _citizen("/reports/{asked}/question", typed={"answer": ""}, press=(GO_ON,), status=400),
    "an answer kept": _citizen("/reports/{kept}/question", typed={"answer": "Ja."}, press=(STOP,), ends="/reports/{kept}"),
    "an answer to check": _citizen("/reports/{drafted}/question/check"),
    "an answer that is sent": _citizen("/reports/{answered}/question/thanks"),
    "an answer to a replaced question": _citizen(
        "/reports/{replaced}/question", typed={"question": "1", "answer": "Ja."}, press=(GO_ON,), status=409
    ),
    "questions of every sort": _citizen("/reports/{several}/question"),
    "questions of every sort, left empty": _citizen("/reports/{several}/question", press=(GO_ON,), status=400),
    "report with questions of every sort": _citizen("/reports/{several}"),
    "report with answers of every sort": _citizen("/reports/{told}"),
    "copy with answers of every sort": _citizen("/reports/{told}/copy"),
    "a question answered before": _citizen("/reports/{answered}/question"),
    "a question that expired": _citizen("/reports/{expired}/question"),
    "no question": _citizen("/reports/{received}/question"),
    **{f"report with a question {how}": _citizen(f"/reports/{{{how}}}") for how in ("asked", "answered", "expired", "replaced")},
    "desk for a citizen": _citizen("/desk", status=403),
}
_SURVEY = {
    "survey code": Visit(path="/survey"),
    "survey code, of a mail": Visit(path="/survey", typed={"code": "{mailed}"}, press=(GO_ON,), status=400),
    "survey code, wrong": Visit(path="/survey", typed={"code": "nope"}, press=(GO_ON,), status=400),
    "survey": Visit(path="/survey", typed={"code": "{code-invited}"}, press=(GO_ON,)),
    "survey, empty": Visit(
        path="/survey", typed={"code": "{code-invited}"}, press=(GO_ON, GO_ON), status=400, ends="/survey/answer"
    ),
    "survey, answered": Visit(path="/survey", typed={"code": "{code-reviewed}"}, press=(GO_ON,), status=410),
    "survey, too late": Visit(path="/survey", typed={"code": "{code-survey-expired}"}, press=(GO_ON,), status=410),
    "survey, reloaded": Visit(path="/survey/answer", ends="/survey"),
    "thanks": Visit(path="/survey/thanks"),
    "own survey": _citizen("/reports/{invited}/survey"),
    "own survey, empty": _citizen("/reports/{invited}/survey", press=(GO_ON,), status=400),
    "report with a survey": _citizen("/reports/{invited}"),
    "ask for a call": _citizen("/reports/{invited}/call?saved=survey"),
    "ask for a call, before the survey": _citizen("/reports/{received}/call"),
    "a report of which a call was asked": _citizen("/reports/{reviewed}?saved=call"),
    "ask for a call, twice": _citizen("/reports/{reviewed}/call"),
}
_TRIED = {"reference": "{bicycle-theft}", "code": "{copied}"}
_COPY = {
    "copy with goods": _citizen("/reports/{other-theft}/copy"),
    "copy with accounts": _citizen("/reports/{phishing}/copy"),
    "copy with additions": _citizen("/reports/{added}/copy"),
    "copy with an answer": _citizen("/reports/{answered}/copy"),
    "verify": Visit(path="/verify"),
    "verify, left empty": Visit(path="/verify", press=(GO_ON,), status=400),
    "verify, genuine": Visit(path="/verify", typed=_TRIED, press=(GO_ON,)),
    "verify, unknown": Visit(path="/verify", typed=_TRIED | {"code": "K7MDP-R3W9X"}, press=(GO_ON,)),
    "verify, of a mail": Visit(path="/verify", typed=_TRIED | {"code": "{mailed}"}, press=(GO_ON,), status=400),
}
_MAIL = {
    "mail": Visit(path="/mail"),
    "mail, left empty": Visit(path="/mail", press=(GO_ON,), status=400),
    "mail, ours": Visit(path="/mail", typed={"code": "{mailed}"}, press=(GO_ON,)),
    "no digest any more": Visit(path="/unsubscribe/digest/{unsubscribe}"),
    "digest by mail": _officer("/desk/digest"),
    "digest by mail, left empty": _officer("/desk/digest", press=(GO_ON,), status=400),
    "unsubscribe": Visit(path="/unsubscribe/{unsubscribe}"),
    "unsubscribed": Visit(path="/unsubscribe/{unsubscribe}", press=(GO_ON,)),
    "mail, not ours": Visit(path="/mail", typed={"code": "K7MDP-R3W9X"}, press=(GO_ON,)),
    "mail, not known": Visit(path="/mail", typed={"code": "KKCMN-RTD9M"}, press=(GO_ON,)),
    "mail, a questionnaire": Visit(path="/mail", typed={"code": "{code-invited}"}, press=(GO_ON,)),
    "mail, a copy": Visit(path="/mail", typed={"code": "{copied}"}, press=(GO_ON,)),
    "mail, an address": Visit(path="/mail", typed={"code": "{short-code}"}, press=(GO_ON,)),
    "mail, a number": Visit(path="/mail", typed={"code": "{bicycle-theft}"}, press=(GO_ON,)),
}
_DESK = "/desk/reports/{received}"
_PREVIEW, _ALL = 'button[value="preview"]', 'input[name="unit"]'
_KEEP = "#typed .buttons .button:not(.second)"
_HARD = "Wij doen u teneinde het voorval te kunnen beoordelen de inlichtingen toekomen die {reden}."
_NOTE = ('details:has(form[action$="/notes"]) summary', 'form[action$="/notes"] .button')
_CHANGE, _ASK = 'form[action$="/status"] .button', f"{_DESK}/question"
_TAKE = 'form[action$="/next"] .button'
_OFFICER = {
    "start": _officer("/desk"),
    "start, several units": _officer("/desk?unit=Limburg", "handler"),
    "start, no number": _officer("/desk", press=('form[action$="/desk"] .button',), status=400),
    "worklist": _officer("/desk/queue"),
    "worklist, two pages": _officer("/desk/queue?unit=Limburg", "handler"),
    "worklist, choose a unit": _officer("/desk/queue", "handler"),
    "worklist, none": _officer("/desk/queue", ELSEWHERE),
    "worklist, all that is open": _officer("/desk/queue?status=all&order=newest"),
    "worklist, over term": _officer("/desk/queue?status=all&mark=overdue"),
    "worklist, asks": _officer("/desk/queue?status=all&mark=fresh"),
    "worklist, no such filter": _officer("/desk/queue?mark=lost", status=400),
    "worklist, saved": _officer("/desk/queue", typed={"name": "Alles"}, press=('form[action$="/saved"] .button',)),
    "worklist, nothing free": _officer(
        "/desk/queue?status=referred&kind=graffiti", press=(_TAKE,), status=409, ends="/desk/queue/next"
    ),
    "reason": _officer(_DESK, asks_why=True),
    "reason, after a status": _officer(f"{_DESK}/status", ends=_DESK, asks_why=True),
    "reason, chosen elsewhere": _officer(f"{_DESK}/reason", ends=_DESK, asks_why=True),
    "desk, ask": _officer(_ASK),
    "desk, ask more": _officer(_ASK, press=('button[value="more.questions"]',)),
    "desk, ask nothing": _officer(_ASK, press=("main .buttons .button",), status=400),
    "desk, nothing to ask": _officer("/desk/reports/{closed}/question"),
    **{f"desk, {status}": _officer(f"/desk/reports/{{{status}}}") for status in Status},
    "desk, status missing": _officer(_DESK, press=(_CHANGE,), status=400, ends=f"{_DESK}/status"),
    "desk, check": _officer(
        "/desk/reports/{checked}",
        typed={"status": "referred", "explanation": "Kom langs."},
        press=(_CHANGE,),
        ends="/desk/reports/{checked}/status",
    ),
    "desk, check a question": _officer(
        _ASK, typed={"questions.0.text": "Was het slot heel?"}, press=('main .buttons .button[name="_step"]',)
    ),
    "desk, done": _officer("/desk/reports/{undoable}"),
    "desk, undo after a login": _officer("/desk/reports/{undoable}/undo", ends="/desk/reports/{undoable}"),
    "correction": _officer("/desk/reports/{registered}/correction"),
    "correction, missing": _officer("/desk/reports/{registered}/correction", press=("main .buttons .button",), status=400),
    "correction, none": _officer("/desk/reports/{received}/correction"),
    "correction, check": _officer(
        "/desk/reports/{registered}/correction",
        typed={"status": "checked", "explanation": "Wij hadden ons vergist."},
        press=("main .buttons .button",),
    ),
    "number": _officer("/desk/reports/{registered}/number"),
    "number, missing": _officer("/desk/reports/{registered}/number", press=("main .buttons .button",), status=400),
    "number, none": _officer("/desk/reports/{received}/number"),
    "desk, second": _officer(
        _DESK,
        typed={"version": "99", "status": "checked"},
        press=(_CHANGE,),
        status=409,
        ends=f"{_DESK}/status",
    ),
    "search": _officer("/desk/search"),
    "search, found": _officer("/desk/search", typed={"value": "NL91ABNA0417164300"}, press=("#reason", GO_ON)),
    "search, nothing found": _officer("/desk/search", typed={"value": "0900-9999"}, press=("#reason", GO_ON)),
    "search, a name alone": _officer("/desk/search", typed={"value": "Jansen"}, press=("#reason", GO_ON), status=400),
    "goods": _officer("/desk/goods"),
    "goods, nothing": _officer("/desk/goods", press=(GO_ON,), status=400),
    "goods, a list": _officer(
        "/desk/goods", typed={"list": "frame;GZ1234567;NN-1"}, press=("main form + h2 + form .button:not(.second)",)
    ),
    "shared values": _officer("/desk/shared", "supervisor"),
    "shared values, nothing": _officer("/desk/shared", "supervisor", press=("main .buttons .button",), status=400),
    "linked": _officer("/desk/reports/{linked}/linked/{clue}"),
    "desk, linked": _officer("/desk/reports/{linked}"),
    "desk, from a list and another unit": _officer("/desk/reports/{handed}?list=unit%3DNoord-Nederland&at="),
    "counter, choose": _officer("/desk/new"),
    "counter, form": _officer("/desk/new/bicycle-theft"),
    "counter, fraud": _officer("/desk/new/web-shop-fraud"),
    "counter, wrong": _officer("/desk/new/bicycle-theft", press=(GO_ON,), status=400),
    "counter, copy": _officer(f"{_DESK}/copy"),
    "desk, uncovered": _officer(f"{_DESK}?contact=shown"),
    "desk, of an auditor": _officer(_DESK, AUDITOR, status=403, asks_why=True),
    "desk, another unit": _officer(_DESK, ELSEWHERE, status=404),
    "desk, what cannot be true": _officer("/desk/reports/{doubtful}"),
    "desk, answered": _officer("/desk/reports/{answered}"),
    "desk, answers of every sort": _officer("/desk/reports/{told}"),
    "desk, replaced": _officer("/desk/reports/{replaced}"),
    "desk, with additions": _officer("/desk/reports/{added}"),
    "desk, update": _officer("/desk/reports/{waiting}/update"),
    "desk, update, left empty": _officer("/desk/reports/{waiting}/update", press=(GO_ON,), status=400),
    "desk, update, checked": _officer("/desk/reports/{waiting}/update", typed={"explanation": "Wij wachten."}, press=(GO_ON,)),
    "desk, update after a contest": _officer("/desk/reports/{contested}/update"),
    "desk, letter by post": _officer("/desk/reports/{not_investigated}/notice"),
    "desk, letter by post in English": _officer("/desk/reports/{asked}/notice?language=en"),
    "desk, no letter by post": _officer("/desk/reports/{unsafe}/notice"),
    "to tell": _officer("/desk/to-tell"),
    "tasks": _officer("/desk/tasks"),
    "tasks, none": _officer("/desk/tasks", ELSEWHERE),
    "forward": _officer(f"{_DESK}/forward"),
    "forward, nothing": _officer(f"{_DESK}/forward", press=(GO_ON,), status=400),
    "forward, the sheet": _officer(
        "/desk/reports/{other-theft}/forward",
        press=("#receiver-fraud_helpdesk", "#ground", "#parts", "#parts-reporter", "#agreed", GO_ON),
    ),
    "victim support": _officer("/desk/victim-support", "supervisor"),
    "victim support, no number": _officer("/desk/victim-support", "supervisor", press=(".button.second",), status=400),
    "victim support, a list": _officer("/desk/victim-support", "supervisor", press=("main h2 + form .button",)),
    "note, empty": _officer(_DESK, press=_NOTE, status=400, ends=f"{_DESK}/notes"),
    "note, after the form": _officer(f"{_DESK}/notes", ends=_DESK),
    "task, after the form": _officer(f"{_DESK}/tasks", ends=_DESK),
    "task done, after the form": _officer(f"{_DESK}/tasks/done", ends=_DESK),
    "to tell, none": _officer("/desk/to-tell", ELSEWHERE),
    "to tell, after the form": _officer(f"{_DESK}/told", ends=_DESK),
    "board": _officer("/desk/figures?unit=Noord-Nederland", SUPERVISOR),
    "board, of which unit": _officer("/desk/figures", AUDITOR),
    "audit": _officer("/desk/audit", AUDITOR),
    "audit, no number": _officer("/desk/audit", AUDITOR, press=("main form .button",), status=400),
    "audit, a report": _officer("/desk/audit/reports/{received}", AUDITOR),
    "audit, an officer": _officer("/desk/audit/officers?officer=NN1002&month=2016-07", AUDITOR),
    "audit, nobody": _officer("/desk/audit/officers?officer=NN9999&month=2016-07", AUDITOR),
    **{
        f"audit, {register}": _officer(f"/desk/audit/registers?week=2016-W29&register={register}", AUDITOR)
        for register in Register
    },
    "desk, no BSN": _officer("/desk/reports/{european}"),
    "desk, company": _officer("/desk/reports/{company}"),
    "home for an officer": _officer("/"),
    "desk, bounced": _officer("/desk/reports/{bounced}"),
    "letters": _officer("/desk/reports/{unsubscribing}/letters"),
    "letters, not sent": _officer("/desk/reports/{bounced}/letters"),
    "letters, reason": _officer("/desk/reports/{received}/letters", asks_why=True),
    "texts": _officer("/desk/texts"),
    "texts, for a supervisor": _officer("/desk/texts", SUPERVISOR),
    "text": _officer("/desk/texts/STD-001"),
    "text, none": _officer("/desk/texts/TXT-XXXX", status=404),
    "text, new": _officer("/desk/texts/new", SUPERVISOR),
    "text, nothing typed": _officer("/desk/texts/new", SUPERVISOR, press=(_KEEP,), status=400),
    "text, preview": _officer(
        "/desk/texts/new", SUPERVISOR, typed={"nl": _HARD, "en": _HARD}, press=('button[value="preview"]',)
    ),
    "text, change": _officer("/desk/texts/STD-001/edit", SUPERVISOR),
    "text, change one of the portal": _officer(
        "/desk/texts/STD-001/edit", SUPERVISOR, press=('input[name="unit"]', _KEEP), status=409
    ),
    "reports for an officer": _officer("/reports", status=403),
    "whose work": _officer(f"{_DESK}/work"),
    "whose work, a colleague's": _officer("/desk/reports/{given}/work"),
    "whose work, of a supervisor": _officer(f"{_DESK}/work", SUPERVISOR),
    "whose work, no reason": _officer(f"{_DESK}/work", press=('button[value="ranked"]',), status=400),
    "move": _officer(f"{_DESK}/move"),
    "move, left empty": _officer(f"{_DESK}/move", press=(GO_ON,), status=400),
    "move, check": _officer(f"{_DESK}/move", typed={"unit": "Amsterdam", "remark": "Verdachte daar."}, press=(GO_ON,)),
    "moved": _officer(
        "/desk/reports/{moving}/move",
        typed={"unit": "Amsterdam", "remark": "Verdachte daar."},
        press=(GO_ON, 'button[value="done"]'),
        anew="moving",
        languages=(Language.NL.value,),
        widths=(320,),
    ),
    "move, by the rules": _officer("/desk/reports/{graffiti}/move"),
    "assignments": _officer("/desk/assignments", ends="/desk"),
    "joint case": _officer("/desk/cases/{case}"),
    "teams": _officer("/desk/teams?unit=Noord-Nederland", SUPERVISOR),
    "teams, none": _officer("/desk/teams?unit=Limburg", SUPERVISOR),
    "teams, left empty": _officer("/desk/teams?unit=Limburg", SUPERVISOR, press=('button[value="make"]',), status=400),
    "team": _officer("/desk/teams/{team}?unit=Noord-Nederland", SUPERVISOR),
    "team, no staff number": _officer(
        "/desk/teams/{team}?unit=Noord-Nederland", SUPERVISOR, press=('button[value="added"]',), status=400
    ),
    "routing": _officer("/desk/routing?unit=Noord-Nederland", SUPERVISOR),
    "routing, none": _officer("/desk/routing?unit=Limburg", SUPERVISOR),
    "routing, tried": _officer("/desk/routing/tried?unit=Noord-Nederland", SUPERVISOR),
}
_NEW_BATCH, _BATCH = "/desk/batches/new", "/desk/batches/{{batch-{}}}"
_BATCHES = {
    "many reports": _officer("/desk/batches"),
    "many reports, none yet": _officer("/desk/batches", ELSEWHERE),
    "many reports, numbers": _officer(_NEW_BATCH),
    "many reports, no number": _officer(_NEW_BATCH, press=(GO_ON,), status=400),
    **{
        f"many reports, {phase}": _officer(_BATCH.format(phase))
        for phase in ("chosen", "tried", "running", "done", "large", "text", "given")
    },
    "many reports, nothing to do": _officer(_BATCH.format("chosen"), press=('button[value="try"]',), status=400),
    "many reports, of nobody": _officer("/desk/batches/B-CCCC-CCCC-CCCC", status=404),
}
_LOCAL = {  # tools for whoever runs the stage on a laptop
    name: Visit(path=path, ends=ends, languages=(Language.NL.value,), widths=(1280,))
    for name, path, ends in (
        ("local stage", "/_local", ""),
        ("local tray", "/_local/mail", ""),
        ("simulator of DigiD", "/login/with/digid", "/_local/digid/authorize"),
        ("simulator of eHerkenning", "/login/with/eherkenning", "/_local/eherkenning/authorize"),
        ("simulator of the staff login", "/staff/login", "/_local/staff/authorize"),
    )
}
VISITS: Mapping[str, Visit] = (
    _PUBLIC | _FAMILIES | _PARTS | _KINDS | _CITIZEN | _SURVEY | _COPY | _MAIL | _OFFICER | _BATCHES | _LOCAL
)

NO_PAGE: Mapping[str, str] = {
    "/desk/digest/code": "leads back to the digest",
    "/desk/digest/stop": "leads back to the digest",
    "/desk/queue/saved": "leads back to the list",
    "/report/{kind}": "makes up a new address for a draft and leads there: test_keyboard.py goes through it",
    "/files/{reference}/{part}": "JSON for the script",
    "/reports/{reference}/files/{file}": "leads to a download",
    "/desk/reports/{reference}/files/{file}": "leads to a download, or asks for the reason as the report does",
    "/session": "JSON for the script",
    "/details/data.json": "a file to keep",
    "/static/{name}": "files: every page loads them",
    "/.well-known/security.txt": "plain text",
    "/.well-known/jwks.json": "JSON for the issuers",
}
