"""pip.conf in the image: which files count, and what comes before them."""

from __future__ import annotations

import pytest

from fromlint.model.build import InstallOptions
from fromlint.model.files import FileUnknown
from fromlint.requirements.gather import gather

A, B, C = "https://a.example/simple", "https://b.example/simple", "https://c.example/simple"


def conf(**values: str) -> str:
    lines = [f"{key.replace('_', '-')} = {value}" for key, value in values.items()]
    return "[global]\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("path", "variables"),
    [
        ("/etc/pip.conf", {}),
        ("/etc/xdg/pip/pip.conf", {}),
        ("/root/.pip/pip.conf", {}),
        ("/root/.config/pip/pip.conf", {}),
        ("/home/app/.config/pip/pip.conf", {"HOME": "/home/app"}),
        ("/opt/venv/pip.conf", {"VIRTUAL_ENV": "/opt/venv"}),
        ("/usr/local/pip.conf", {}),
        ("/app/my.conf", {"PIP_CONFIG_FILE": "my.conf"}),
    ],
)
def test_where_it_may_stand(gathered, path, variables):
    needs = gathered("pip", {path: conf(index_url=A)}, requirements=("flask",), environment=variables)
    assert needs.options.index_url == A
    assert [name for name in needs.read if name.endswith(".conf")] == [path]


def test_where_it_does_not_count(gathered):
    files = {"/etc/pip.conf": conf(index_url=A)}
    assert gathered("uv-pip", files, requirements=("flask",)).options.index_url is None
    switched_off = {"PIP_CONFIG_FILE": "/dev/null"}
    assert gathered("pip", files, requirements=("flask",), environment=switched_off).options.index_url is None
    assert gathered("pip", {"/app/pip.conf": conf(index_url=A)}, requirements=("x",)).options.index_url is None


def test_the_nearer_file_and_the_commands_own_section_come_first(gathered):
    files = {
        "/etc/pip.conf": conf(index_url=A, extra_index_url=f"{B}\n  {C}", only_binary=":all:", pre="yes"),
        "/root/.config/pip/pip.conf": f"[install]\nindex_url = {C}\n[wheel]\npre = no\n",
    }
    options = gathered("pip", files, requirements=("flask",)).options
    assert (options.index_url, options.extra_index_urls, options.only_binary, options.pre) == (
        C,
        (B, C),
        (":all:",),
        True,
    )
    assert gathered("pip", files, requirements=("flask",), action="wheel").options.index_url == A


def test_the_line_and_the_variables_come_before_it(gathered):
    files = {"/etc/pip.conf": conf(index_url=A, extra_index_url=B), "/app/r.txt": f"flask\n--extra-index-url {C}\n"}
    on_the_line = InstallOptions(index_url=C)
    assert gathered("pip", files, requirements=("x",), options=on_the_line).options.index_url is None
    by_variable = gathered("pip", files, requirements=("x",), environment={"PIP_EXTRA_INDEX_URL": C})
    assert by_variable.options.extra_index_urls == ()
    further = InstallOptions(extra_index_urls=("https://d.example",))
    options = gathered("pip", files, files=("r.txt",), options=further).options
    assert (options.index_url, options.extra_index_urls) == (A, (B, "https://d.example", C))


def test_its_constraints_and_what_else_it_says(gathered):
    files = {
        "/etc/pip.conf": conf(constraint="/app/c.txt", break_system_packages="true", no_deps="1"),
        "/app/c.txt": "flask<3\n",
    }
    needs = gathered("pip", files, requirements=("flask",), environment={"PIP_NO_DEPS": "0"})
    assert [constraint.specifier for constraint in needs.constraints] == ["<3"]
    assert needs.configuration == {"constraint": "/app/c.txt", "break-system-packages": "true"}


def test_one_that_the_build_makes_leaves_the_index_unknown(install, environment, in_memory):
    class Made(FileUnknown):
        made = "RUN envsubst"

    class Files(in_memory):
        def read(self, path):
            if path == "/etc/pip.conf":
                raise Made("made during the build")
            return super().read(path)

    needs = gather(install("pip", requirements=("flask",)), Files({}), environment())
    assert "/etc/pip.conf" in (needs.index_unknown or "")
    unknown = in_memory({}, frozenset({"/etc/pip.conf"}))
    assert gather(install("pip", requirements=("flask",)), unknown, environment()).index_unknown is None


@pytest.mark.parametrize(
    "content", ["\0\xff", "[global", "index-url = x", "[global]\nindex-url\n", "%(a)s\n[a]\n[a]\n"]
)
def test_what_is_no_configuration_says_nothing(gathered, content):
    needs = gathered("pip", {"/etc/pip.conf": content}, requirements=("flask",))
    assert needs.options.index_url is None
    assert [requirement.name for requirement in needs.requirements] == ["flask"]
