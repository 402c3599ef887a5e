"""What stages take from each other: files, environments, wheels; and which stage is shipped."""

import pytest

ON_PATH = "ENV PATH=/env/bin:$PATH\nRUN pip install flask"
IN_PROJECT = "RUN poetry config virtualenvs.in-project true && cd /app && poetry install"
PROJECT = """
[project]
name = "app"
version = "1"
dependencies = ["flask"]
[project.optional-dependencies]
pg = ["psycopg2"]
"""


@pytest.mark.parametrize(
    ("make", "install", "source", "site"),
    [
        ("RUN python -m venv /venv", "RUN /venv/bin/pip install flask", "/venv", "/venv"),
        ("RUN python3 -m venv /venv", "RUN . /venv/bin/activate && pip install flask", "/venv", "/venv"),
        ("RUN virtualenv /env", ON_PATH, "/env", "/env"),
        ("ENV VIRTUAL_ENV=/env\nRUN python -m venv $VIRTUAL_ENV", ON_PATH, "/env", "/env"),
        ("RUN uv venv /venv", "ENV VIRTUAL_ENV=/venv\nRUN uv pip install flask", "/venv", "/venv"),
        ("WORKDIR /app\nRUN uv venv", "RUN uv pip install flask", "/app", "/app/.venv"),
        ("", "RUN pip install --prefix=/install flask", "/install", "/install"),
        ("", "RUN pip install --prefix /install flask", "/install/lib", "/install"),
        ("", "RUN pip install -t /packages flask", "/packages", "/packages"),
        ("ENV PIP_TARGET=/packages", "RUN pip install flask", "/packages/", "/packages"),
        ("", "RUN pip install --user flask", "/root/.local", "/root/.local"),
        ("ENV PIP_USER=1", "RUN pip install flask", "/root/.local", "/root/.local"),
        ("USER app", "RUN pip install --user flask", "/home/app/.local", "/home/app/.local"),
        ("ENV HOME=/data", "RUN pip install --user flask", "/data/.local", "/data/.local"),
        ("", "RUN pip install flask", "/usr/local/lib/python3.12/site-packages", "/usr/local"),
        ("", "RUN pip install --root /out flask", "/out", "/out/usr/local"),
        ("RUN python -m venv /a/venv", "RUN /a/venv/bin/python -m pip install flask", "/a", "/a/venv"),
        ("RUN python -m venv /venv", "RUN cd / && venv/bin/pip install flask", "/venv", "/venv"),
        ("RUN pip install poetry", IN_PROJECT, "/app/.venv", "/app/.venv"),
    ],
)
def test_where_an_install_goes_and_that_it_is_shipped(check, make, install, source, site):
    ending = f"FROM python:3.12-slim\nCOPY --from=build {source} {source}\n"
    found = check(f"FROM python:3.12-slim AS build\n{make}\n{install}\n{ending}")
    last = [each for facts in found.project.stages for each in facts.installs][-1]
    assert (last.site, last.shipped) == (site, True)


def test_what_is_not_copied_is_not_shipped(check):
    found = check(
        """
        FROM python:3.12-slim AS build
        RUN python -m venv /opt/venv && /opt/venv/bin/pip install flask
        FROM python:3.12-slim
        COPY --from=build /opt/app /opt/app
        """
    )
    assert not found.install().shipped


@pytest.mark.parametrize("name", ["build", "BUILD", "0"])
def test_a_stage_is_named_in_any_case_or_counted(check, name):
    found = check(
        f"""
        FROM python:3.12-slim AS build
        RUN pip install --prefix=/install flask
        FROM python:3.12-slim
        COPY --from={name} /install /usr/local
        """
    )
    assert found.install().shipped


def test_an_environment_is_followed_through_two_stages_and_to_another_path(check):
    found = check(
        """
        FROM python:3.12-slim AS first
        RUN pip install --prefix=/install flask
        FROM debian:trixie-slim AS second
        COPY --from=first /install /packages/python
        FROM python:3.12-slim
        COPY --from=second /packages /opt
        """
    )
    assert found.install().shipped


