"""The data files: the compact form agrees with the hand-edited one, and what they name exists."""

import importlib.util
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from fromlint.model.environment import Environment
from fromlint.system import archive, capabilities, needs, stored, versions
from fromlint.system.distribution import named

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "src" / "fromlint" / "data"
PACKAGES = sorted((DATA / "packages").glob("*.toml"))
CAPABILITIES = sorted((DATA / "capabilities").glob("*.toml"))


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entries(paths: list[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        yield tomllib.loads(path.read_text(encoding="utf-8"))


def test_the_compact_form_agrees_with_the_files() -> None:
    for name, text in script("make_system_data").compact().items():
        assert (DATA / "system" / name).read_text(encoding="utf-8") == text, f"{name}: run scripts/make_system_data.py"


def test_all_packages_of_the_facts_are_described() -> None:
    assert len(PACKAGES) >= 300


def test_package_files_hold_what_readers_expect() -> None:
    top = {
        "name",
        "kind",
        "languages",
        "alternatives",
        "note",
        "remark",
        "confidence",
        "source",
        "build",
        "run",
        "hopeless",
    }
    for entry in entries(PACKAGES):
        assert set(entry) <= top, entry["name"]
        assert entry["kind"] in ("pure", "native", "heavy", "unbuildable")
        assert entry["confidence"] in ("high", "medium", "low", "knowledge")
        assert entry["source"], entry["name"]
        build, run = entry.get("build", {}), entry.get("run", {})
        assert set(build) <= {"minutes", "needs", "optional", "fallback", "switches", "when", "rust", "library"}, entry[
            "name"
        ]
        loads = {"wheel", "any", "compiled", "later", "fetched", "when"}
        assert set(run) <= loads | {"without", "guarded", "excused", "confidence", "source"}, entry["name"]
        for gate in build.get("when", ()):
            assert {"versions", "source"} <= set(gate) <= {"versions", "needs", "kind", "fallback", "source"}
        for case in entry.get("hopeless", ()):
            assert set(case) <= {"versions", "python", "why", "exits", "confidence", "source"}, entry["name"]
        assert set(case) >= {"why", "confidence", "source"}, entry["name"]


def test_packages_name_capabilities_that_exist() -> None:
    for entry in entries(PACKAGES):
        build, run = entry.get("build", {}), entry.get("run", {})
        named_ = [*build.get("needs", ()), *build.get("optional", ())]
        named_ += [need for gate in build.get("when", ()) for need in gate.get("needs", ())]
        named_ += [case["capability"] for case in build.get("library", ())]
        named_ += [need for key in ("wheel", "any", "compiled", "later") for need in run.get(key, ())]
        named_ += [need for gate in run.get("when", ()) for need in gate["wheel"]]
        for capability in named_:
            assert capabilities.exists(capability), (entry["name"], capability)


def test_every_range_can_be_read() -> None:
    for entry in entries(PACKAGES):
        build = entry.get("build", {})
        gates = [*build.get("when", ()), *build.get("rust", ()), *build.get("library", ())]
        gates += [*entry.get("run", {}).get("when", ()), *entry.get("hopeless", ())]
        for gate in gates:
            versions.within("1.0", gate.get("versions", ""))
            versions.within("3.12", gate.get("python", ""))


def test_at_most_one_rust_fits_a_version() -> None:
    for entry in entries(PACKAGES):
        gates = entry.get("build", {}).get("rust", ())
        for version in ("0.9", "1.0", "3.9.15", "3.11.4", "4.1", "5.0", "41.0.7", "42", "44.0.1", "46.0.0", None):
            assert sum(versions.within(version, gate.get("versions", "")) for gate in gates) <= 1, entry["name"]


def test_debian_names_exist_in_every_release_that_should_have_them() -> None:
    for entry in entries(CAPABILITIES):
        for release in archive.releases():
            where = named("debian", release)
            assert where is not None
            names = capabilities.names(entry["name"], where)
            if names is None or names.absent:
                continue
            for package in (*names.build, *names.run):
                found = archive.known(release, package)
                assert found is not None, (entry["name"], release, package)
                assert len(found.providers) < 2, (entry["name"], release, package)


def test_knowledge_is_not_certain() -> None:
    for entry in entries(PACKAGES):
        image = Environment(True, None, "x", distro="debian", codename="trixie")
        found = needs.build_needs(entry["name"], None, image, None)
        assert found is not None
        assert found.certain == (found.confidence in ("high", "medium"))


def test_renamed_names_are_old_and_new() -> None:
    now = stored.whole("system", "renamed.json")["now"]
    for old, new in now.items():
        assert old != new
        if new:
            assert any(archive.known(release, new) for release in archive.releases()), (old, new)


def test_the_installed_size_stays_small() -> None:
    sizes = [path.stat().st_size for folder in ("system", "debian") for path in (DATA / folder).glob("*")]
    assert sum(sizes) < 2_000_000


def test_the_scripts_order_versions_as_dpkg_does() -> None:
    compare = script("make_debian_data").compare
    assert compare("1.0~rc1-1", "1.0-1") == -1
    assert compare("1:1.0-1", "2.0-1") == 1
    assert compare("2.36-9+deb12u14", "2.36-9+deb12u2") == 1
    assert compare("1.0-1", "1.0-1") == 0
    assert compare("1.0a-1", "1.0+b-1") == -1
    assert compare("1.10", "1.9") == 1


@pytest.mark.parametrize(
    ("field", "groups"),
    [
        (
            "libc6 (>= 2.34), libfoo | libbar (<< 2)",
            [[("libc6", ">=", "2.34")], [("libfoo", "", ""), ("libbar", "<<", "2")]],
        ),
        ("python3:any", [[("python3", "", "")]]),
        ("", []),
    ],
)
def test_relations_of_a_control_file(field: str, groups: list[list[tuple[str, str, str]]]) -> None:
    assert [[tuple(relation) for relation in group] for group in script("make_debian_data").relations(field)] == groups


def test_a_dependency_comes_with_all_that_it_brings_before_the_next_one_is_looked_at() -> None:
    # libgdal-dev has libcurl4-gnutls-dev | libcurl-ssl-dev, and deep below libhdf5-dev, which stands before it,
    # libcurl4-openssl-dev, which provides the other (tried with apt 2.6 and 3.0).
    made = script("make_debian_data")

    def package(name: str, depends: str) -> Any:
        return made.Package(name, "1", made.relations(depends), (), (), 3, 0, 0, 0)

    packages = {
        "apt": package("apt", ""),
        "top": package("top", "hdf5, gnutls | openssl"),
        "hdf5": package("hdf5", "netcdf"),
        "netcdf": package("netcdf", "openssl"),
        "gnutls": package("gnutls", ""),
        "openssl": package("openssl", ""),
    }
    brought = made.Archive(packages).closure(["top"], recommends=False)
    assert brought == {"top", "hdf5", "netcdf", "openssl"}
