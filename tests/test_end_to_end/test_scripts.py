"""Scripts of the build context that a RUN starts."""

from __future__ import annotations

import pytest

from test_end_to_end.reading import codes, said, versions

SLIM = "FROM python:3.12-slim-trixie\n"
TOOLS = "apt-get update\napt-get install -y --no-install-recommends gcc libc6-dev libpq-dev\n"
THEN = "RUN pip install psycopg2==2.9.10\n"


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


INSTALL = "#!/bin/sh -e\n# what it needs\npip install -r requirements.txt\n"
HERE = '#!/usr/bin/env bash\nset -euo pipefail\ncd "$(dirname "$0")/.."\npip install -r "${1:-requirements.txt}"\n'
MAKEFILE = ".PHONY: install\nPIP ?= pip\ninstall:\n\t$(PIP) install -r requirements.txt\n"


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"install.sh": INSTALL}, "RUN bash -eux /app/install.sh"),
        ({"install.sh": INSTALL}, "RUN . ./install.sh"),
        ({"scripts/install": HERE}, "RUN scripts/install"),
        ({"scripts/install.sh": HERE}, "RUN ./scripts/install.sh requirements.txt"),
        ({"a.sh": "sh ./b.sh requirements.txt\n", "b.sh": "pip install -r $1\n"}, "RUN sh a.sh"),
        ({"a.sh": "f() { pip install -r $1; }\nf requirements.txt\n"}, "RUN FILE=x sh a.sh"),
        ({"a.sh": "pip install -r $FILE\n"}, "RUN FILE=requirements.txt sh a.sh"),
        ({"Makefile": MAKEFILE}, "RUN make install"),
        ({"makefile": MAKEFILE}, "RUN make"),
        ({"build/Makefile": MAKEFILE.replace("requirements", "../requirements")}, "RUN make -C build install"),
        ({"x.mk": MAKEFILE}, "RUN make -f x.mk PIP=pip3 install"),
        ({"Makefile": "all: deps\ndeps:\n\t$(MAKE) -f x.mk install\n", "x.mk": MAKEFILE}, "RUN make all"),
        ({"Makefile": "install:\n\t@cd sub && ../i.sh\n", "i.sh": INSTALL.replace("-r ", "-r ../"), "sub/x": ""}, "RUN make"),
    ],
)  # fmt: skip
def test_what_scripts_and_makefiles_install(checked, native, files, command):
    dockerfile = SLIM + "WORKDIR /app\nCOPY . .\n" + command + "\n"
    report = checked(dockerfile, {"requirements.txt": "six\n", **files}, index_url=native.url)
    assert versions(report) == {"six": "1.17.0"}
    assert not {"FL902", "FL908"} & set(codes(report))


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"Makefile": "ifdef X\ninstall:\n\tpip install -r x.txt\nendif\n"}, "RUN make install"),
        ({"install.sh": "#!/bin/fish\npip install -r x.txt\n"}, "RUN ./install.sh"),
    ],
)
def test_an_installing_script_that_is_not_followed_is_said(checked, files, command):
    report = checked(SLIM + "WORKDIR /app\nCOPY . .\n" + command + "\n", files, offline=True)
    (finding,) = [finding for finding in report.findings if finding.code == "FL908"]
    assert finding.span.line == 4
    assert next(iter(files)) in finding.message


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"Makefile": "build:\n\tcc x.c\n"}, "RUN make build"),
        ({"Makefile": "ifdef X\nall:\n\tcc x.c\nendif\n"}, "RUN make all"),
        ({"build.sh": "#!/usr/bin/perl\nprint 1;\n"}, "RUN ./build.sh"),
        ({"build.sh": "sh build.sh\n"}, "RUN sh build.sh"),
        ({"a.sh": "sh b.sh; sh b.sh\n", "b.sh": "sh a.sh; sh a.sh\n"}, "RUN sh a.sh"),
        ({"Makefile": "a:\n\t$(MAKE) a\n\t$(MAKE) a\n"}, "RUN make a"),
        ({"build.sh": "\0ELF"}, "RUN ./build.sh"),
        ({}, "RUN ./gone.sh; make gone"),
    ],
)
def test_other_scripts_are_no_matter(checked, files, command):
    report = checked(SLIM + "WORKDIR /app\nCOPY . .\n" + command + "\n", files, offline=True)
    assert not {"FL902", "FL908"} & set(codes(report))


def test_a_script_for_several_distributions(checked, native):
    script = (
        ". /etc/os-release\ncase $ID in\n  debian) apt-get update && apt-get install -y git ;;\n"
        "  alpine) apk add git ;;\n  *) exit 1 ;;\nesac\npip install six\n"
    )
    report = checked(SLIM + "COPY i.sh /\nRUN sh /i.sh\n", {"i.sh": script}, index_url=native.url)
    assert versions(report) == {"six": "1.17.0"}
    assert codes(report) == []


def test_what_is_cloned_after_a_removal_is_not_missing(checked):
    lines = "RUN apt-get update && apt-get install -y git && rm -rf x && git clone https://host.example/x && pip install ./x\n"
    assert codes(checked(SLIM + lines, offline=True)) == ["FL908"]
