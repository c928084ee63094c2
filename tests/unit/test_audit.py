"""Known vulnerabilities: found ones fail, none is said so, and a database that cannot be reached is said plainly."""

import json

from infra import audit, locks

LOCKS = [locks.lock_of(each) for each in locks.REQUIREMENTS]


def package(name="six", *vulnerabilities, **more):
    vulns = [{"id": each, "fix_versions": fixed, "aliases": []} for each, fixed in vulnerabilities]
    return {"name": name, "version": "1.17.0", "vulns": vulns, **more}


def answering(**answers):
    """Return what asks a database, as if it answered this about every lock; one without an answer cannot be reached."""
    return lambda database, _: json.dumps({"dependencies": answers[database]}) if database in answers else ""


def test_a_vulnerability_is_named_with_the_version_that_mends_it_and_fails(capsys):
    found = package("six", ("PYSEC-1", ["1.18.0"]), ("PYSEC-2", []))

    assert audit.main(answering(pypi=[found])) == 1

    said = capsys.readouterr().out
    assert "requirements.lock: six 1.17.0 has PYSEC-1, mended in 1.18.0.\n" in said
    assert "requirements.lock: six 1.17.0 has PYSEC-2, not mended yet.\n" in said


def test_no_vulnerability_is_said_and_succeeds(capsys):
    assert audit.main(answering(pypi=[package()])) == 0
    assert capsys.readouterr().out == "No known vulnerability was found.\n"


def test_where_no_database_answers_that_is_said_plainly_and_nobody_is_stopped(capsys):
    assert audit.main(answering()) == 0

    said = capsys.readouterr().out
    assert audit.UNREACHED in said
    assert "No known vulnerability" not in said
    assert all(f"{each} was not looked up" in said for each in LOCKS)


def test_a_mirror_that_knows_no_vulnerabilities_is_no_database(capsys):
    assert audit.main(answering(pypi=[package(skip_reason="not found")])) == 0
    assert audit.UNREACHED in capsys.readouterr().out


def test_the_second_database_is_asked_where_the_first_does_not_answer(capsys):
    assert audit.main(answering(osv=[package("six", ("GHSA-1", ["2"]))])) == 1
    assert "six 1.17.0 has GHSA-1, mended in 2." in capsys.readouterr().out


def test_what_one_database_found_is_told_also_when_the_rest_could_not_be_looked_up(capsys):
    half = [package("six", ("PYSEC-1", ["2"])), package("other", skip_reason="not found")]

    assert audit.main(answering(pypi=half)) == 1

    said = capsys.readouterr().out
    assert "six 1.17.0 has PYSEC-1" in said
    assert "requirements.lock was not looked up, or not all of it." in said
