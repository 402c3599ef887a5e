"""Every way a project says what it needs, through the whole pipeline."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from fromlint.model.finding import Severity
from fromlint.model.project import Report
from index_server import JSON, Built, Fault, IndexServer, core_metadata, sdist, wheel
from test_end_to_end.reading import codes, outcomes, said, versions

SLIM = "FROM python:3.12-slim-trixie\nWORKDIR /app\nCOPY . .\n"
ALPINE = "FROM python:3.12-alpine\nWORKDIR /app\nCOPY . .\n"
RECORDED = Path(__file__).parent.parent / "requirements" / "data"

# The recorded project, by the command that installs it as an image has it.
LOCKED = {
    "uv": "uv sync --frozen --no-dev",
    "poetry": "poetry install --only main",
    "poetry-2.0": "poetry install --without dev,lint",
    "poetry-1.1": "poetry install --without dev",
    "pdm": "pdm sync --prod",
    "pipenv": "pipenv sync --system",
    "pip": "pip install -r requirements.txt",
}


@pytest.fixture
def published(server: IndexServer) -> IndexServer:
    """An index that offers what the recorded uv.lock lists: the same names, hashes and dependencies."""
    publish(server, RECORDED / "uv" / "uv.lock")
    return server


def publish(server: IndexServer, path: Path) -> None:
    lock = tomllib.loads(path.read_text())
    for package in lock["package"]:
        entries = []
        needed = [f"{entry['name']}" for entry in package.get("dependencies", ()) if "marker" not in entry]
        for file in (*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else ())):
            if "url" not in file:
                continue
            filename = file["url"].rpartition("/")[2]
            algorithm, _, digest = file["hash"].partition(":")
            entries.append(
                {
                    "filename": filename,
                    "url": f"/files/{filename}",
                    "hashes": {algorithm: digest},
                    "core-metadata": True,
                }
            )
            text = core_metadata(package["name"], package["version"], needed)
            server.fault(f"/files/{filename}.metadata", Fault.answer(text, "application/octet-stream"))
        page = json.dumps({"meta": {"api-version": "1.1"}, "name": package["name"], "files": entries}).encode()
        server.fault(f"/simple/{package['name']}/", Fault.answer(page, JSON))


def test_each_lock_of_a_project_gives_the_same_findings(project, checked, published):
    reports = {}
    for name, command in LOCKED.items():
        for path in project.iterdir():
            path.unlink()
        shutil.copytree(RECORDED / name, project, dirs_exist_ok=True)
        for path in project.glob("Pipfile*"):  # was locked for another Python, which is FL111
            path.write_text(path.read_text().replace('"3.11"', '"3.12"'))
        reports[name] = checked(ALPINE + f"RUN {command}\n", index_url=published.url)
    expected = reports["uv"]
    assert codes(expected) == ["FL201"]
    assert "psycopg2 2.9.10" in expected.findings[0].message
    for name, report in reports.items():
        assert said(report) == said(expected), name
        assert versions(report) == versions(expected), name
        assert outcomes(report) == outcomes(expected), name
        assert report.skipped == (), name


SHOP = {
    "uv": "uv sync --frozen --no-dev",
    "poetry": "poetry install --only main",
    "pdm": "pdm sync --prod",
    "pipenv": "pipenv sync --system",
    "pip": "pip install -r requirements.txt",
}


def failures(report: Report) -> list[tuple[str, str]]:
    """Code and message of what fails or is fragile, without the chains, which neither Pipfile.lock nor pip knows."""
    return [
        (finding.code, re.sub(r" \(from [^)]*\)", "", finding.message))
        for finding in report.findings
        if finding.severity is not Severity.INFO
    ]


@pytest.mark.parametrize("platform", ["linux/amd64", "linux/arm/v7"])
def test_each_lock_of_a_shop_gives_the_same_findings(project, checked, server, platform):
    publish(server, RECORDED / "storefront" / "uv" / "uv.lock")
    reports = {}
    for name, command in SHOP.items():
        for path in project.iterdir():
            path.unlink()
        shutil.copytree(RECORDED / "storefront" / name, project, dirs_exist_ok=True)
        base = "FROM python:3.11-alpine\nWORKDIR /app\nCOPY . .\n"
        reports[name] = checked(base + f"RUN {command}\n", index_url=server.url, platform=(platform,))
    expected = reports["uv"]
    assert len(versions(expected, platform)) == 68
    assert ("FL201" in codes(expected)) is (platform == "linux/arm/v7")
    for name, report in reports.items():
        # pipenv's lock has lost its marker, and so pipenv installs it.
        more = {"async-timeout": "5.0.1"} if name == "pipenv" else {}
        assert outcomes(report, platform) == outcomes(expected, platform) | dict.fromkeys(more, "wheel"), name
        # Of what no file fits pip takes no release, a lock the one that it names.
        chosen = {name: version for name, version in versions(report, platform).items() if version is not None}
        assert chosen.items() <= (versions(expected, platform) | more).items(), name
        assert failures(report) == failures(expected), name
        assert report.skipped == expected.skipped, name


@pytest.mark.parametrize("name", ["uv", "poetry", "poetry-2.0", "poetry-1.1", "pdm"])
def test_from_a_lock_no_socket_is_opened(project, checked, no_sockets, name):
    shutil.copytree(RECORDED / name, project, dirs_exist_ok=True)
    report = checked(ALPINE + f"RUN {LOCKED[name]}\n")
    assert codes(report) == ["FL201"]
    assert len(versions(report)) == 12


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("uv", "uv export --frozen --no-dev > r.txt && uv pip install --system -r r.txt"),
        ("poetry", "poetry export -o r.txt && pip install -r r.txt"),
    ],
)
def test_an_exported_file_is_followed_to_its_lock(project, checked, no_sockets, name, command):
    shutil.copytree(RECORDED / name, project, dirs_exist_ok=True)
    report = checked(SLIM + f"RUN {command}\n")
    assert versions(report)["httpx"] == "0.28.1"
    assert "pyyaml" not in versions(report)


@pytest.mark.parametrize(
    "command",
    [
        "uv export --frozen | uv pip install --system -r -",
        "uv export --frozen --no-hashes | sed 's/ ;.*//' > r.txt && pip install -r r.txt",
        "uv export --frozen | cat > r.txt; pip install -r r.txt",
        "uv export --frozen -o r.txt && pip install -r r.txt",
        "uv export --frozen > r.txt && cp r.txt s.txt && pip install -r s.txt",
        "uv export --frozen | tee r.txt && pip install -r r.txt",
        "pip install -r <(uv export --frozen)",
        "uv export --frozen --no-hashes | pip install -r /dev/stdin",
        'if [ -z "$NOLOCK" ]; then uv export --frozen -o r.txt $MORE; else touch r.txt; fi; pip install -r r.txt',
        "uvx uv@$VERSION export --frozen -o r.txt && pip install -r r.txt",
    ],
)
def test_a_pipe_is_followed_to_the_lock(project, checked, no_sockets, command):
    shutil.copytree(RECORDED / "uv", project, dirs_exist_ok=True)
    report = checked(SLIM + f"ARG NOLOCK\nARG MORE\nARG VERSION\nRUN {command}\n", platform=("linux/amd64",))
    assert versions(report)["httpx"] == "0.28.1"
    assert versions(report)["psycopg2"] == "2.9.10"
    assert "FL908" not in codes(report)


@pytest.mark.parametrize(
    "command",
    [
        "uv export --frozen | grep -v '^psycopg2' > r.txt && pip install -r r.txt",
        "uv export --frozen | sed '/^psycopg2==/d' | uv pip install --system -r -",
        "uv export --frozen -o r.txt && sed -i '/psycopg2/d' r.txt && pip install -r r.txt",
        "uv export --frozen > r.txt && grep -v psycopg2 r.txt | sort -u > s.txt && pip install -r s.txt",
        "uv export --frozen | sed -n '/psycopg2/!p' > r.txt && pip install -r r.txt",
    ],
)
def test_what_a_filter_takes_from_an_export_is_not_installed(project, checked, no_sockets, command):
    shutil.copytree(RECORDED / "uv", project, dirs_exist_ok=True)
    report = checked(SLIM + f"RUN {command}\n", platform=("linux/amd64",))
    assert versions(report)["httpx"] == "0.28.1"
    assert "psycopg2" not in versions(report)
    assert not {"FL201", "FL908"} & set(codes(report))


@pytest.mark.parametrize(
    "command",
    [
        "uv export --frozen | sed 's/2.9.10/2.9.9/' > r.txt && pip install -r r.txt",
        "uv export --frozen | awk '/x/' > r.txt && pip install -r r.txt",
        "uv export --frozen -o r.txt && change r.txt > s.txt && pip install -r s.txt",
        "awk '/^one/' r.in | uv pip install --system --require-hashes -r /dev/stdin",
        "curl https://host.example/r.txt | pip install -r -",
        "pip freeze | grep -v x > r.txt && pip install -r r.txt",
        "grep -v x < $FILE > r.txt && pip install -r r.txt",
        "pip install $(awk '/x/' r.in)",
        "pip install $(cat options.in)",
    ],
)
def test_what_a_pipe_makes_otherwise_is_unknown(project, checked, command):
    shutil.copytree(RECORDED / "uv", project, dirs_exist_ok=True)
    files = {"r.in": "one\n", "options.in": "-r r.in\n"}
    report = checked(SLIM + f"RUN {command}\n", files, offline=True)
    assert "FL908" in codes(report)
    assert not {"FL902", "FL904"} & set(codes(report))


@pytest.mark.parametrize(
    "command",
    [
        "grep -v two r.txt > s.txt && pip install -r s.txt",
        "grep -v two r.txt | sort -u | pip install -r /dev/stdin",
        "cat r.txt | grep -v two | pip install -r -",
        "cat r.txt | tr -d '\\r' | sed -e '/two/d' > s.txt && uv pip sync --system s.txt",
        "grep -v two < r.txt > s.txt && pip install -r s.txt",
        "sed '/two/d' r.txt | tee s.txt && pip install -r s.txt",
        "sed -n '/one/p' r.txt > s.txt && pip install -r s.txt",
        "pip install $(grep -v two r.txt)",
        "pip install `grep one r.txt`",
        "pip install -r <(grep -v two r.txt)",
        "grep -v two r.txt | xargs pip install",
        "grep -v two r.txt | xargs -n 1 pip install",
        "xargs pip install < one.txt",
        "xargs -n 1 -a one.txt pip install",
        "cat one.txt more/none.txt > s.txt && pip install -r s.txt",
        "cat one.txt >> more/none.txt && pip install -r more/none.txt",
        "cut -d' ' -f1 one.txt > s.txt && pip install -r s.txt",
        "dos2unix r.txt && sed -i '/two/d' r.txt && pip install -r r.txt",
        "pip install -r /dev/stdin <<EOF\none\nEOF",
    ],
)
def test_pipes_over_requirements_files(checked, server, command):
    demo(server, "one", "two")
    files = {"r.txt": "one\ntwo\n", "one.txt": "one\n", "more/none.txt": "# nothing\n"}
    report = checked(SLIM + f"RUN {command}\n", files, index_url=server.url)
    assert versions(report) == {"one": "1.0"}
    assert not {"FL902", "FL904", "FL908"} & set(codes(report))


def test_what_a_word_of_the_shell_stands_for_has_its_place_in_the_file(checked, server):
    server.add("one", sdist("one", "1.0", files=C_SOURCE))
    files = {"r.txt": "two\none\n"}
    report = checked(ALPINE + "RUN pip install $(grep one r.txt)\n", files, index_url=server.url)
    stated = report.projects[0].stages[0].installs[0].needs.requirements
    assert [one.span[:3] for one in stated] == [("r.txt", 2, 1)]


@pytest.mark.parametrize(
    "command",
    [
        "echo '[global]\\nextra-index-url = {url}' > /etc/pip.conf",
        "printf '[global]\\nextra-index-url = {url}\\n' > /etc/pip.conf",
        "printf '%s\\n' '[global]' 'extra-index-url = {url}' > /etc/pip.conf",
    ],
)
def test_a_configuration_that_is_echoed_is_read(checked, server, command):
    demo(server, "one")
    with IndexServer() as nothing:
        lines = f"RUN {command.format(url=server.url)}\nRUN pip install one\n"
        report = checked(SLIM + lines, index_url=nothing.url)
    assert versions(report) == {"one": "1.0"}


def test_a_file_that_is_made_otherwise_is_unknown_with_the_reason(checked):
    report = checked(SLIM + "RUN pip freeze > r.txt\nRUN pip install -r r.txt\n", offline=True)
    assert [(finding.code, finding.span.line) for finding in report.findings] == [("FL908", 5)]
    assert "pip freeze" in report.findings[0].message


def demo(server: IndexServer, *names: str, version: str = "1.0") -> None:
    for name in names:
        server.add(name, wheel(name, version))


@pytest.mark.parametrize(
    ("files", "command", "expected"),
    [
        (
            {"r.txt": "one\n-r more.txt\n-c c.txt\n", "more.txt": "two\n", "c.txt": "one==1.0\n"},
            "pip install -r r.txt",
            2,
        ),
        ({"r.txt": "one # ü\n".encode("utf-16")}, "pip3 install -r r.txt", 1),
        ({"r.txt": "# -*- coding: latin-1 -*-\none # \xe9\n".encode("latin-1")}, "python -m pip install -r r.txt", 1),
        ({"pyproject.toml": "[project]\nname='app'\nversion='1'\ndependencies=['one']\n"}, "pip install .", 2),
        (
            {"pyproject.toml": "[project]\nname='a'\nversion='1'\n[project.optional-dependencies]\nx=['one','two']\n"},
            "pip install -e .[x]",
            3,
        ),
        (
            {"pyproject.toml": "[dependency-groups]\na=['one', {include-group='b'}]\nb=['two']\n"},
            "pip install --group a",
            2,
        ),
        (
            {"setup.py": "from setuptools import setup\nsetup(name='app', install_requires=['one'])\n"},
            "pip install .",
            2,
        ),
        (
            {"setup.cfg": "[metadata]\nname=app\n[options]\ninstall_requires=\n  one\n  two\n", "setup.py": ""},
            "pip install .",
            3,
        ),
        ({"Pipfile": "[packages]\none='*'\n[dev-packages]\ntwo='*'\n"}, "pipenv install --system --skip-lock", 1),
        ({}, "uv pip install --system one two", 2),
        ({}, "uv tool install one", 1),
        ({}, "pipx install one", 1),
        ({"r.txt": "one\ntwo\n"}, "uv pip sync --system r.txt", 2),
        ({"r.txt": "one\n"}, "pip wheel -w /wheels -r r.txt", 1),
        ({"r.txt": "one\n"}, "pip download -r r.txt", 1),
        ({}, "pip install --no-deps --target /x one", 1),
        ({"setup.py": "from setuptools import setup\nsetup(install_requires=['one'])\n"}, "python setup.py install", 2),
        (
            {
                "Pipfile": "[packages]\nlib={path='./lib'}\n",
                "lib/setup.py": "from setuptools import setup\nsetup(name='lib', install_requires=['one'])\n",
            },
            "pipenv install --system --skip-lock",
            2,
        ),
    ],
)
def test_sources(checked, server, files, command, expected):
    demo(server, "one", "two")
    report = checked(SLIM + f"RUN {command}\n", files, index_url=server.url)
    assert len(versions(report)) == expected
    assert versions(report)["one"] == "1.0"
    # For Python 3.12 and later setup.py lacks its setuptools.
    silent = ("FL206", "FL503", "FL108") if "setup.py" in command else ("FL206", "FL503")
    assert [code for code in codes(report) if code not in silent] == []


def test_the_closure_with_extras_markers_and_chains(checked, server):
    server.add("top", wheel("top", "1.0", requires=["middle[x]>=1", "never; sys_platform == 'win32'"]))
    server.add("middle", wheel("middle", "1.5", requires=["bottom<2; extra == 'x'"], extras=["x"]))
    server.add("middle", wheel("middle", "2.0rc1"))
    server.add("bottom", sdist("bottom", "1.0", files={"setup.py": b"from setuptools import setup\nsetup()\n"}))
    server.add("bottom", wheel("bottom", "2.0"))
    report = checked(SLIM + "RUN pip install --only-binary bottom top\n", index_url=server.url)
    assert versions(report) == {"top": "1.0", "middle": "1.5", "bottom": None}
    assert [finding.code for finding in report.findings] == ["FL105"]
    (facts,) = [facts for facts in report.projects[0].stages[0].installs[0].packages if facts.package.name == "bottom"]
    assert facts.package.parents == ("top", "middle")


OLD = {
    "setup.py": b"from setuptools import setup\nsetup(install_requires=['one'])\n",
    "x.egg-info/requires.txt": b"one\n",
}


def test_an_old_sdist_tells_its_dependencies_without_being_built(checked, server):
    demo(server, "one")
    server.add("old", sdist("old", "1.0", metadata_version="1.1", files=OLD))
    server.add(
        "older", sdist("older", "1.0", metadata_version="1.0", files={"setup.py": b"from distutils.core import setup"})
    )
    report = checked(SLIM + "RUN pip install old older\n", index_url=server.url)
    assert versions(report) == {"old": "1.0", "older": "1.0", "one": "1.0"}
    assert report.skipped == ()


def test_an_sdist_that_works_them_out_is_skipped_with_the_reason(checked, server):
    setup = (
        b"requires = []\nif sys.version_info < (3,):\n    requires.append('enum34')\nsetup(install_requires=requires)"
    )
    server.add("odd", sdist("odd", "1.0", metadata_version="1.1", files={"setup.py": setup}))
    report = checked(SLIM + "RUN pip install odd\n", index_url=server.url)
    assert [(entry.what, entry.line) for entry in report.skipped] == [("odd", 4)]
    assert "only when it is built" in report.skipped[0].why


def test_the_lines_of_a_file_in_utf_16_are_shown_as_text(checked, server, tmp_path):
    report = checked(
        SLIM + "COPY r.txt .\nRUN pip install -r r.txt\n",
        {"r.txt": "gone==1\r\n".encode("utf-16")},
        index_url=server.url,
    )
    assert report.sources["r.txt"] == ("gone==1\r\n",)


def test_what_is_installed_already_stays(checked, server):
    demo(server, "one", version="1.0")
    demo(server, "one", version="2.0")
    report = checked(SLIM + "RUN pip install one==1.0\nRUN pip install 'one>=1'\n", index_url=server.url)
    first, second = report.projects[0].stages[0].installs
    assert [facts.package.version for facts in (*first.packages, *second.packages)] == ["1.0", "1.0"]
    assert second.packages[0].package.kept


def test_an_older_release_because_of_only_binary_is_said(checked, server):
    server.add("duck", wheel("duck", "1.3.2", tag="cp312-cp312-musllinux_1_2_x86_64"))
    server.add("duck", wheel("duck", "2.0.0", tag="cp312-cp312-manylinux_2_28_x86_64"))
    server.add("duck", sdist("duck", "2.0.0"))
    report = checked("FROM python:3.12-alpine\nRUN pip install --only-binary :all: duck\n", index_url=server.url)
    assert versions(report) == {"duck": "1.3.2"}
    (finding,) = [finding for finding in report.findings if finding.code == "FL109"]
    assert "1.3.2" in finding.message
    assert "2.0.0" in finding.message


# --- hashes ---------------------------------------------------------------------------------------------------------

MANY, MUSL = "cp312-cp312-manylinux_2_28_x86_64", "cp312-cp312-musllinux_1_2_x86_64"


def hashed(*built: Built) -> str:
    import hashlib

    return " ".join(f"--hash=sha256:{hashlib.sha256(one.content).hexdigest()}" for one in built)


def test_a_lock_made_elsewhere_lacks_the_hash(checked, server):
    here, there = wheel("one", "1.0", tag=MUSL), wheel("one", "1.0", tag=MANY, files={"x": b"y"})
    server.add("one", here)
    server.add("one", there)
    dockerfile = "FROM python:3.12-alpine\nCOPY r.txt .\nRUN pip install --require-hashes -r r.txt\n"
    report = checked(dockerfile, {"r.txt": f"one==1.0 {hashed(there)}\n"}, index_url=server.url)
    assert "FL110" in codes(report)
    report = checked(dockerfile, {"r.txt": f"one==1.0 {hashed(here, there)}\n"}, index_url=server.url)
    assert codes(report) == []


def test_an_sdist_is_taken_where_it_is_the_only_listed_file_that_fits(checked, server):
    source = sdist("one", "1.0")
    server.add("one", wheel("one", "1.0", tag=MUSL))
    server.add("one", source)
    dockerfile = "FROM python:3.12-alpine\nCOPY r.txt .\nRUN pip install -r r.txt\n"
    report = checked(dockerfile, {"r.txt": f"one==1.0 {hashed(source)}\n"}, index_url=server.url)
    assert outcomes(report) == {"one": "source"}


def test_the_snapshot_knows_no_hashes_and_so_none_is_missed(checked):
    files = {"r.txt": f"certifi==2025.1.31 --hash=sha256:{'0' * 64}\n"}
    report = checked(SLIM + "RUN pip install --no-deps -r r.txt\n", files, offline=True)
    assert "FL110" not in codes(report)


# --- out of scope ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["conda env create -f environment.yml", "mamba install numpy scipy", "tox -e py"])
def test_what_is_out_of_scope_is_said_in_one_line_and_not_as_a_finding(checked, command):
    report = checked(SLIM + f"RUN {command}\n", {"environment.yml": "dependencies: [numpy]\n"}, offline=True)
    (install,) = report.projects[0].stages[0].installs
    assert len(install.needs.out_of_scope) == 1
    assert "FL908" not in codes(report)


def test_what_is_out_of_scope_is_one_skipped_line(checked):
    report = checked(SLIM + "RUN conda install numpy scipy\n", offline=True)
    assert [(entry.what, entry.line) for entry in report.skipped] == [("conda", 4)]


# --- what bears on the choice, from the line to the finding ---------------------------------------------------


def test_uv_overrides_take_the_place_of_what_packages_ask_for(checked, server):
    server.add("app-lib", wheel("app-lib", "1.0", requires=["number<2"]))
    for version in ("1.5", "2.5"):
        server.add("number", wheel("number", version))
    files = {"overrides.txt": "number>=2\n"}
    plain = checked(SLIM + "RUN uv pip install --system app-lib\n", files, index_url=server.url)
    assert versions(plain)["number"] == "1.5"
    overridden = checked(
        SLIM + "RUN uv pip install --system --overrides overrides.txt app-lib\n", files, index_url=server.url
    )
    assert versions(overridden)["number"] == "2.5"
    assert codes(overridden) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", {"a": "1.0", "b": "1.0"}),
        ("--pre", {"a": "2.0rc1", "b": "2.0rc1"}),
        ("--all-releases a", {"a": "2.0rc1", "b": "1.0"}),
        ("--all-releases :all: --only-final b", {"a": "2.0rc1", "b": "1.0"}),
        ("--pre --only-final a", {"a": "1.0", "b": "2.0rc1"}),
    ],
)
def test_pre_releases_by_name(checked, server, options, expected):
    for name in ("a", "b"):
        for version in ("1.0", "2.0rc1"):
            server.add(name, wheel(name, version))
    report = checked(SLIM + f"RUN pip install {options} a b\n", index_url=server.url)
    assert versions(report) == expected


@pytest.mark.parametrize(
    "files",
    [
        {"pip.conf": "[install]\nno-build-isolation = false\n"},
        {"pip.conf": "[global]\nbuild-constraint = old.txt\n", "old.txt": "cython<3\n"},
    ],
)
def test_a_configuration_file_may_let_a_hopeless_build_pass(checked, server, files):
    server.add("pyyaml", sdist("PyYAML", "5.4.1"))
    install = "RUN pip install pyyaml==5.4.1\n"
    full = "FROM python:3.12-bookworm\nWORKDIR /app\nCOPY . .\n"
    assert "FL108" in codes(checked(full + install, index_url=server.url))
    configured = checked(full + "COPY pip.conf /etc/pip.conf\n" + install, files, index_url=server.url)
    assert "FL108" not in codes(configured), said(configured)


def test_a_misspelt_name_has_its_nearest_known_one_as_help(checked, server):
    report = checked(SLIM + "RUN pip install psycopg2-binray zzqqxx\n", index_url=server.url)
    helps = {finding.subject.name: finding.help for finding in report.findings if finding.code == "FL905"}
    assert helps == {"psycopg2-binray": ("did you mean psycopg2-binary?",), "zzqqxx": ()}
    assert server.count("/simple/psycopg2-binary/") == 0


def test_offline_a_pin_that_the_snapshot_does_not_list_says_so(checked):
    report = checked(SLIM + "RUN pip install requests==2.0.0 no-such-project==1\n", offline=True)
    texts = " ".join(finding.message for finding in report.findings)
    assert "requests: what is known without asking lists no release of it" in texts
    assert "no-such-project: offline, and neither in the cache nor in the snapshot" in texts


@pytest.mark.parametrize(
    "command",
    [
        "pip install --no-deps .",
        "pip install --no-deps -e '.[more]'",
        "pip wheel --no-deps -w /wheels .",
        "uv pip install --system --no-deps .",
        "PIP_NO_DEPS=1 pip install .",
        "python setup.py bdist_wheel",
    ],
)
def test_without_dependencies_a_project_brings_only_itself(checked, server, command):
    setup = (
        'from setuptools import setup\nsetup(name="app", install_requires=["dep"], extras_require={"more": ["dep2"]})\n'
    )
    report = checked(SLIM + f"RUN {command}\n", {"setup.py": setup}, index_url=server.url)
    assert set(versions(report)) <= {"app"}
    assert server.count("/simple/dep/") == 0


DYNAMIC = """[project]
name = "app"
version = "1"
dynamic = ["dependencies", "optional-dependencies"]
[tool.setuptools.dynamic]
dependencies = {file = ["one.txt"]}
optional-dependencies.x = {file = "two.txt"}
"""


@pytest.mark.parametrize(("word", "expected"), [(".", {"app", "one"}), (".[x]", {"app", "one", "two"})])
def test_what_setuptools_takes_from_files(checked, server, word, expected):
    demo(server, "one", "two")
    files = {"pyproject.toml": DYNAMIC, "one.txt": "one\n", "two.txt": "two\n"}
    report = checked(SLIM + f"RUN pip install {word}\n", files, index_url=server.url)
    assert set(versions(report)) == expected


READING = """import os
from setuptools import setup
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "requirements.txt")) as f:
    requires = [line.strip() for line in f if not line.startswith("#")]
