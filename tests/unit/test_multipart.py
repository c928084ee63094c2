"""Forms with files in them: what browsers send is read, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.errors import Invalid
from chalicelib.web.multipart import FormPart, parse
from tests.app.files import BOUNDARY, encoded

TYPE = f"multipart/form-data; boundary={BOUNDARY}"


@given(st.binary(max_size=300).filter(lambda content: BOUNDARY.encode() not in content))
def test_a_file_comes_out_as_it_went_in(content):
    body = encoded({"_token": "x", "naam": "Zoë"}, {"file": ('fo"to é.jpg', "image/jpeg", content)})

    assert parse(TYPE, body) == (
        FormPart("_token", b"x"),
        FormPart("naam", "Zoë".encode()),
        FormPart("file", content, 'fo"to é.jpg', "image/jpeg"),
    )


@given(st.binary(max_size=300))
def test_noise_is_refused_and_raises_nothing_else(body):
    for content in (body, b"--" + BOUNDARY.encode() + body, encoded({"a": "b"}, {})[:-5] + body):
        try:
            parse(TYPE, content)
        except Invalid:
            continue


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=", f"{TYPE}x"])
def test_a_form_without_its_boundary_is_refused(content_type):
    with pytest.raises(Invalid):
        parse(content_type, encoded({"a": "b"}, {}))


def test_half_a_form_is_refused():
    with pytest.raises(Invalid):
        parse(TYPE, encoded({"a": "b"}, {"file": ("a.jpg", "image/jpeg", b"content")})[:-30])
