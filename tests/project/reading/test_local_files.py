"""Wheels and sdists of the build context: what they say of themselves is read, and nothing of them is run."""

import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from fromlint import run

SETUP = "from setuptools import Extension, setup\nsetup(ext_modules=[Extension('x', ['x.c'], libraries=['pq'])])\n"
NATIVE = {
    "PKG-INFO": "Metadata-Version: 2.2\nName: native\nVersion: 1.0\nRequires-Dist: needed\nRequires-Python: >=3.8\n",
    "setup.py": SETUP,
    "x.c": "#include <Python.h>\n#include <libpq-fe.h>\n",
}
MANYLINUX = "thing-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"
PURE = "thing-1.0-py3-none-any.whl"
SLIM = "FROM python:3.12-slim-trixie\n"
ALPINE = "FROM python:3.12-alpine\n"
Checked = Callable[..., Mapping[str, Any]]


def sdist(files: Mapping[str, str], folder: str = "native-1.0") -> bytes:
    """An sdist with these files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()


def wheel(filename: str, *lines: str) -> bytes:
    """A wheel whose METADATA has these lines besides."""
    name, version = filename.split("-")[:2]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        head = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        archive.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join([*head, *lines, ""]))
    return packed.getvalue()


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checked:
    """What is said of a Dockerfile beside files, without network."""

    def checked(dockerfile: str, **files: bytes) -> Mapping[str, Any]:
        for name, content in {"Dockerfile": dockerfile.encode(), **files}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(content)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
        from fromlint.reports import json as report_json

        found: Mapping[str, Any] = json.loads(
            report_json.render(run.check([Path("Dockerfile")], {"offline": True}).report)
        )
        return found

    return checked


def names(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and outcomes of what all installs bring."""
    (file,) = found["files"]
    return [
        (each["name"], each["verdicts"]["linux/amd64"]["outcome"])
        for stage in file["stages"]
        for install in stage["installs"]
        for each in install["requirements"]
    ]


def codes(found: Mapping[str, Any]) -> Sequence[str]:
    """The codes of warnings and errors."""
    return [each["code"] for each in found["findings"] if each["severity"] != "info"]


@pytest.mark.parametrize(
    "install",
    [
        "COPY native-1.0.tar.gz /tmp/\nRUN pip install /tmp/native-1.0.tar.gz\n",
        "COPY . /src\nWORKDIR /src\nRUN pip install ./native-1.0.tar.gz\n",
        "COPY . /src\nWORKDIR /src\nRUN pip install native-1.0.tar.gz\n",
        "COPY . /src\nRUN pip install 'native @ file:///src/native-1.0.tar.gz'\n",
        "COPY . /src\nRUN pip install /src/*.tar.gz\n",
        "COPY . /src\nRUN uv pip install --system /src/native-1.0.tar.gz\n",
    ],
)
def test_an_sdist_is_compiled_like_any_other(checked: Checked, install: str) -> None:
    found = checked(SLIM + install, **{"native-1.0.tar.gz": sdist(NATIVE)})
    (finding,) = (each for each in found["findings"] if each["code"] == "FL201")
    assert finding["missing"] == ["gcc", "libc6-dev", "libpq-dev"]
    assert ("needed", "unknown") in names(found)


def test_an_sdist_that_find_links_leads_to(checked: Checked) -> None:
    install = "COPY . /src\nRUN pip install --no-index --find-links /src native\n"
    found = checked(SLIM + install, **{"native-1.0.tar.gz": sdist(NATIVE)})
    (finding,) = (each for each in found["findings"] if each["code"] == "FL201")
    assert finding["missing"] == ["gcc", "libc6-dev", "libpq-dev"]
    assert names(found) == [("native", "source"), ("needed", "none")]


def test_an_sdist_of_the_context_is_called_so(checked: Checked) -> None:
    install = "COPY native-1.0.tar.gz /tmp/\nRUN pip install /tmp/native-1.0.tar.gz\n"
    found = checked(SLIM + install, **{"native-1.0.tar.gz": sdist(NATIVE)})
    (finding,) = (each for each in found["findings"] if each["code"] == "FL201")
    assert finding["message"] == "native 1.0 is an sdist of the build context and cannot be compiled here"


