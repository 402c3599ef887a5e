"""What is recommended and why, on small projects."""

import json

import pytest
from click.testing import CliRunner

from fromlint.advice import html, markdown, text, wording
from fromlint.advice import json as as_json
from fromlint.cli import cli

FLASK = "COPY requirements.txt .\nRUN pip install -r requirements.txt\n"


def row(advice, image, platform="linux/amd64"):
    return next(row for row in advice.rows if row.image == image and row.platform == platform)


def test_the_base_on_which_everything_installs_is_taken_before_a_smaller_one(advised, fixture_project):
    advice = advised(fixture_project("alpine-science"))
    assert advice.recommended == "python:3.12-slim-trixie"
    alpine = row(advice, "python:3.12-alpine")
    assert alpine.named("impossible") == ("torch",)
    assert set(alpine.named("compiled")) == {"lightgbm", "psycopg2", "scikit-learn"}
    assert alpine.sizes.base_packed < row(advice, advice.recommended).sizes.base_packed


def test_packages_to_add_are_those_of_all_builds_together_without_what_others_bring(advised, fixture_project):
    # scikit-learn and lightgbm take g++, psycopg2 gcc and musl-dev, which g++ brings.
    advice = advised(fixture_project("alpine-science"))
    assert row(advice, "python:3.12-alpine").build == ("g++", "libpq-dev")
    assert row(advice, "python:3.12-slim-trixie").run == ("libgomp1", "libpq5")


@pytest.mark.parametrize(
    ("tools", "lacking"),
    [
        ("build-essential libpq-dev", None),
        ("g++ libpq-dev", None),
        ("clang libc6-dev libpq-dev", None),
        ("gcc libpq-dev", "libc6-dev"),
        ("gcc libc6-dev", "libpq-dev"),
    ],
)
def test_packages_that_do_as_well_are_not_to_be_replaced(advised, project, tools, lacking):
    image = "python:3.12-slim-trixie"
    install = f"RUN apt-get update && apt-get install -y --no-install-recommends {tools}\n"
    advice = advised(project(f"FROM {image}\n{install}{FLASK}", "psycopg2==2.9.10\n"))
    added = [change.partition("recommends ")[2].partition(" &&")[0] for change in row(advice, image).changes]
    assert added == [lacking] if lacking else added == []


@pytest.mark.parametrize(("machine", "other"), [("x86_64", "linux/arm64"), ("aarch64", "linux/amd64")])
def test_what_only_some_platforms_take_says_so(advised, project, machine, other):
    image = "python:3.12-slim-trixie"
    tools = "apt-get update && apt-get install -y gcc libc6-dev libpq-dev"
    dockerfile = f"FROM {image}\nRUN if [ $(uname -m) = {machine} ]; then {tools}; fi\n" + FLASK
    platforms = ("linux/amd64", "linux/arm64")
    advice = advised(project(dockerfile, "psycopg2==2.9.10\n"), platform=platforms)
    assert [bool(row(advice, image, platform).changes) for platform in platforms] == [
        platform == other for platform in platforms
    ]
    (change,) = wording.changes(advice._replace(recommended=image))
    assert change.endswith(f" (to compile) on {other}")


def test_it_says_plainly_when_the_base_in_use_is_the_best(advised, fixture_project):
    advice = advised(fixture_project("slim-opencv"))
    assert advice.recommended == advice.in_use == "python:3.11-slim-bookworm"
    assert "the base in use, python:3.11-slim-bookworm, is the best of those compared" in advice.why[0]


def test_a_binary_twin_is_named_only_where_its_wheel_was_found(advised, fixture_project):
    advice = advised(fixture_project("alpine-compiled"))
    assert advice.what_if == (
        f"replace psycopg2 by psycopg2-binary (2.9.10) and {advice.recommended} needs no compiler",
    )


def test_a_base_without_fixes_loses_against_one_that_does_the_same(advised, project):
    advice = advised(project("FROM python:3.12-alpine3.20\n" + FLASK, "Flask==3.1.0\n"))
    assert advice.recommended == "python:3.12-alpine3.24"
    assert "python:3.12-alpine3.20, the base in use, gets no fixes since 2026-04-01" in advice.why
    assert row(advice, "python:3.12-alpine3.20").ended


def test_other_platforms_are_judged_each_for_itself(advised, fixture_project):
    advice = advised(fixture_project("full-flask"), platform=("linux/amd64", "linux/arm64"))
    assert {row.platform for row in advice.rows} == {"linux/amd64", "linux/arm64"}
    assert len({row.image for row in advice.rows}) * 2 == len(advice.rows)


def test_another_python_is_judged_by_its_own_images(advised, fixture_project):
    advice = advised(fixture_project("python-ahead"), python="3.14")
    assert advice.recommended.startswith("python:3.14-")
    assert "lxml would be compiled: no wheel there yet (lxml 6.0.1 has one)" in advice.why[0]


