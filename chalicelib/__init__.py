"""Mijn Politie: report a crime online, be told when something changes, read here what it is.

Start reading at `reports/model.py` (what a report is), then `reports/actions.py` (what is done to it) and
`letters/stream.py` (how its reporter hears of it).

    reports/    a report and its life: crimes, statuses, statement, filing, questions
    filing/     making a report: choice aid, one page per part, drafts, check and send
    evidence/   files that a citizen sends along: taken in, looked at, kept, handed out
    desk/       officers: who may do what, the worklist, changing a status, asking
    counter/    a report made at a police station, by an officer for who stands there
    letters/    mail to reporters: which event calls for which letter, and sending each exactly once
    surveys/    the questionnaire: inviting, answering, honest results
    answers/    what a reporter answers when the police ask: a draft, check, send
    additions/  what a reporter adds later: something new, a correction, goods found again
    official/   the official report: the one function that opens a BSN
    copies/     the copy of a report on paper, and telling whether one is genuine
    erasure/    destroying what the law no longer lets anybody keep
    details/    somebody's own details, for all their reports, and what the portal holds about them
    about/      what the portal says about itself: how it works, rights, privacy, help
    identity/   DigiD and staff login, sessions, access tokens, the BSN and its pseudonym
    web/        everything that knows HTTP: routes, errors, headers, pages, OpenAPI
    core/       what any feature may use
    events.py   what each event of app.py does
    wiring.py   the only place that builds clients

The import rule, enforced by tests/house: core < pure files (model, statuses, crimes, submission, access, catalogue) <
I/O (store, ledger, mailer, oidc, sessions, bsn) < actions, post < wiring < events, api, pages < app.py; and by feature
reports < surveys < letters, desk on reports. See docs/architecture.md.
"""
