"""Which libraries the wheels of packages load that nobody described: read by the pipeline where it matters."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import pytest

from elf_files import library
from fromlint.model.finding import Finding
from index_server import Built, Fault, IndexServer, wheel

TAG = "cp312-cp312-manylinux_2_17_x86_64"
SLIM = "FROM python:3.12-slim-trixie\n"
INSTALL = "RUN pip install soundthing==1.0\n"


def native(
    name: str, needed: Sequence[str], *, requires: Sequence[str] = (), padding: int = 0, **extra: bytes
) -> Built:
    module = f"{name}/_core.cpython-312-x86_64-linux-gnu.so"
    files = {f"{name}/__init__.py": b"from . import _core\n", module: library(needed), **extra}
    return wheel(name, "1.0", tag=TAG, files=files, requires=requires, padding=padding)


def libraries(findings: Sequence[Finding]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.code, each.severity.word, each.missing) for each in findings if each.code == "FL301"]


def files_asked(server: IndexServer) -> list[str]:
    return [seen.path for seen in server.seen if seen.path.endswith(".whl")]


def test_a_wheel_that_lacks_a_library(checked, server):
    server.add("soundthing", native("soundthing", ["libportaudio.so.2", "libc.so.6", "libcuda.so.1"]))
    report = checked(SLIM + INSTALL, index_url=server.url)
    assert libraries(report.findings) == [("FL301", "error", ("libportaudio2",))]
    assert any("inferred: the ELF header of _core" in note for each in report.findings for note in each.notes)


def test_remembered_for_ever(checked, server):
    server.add("soundthing", native("soundthing", ["libportaudio.so.2"]))
    first = checked(SLIM + INSTALL, index_url=server.url).findings
    asked = files_asked(server)
    assert asked
    # Another Dockerfile, so that not the whole report is remembered.
    other = SLIM + "LABEL a=b\n" + INSTALL
    assert libraries(checked(other, index_url=server.url).findings) == libraries(first)
    assert libraries(checked(other, index_url=server.url, offline=True).findings) == libraries(first)
    assert files_asked(server) == asked


def test_offline_nothing_is_guessed(checked, server):
    assert libraries(checked(SLIM + INSTALL, index_url=server.url, offline=True).findings) == []


@pytest.mark.parametrize(
    "dockerfile",
    [
        SLIM + "RUN apt-get update && apt-get install -y libportaudio2\n" + INSTALL,
        SLIM + INSTALL + "RUN apt-get update && apt-get install -y portaudio19-dev\n",
        "FROM python:3.12-slim-trixie AS build\n" + INSTALL + "FROM scratch\n",
    ],
)
def test_there_or_not_shipped(checked, server, dockerfile):
    server.add("soundthing", native("soundthing", ["libportaudio.so.2"]))
    assert libraries(checked(dockerfile, index_url=server.url).findings) == []


def test_what_another_wheel_of_the_closure_brings(checked, server):
    server.add("soundthing", native("soundthing", ["libportaudio.so.2"], requires=["portaudio-bundle"]))
    bundle = {"portaudio_bundle/libportaudio.so.2": library((), "libportaudio.so.2")}
    server.add("portaudio-bundle", native("portaudio_bundle", (), **bundle))
    assert libraries(checked(SLIM + INSTALL, index_url=server.url).findings) == []


def test_the_plugins_of_what_others_ask_for_are_nobodys_business(checked, server):
    # As nvshmem's bootstrap over MPI, beside torch.
    plugin = {"soundthing/plugins/_mpi.so": library(["libportaudio.so.2"])}
    server.add("soundthing", native("soundthing", (), **plugin))
    server.add("asks", wheel("asks", "1.0", requires=["soundthing"]))
    assert libraries(checked(SLIM + INSTALL, index_url=server.url).findings) == [("FL301", "info", ("libportaudio2",))]
    assert libraries(checked(SLIM + "RUN pip install asks==1.0\n", index_url=server.url).findings) == []


def test_on_musl_no_wheel_is_looked_at(checked, server):
    files = {"soundthing/_core.so": library(["libportaudio.so.2"])}
    server.add("soundthing", wheel("soundthing", "1.0", tag="cp312-cp312-musllinux_1_2_x86_64", files=files))
    assert libraries(checked("FROM python:3.12-alpine\n" + INSTALL, index_url=server.url).findings) == []
    assert files_asked(server) == []


def test_a_described_package_is_not_looked_at(checked, server):
    server.add("pyodbc", native("pyodbc", ["libportaudio.so.2"]))
    report = checked(SLIM + "RUN pip install pyodbc==1.0\n", index_url=server.url)
    assert libraries(report.findings) == []
    assert files_asked(server) == []


def test_a_large_wheel_is_read_in_parts(checked, server):
    built = native("soundthing", ["libportaudio.so.2"], padding=6_000_000)
    server.add("soundthing", built)
    assert libraries(checked(SLIM + INSTALL, index_url=server.url).findings) == [("FL301", "error", ("libportaudio2",))]
    assert {seen.status for seen in server.seen if seen.path.endswith(".whl")} == {206}


def test_a_large_wheel_without_ranges_is_left_alone(checked, server):
    server.ranges = "none"
    server.add("soundthing", native("soundthing", ["libportaudio.so.2"], padding=6_000_000))
    assert libraries(checked(SLIM + INSTALL, index_url=server.url).findings) == []


@pytest.mark.parametrize("ranges", ["none", "no-suffix", "all"])
def test_a_small_wheel_is_taken_as_a_whole(checked, server, ranges):
    server.ranges = ranges
    server.add("soundthing", native("soundthing", ["libportaudio.so.2"]))
    assert libraries(checked(SLIM + INSTALL, index_url=server.url).findings) == [("FL301", "error", ("libportaudio2",))]
    assert len(files_asked(server)) == 1


def test_another_file_than_the_listed_is_not_believed(checked, server):
    built = native("soundthing", ["libportaudio.so.2"])
    path = urlsplit(server.add("soundthing", native("soundthing", [], padding=100))).path
    server.fault(path, Fault.answer(built.content, "application/octet-stream"))
    assert libraries(checked(SLIM + INSTALL, index_url=server.url).findings) == []


def test_of_many_libraries_the_first_are_named(checked, server):
    names = [
        "libEGL.so.1",
        "libGL.so.1",
        "libX11.so.6",
        "libXext.so.6",
        "libSM.so.6",
        "libICE.so.6",
        "libcups.so.2",
        "libodbc.so.2",
    ]
    server.add("soundthing", native("soundthing", names))
    (found,) = (each for each in checked(SLIM + INSTALL, index_url=server.url).findings if each.code == "FL301")
    assert "and 2 more, which are not there" in found.message
    assert {"libgl1", "libcups2t64", "libodbc2"} <= set(found.missing)
