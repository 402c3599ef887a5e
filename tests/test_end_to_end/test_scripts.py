"""Scripts of the build context that a RUN starts."""

from __future__ import annotations

import pytest

from index_server import IndexServer, sdist, wheel
from test_end_to_end.reading import codes, said, versions

SLIM = "FROM python:3.12-slim-trixie\n"
TOOLS = "apt-get update\napt-get install -y --no-install-recommends gcc libc6-dev libpq-dev\n"
THEN = "RUN pip install psycopg2==2.9.10\n"


@pytest.fixture
def native(server: IndexServer) -> IndexServer:
    server.add("psycopg2", sdist("psycopg2", "2.9.10"))
    server.add("six", wheel("six", "1.17.0"))
    return server


@pytest.mark.parametrize(
    "started",
    [
        "COPY tools.sh /tmp/\nRUN /tmp/tools.sh\n",
        "COPY tools.sh /tmp/\nRUN bash -e /tmp/tools.sh\n",
        "COPY tools.sh /tmp/\nRUN chmod +x /tmp/tools.sh && sync && /tmp/tools.sh && rm /tmp/tools.sh\n",
        "WORKDIR /src\nCOPY . .\nRUN ./tools.sh\n",
        "WORKDIR /src\nCOPY . .\nRUN . ./tools.sh\n",
        "COPY tools.sh /usr/local/bin/\nRUN tools.sh\n",
        "RUN --mount=type=bind,source=tools.sh,target=/x.sh sh /x.sh\n",
        "RUN --mount=type=bind,target=/src cd /src && sudo ./tools.sh\n",
        'COPY tools.sh /tmp/\nRUN ["/bin/bash", "/tmp/tools.sh"]\n',
    ],
)
def test_what_a_script_brings_is_there(checked, native, started):
    report = checked(SLIM + started + THEN, {"tools.sh": f"#!/bin/bash\n{TOOLS}"}, index_url=native.url)
    assert "FL201" not in codes(report), said(report)
    less = {"tools.sh": f"#!/bin/bash\n{TOOLS.replace('libpq-dev', '')}"}
    report = checked(SLIM + started + THEN, less, index_url=native.url)
    assert [f.missing for f in report.findings if f.code == "FL201"] == [("libpq-dev",)], said(report)


def test_what_a_script_installs_is_judged_where_it_is_started(checked, native):
    script = '#!/bin/sh\nset -e\nfor each in "$@"; do pip install -r "$(dirname "$0")/$each.txt"; done\n'
    files = {"s/deps.sh": script, "s/dev.txt": "six\n", "s/db.txt": "psycopg2==2.9.10\n"}
    dockerfile = SLIM + "WORKDIR /src\nCOPY . .\nRUN s/deps.sh dev db\n"
    report = checked(dockerfile, files, index_url=native.url)
    assert versions(report) == {"six": "1.17.0", "psycopg2": "2.9.10"}
    (finding,) = [finding for finding in report.findings if finding.code == "FL201"]
    assert (finding.span.file, finding.span.line) == ("Dockerfile", 4)
    assert finding.subject is not None
    assert (finding.subject.file, finding.subject.line) == ("s/db.txt", 1)


def test_scripts_that_start_scripts(checked, native):
    files = {"a.sh": 'cd "$(dirname "$0")"\n./b.sh\n', "b.sh": f"{TOOLS}./a.sh\n"}
    report = checked(SLIM + "COPY . /src\nRUN /src/a.sh\n" + THEN, files, index_url=native.url)
    assert "FL201" not in codes(report), said(report)


@pytest.mark.parametrize(
    ("script", "sure"),
    [
        ("#!/usr/bin/env python3\nimport subprocess\nsubprocess.run(['apt-get', 'install', 'libpq-dev'])\n", False),
        ("#!/usr/bin/env python3\nprint('hello')\n", True),
    ],
)
def test_a_script_in_another_language(checked, native, script, sure):
    report = checked(SLIM + "COPY x /tmp/\nRUN /tmp/x\n" + THEN, {"x": script}, index_url=native.url)
    assert ("FL201" in codes(report)) is sure


@pytest.mark.parametrize(("recipe", "sure"), [("apt-get install -y libpq-dev gcc", False), ("npm run build", True)])
def test_make(checked, native, recipe, sure):
    dockerfile = SLIM + "WORKDIR /src\nCOPY . .\nRUN make deps\n" + THEN
    report = checked(dockerfile, {"Makefile": f"deps:\n\t{recipe}\n"}, index_url=native.url)
    assert ("FL201" in codes(report)) is sure


def test_a_script_of_which_nothing_is_known_may_have_done_anything(checked, native):
    dockerfile = SLIM + "RUN wget -O /tmp/install.sh https://example.org/x && sh /tmp/install.sh\n" + THEN
    assert "FL201" not in codes(checked(dockerfile, index_url=native.url))


def test_a_script_that_may_not_run(checked, native):
    dockerfile = SLIM + "ARG TOOLS\nCOPY t.sh /\nRUN [ -f /x ] && /t.sh\n" + THEN
    report = checked(dockerfile, {"t.sh": TOOLS}, index_url=native.url)
    assert "FL201" not in codes(report), said(report)