def test_a_requirements_file_is_found_through_two_stages(check):
    found = check(
        """
        FROM debian:trixie AS files
        WORKDIR /src
        COPY requirements ./requirements/
        FROM scratch AS only
        COPY --from=files /src/requirements/base.txt /needs/
        FROM python:3.12-slim
        RUN --mount=type=bind,from=only,source=/needs,target=/needs pip install -r /needs/base.txt
        """,
        {"requirements/base.txt": "flask\n"},
    )
    assert found.names() == ["flask"]
    assert found.install().needs.read == ("requirements/base.txt",)


@pytest.mark.parametrize(
    "take",
    [
        "COPY --from=build /wheels /wheels\nRUN pip install /wheels/*",
        "COPY --from=build /wheels/ /wheels/\nRUN pip install /wheels/*.whl",
        "COPY --from=build /wheels/*.whl /tmp/w/\nRUN pip install --no-cache-dir /tmp/w/*.whl && rm -rf /tmp/w",
        "WORKDIR /w\nCOPY --from=build /wheels .\nRUN pip install *.whl",
        "RUN --mount=type=bind,from=build,source=/wheels,target=/wheels pip install /wheels/*",
        "RUN --mount=from=build,src=/wheels,dst=/mnt uv pip install --system /mnt/*.whl",
        "COPY --from=build /wheels /wheels\nRUN pip install $(ls /wheels/*.whl)",
        "COPY --from=build /wheels /wheels\nRUN find /wheels -name '*.whl' | xargs pip install",
        "COPY --from=build /wheels /wheels\nRUN pip install --no-index --find-links=/wheels psycopg2",
        "COPY --from=build /wheels /wheels\nRUN pip install --no-index -f /wheels psycopg2 anything-else",
        "COPY --from=build /wheels /wheels\nRUN pip install --find-links /wheels -r requirements.txt",
        "COPY --from=build /wheels /wheels\nENV PIP_FIND_LINKS=/wheels\nRUN pip install -r requirements.txt",
    ],
)
@pytest.mark.parametrize("make", ["pip wheel -r requirements.txt -w /wheels", "cd /wheels && pip wheel psycopg2"])
def test_wheels_of_an_earlier_stage_are_judged_there_only(check, make, take):
    lines = "\n".join(["FROM python:3.12-slim", "COPY requirements.txt .", take])
    found = check(
        f"FROM python:3.12-slim AS build\nCOPY requirements.txt .\nRUN {make}\n{lines}\n",
        {"requirements.txt": "psycopg2==2.9.10\n"},
    )
    first, last = (facts.installs[0] for facts in found.project.stages)
    assert [package.package.name for package in first.packages] == ["psycopg2"]
    assert first.shipped
    assert last.packages == ()
    assert last.needs.unknown == last.needs.bad == ()


@pytest.mark.parametrize("kind", ["bind", "cache"])
def test_wheels_of_another_stage_may_be_mounted(check, kind):
    found = check(
        f"""
        FROM python:3.12 AS build
        RUN pip wheel psycopg2==2.9.10 -w /tmp/wheels
        FROM python:3.12-slim
        RUN --mount=type={kind},from=build,source=/tmp/wheels,target=/tmp/wheels \\
            pip install --find-links=/tmp/wheels/ psycopg2 flask
        """
    )
    assert found.names(5) == ["flask"]


def test_what_the_wheels_do_not_have_is_judged_where_it_is_installed(check):
    found = check(
        """
        FROM python:3.12-slim AS build
        RUN pip wheel psycopg2==2.9.10 -w /wheels
        FROM python:3.12-slim
        COPY --from=build /wheels /wheels
        RUN pip install --find-links=/wheels psycopg2 flask
        """
    )
    assert found.names(5) == ["flask"]


