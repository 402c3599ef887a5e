"""Where findings stand: line and column ranges that survive continuations, heredocs, CRLF and tabs."""

import pytest

BAD = "FROM python:3.12-slim\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(
    ("lines", "code", "covered", "line"),
    [
        ("RUN pip install flask==", "FL904", "flask==", 2),
        ("RUN\tpip\tinstall\t'flask=='", "FL904", "'flask=='", 2),
        ("RUN true && \\\n\t pip install \\\n\t\t flask== \\\n\t\t django", "FL904", "flask==", 4),
        ("RUN true && \\\n# comment\n\n  pip install flask==", "FL904", "flask==", 5),
        ("RUN <<EOF\ntrue\n\tpip install flask==\nEOF", "FL904", "flask==", 4),
        ("RUN <<-EOF\n\ttrue\n\t\tpip install flask==\n\tEOF", "FL904", "flask==", 4),
        ("RUN <<EOF bash -e\ntrue\n  pip install flask==\nEOF", "FL904", "flask==", 4),
        ("RUN sh -c 'true && pip install flask=='", "FL904", "flask==", 2),
        ('RUN ["pip", "install", "flask=="]', "FL904", '"flask=="', 2),
        ("RUN X=flask==; pip install $X", "FL904", "$X", 2),
        ("RUN pip install \\\n  -r \\\n  missing.txt", "FL902", "missing.txt", 4),
        ("ARG V\nRUN pip install \\\n    é \\\n    x==$V", "FL908", "x==$V", 5),
        ("RUN pip install psycopg2==2.9.10", "FL201", "RUN pip install psycopg2==2.9.10", 2),
    ],
)
def test_a_finding_covers_exactly_the_words_that_it_is_about(check, lines, code, covered, line, end):
    found = check(files={"Dockerfile": (BAD + lines + "\n").replace("\n", end).encode()})
    finding = found.found(code)[0]
    assert finding.span.line == line
    assert found.marked(finding) == covered


def test_a_continuation_in_a_heredoc(check):
    found = check(BAD + "RUN <<EOF\npip install \\\n\tdjango \\\n  flask==\nEOF\n")
    (finding,) = found.found("FL904")
    assert (finding.span.line, found.marked(finding)) == (5, "flask==")


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ("COPY <<EOF /r.txt\nflask\nflask==\nEOF\nRUN pip install -r /r.txt", 4),
        ("COPY <<-EOF /r.txt\n\tflask\n\tflask==\n\tEOF\nRUN pip install -r /r.txt", 4),
        ("RUN cat <<EOF > /r.txt\nflask==\nEOF\nRUN pip install -r /r.txt", 3),
        ("RUN <<EOF\ncat > /r.txt <<X\nflask==\nX\npip install -r /r.txt\nEOF", 4),
        ("RUN true && \\\n  echo 'flask==' > /r.txt\nRUN pip install -r /r.txt", 3),
    ],
)
def test_a_requirements_file_in_the_dockerfile_has_its_places_there(check, lines, line, end):
    found = check(files={"Dockerfile": (BAD + lines + "\n").replace("\n", end).encode()})
    (finding,) = found.found("FL904")
    assert (finding.span.file, finding.span.line) == ("Dockerfile", line)


def test_an_edited_requirements_file_keeps_its_places(check):
    found = check(
        BAD + "COPY r.txt .\nRUN sed -i '/django/d' r.txt && pip install -r r.txt\n",
        {"r.txt": "django\nflask\ndjango-x\n  bad==\n"},
    )
    (finding,) = found.found("FL904")
    assert (finding.span.file, finding.span.line) == ("r.txt", 4)
