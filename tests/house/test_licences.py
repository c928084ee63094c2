"""The libraries that come with the functions may come with them: every licence is known, written down, and none is the AGPL."""

import json

import pytest

from infra import licences, locks, sbom


def locked():
    lock = locks.read((locks.ROOT / locks.lock_of(locks.RUNTIME)).read_text(encoding="utf-8"))
    return {(name, version) for name, versions in lock.versions.items() for version in versions}


def test_the_page_names_what_is_locked_with_the_licence_that_each_package_has_where_it_is_installed():
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page(), "run: python -m infra.licences"


def test_every_package_has_its_row():
    rows = list(licences.rows(licences.PAGE.read_text(encoding="utf-8")))

    assert len(rows) > 30
    assert {(name, version) for name, version, _ in rows} == locked()


@pytest.mark.parametrize("licence", ["AGPL-3.0-or-later", "MIT AND AGPL-3.0-only", "GPL-3.0-only", "Proprietary", ""])
def test_a_licence_that_is_not_allowed_stops_with_a_sentence(licence):
    with pytest.raises(licences.NotAllowed, match=r"left-pad has a licence that .* does not allow"):
        licences.checked("left-pad", licence)


def test_the_choice_among_allowed_licences_is_allowed():
    assert licences.checked("left-pad", "Apache-2.0 OR MIT") == "Apache-2.0 OR MIT"


def test_a_package_that_nobody_knows_stops_with_a_sentence():
    with pytest.raises(licences.NotAllowed, match="not installed"):
        licences.licence_of("left-pad")


def test_no_allowed_licence_is_the_agpl():
    assert licences.ALLOWED
    assert not [each for each in licences.ALLOWED if "AGPL" in each or each.startswith("GPL")]


def test_the_bill_for_scanners_has_the_licence_of_every_package():
    page = licences.PAGE.read_text(encoding="utf-8")
    made = {"components": [{"name": name, "version": version} for name, version in sorted(locked())]}

    bill = sbom.with_licences(made, page)

    assert len(bill["components"]) == len(locked())
    assert {json.dumps(each["licenses"]) for each in bill["components"] if each["name"] in ("six", "cryptography")} == {
        '[{"license": {"id": "MIT"}}]',
        '[{"expression": "Apache-2.0 OR BSD-3-Clause"}]',
    }
