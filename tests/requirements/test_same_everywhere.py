"""The same projects, locked by five tools (and by older ones of them), give the same packages from each.

``storefront`` has 26 dependencies of its own with extras and markers, two groups and two extras; all of its locks were made
on one day.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fromlint.model.requirement import Needs

MAIN = {
    "anyio": "4.16.0",
    "certifi": "2026.10.18",
    "h11": "0.16.0",
    "httpcore": "1.0.9",
    "httpx": "0.28.1",
    "idna": "3.20",
    "jinja2": "3.1.6",
    "markupsafe": "3.0.4",
    "psycopg2": "2.9.10",
    "socksio": "1.0.0",
    "typing-extensions": "4.16.0",
    "uvloop": "0.23.0",
}
DEVELOPMENT = {"iniconfig": "2.3.1", "pyyaml": "6.0.3"}
EXTRA = {"orjson": "3.13.0"}

# Only the project's own dependencies, as an image takes them.
BARE = [
    ("uv-sync", "uv", {"default_groups": False}),
    ("uv-export", "uv", {"action": "export", "without_groups": ("dev",)}),
    ("uv-pip", "pylock", {"files": ("pylock.toml",)}),
    ("poetry", "poetry", {"only_groups": ("main",)}),
    ("poetry", "poetry", {"without_groups": ("dev", "lint")}),
    ("poetry", "poetry-2.0", {"only_groups": ("main",)}),
    ("poetry", "poetry-1.1", {"without_groups": ("dev",)}),
    ("poetry", "poetry-1.1", {"action": "export", "default_groups": False}),
    ("pdm", "pdm", {"default_groups": False}),
    ("pipenv", "pipenv", {"frozen": True, "system": True}),
]


def versions(needs: Needs) -> dict[str, str]:
    assert needs.locked is not None
    assert (needs.missing, needs.unreadable, needs.bad, needs.unknown) == ((), (), (), ())
    return {locked.name: locked.version for locked in needs.locked}


@pytest.mark.parametrize(("tool", "project", "fields"), BARE)
def test_main_dependencies(
    gathered: Callable[..., Needs],
    recorded: Callable[[str], dict[str, bytes]],
    tool: str,
    project: str,
    fields: dict[str, object],
) -> None:
    if project == "pylock":  # was exported with all groups: they are part of it
        assert versions(gathered(tool, recorded(project), **fields)) == MAIN | DEVELOPMENT | EXTRA
    else:
        assert versions(gathered(tool, recorded(project), **fields)) == MAIN


def test_pip_compiled(gathered: Callable[..., Needs], recorded: Callable[[str], dict[str, bytes]]) -> None:
    needs = gathered("pip", recorded("pip"), files=("requirements.txt",))
    found = {requirement.name: requirement.specifier for requirement in needs.requirements}
    assert found == {name: f"=={version}" for name, version in MAIN.items()}
    assert needs.options.require_hashes
    assert all(len(requirement.hashes) >= 2 for requirement in needs.requirements)


@pytest.mark.parametrize(
    ("tool", "project", "fields"),
    [
        ("uv-sync", "uv", {}),
        ("poetry", "poetry", {}),
        ("poetry", "poetry-2.0", {}),
        ("poetry", "poetry-1.1", {}),
        ("pipenv", "pipenv", {"groups": ("develop",), "default_groups": True}),
    ],
)
def test_development_groups(
    gathered: Callable[..., Needs],
    recorded: Callable[[str], dict[str, bytes]],
    tool: str,
    project: str,
    fields: dict[str, object],
) -> None:
    assert versions(gathered(tool, recorded(project), **fields)) == MAIN | DEVELOPMENT


@pytest.mark.parametrize(
    ("tool", "project", "fields"),
    [
        ("uv-sync", "uv", {"extras": ("fast",)}),
        ("uv-sync", "uv", {"all_extras": True}),
        ("poetry", "poetry", {"extras": ("fast",)}),
        ("poetry", "poetry-2.0", {"extras": ("fast",)}),
        ("poetry", "poetry-1.1", {"all_extras": True}),
        ("pdm", "pdm", {}),  # all that the lock was made for
    ],
)
def test_extras(
    gathered: Callable[..., Needs],
    recorded: Callable[[str], dict[str, bytes]],
    tool: str,
    project: str,
    fields: dict[str, object],
) -> None:
    assert versions(gathered(tool, recorded(project), **fields)) == MAIN | DEVELOPMENT | EXTRA


@pytest.mark.parametrize(
    ("tool", "project", "fields"),
    [
        ("uv-sync", "uv", {"only_groups": ("dev",)}),
        ("poetry", "poetry", {"only_groups": ("dev", "lint")}),
        ("pdm", "pdm", {"only_groups": ("dev",)}),
        ("pipenv", "pipenv", {"only_groups": ("develop",)}),
    ],
)
def test_a_group_alone(
    gathered: Callable[..., Needs],
    recorded: Callable[[str], dict[str, bytes]],
    tool: str,
    project: str,
    fields: dict[str, object],
) -> None:
    assert versions(gathered(tool, recorded(project), **fields)) == DEVELOPMENT


@pytest.mark.parametrize(
    ("tool", "project"),
    [("uv-sync", "uv"), ("poetry", "poetry"), ("poetry", "poetry-2.0"), ("poetry", "poetry-1.1"), ("pdm", "pdm")],
)
def test_chains_and_files(
    gathered: Callable[..., Needs], recorded: Callable[[str], dict[str, bytes]], tool: str, project: str
) -> None:
    locked = {package.name: package for package in gathered(tool, recorded(project)).locked or ()}
    assert locked["psycopg2"].parents == ()
    assert locked["markupsafe"].parents == ("jinja2",)
    assert locked["h11"].parents == ("httpx", "httpcore")
    assert locked["socksio"].parents == ("httpx",)
    files = locked["markupsafe"].files
    assert files is not None
    names = {file.filename for file in files}
    assert "markupsafe-3.0.4.tar.gz" in names
    assert any("musllinux_1_2_x86_64" in name for name in names)
    assert all(file.hashes[0].startswith("sha256:") for file in files)


@pytest.mark.parametrize(
    ("tool", "project", "lock"),
    [
        ("uv-sync", "uv", "uv.lock"),
        ("poetry", "poetry", "poetry.lock"),
        ("poetry", "poetry-1.1", "poetry.lock"),
        ("pdm", "pdm", "pdm.lock"),
        ("uv-pip", "pylock", "pylock.toml"),
        ("pipenv", "pipenv", "Pipfile.lock"),
    ],
)
def test_places(
    gathered: Callable[..., Needs],
    recorded: Callable[[str], dict[str, bytes]],
    tool: str,
    project: str,
    lock: str,
) -> None:
    files = recorded(project)
    lines = files[f"/app/{lock}"].decode().split("\n")
    fields = {"files": ("pylock.toml",)} if project == "pylock" else {}
    found = gathered(tool, files, **fields).locked or ()
    assert found
    for package in found:
        where = package.span
        assert where.file == lock
        assert where.line == where.end_line
        text = lines[where.line - 1][where.column - 1 : where.end_column - 1]
        assert text in (f'name = "{package.name}"', f'"{package.name}"')


@pytest.mark.parametrize(("tool", "project"), [("uv-sync", "uv"), ("poetry", "poetry"), ("pdm", "pdm")])
def test_windows_only_packages_are_left_out_and_come_on_windows(
    gathered: Callable[..., Needs], recorded: Callable[[str], dict[str, bytes]], tool: str, project: str
) -> None:
    here = gathered(tool, recorded(project))
    there = gathered(tool, recorded(project), platform="windows/amd64")
    assert "colorama" not in {package.name for package in here.locked or ()}
    assert {"colorama"} <= {package.name for package in there.locked or ()}
    assert "uvloop" not in {package.name for package in there.locked or ()}


# --- a larger one -----------------------------------------------------------------------------------------------------

PYTHON = {"python": "3.11.9"}
# pipenv's lock has lost the marker with which redis asks for it (python_full_version < '3.11.3'): pipenv installs it.
UNMARKED = {"async-timeout": "5.0.1"}
STOREFRONT = [
    ("uv-sync", "uv", {"default_groups": False}),
    ("poetry", "poetry", {"only_groups": ("main",)}),
    ("pdm", "pdm", {"default_groups": False}),
    ("pipenv", "pipenv", {"frozen": True, "system": True}),
]


def asked(needs: Needs) -> dict[str, str]:
    """What is pinned, by whichever means."""
    if needs.locked is not None:
        return {locked.name: locked.version for locked in needs.locked if locked.source == "index"}
    return {requirement.name: requirement.specifier.removeprefix("==") for requirement in needs.requirements}


def test_a_shop_from_each_lock(gathered: Callable[..., Needs], recorded: Callable[[str], dict[str, bytes]]) -> None:
    found = {}
    for tool, project, fields in STOREFRONT:
        needs = gathered(tool, recorded(f"storefront/{project}"), **PYTHON, **fields)
        assert (needs.missing, needs.unreadable, needs.bad, needs.unknown) == ((), (), (), ()), project
        found[project] = asked(needs)
    found["pip"] = asked(gathered("pip", recorded("storefront/pip"), files=("requirements.txt",), **PYTHON))
    expected = found["uv"]
    assert len(expected) == 68
    assert {"psycopg-binary", "h2", "uvloop", "boto3", "email-validator", "kombu"} <= expected.keys()
    assert not {"pywin32", "tomli", "pytest", "pandas", "colorama"} & expected.keys()
    for project, names in found.items():
        assert names == expected | (UNMARKED if project == "pipenv" else {}), project


@pytest.mark.parametrize(
    ("tool", "project", "fields"),
    [
        ("uv-sync", "uv", {"all_groups": True}),
        ("poetry", "poetry", {}),
        ("pdm", "pdm", {"groups": ("dev", "docs")}),
        ("pipenv", "pipenv", {"groups": ("develop",), "default_groups": True}),
    ],
)
def test_the_shops_groups(
    gathered: Callable[..., Needs],
    recorded: Callable[[str], dict[str, bytes]],
    tool: str,
    project: str,
    fields: dict[str, object],
) -> None:
    all_groups = asked(gathered("uv-sync", recorded("storefront/uv"), all_groups=True, **PYTHON))
    found = asked(gathered(tool, recorded(f"storefront/{project}"), **PYTHON, **fields))
    assert {"pytest-xdist", "mypy", "sphinx", "furo"} <= found.keys()
    assert found.keys() - UNMARKED.keys() == all_groups.keys()


@pytest.mark.parametrize(("tool", "project"), [("uv-sync", "uv"), ("poetry", "poetry"), ("pdm", "pdm")])
def test_the_shops_extras(
    gathered: Callable[..., Needs], recorded: Callable[[str], dict[str, bytes]], tool: str, project: str
) -> None:
    only = {"only_groups": ("main",)} if tool == "poetry" else {"default_groups": False}
    files = recorded(f"storefront/{project}")
    plain = asked(gathered(tool, files, **PYTHON, **only))
    word = "groups" if tool == "pdm" else "extras"
    ldap = asked(gathered(tool, files, **{word: ("ldap",)}, **PYTHON, **only))
    reports = asked(gathered(tool, files, **{word: ("reports",)}, **PYTHON, **only))
    assert ldap.keys() - plain.keys() == {"python-ldap", "django-auth-ldap", "pyasn1", "pyasn1-modules"}
    assert {"pandas", "numpy", "matplotlib", "python-snappy", "contourpy"} <= reports.keys() - plain.keys()
