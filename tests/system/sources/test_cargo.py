"""Crates read."""

import pytest

from fromlint.system.sources import cargo
from fromlint.system.sources.facts import Use


@pytest.mark.parametrize(
    ("files", "minimum"),
    [
        ({"Cargo.toml": '[package]\nrust-version = "1.74"\nedition = "2021"'}, "1.74"),
        ({"Cargo.toml": '[package]\nedition = "2024"'}, "1.85"),
        ({"Cargo.toml": '[package]\nrust-version = "1.60"', "Cargo.lock": "version = 4"}, "1.78"),
        ({"Cargo.toml": "[package]"}, None),
        ({"Cargo.toml": '[package]\nrust-version = "no"'}, None),
        ({"Cargo.toml": "broken ["}, None),
        ({}, None),
    ],
)
def test_oldest_rustc(files: dict[str, str], minimum: str | None) -> None:
    assert cargo.read("Cargo.toml", files.get)[0] == minimum


def test_a_workspace_says_it_for_its_members() -> None:
    files = {
        "Cargo.toml": '[workspace.package]\nrust-version = "1.83"\n',
        "src/rust/Cargo.toml": "[package]\nrust-version.workspace = true\n",
    }
    assert cargo.read("src/rust/Cargo.toml", files.get)[0] == "1.83"


def lock(*names: str) -> str:
    chain = "".join(
        f'[[package]]\nname = "{name}"\nversion = "1"\ndependencies = {[following] if following else []}\n'.replace(
            "'", '"'
        )
        for name, following in zip(names, (*names[1:], ""), strict=True)
    )
    return f"version = 3\n{chain}"


def test_libraries_that_crates_bind() -> None:
    files = {"Cargo.toml": '[package]\n[dependencies]\nopenssl = "1"\n', "Cargo.lock": lock("openssl", "openssl-sys")}
    assert set(cargo.read("Cargo.toml", files.get)[1]) == {
        Use("pkg-config", "openssl", True),
        Use("program", "pkg-config", True),
    }
    files["Cargo.toml"] = "[package]\n[dev-dependencies]\nopenssl = '1'\n"
    assert not any(use.sure for use in cargo.read("Cargo.toml", files.get)[1])
    files["Cargo.lock"] += '[[package]]\nname = "openssl-src"\n'
    assert cargo.read("Cargo.toml", files.get)[1] == ()
