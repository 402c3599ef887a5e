import pytest

from fromlint.model.build import (
    CommandUsed,
    FileMade,
    FilesMounted,
    Install,
    ListsUpdated,
    PackagesAdded,
    ScriptUnread,
    VenvActivated,
    VenvMade,
)


def values(texts):
    return [text.value for text in texts]


def test_packages_in_variables(events):
    (event,) = events('ARG LIST="gcc make"\nENV MORE=git\nRUN apt-get install $LIST $MORE', PackagesAdded)
    assert values(event.names) == ["gcc", "make", "git"]


def test_run_in_exec_form(events):
    (event,) = events('RUN ["pip", "install", "$A"]', Install)
    assert values(event.requirements) == ["$A"]
    assert not events('RUN ["pip", "install", "a"]', CommandUsed)[0].shell


def test_run_heredocs(events):
    found = events("RUN <<EOF\napt-get install a\npip install b\nEOF", (PackagesAdded, Install))
    assert [(type(event), event.span.line) for event in found] == [(PackagesAdded, 3), (Install, 4)]
    assert not events("RUN python3 <<EOF\npip install b\nEOF", Install)
    assert [event.name for event in events("RUN <<EOF\n#!/usr/bin/env python3\npip\nEOF", CommandUsed)] == ["python3"]
    found = events("RUN <<-EOF\n\t#!/bin/bash -e\n\tpip install b; c\n\tEOF", CommandUsed)
    assert [(event.name, event.guarded) for event in found] == [("/bin/bash", False), ("pip", False), ("c", False)]
    (made,) = events("RUN cat <<EOF > /r.txt && pip install -r /r.txt\nflask\nEOF", FileMade)
    assert (made.path, made.command.redirects[0].target.value) == ("/r.txt", "flask\n")
    assert made.command.redirects[0].target.span.line == 3


def test_run_mounts(events):
    text = (
        "WORKDIR /w\nENV D=sub\n"
        "RUN --mount=type=bind,source=$D/r.txt,target=r.txt --mount=type=cache,target=/var/lib/apt,sharing=locked "
        "--mount=type=secret,id=pip --mount=from=b,src=x,dst=/y pip install -r r.txt"
    )
    mounts = [event.mount for event in events(text, FilesMounted)]
    assert [tuple(mount)[:5] for mount in mounts] == [
        ("bind", "sub/r.txt", "/w/r.txt", None, None),
        ("cache", None, "/var/lib/apt", None, None),
        ("secret", None, "/run/secrets/pip", None, "pip"),
        ("bind", "/x", "/y", "b", None),
    ]
    assert events(text, Install)[0].mounts == tuple(mounts)


@pytest.mark.parametrize(
    "text",
    [
        'SHELL ["powershell", "-Command"]\nRUN Get-Item',
        'SHELL ["cmd", "/S", "/C"]\nCMD dir',
        "RUN <<E\n" + "echo aaaaaaaaaaaaaaaaaaaaaaaaaaa\n" * 3_000 + "E",
    ],
)
def test_unread_scripts_are_told(events, text):
    assert [type(event) for event in events(text)] == [ScriptUnread]


def test_the_shell_instruction_sets_options(events):
    text = 'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN apt-get update; apt-get install a'
    assert not events(text, ListsUpdated)[0].tolerated
    text = 'SHELL ["conda", "run", "-n", "e", "/bin/bash", "-c"]\nRUN pip install a'
    assert events(text, Install)


def test_platforms_decide(events):
    text = 'RUN if [ "$(uname -m)" = aarch64 ]; then apt-get install a; else apt-get install b; fi'
    for platform, name in (("linux/amd64", "b"), ("linux/arm64", "a")):
        (event,) = events(text, PackagesAdded, platform=platform)
        assert (values(event.names), event.conditional) == ([name], False)


def test_apt_configuration_counts_from_then_on(events):
    settings = "RUN echo 'APT::Install-Recommends \"0\";' > /etc/apt/apt.conf.d/99x"
    text = f"RUN apt-get install a\n{settings}\nRUN apt-get install b"
    assert [event.recommends for event in events(text, PackagesAdded)] == [None, False]
    assert events(f"FROM x AS a\n{text}\nFROM a\nRUN apt-get install c", PackagesAdded)[0].recommends is False
    text = "COPY <<x /etc/apt/apt.conf.d/\nAPT::Install-Recommends 0;\nx\nRUN apt-get install b"
    assert events(text, PackagesAdded)[0].recommends is False


def test_installs_see_variables_settings_and_folders(events):
    text = "WORKDIR /app\nENV PIP_NO_BINARY=x\nRUN export UV_LINK_MODE=copy; pip install -r r.txt"
    (event,) = events(text, Install)
    assert event.environment["PIP_NO_BINARY"] == "x"
    assert event.environment["UV_LINK_MODE"] == "copy"
    assert event.environment["HOME"] == "/root"
    assert event.directory == "/app"
    assert not events("RUN poetry install", Install)[0].system
    assert events("RUN poetry config virtualenvs.create false\nRUN poetry install", Install)[-1].system


def test_unknown_variables_reach_installs(events):
    assert events("RUN export PIP_INDEX_URL=$(cat /s) && pip install a", Install)[0].secret


def test_venvs(events):
    found = events("RUN python -m venv /v && . /v/bin/activate && pip install a", (VenvMade, VenvActivated, Install))
    assert [type(event) for event in found] == [VenvMade, VenvActivated, Install]
    assert found[1].path == "/v"
    assert found[2].environment["VIRTUAL_ENV"] == "/v"