def test_with_the_tools_nothing_is_said(checked: Checked) -> None:
    tools = "RUN apt-get update && apt-get install -y gcc libc6-dev libpq-dev\nCOPY native-1.0.tar.gz /tmp/\n"
    found = checked(SLIM + tools + "RUN pip install /tmp/native-1.0.tar.gz\n", **{"native-1.0.tar.gz": sdist(NATIVE)})
    assert codes(found) == []


def test_a_zipped_sdist_says_what_it_needs(checked: Checked) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in NATIVE.items():
            archive.writestr(f"native-1.0/{name}", text)
    install = "COPY native-1.0.zip /tmp/\nRUN pip install /tmp/native-1.0.zip\n"
    found = checked(SLIM + install, **{"native-1.0.zip": packed.getvalue()})
    assert names(found) == [("native", "source"), ("needed", "unknown")]


def test_what_a_wheel_depends_on_is_followed(checked: Checked) -> None:
    lines = ("Requires-Dist: needed", "Requires-Dist: never; python_version < '3'", "Requires-Dist: more; extra == 'x'")
    install = "COPY *.whl /tmp/\nRUN pip install /tmp/" + PURE + "\n"
    found = checked(SLIM + install, **{PURE: wheel(PURE, *lines)})
    assert names(found) == [("thing", "wheel"), ("needed", "unknown")]


@pytest.mark.parametrize("words", [f"./dist/{MANYLINUX}", "dist/*.whl", "/src/dist/*"])
def test_a_wheel_for_glibc_on_alpine(checked: Checked, words: str) -> None:
    install = f"WORKDIR /src\nCOPY . .\nRUN pip install {words}\n"
    found = checked(ALPINE + install, **{f"dist/{MANYLINUX}": wheel(MANYLINUX)})
    assert "FL105" in codes(found)
    assert names(found) == [("thing", "none")]


def test_a_wheel_that_refuses_the_python(checked: Checked) -> None:
    install = "COPY *.whl /tmp/\nRUN pip install /tmp/*.whl\n"
    found = checked(SLIM + install, **{PURE: wheel(PURE, "Requires-Python: >=3.13")})
    assert codes(found) == ["FL105"]
    assert names(found) == [("thing", "none")]


def test_files_that_the_context_does_not_have_yet_are_no_error(checked: Checked) -> None:
    install = f"COPY dist /dist\nRUN pip install /dist/{PURE} /dist/*.tar.gz\n"
    found = checked(SLIM + install, **{"dist/README": b""})
    assert codes(found) == []
    assert any("it is not in the build context" in each["why"] for each in found["skipped"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", b"\x1f\x8bnonsense", b"\0" * 10_000])
@pytest.mark.parametrize("name", [PURE, "native-1.0.tar.gz", "native-1.0.zip", "native-1.0.tar.xz"])
def test_damaged_archives_are_no_trouble(checked: Checked, name: str, content: bytes) -> None:
    found = checked(SLIM + f"COPY {name} /tmp/\nRUN pip install /tmp/{name}\n", **{name: content})
    assert codes(found) == []
    assert any("its dependencies are not known" in each["why"] for each in found["skipped"])


def test_a_wheel_that_a_lock_names_by_path(checked: Checked) -> None:
    project = '[project]\nname = "app"\nversion = "1"\ndependencies = ["thing"]\nrequires-python = ">=3.12"\n'
    project += f'[tool.uv.sources]\nthing = {{ path = "{MANYLINUX}" }}\n'
    lock = 'version = 1\nrequires-python = ">=3.12"\n[[package]]\nname = "app"\nversion = "1"\n'
    lock += 'source = { virtual = "." }\ndependencies = [{ name = "thing" }]\n'
    lock += f'[[package]]\nname = "thing"\nversion = "1.0"\nsource = {{ path = "{MANYLINUX}" }}\n'
    lock += f'wheels = [{{ filename = "{MANYLINUX}" }}]\n'
    install = "RUN pip install uv==0.9.0\nWORKDIR /app\nCOPY . .\nRUN uv sync --frozen\n"
    files = {"pyproject.toml": project.encode(), "uv.lock": lock.encode(), MANYLINUX: wheel(MANYLINUX)}
    assert ("thing", "none") in names(checked(ALPINE + install, **files))
    assert ("thing", "wheel") in names(checked(SLIM + install, **files))
