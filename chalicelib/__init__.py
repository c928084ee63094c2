"""Mijn Politie: report a crime online, be told when something changes, read here what it is.

Start reading at `reports/model.py` (what a report is), then `reports/actions.py` (what is done to it) and
`letters/stream.py` (how its reporter hears of it). From top to bottom, each floor on those below it:

    routes.py   which modules answer under which addresses
    events.py   what each event of app.py does

    citizen/    what citizens see: home, filing, following, answers, additions, copies, profile, surveys
    desk/       what officers see and do: the worklist, a report, questions, the counter, letters
    login/      logging in and out, for both

    web/        everything that knows HTTP: request, response, dispatch, errors, pages, OpenAPI

    wiring.py   the only place that builds clients: settings to services

    digests/    counts of their work, by mail to officers who want them
    profiles/   somebody's own details, for all their reports; all that is held of them
    bulk/       one act for many reports: tried, confirmed, carried out row by row
    letters/    mail: which event calls for which letter, and sending each exactly once
    official/   the official report: the one function that opens a BSN
    erasure/    destroying what the law no longer lets anybody keep
    copies/     the copy of a report on paper, and telling whether one is genuine
    evidence/   files that a citizen sends along: taken in, looked at, kept, handed out
    feed/       which report came to which status, for other systems
    boards/     how much lies at a police unit, and how old it is
    teams/      the teams of a police unit: who is in them, which reports come to them
    surveys/    the questionnaire: inviting, answering, honest results
    texts/      what is often told, written once, read by two, filled in for each report
    clues/      what reports have in common: by which they are found and linked
    reports/    a report and its life: model, events, statuses, crimes, store, actions
    identity/   OpenID Connect, sessions, access tokens, the BSN and its pseudonym
    audit/      who looked at what, when and why

    forms/      questions as data: how each input is asked, read, shown and described
    drafts/     what somebody typed and has not sent
    officers/   what an officer set for their own work at the desk
    people/     who somebody is, and what an officer may do
    core/       settings, clock, ids, errors, languages, retention, log, tables, keys

The rule is the contract in pyproject.toml ([tool.importlinter]); docs/architecture.md draws it.
"""
