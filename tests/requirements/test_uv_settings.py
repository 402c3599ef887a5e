"""uv.toml and [tool.uv]: indexes, constraints and overrides, and which file decides."""

from __future__ import annotations

import pytest

PROJECT = '[project]\nname = "app"\nversion = "1"\ndependencies = ["flask>=2", "httpx"]\n'
TOOL = """[tool.uv]
constraint-dependencies = ["werkzeug<3"]
override-dependencies = ["flask==3.0.0"]
[[tool.uv.index]]
url = "https://project.example/simple"
"""


def stated(requirements):
    return [requirement.name + requirement.specifier for requirement in requirements]


@pytest.mark.parametrize("tool", ["uv-sync", "uv-pip"])
def test_constraints_and_overrides(gathered, tool):
    wanted = {"files": ("pyproject.toml",)} if tool == "uv-pip" else {}
    needs = gathered(tool, {"/app/pyproject.toml": PROJECT + TOOL}, **wanted)
    assert stated(needs.constraints) == ["werkzeug<3"]
    assert (needs.constraints[0].span.file, needs.constraints[0].span.line) == ("pyproject.toml", 6)
    assert stated(needs.requirements) == ["httpx", "flask==3.0.0"]
    assert stated(needs.overrides) == ["flask==3.0.0"]
    assert needs.options.extra_index_urls == ("https://project.example/simple",)
    assert needs.unknown == ()


def test_an_override_of_what_packages_ask_is_left_to_the_closure(gathered):
    tool = '[tool.uv]\noverride-dependencies = ["werkzeug==2.0"]\n'
    needs = gathered("uv-sync", {"/app/pyproject.toml": PROJECT + tool})
    assert stated(needs.overrides) == ["werkzeug==2.0"]
    assert needs.unknown == ()


def test_an_override_file(gathered):
    from fromlint.model.build import InstallOptions

    options = InstallOptions(overrides=("o.txt",))
    needs = gathered("uv-pip", {"/app/o.txt": "flask==1.0\n"}, requirements=("flask",), options=options)
    assert stated(needs.requirements) == ["flask==1.0"]


def test_uv_toml_comes_before_the_project_and_the_users_below(gathered):
    files = {
        "/app/pyproject.toml": PROJECT + TOOL,
        "/app/uv.toml": 'constraint-dependencies = ["werkzeug<4"]\n[[index]]\nurl = "https://toml.example"\n',
        "/root/.config/uv/uv.toml": 'index-url = "https://user.example"\n',
        "/etc/uv/uv.toml": 'index-url = "https://system.example"\nextra-index-url = ["https://more.example"]\n',
    }
    needs = gathered("uv-sync", files)
    assert stated(needs.constraints) == ["werkzeug<4"]
    assert needs.options.extra_index_urls == ("https://toml.example", "https://more.example")
    assert needs.options.index_url == "https://user.example"


def test_one_file_for_all_and_none_at_all(gathered):
    files = {"/app/pyproject.toml": PROJECT + TOOL, "/x.toml": 'index-url = "https://x.example"\n'}
    only = gathered("uv-sync", files, environment={"UV_CONFIG_FILE": "/x.toml"})
    assert (only.options.index_url, only.constraints) == ("https://x.example", ())
    none = gathered("uv-sync", files, environment={"UV_NO_CONFIG": "1"})
    assert (none.options.extra_index_urls, none.constraints) == ((), ())


def test_a_tool_is_installed_without_regard_to_the_project(gathered):
    files = {"/app/pyproject.toml": PROJECT + TOOL, "/etc/uv/uv.toml": 'index-url = "https://system.example"\n'}
    needs = gathered("uv-tool", files, requirements=("ruff",))
    assert (needs.options.index_url, needs.options.extra_index_urls) == ("https://system.example", ())


def test_without_sources(gathered):
    from fromlint.model.build import InstallOptions

    tool = (
        '[tool.uv.sources]\nflask = { index = "own" }\n[[tool.uv.index]]\nname = "own"\nurl = "https://own.example"\n'
    )
    files = {"/app/pyproject.toml": PROJECT + tool}
    assert gathered("uv-sync", files).index_urls == {"flask": "https://own.example"}
    assert gathered("uv-sync", files, options=InstallOptions(no_sources=True)).index_urls == {}


def test_settings_that_cannot_be_read(gathered):
    needs = gathered("uv-pip", {"/app/uv.toml": "index-url = \n"}, requirements=("flask",))
    assert [problem.span.file for problem in needs.unreadable] == ["uv.toml"]
    needs = gathered("uv-pip", {"/app/uv.toml": 'constraint-dependencies = ["=="]\n'}, requirements=("flask",))
    assert len(needs.bad) == 1


def test_settings_of_uv_pip_alone(gathered):
    tool = """[tool.uv]
index-url = "https://all.example"
exclude-newer = "2025-01-01"
exclude-newer-package = { Flask = "2024-01-01", httpx = false }
python-downloads = "never"
python-preference = "only-system"
[tool.uv.pip]
index-url = "https://pip.example"
torch-backend = "cpu"
only-binary = [":all:"]
no-binary = ["My_Lib"]
no-deps = true
require-hashes = true
no-build-isolation = true
"""
    files = {"/app/pyproject.toml": PROJECT + tool}
    pip = gathered("uv-pip", files, requirements=("flask",))
    assert pip.options.index_url == "https://pip.example"
    assert pip.options.exclude_newer == "2025-01-01"
    assert pip.options.newer_packages == ("Flask=2024-01-01", "httpx=false")
    assert (pip.options.torch_backend, pip.options.only_binary, pip.options.no_binary) == (
        "cpu",
        (":all:",),
        ("my-lib",),
    )
    assert pip.options.no_deps
    assert pip.options.require_hashes
    assert pip.configuration == {"no-build-isolation": "true"}
    project = gathered("uv-sync", files).options
    assert project.index_url == "https://all.example"
    assert (project.torch_backend, project.only_binary, project.no_deps) == (None, (), False)
    assert (project.python_downloads, project.python_preference) == ("never", "only-system")


@pytest.mark.parametrize(
    ("value", "expected"),
    [('"automatic"', "automatic"), ('"manual"', "manual"), ("false", "never"), ("true", "automatic"), ("3", None)],
)
def test_python_downloads(gathered, value, expected):
    tool = f"[tool.uv]\npython-downloads = {value}\n"
    assert gathered("uv-sync", {"/app/pyproject.toml": PROJECT + tool}).options.python_downloads == expected