@pytest.mark.parametrize(
    ("build", "take", "names"),
    [
        ("python -m build --wheel", "COPY --from=build /src/dist/*.whl /tmp/\nRUN pip install /tmp/*.whl", ["flask"]),
        ("poetry build -f wheel", "COPY --from=build /src/dist /dist\nRUN pip install /dist/*.whl", ["flask"]),
        ("uv build --wheel -o /out", "COPY --from=build /out/*.whl /\nRUN pip install /*.whl", ["flask"]),
        ("python setup.py bdist_wheel", "COPY --from=build /src/dist .\nRUN pip install ./*.whl", ["flask"]),
        (
            "python setup.py sdist bdist_wheel",
            "COPY --from=build /src/dist/*.tar.gz /tmp/\nRUN pip install /tmp/*.tar.gz",
            ["flask"],
        ),
        (
            "uvx --from build pyproject-build --installer uv --wheel",
            "COPY --from=build /src/dist /w\nRUN pip install /w/*.whl",
            ["flask"],
        ),
        ("uvx maturin@1.8 build -r -o /out", "COPY --from=build /out /w\nRUN pip install /w/*.whl", ["flask"]),
        ("pipx run build", "COPY --from=build /src/dist /w\nRUN pip install /w/*.whl", ["flask"]),
        ("uv tool run hatch build", "COPY --from=build /src/dist /w\nRUN pip install /w/*.whl", ["flask"]),
        ("uv run python -m build", "COPY --from=build /src/dist /w\nRUN pip install /w/*.whl", ["flask"]),
        ("maturin build", "COPY --from=build /src/target/wheels /w\nRUN pip install /w/*.whl", ["flask"]),
        ("python3 -m maturin build --out /out", "COPY --from=build /out /w\nRUN pip install /w/*.whl", ["flask"]),
        (
            "pip wheel --no-deps -w /w .",
            "COPY --from=build /w /w\nRUN pip install /w/app-1-py3-none-any.whl",
            ["flask"],
        ),
        (
            "hatch build",
            "RUN --mount=from=build,source=/src/dist,target=/d pip install /d/*.whl[pg]",
            ["flask", "psycopg2"],
        ),
    ],
)
def test_a_wheel_that_was_built_from_a_project_is_that_project(check, build, take, names):
    found = check(
        f"FROM python:3.12 AS build\nWORKDIR /src\nCOPY . .\nRUN {build}\nFROM python:3.12-slim\n{take}\n",
        {"pyproject.toml": PROJECT},
    )
    needs = found.project.stages[1].installs[0].needs
    assert sorted(each.name for each in needs.requirements if each.kind == "index") == names
    assert (needs.unknown, needs.bad) == ((), ())


@pytest.mark.parametrize("words", ["", "-o pylock.toml ", "--output=./pylock.toml "])
@pytest.mark.parametrize(("minor", "codes"), [("3.14", []), ("3.12", ["FL904"])])
def test_what_pip_lock_writes_is_what_it_was_told(check, words, minor, codes):
    lines = f"COPY r.txt .\nRUN pip lock {words}-r r.txt\nRUN pip install -r pylock.toml\n"
    found = check(f"FROM python:{minor}-slim-trixie\n{lines}", {"r.txt": "flask\n"})
    assert [each.name for each in found.project.stages[0].installs[0].needs.requirements] == ["flask"]
    assert [code for code in found.codes if code != "FL901"] == codes


def test_a_pattern_of_files_that_nothing_is_known_of_is_unknown_and_no_error(check):
    found = check("FROM python:3.12-slim\nRUN ./fetch /vendor\nRUN pip install /vendor/*.whl\n", {"vendor/x.whl": b""})
    assert found.codes == ["FL908"]


def test_a_pattern_stands_for_files_of_the_context_that_pip_may_refuse(check):
    found = check("FROM python:3.12-slim\nCOPY vendor /vendor\nRUN pip install /vendor/*.whl\n", {"vendor/x.whl": b""})
    assert found.codes == ["FL904"]


