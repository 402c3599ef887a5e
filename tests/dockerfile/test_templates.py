import pytest

from fromlint.dockerfile.parse import parse
from fromlint.dockerfile.templates import unrendered


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{% if a %}\nFROM python:3.12\n{% endif %}\n", 1),
        ("FROM python:3.12\n{%- if a -%}\nRUN true\n{%- endif %}\n", 2),
        ("FROM postgres:{{ cookiecutter.version }}\n", 1),
        ("FROM {{ .Base }} AS x\nRUN true\n", 1),
        ('FROM python:3.12\n{{ template "body" . }}\n', 2),
        ("# of the release\n<% if old %>\nFROM python:3.12\n<% end %>\n", 2),
    ],
)
def test_a_template_is_told_with_its_first_place(text, line):
    found = unrendered(parse(text.encode(), "Dockerfile"))
    assert found is not None
    assert found.span.line == line
    assert "template" in found.why


@pytest.mark.parametrize(
    "text",
    [
        "FROM python:3.12\nRUN docker inspect --format '{{.Id}}' x\n",
        "FROM python:3.12\nRUN docker inspect --format \\\n{{.Id}} x\n",
        "FROM python:3.12\nCOPY <<EOF /etc/nginx.j2\n{% if a %}\nlisten 80;\n{% endif %}\nEOF\n",
        "FROM python:${VERSION}\nFORM x\n",
        "",
    ],
)
def test_a_dockerfile_is_no_template(text):
    assert unrendered(parse(text.encode(), "Dockerfile")) is None


def test_what_lies_in_a_folder_with_a_generators_name_is_a_template():
    found = unrendered(parse(b"FROM python:3.12\n", "{{cookiecutter.slug}}/Dockerfile"))
    assert found is not None
    assert (found.span.file, found.span.line) == ("{{cookiecutter.slug}}/Dockerfile", 1)
    assert unrendered(parse(b"FROM python:3.12\n", "a{b}/Dockerfile")) is None