def test_a_python_without_images_gets_no_recommendation(advised, fixture_project):
    advice = advised(fixture_project("full-flask"), python="3.99")
    assert advice.recommended is None
    assert "no image of Python 3.99 is known" in advice.why[0]


def test_a_named_candidate_of_which_nothing_is_known_stays_and_says_so(advised, fixture_project):
    advice = advised(fixture_project("full-flask"), images=("registry.example.com/own:1",))
    named = row(advice, "registry.example.com/own:1")
    assert not named.usable
    assert "is not in the data" in named.reasons[0]
    assert advice.rows[-1] == named


def test_a_distribution_named_as_candidate_is_judged_by_its_own_python(advised, fixture_project):
    advice = advised(fixture_project("full-flask"), images=("debian:trixie-slim",))
    named = row(advice, "debian:trixie-slim")
    assert len(named.named("ready")) == 9
    assert named.reasons == ("holds no Python: its packages bring 3.13",)


def test_without_installs_there_is_nothing_to_compare(advised, project):
    advice = advised(project("FROM python:3.12-slim\nCMD python\n"))
    assert advice.recommended is None
    assert advice.why == ("the Dockerfile installs no requirements: there is nothing to compare",)


def test_sizes_are_unknown_unless_every_part_is_known(advised, fixture_project):
    advice = advised(fixture_project("alpine-science"))
    for each in advice.rows:
        assert each.total_bytes is None
        assert "the wheels" in each.sizes.not_counted


def test_json_has_what_was_promised(advised, fixture_project):
    document = json.loads(as_json.render(advised(fixture_project("alpine-science"))))
    assert document["version"] == 1
    promised = {
        "image", "platform", "wheels", "source", "none", "unknown", "build_packages", "runtime_packages",
        "base_size_bytes", "estimated_size_bytes", "requirements", "reasons",
    }  # fmt: skip
    for candidate in document["candidates"]:
        assert promised <= candidate.keys()
        counts = sum(candidate[outcome] for outcome in ("wheels", "source", "none", "unknown"))
        assert counts == len(candidate["requirements"])
        for requirement in candidate["requirements"]:
            assert {"name", "version", "outcome", "filename"} <= requirement.keys()
    assert document["recommended"] == "python:3.12-slim-trixie"
    assert document["why"]


@pytest.mark.parametrize("fixture", ["alpine-science", "private-base", "python-ahead"])
def test_text_fits_80_columns(advised, fixture_project, fixture):
    advice = advised(fixture_project(fixture))
    for bar in ("", "#"):
        assert max(map(len, text.render(advice, bar=bar).splitlines())) <= 80


def test_what_comes_from_outside_is_shown_and_not_obeyed(advised, project):
    advice = advised(project("FROM python:3.12-slim\n" + FLASK, "Flask==3.1.0\n"))
    nasty = advice._replace(path="<script>alert(1)</script>\x1b[31m|x", why=("<b>&\x07*x*</b>",))
    page = html.render(nasty)
    assert "<script" not in page
    assert "<b>" not in page
    assert "\x1b" not in page + markdown.render(nasty) + text.render(nasty)
    assert "\\<script\\>" in markdown.render(nasty)


def test_the_page_is_self_contained(advised, fixture_project):
    page = html.render(advised(fixture_project("alpine-science")))
    for word in ("http://", "https://", "src=", "<link", "@import", "url("):
        assert word not in page
    assert page.count('class="bar"') == 5
    assert "<script" not in page


@pytest.mark.parametrize(
    ("number", "words"), [(None, "unknown"), (43_188_023, "43 MB"), (1_240_000_000, "1.2 GB"), (200_000, "0.2 MB")]
)
def test_sizes_in_words(number, words):
    assert wording.size(number) == words


def test_system_packages_weigh_what_they_bring_and_stay_behind_in_a_build_stage(advised, fixture_project):
    slim = row(advised(fixture_project("alpine-science")), "python:3.12-slim-trixie").sizes
    # gcc with all it brings is more than 200 MB; the libraries alone are a few.
    assert slim.building.installed > 200_000_000 > 10_000_000 > slim.running.installed > 0
    assert slim.packages(False) - slim.packages(True) > 30
    assert slim.installed(False) - slim.installed(True) == slim.building.installed - slim.running.installed


def test_what_cannot_be_measured_is_said_to_be_an_estimate(advised, fixture_project):
    advice = advised(fixture_project("alpine-science"))
    assert row(advice, "python:3.12-alpine").sizes.building.estimated
    assert not row(advice, "python:3.12-slim-trixie").sizes.building.estimated
    assert "by Debian's for the same needs" in " ".join(wording.remarks(advice.rows))