@pytest.mark.parametrize(
    "command",
    [
        "uv export --format requirements-txt --output-file requirements.txt",
        "uv export > requirements.txt",
        "uv export --no-dev -o /x/requirements.txt && cp /x/requirements.txt .",
        "uvx uv@0.9 export -o requirements.txt",
    ],
)
def test_an_exported_requirements_file_is_what_the_lock_says(check, command):
    lock = """
        version = 1
        requires-python = ">=3.12"
        [[package]]
        name = "app"
        version = "1"
        source = { virtual = "." }
        dependencies = [{ name = "flask" }]
        [[package]]
        name = "flask"
        version = "3.0.3"
        source = { registry = "https://pypi.org/simple" }
    """
    found = check(
        f"""
        FROM python:3.12-slim AS lock
        WORKDIR /app
        COPY pyproject.toml uv.lock ./
        RUN {command}
        FROM python:3.12-slim
        COPY --from=lock /app/requirements.txt /tmp/
        RUN pip install -r /tmp/requirements.txt
        """,
        {"pyproject.toml": PROJECT, "uv.lock": lock},
    )
    assert "flask" in found.names()
    assert found.install().needs.locked is not None


def test_onbuild_is_carried_into_the_child_stage_and_not_further(check):
    found = check(
        """
        FROM python:3.12-slim AS base
        WORKDIR /app
        ONBUILD COPY requirements.txt .
        ONBUILD RUN pip install -r requirements.txt
        FROM base AS child
        FROM child
        """,
        {"requirements.txt": "flask\n"},
    )
    assert [len(facts.installs) for facts in found.project.stages] == [0, 1, 0]
    assert found.names() == ["flask"]
    assert found.install().install.span.line == 4


DEV = "FROM base AS dev\nRUN pip install pytest\n"
PROD = "FROM base AS prod\nRUN pip install gunicorn\n"


@pytest.mark.parametrize(
    ("ending", "target", "expected"),
    [
        (DEV + PROD, None, ["base", "prod"]),
        (PROD + DEV, None, ["base", "dev"]),
        (PROD + DEV, "prod", ["base", "prod"]),
        (PROD + DEV, "1", ["base", "prod"]),
        (PROD + "FROM prod AS last\n", None, ["base", "prod", "last"]),
    ],
)
def test_which_stages_are_shipped(check, ending, target, expected):
    found = check("FROM python:3.12-slim AS base\n" + ending, target=target)
    assert [facts.stage.name for facts in found.project.stages if facts.stage.shipped] == expected


def test_packages_that_are_removed_again_are_gone(check):
    found = check(
        """
        FROM python:3.12-alpine
        RUN apk add --no-cache --virtual .build-deps gcc musl-dev && apk del .build-deps
        RUN pip install psycopg2==2.9.10
        """
    )
    (finding,) = found.found("FL201")
    assert "gcc" in finding.missing


def test_packages_that_are_purged_with_what_they_brought(check):
    found = check(
        """
        FROM python:3.12-slim
        RUN apt-get update && apt-get install -y build-essential libpq-dev \\
            && pip install psycopg2==2.9.10 && apt-get purge -y --auto-remove build-essential libpq-dev
        RUN pip install --force-reinstall --no-binary :all: psycopg2==2.9.10
        """
    )
    assert [finding.span.line for finding in found.found("FL201")] == [4]


def test_a_library_that_comes_with_copied_system_folders_is_not_missing(check):
    found = check(
        """
        FROM debian:trixie AS libraries
        RUN mkdir /install
        FROM python:3.12-slim AS build
        RUN apt-get update && apt-get install -y gcc libpq-dev && pip install --prefix=/out psycopg2==2.9.10
        FROM python:3.12-slim
        COPY --from=libraries /install/usr /usr
        COPY --from=build /out /usr/local
        """
    )
    assert found.found("FL301") == []


def test_uv_brings_the_python_that_it_is_asked_for(check):
    found = check(
        """
        FROM debian:trixie-slim
        COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/
        ENV UV_PYTHON_PREFERENCE=only-managed
        RUN uv python install 3.12
        WORKDIR /app
        COPY pyproject.toml .
        RUN uv sync
        """,
        {"pyproject.toml": PROJECT},
    )
    assert found.install(7).python.version == "3.12"


def test_uv_obeys_a_python_version_file(check):
    found = check(
        """
        FROM python:3.12-slim
        WORKDIR /app
        COPY . .
        RUN uv sync
        """,
        {"pyproject.toml": PROJECT, ".python-version": "3.13\n"},
    )
    assert found.install().python.version == "3.13"