setup(name="app", install_requires=requires, long_description=open("README.md").read())
"""


def test_a_setup_py_that_reads_a_file_is_followed_to_it(checked, server):
    demo(server, "one")
    files = {"setup.py": READING, "requirements.txt": "# what it needs\none\n"}
    report = checked(SLIM + "RUN pip install .\n", files, index_url=server.url)
    assert versions(report)["one"] == "1.0"
    assert codes(report) == []
    stated = report.projects[0].stages[0].installs[0].needs.requirements
    assert [(one.span.file, one.span.line) for one in stated if one.name == "one"] == [("requirements.txt", 2)]


def test_a_setup_py_that_reads_a_file_which_is_not_there(checked, server):
    lines = "FROM python:3.12-slim-trixie\nCOPY setup.py .\nRUN pip install -e .\n"
    report = checked(lines, {"setup.py": READING, "requirements.txt": "one\n"}, index_url=server.url)
    assert [(finding.code, finding.span.file, finding.span.line) for finding in report.findings] == [
        ("FL902", "setup.py", 6)
    ]
    made = "FROM python:3.12-slim-trixie\nCOPY setup.py .\nRUN pip freeze > requirements.txt\nRUN pip install .\n"
    report = checked(made, {"setup.py": READING}, index_url=server.url)
    assert codes(report) == ["FL908"]
    assert "pip freeze" in report.findings[0].message


def test_an_extra_that_a_backend_works_out_is_said(checked, server):
    files = {"pyproject.toml": '[project]\nname="app"\nversion="1"\ndynamic=["optional-dependencies"]\n'}
    report = checked(SLIM + "RUN pip install .[x]\n", files, index_url=server.url)
    assert codes(report) == ["FL908"]
    assert codes(checked(SLIM + "RUN pip install .\n", files, index_url=server.url)) == []


def test_each_tool_has_an_environment_of_its_own(checked, server):
    server.add("lib", wheel("lib", "1.0"))
    server.add("lib", wheel("lib", "2.0"))
    server.add("new", wheel("new", "1.0", requires=["lib>=2"]))
    server.add("old", wheel("old", "1.0", requires=["lib<2"]))
    lines = "RUN pip install lib==1.0\nRUN pipx install new old\nRUN pipx inject old lib\nRUN uv tool install new\n"
    report = checked(SLIM + lines, index_url=server.url)
    assert codes(report) == []
    installs = report.projects[0].stages[0].installs
    kept = [
        (install.site.rpartition("/")[2], facts.package.name, facts.package.version, facts.package.kept)
        for install in installs
        for facts in install.packages
    ]
    assert kept == [
        ("local", "lib", "1.0", False),
        ("new", "new", "1.0", False),
        ("new", "lib", "2.0", False),
        ("old", "old", "1.0", False),
        ("old", "lib", "1.0", False),
        ("old", "lib", "1.0", True),
        ("new", "new", "1.0", False),
        ("new", "lib", "2.0", False),
    ]


def test_a_fixed_stage_is_judged_on_its_own_platform(checked, server):
    server.add("native", wheel("native", "1.0", tag="cp312-cp312-manylinux_2_17_x86_64"))
    server.add("native", wheel("native", "1.0", tag="cp312-cp312-manylinux_2_17_aarch64"))
    demo(server, "intel", "arm")
    line = "RUN pip install native 'intel; platform_machine==\"x86_64\"' 'arm; platform_machine==\"aarch64\"'\n"
    report = checked(SLIM.replace("FROM ", "FROM --platform=linux/arm64 ") + line, index_url=server.url)
    packages = report.projects[0].stages[0].installs[0].packages
    assert [facts.package.name for facts in packages] == ["native", "arm"]
    assert packages[0].package.verdicts["linux/arm64"].file.filename.endswith("_aarch64.whl")


def test_what_has_no_name_goes_by_its_address(checked, server):
    words = "git+https://token@host.example/a/b git+https://host.example/c/d@v1"
    report = checked(SLIM + f"RUN pip install {words}\n", index_url=server.url)
    assert set(versions(report)) == {"git+https://host.example/a/b", "git+https://host.example/c/d@v1"}
    (finding, _) = report.findings
    assert finding.message.startswith("git+https://host.example/a/b is fetched with git")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pip install -r r.txt", ["FL110"]),
        ("pip install --require-hashes -r r.txt", ["FL110"]),
        ("pip install --no-deps -r r.txt", []),
        ("uv pip install --system -r r.txt", []),
        ("uv pip install --system --require-hashes -r r.txt", ["FL110"]),
    ],
)
def test_a_hash_is_required_of_dependencies_too(checked, server, command, expected):
    one = wheel("one", "1.0", requires=["two"])
    server.add("one", one)
    server.add("two", wheel("two", "1.0"))
    report = checked(SLIM + f"RUN {command}\n", {"r.txt": f"one==1.0 {hashed(one)}\n"}, index_url=server.url)
    assert codes(report) == expected
    assert all(finding.subject.name == "two" for finding in report.findings)


def test_with_unknown_constraints_only_pins_are_sure(checked, server):
    server.add("lib", sdist("lib", "2.0", files={"setup.py": b"from setuptools import Extension, setup\nsetup()\n"}))
    server.add("top", wheel("top", "1.0", requires=["lib"]))
    command = "RUN pip install top==1.0 -c https://host.example/constraints.txt\n"
    report = checked(SLIM + command, index_url=server.url)
    assert outcomes(report) == {"top": "wheel", "lib": "unknown"}
    assert versions(report)["lib"] is None
    assert codes(report) == ["FL908"]
    assert [(entry.what, entry.why.partition(" depends")[0]) for entry in report.skipped] == [
        ("lib", "which release is taken")
    ]


OLD_AND_NEW = '[project]\nname="app"\nversion="1"\ndependencies=["a>=1"]\n[tool.uv]\n'


@pytest.mark.parametrize(
    ("settings", "command", "expected"),
    [
        ("", "uv pip install --system --resolution lowest-direct 'a>=1'", {"a": "1.0", "b": "2.0"}),
        ("", "uv pip install --system --resolution lowest 'a>=1'", {"a": "1.0", "b": "1.0"}),
        ('resolution = "lowest-direct"\n', "uv sync", {"a": "1.0", "b": "2.0"}),
        ("", "uv sync", {"a": "2.0", "b": "2.0"}),
    ],
)
def test_uv_takes_the_oldest_where_it_is_told_to(checked, server, settings, command, expected):
    for version in ("0.5", "1.0", "2.0"):
        server.add("a", wheel("a", version, requires=["b>=1"]))
        server.add("b", wheel("b", version))
    files = {"pyproject.toml": OLD_AND_NEW + settings} if "sync" in command else {}
    report = checked(SLIM + f"RUN {command}\n", files, index_url=server.url)
    assert versions(report) == expected
    assert codes(report) == []


@pytest.mark.parametrize(
    ("settings", "command", "expected"),
    [
        ("", "uv pip install --system --exclude-newer 2024-06-01 a", {"a": "1.0", "b": "1.0"}),
        ("", "uv pip install --system --exclude-newer-package a=2024-06-01 a", {"a": "1.0", "b": "2.0"}),
        ("", "uv pip install --system --exclude-newer 2024-06-01 --exclude-newer-package b=false a", {"a": "1.0", "b": "2.0"}),
        ('exclude-newer = "2024-06-01"\n', "uv sync", {"a": "1.0", "b": "1.0"}),
        ('exclude-newer-package = { b = "2024-06-01" }\n', "uv sync", {"a": "2.0", "b": "1.0"}),
        ('[tool.uv.pip]\nexclude-newer = "2024-06-01"\n', "uv pip install --system a", {"a": "1.0", "b": "1.0"}),
        ('[tool.uv.pip]\nexclude-newer = "2024-06-01"\n', "uv sync", {"a": "2.0", "b": "2.0"}),
        ("", "pip install --uploaded-prior-to 2024-06-01 a", {"a": "1.0", "b": "1.0"}),
    ],
)  # fmt: skip
def test_what_is_too_new_is_left_out(checked, server, settings, command, expected):
    for version, day in (("1.0", "2024-01-01T00:00:00Z"), ("2.0", "2025-01-01T00:00:00Z")):
        server.add("a", wheel("a", version, requires=["b"]), uploaded=day)
        server.add("b", wheel("b", version), uploaded=day)
    report = checked(SLIM + f"RUN {command}\n", {"pyproject.toml": OLD_AND_NEW + settings}, index_url=server.url)
    assert {name: version for name, version in versions(report).items() if name != "app"} == expected


@pytest.mark.parametrize(
    ("line", "index"),
    [
        ("RUN uv pip install --system --torch-backend cpu torch one", True),
        ("ENV UV_TORCH_BACKEND=cpu\nRUN uv pip install --system torch one", True),
        ("ENV UV_TORCH_BACKEND=auto\nRUN uv pip install --system torch one", False),
        ("COPY uv.toml .\nRUN uv pip install --system torch one", True),
    ],
)
def test_a_torch_backend_raises_no_false_alarm(checked, server, line, index):
    demo(server, "one")
    server.add("torch", sdist("torch", "1.0", files=C_SOURCE))
    allowed = {"index_allow": ("127.0.0.1",)}
    files = {"uv.toml": '[pip]\ntorch-backend = "cpu"\n'} if "uv.toml" in line else {}
    report = checked(SLIM + line + "\n", files, index_url=server.url, **allowed)
    assert outcomes(report) == {"torch": "unknown", "one": "wheel"}
    assert server.count("/simple/torch/") == 0
    assert {finding.severity for finding in report.findings} <= {Severity.INFO}
    assert ("pytorch.org" in str(report)) is index


def folder_of(*built: Built) -> dict[str, bytes]:
    return {f"wheels/{one.filename}": one.content for one in built}


@pytest.mark.parametrize(
    "lines",
    [
        "COPY wheels /wheels\nRUN pip install --no-index --find-links /wheels one\n",
        "COPY wheels/ /wheels/\nRUN pip install --no-index --find-links=file:///wheels one\n",
        "COPY wheels/*.whl /wheels/\nRUN pip install --no-index -f /wheels one\n",
        "COPY . /src\nWORKDIR /src\nRUN pip install --no-index -f wheels one\n",
        "COPY . /src\nWORKDIR /src\nRUN uv pip install --system --no-index --find-links wheels one\n",
        "COPY . /src\nWORKDIR /src\nRUN pip install -r r.txt\n",
        "RUN --mount=type=bind,source=wheels,target=/w pip install --no-index -f /w one\n",
        "COPY wheels /w\nENV PIP_FIND_LINKS=/w PIP_NO_INDEX=1\nRUN pip install one\n",
        "COPY wheels /a\nFROM python:3.12-alpine\nCOPY --from=0 /a /b\nRUN pip install --no-index -f /b one\n",
    ],
)
def test_a_folder_of_wheels_in_the_image_is_an_index(checked, no_sockets, lines):
    one = wheel("one", "1.0", tag="cp312-cp312-musllinux_1_2_x86_64", requires=["two", "three"])
    files = {
        **folder_of(one, wheel("one", "2.0", tag=MANY), wheel("two", "1.0")),
        "r.txt": "--no-index\n-f wheels\none\n",
    }
    report = checked("FROM python:3.12-alpine\n" + lines, files, platform=("linux/amd64",))
    assert versions(report) == {"one": "1.0", "two": "1.0", "three": None}
    assert outcomes(report) == {"one": "wheel", "two": "wheel", "three": "none"}
    assert {finding.code for finding in report.findings} <= {"FL105", "FL109", "FL501"}


@pytest.mark.parametrize(
    "lines",
    [
        "COPY wheels /wheels\nRUN git clone https://host.example/x /wheels/x\n",
        "COPY wheels /wheels\nRUN rm /wheels/old.whl\n",
        "COPY wheels /wheels\nADD https://host.example/more-1.0-py3-none-any.whl /wheels/\n",
        "COPY --from=elsewhere /wheels /wheels\n",
        "",
    ],
)
def test_what_else_may_lie_in_a_folder_of_wheels_is_not_known(checked, no_sockets, lines):
    report = checked(
        SLIM.replace("COPY . .\n", "") + lines + "RUN pip install --no-index --find-links /wheels one\n",
        folder_of(wheel("two", "1.0")),
    )
    assert outcomes(report) == {"one": "unknown"}
    assert not {"FL105", "FL905"} & set(codes(report))


LOCKED_WITH_POETRY = {
    "pyproject.toml": '[tool.poetry]\nname = "app"\nversion = "1"\ndescription = ""\nauthors = []\n'
    '[tool.poetry.dependencies]\npython = "^3.12"\nNAME = "^2.9"\n',
    "poetry.lock": '[[package]]\nname = "NAME"\nversion = "2.9"\ndescription = ""\noptional = false\n'
    f'python-versions = "*"\ngroups = ["main"]\nfiles = [{{file = "NAME-2.9.tar.gz", hash = "sha256:{64 * "0"}"}}]\n'
    '[metadata]\nlock-version = "2.1"\npython-versions = "^3.12"\ncontent-hash = "x"\n',
}
WHEELS_OF_TWO_LOCKS = """FROM python:3.12 AS builder
WORKDIR /app
RUN pip install poetry poetry-plugin-export
COPY . .
RUN poetry export -o requirements.txt && cd tools && poetry export -o requirements.txt
RUN pip wheel -r /app/requirements.txt -w /app/wheels && pip wheel -r /app/tools/requirements.txt -w /app/wheels
FROM python:3.12-slim
COPY --from=builder /app/requirements.txt /app/
COPY --from=builder /app/tools/requirements.txt /app/tools/
COPY --from=builder /app/wheels /wheels
RUN pip install OPTIONS -r /app/requirements.txt
RUN pip install OPTIONS -r /app/tools/requirements.txt
"""


@pytest.mark.parametrize(
    ("options", "compiled"),
    [("--no-index -f /wheels", []), ("-f /wheels", []), ("", ["psycopg2", "mysqlclient"])],
)
def test_wheels_that_several_exports_were_built_into(checked, server, options, compiled):
    files = {}
    for folder, name in (("", "psycopg2"), ("tools/", "mysqlclient")):
        server.add(name, sdist(name, "2.9"))
        files.update({folder + path: text.replace("NAME", name) for path, text in LOCKED_WITH_POETRY.items()})
    report = checked(WHEELS_OF_TWO_LOCKS.replace("OPTIONS", options), files, index_url=server.url)
    assert [found.subject.name for found in report.findings if found.code == "FL201"] == compiled


NEVER = 'python-downloads = "never"\n'


@pytest.mark.parametrize(
    ("base", "files", "lines", "expected"),
    [
        ("python:3.12.4-slim", {".python-version": "3.11"}, "RUN uv sync", ("3.11", "1.0")),
        ("python:3.12.4-slim", {".python-version": "3.12"}, "RUN uv sync", ("3.12.4", "2.0")),
        ("python:3.12.4-slim", {"requires-python": "==3.11.*"}, "RUN uv sync", ("3.11", "1.0")),
        ("python:3.10-slim", {"requires-python": ">=3.11"}, "RUN uv sync", (None, None)),
        ("python:3.12.4-slim", {"requires-python": "==3.11.*", "uv.toml": NEVER}, "RUN uv sync", ("3.12.4", "2.0")),
        (
            "python:3.12.4-slim",
            {"requires-python": "==3.11.*", "uv.toml": NEVER},
            "ENV UV_PYTHON_DOWNLOADS=automatic\nRUN uv sync",
            ("3.11", "1.0"),
        ),
        ("python:3.12.4-slim", {".python-version": "3.11"}, "RUN uv venv && uv pip install .", ("3.11", "1.0")),
        ("python:3.12.4-alpine", {".python-version": "3.11"}, "RUN uv sync", (None, None)),
        ("python:3.12.4-slim", {".python-version": "3.11"}, "ENV UV_PYTHON=3.12\nRUN uv sync", ("3.12.4", "2.0")),
    ],
)
def test_the_python_that_uv_takes_decides(checked, server, base, files, lines, expected):
    server.add("one", wheel("one", "1.0"))
    server.add("one", wheel("one", "2.0", requires_python=">=3.12"))
    asked = files.get("requires-python", ">=3.10")
    project = f'[project]\nname="app"\nversion="1"\nrequires-python="{asked}"\ndependencies=["one"]\n'
    given = {"pyproject.toml": project, **{name: text for name, text in files.items() if name != "requires-python"}}
    dockerfile = f"FROM {base}\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\nWORKDIR /app\nCOPY . .\n{lines}\n"
    report = checked(dockerfile, given, index_url=server.url)
    install = report.projects[0].stages[0].installs[-1]
    assert (install.python.version if install.python else None, versions(report)["one"]) == expected


C_SOURCE = {"setup.py": b"from setuptools import Extension, setup\nsetup(ext_modules=[Extension('x', ['x.c'])])\n"}


@pytest.mark.parametrize(
    ("base", "tag", "said"),
    [
        ("python:3.12-alpine", "cp312-cp312-manylinux_2_28_x86_64", "no musllinux wheel"),
        ("python:3.12-alpine", "cp312-cp312-musllinux_1_9_x86_64", "no wheel for musl 1.2"),
        ("python:3.12-slim-bookworm", "cp312-cp312-manylinux_2_39_x86_64", "no wheel for glibc 2.36"),
        ("python:3.12-slim-bookworm", "cp311-cp311-manylinux_2_28_x86_64", "no wheel for CPython 3.12"),
        ("python:3.12-slim-bookworm", "cp312-cp312-manylinux_2_28_aarch64", "no wheel for this CPU"),
        ("python:3.12-slim-bookworm", "cp312-cp312-win_amd64", "no manylinux wheel"),
    ],
)
def test_what_a_package_has_not_is_said_by_what_it_has(checked, server, base, tag, said):
    server.add("native", wheel("native", "1.0", tag=tag))
    server.add("native", sdist("native", "1.0", files=C_SOURCE))
    report = checked(f"FROM {base}\nRUN pip install native\n", index_url=server.url, platform=("linux/amd64",))
    (finding,) = [finding for finding in report.findings if finding.code == "FL201"]
    assert f"native 1.0 has {said} and cannot be compiled here" in finding.message.replace("probably ", "")


def test_a_pure_wheel_of_another_python_makes_no_package_native(checked, server):
    server.add("old", wheel("old", "1.0", tag="py2-none-any"))
    server.add("old", sdist("old", "1.0", files={"setup.py": b"from setuptools import setup\nsetup(name='old')\n"}))
    report = checked(SLIM + "RUN pip install old\n", index_url=server.url)
    assert outcomes(report) == {"old": "source"}
    assert codes(report) == []


UV_LOCK = """version = 1
requires-python = ">=3.12"
[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "regex" }]
[[package]]
name = "regex"
version = "2023.8.8"
source = { registry = "https://pypi.org/simple" }
sdist = { url = "https://files.example/regex-2023.8.8.tar.gz", hash = "sha256:00" }
"""


def test_a_lock_leaves_out_wheels_that_no_python_of_the_project_takes(checked, no_sockets):
    project = '[project]\nname="app"\nversion="1"\nrequires-python=">=3.12"\ndependencies=["regex"]\n'
    full = "FROM python:3.12-trixie\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\nWORKDIR /app\nCOPY . .\n"
    report = checked(full + "RUN uv sync --frozen\n", {"pyproject.toml": project, "uv.lock": UV_LOCK})
    (finding,) = [finding for finding in report.findings if finding.code == "FL107"]
    assert "the lock lists no wheels of regex" in " ".join(label.text for label in finding.related)


def test_wheels_that_are_built_from_what_is_mounted(checked, no_sockets):
    project = '[project]\nname="app"\nversion="1"\nrequires-python=">=3.12"\ndependencies=[]\n'
    mount = "RUN --mount=type=bind,source=pyproject.toml,target=pyproject.toml"
    lines = "FROM python:3.12-slim\nRUN pip install --no-deps --no-index --find-links=wheels wheels/*\n"
    build = f"FROM python:3.12-slim AS build\n{mount} uv build --wheel -o wheels\n"
    lines = lines.replace("\nRUN", "\nCOPY --from=build /wheels/ /wheels/\nRUN")
    report = checked(build + lines, {"pyproject.toml": project})
    assert set(codes(report)) <= {"FL206"}
    assert set(versions(report)) == {"app"}
    nothing = checked(build.replace("pyproject.toml", "nothing.toml") + lines, {"pyproject.toml": project})
    assert "FL902" not in codes(nothing)