def test_tools_in_the_base_do_not_make_an_estimate_small(advised, fixture_project):
    # python-ahead stands on the full image, which has the compiler; Alpine has not.
    building = row(advised(fixture_project("python-ahead")), "python:3.13-alpine3.24").sizes.building
    assert building.estimated
    assert building.installed > 150_000_000


def test_what_compiling_took_is_said_where_it_was_measured(advised, fixture_project):
    advice = advised(fixture_project("python-ahead"))
    assert row(advice, "python:3.13-slim-trixie").minutes == (("lxml", 2.6),)
    assert "compiling took one CPU 2.6 min for lxml" in text.render(advice)


def test_of_bases_about_as_large_the_one_with_fixes_for_longer_is_taken(advised, project):
    advice = advised(project("FROM python:3.12-alpine\n" + FLASK, "psycopg2==2.9.10\nscikit-learn==1.5.2\n"))
    assert advice.recommended == "python:3.12-slim-trixie"
    assert "fixes until 2028-06" in " ".join(advice.why)


def test_a_stage_that_is_not_shipped_is_named_and_not_compared(advised, project):
    stages = "FROM python:3.12-slim AS dev\nRUN pip install psycopg2==2.9.10\n"
    advice = advised(project(stages + "FROM python:3.12-slim\n" + FLASK, "Flask==3.1.0\n"))
    assert advice.apart == ("stage dev (line 1)",)
    assert not any(each.named("compiled") for each in advice.rows)


def test_commands_that_the_other_base_lacks_are_part_of_the_change(advised, project):
    advice = advised(project("FROM python:3.12\nRUN curl -o x https://example.org/\n" + FLASK, "Flask==3.1.0\n"))
    assert "line 2 uses curl, which is not in it: add curl before" in wording.changes(advice)


def call(*arguments):
    return CliRunner().invoke(cli, ["advise", "--offline", "--as-of", "2026-11-22", *arguments], catch_exceptions=False)


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_every_format_names_the_recommendation(advised, fixture_project, form, tmp_path):
    file = tmp_path / "advice"
    assert call("full-flask", "--format", form, "--output", str(file)).exit_code == 0
    assert "python:3.12-alpine3.24" in file.read_text()
    assert call("full-flask", "--format", form).stdout == file.read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "nowhere: no such file or folder"),
        (["full-flask", "--python", "three"], "'three' is not of the form 3.X"),
        (["full-flask", "--candidate", "NO IMAGE"], "'NO IMAGE' is no image reference"),
        (["full-flask", "--build-arg", "X"], "'X' is not of the form K=V"),
        (["full-flask", "--platform", "amd64"], "platform 'amd64' is not of the form"),
        (["."], "has several Dockerfiles, name one of them"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_one_line(advised, fixture_project, arguments, message):
    result = call(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_of_a_folder_with_several_the_one_called_dockerfile_is_taken(advised, project):
    project("FROM python:3.12-slim\n" + FLASK, "Flask==3.1.0\n")
    with open("Dockerfile.dev", "w", encoding="utf-8") as other:
        other.write("FROM python:3.13\n")
    result = call(".")
    assert result.stdout.startswith("Dockerfile: bases compared")
    assert "not looked at: Dockerfile.dev" in result.stderr


def test_a_lock_gives_the_sizes_and_is_read_again_for_another_python(advised, project):
    path = project("FROM python:3.12-slim\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --frozen\n")
    file = 'url = "https://files.example/{}", hash = "sha256:' + "0" * 64 + '", size = {}'
    packages = "".join(
        f'[[package]]\nname = "{name}"\nversion = "1.0"\nsource = {{ registry = "https://index.example/simple" }}\n'
        f"wheels = [{{ {file.format(f'{name}-1.0-py3-none-any.whl', size)} }}]\n\n"
        for name, size in (("always", 1_000_000), ("oldonly", 2_000_000))
    )
    own = (
        '[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "always" }, '
        """{ name = "oldonly", marker = "python_full_version < '3.13'" }]\n\n"""
    )
    with open("uv.lock", "w", encoding="utf-8") as lock:
        lock.write(f'version = 1\nrequires-python = ">=3.10"\n\n{own}{packages}')
    with open("pyproject.toml", "w", encoding="utf-8") as text_file:
        text_file.write('[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.10"\n')
    slim = row(advised(path), "python:3.12-slim")
    assert slim.sizes.wheels_packed == 3_000_000
    assert slim.total_bytes == slim.sizes.base_packed + 3_000_000
    later = row(advised(path, python="3.13"), "python:3.13-slim-trixie")
    assert [entry.name for entry in later.entries] == ["always"]
    assert later.sizes.wheels_packed == 1_000_000
