"""Make the compact form of the hand-edited data: src/fromlint/data/system/ from the TOML files beside it.

Usage: python scripts/make_system_data.py

    data/packages/*.toml          ->  data/system/packages.jsonl       one line a Python package
    data/capabilities/*.toml      ->  data/system/capabilities.jsonl   one line an abstract need
    data/{alpine,rhel}/*.toml     ->  data/system/{alpine,rhel}.json
    data/debian/renamed.toml      ->  data/system/renamed.json

A line is ``["name",{…}]``, so that a reader finds the lines it wants without parsing the rest. Run it after every
edit; a test compares. `compact()` gives what the files should hold.

To describe a Python package takes a file of its own, named as PEP 503 normalises its name:

    name = "psycopg2"
    kind = "native"                     # pure, native, heavy (takes long), unbuildable (no ordinary build succeeds)
    languages = ["c"]
    alternatives = ["psycopg2-binary"]  # ready-made distributions to take instead
    note = "…"                          # shown to people where its build fails: what they need to know besides
    remark = "…"                        # for those who edit this
    confidence = "high"                 # high, medium; low and knowledge (hearsay) are capped at info
    source = ["…"]

    [build]
    minutes = 0.2                       # of one CPU, where a build was measured
    needs = ["c-compiler", "libpq"]     # capabilities; what build-system.requires or the hook fetches is none
    optional = []                       # only add features
    fallback = true                     # without a compiler it is installed all the same, without its native part
    switches = ["X_NO_EXTENSIONS"]      # environment variables that leave the native part out
    [[build.when]]                      # more needs, another kind or fallback, of some versions
    [[build.rust]]                      # minimum rustc of some versions; fetched: the backend brings a toolchain
    [[build.library]]                   # version of a C library: "3.8", "<10" (older), "own" (as the package) or "same"

    [run]
    wheel = ["libgomp"]                 # what the published wheel loads; a compiled module what it was built with
    any = []                            # … a wheel for any platform besides; compiled: a compiled one besides
    later = []                          # called or loaded after the import
    fetched = []                        # loaded by what it fetches besides, where a RUN has it do so
    without = ["psycopg-binary"]        # not if one of these is installed, too
    guarded = ["unstructured"]          # these ask for the package, and go on where it cannot be imported
    excused = ["GIT_PYTHON_REFRESH=q"]  # variables with which importing it does without
    [[run.when]]                        # more, of some versions

    [[hopeless]]                        # these versions do not build on these Pythons, whatever is installed
    versions = "<4"
    python = ">=3.12"
    why = "…"
    exits = ["build-constraint"]        # or no-build-isolation, a variable, setup.py (pip may run it in the environment
                                        # without pyproject.toml), setuptools<66 wheel<0.40 (the same with these)

A capability names packages by distribution: ``build``, ``run``, ``also`` (other sets that give the same), ``absent``
(releases that have none), and below that by release: a codename, a number, or on Alpine a range (``"<3.15"``).
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "src" / "fromlint" / "data"
# Where a fact of a capability is from is for those who edit it; no answer quotes it.
FOR_EDITORS = ("name", "source", "note")


def line(name: str, value: Mapping[str, object]) -> str:
    return json.dumps([name, value], separators=(",", ":"), ensure_ascii=False, sort_keys=True)


def described(folder: str, dropped: tuple[str, ...]) -> str:
    """All TOML files of a folder as JSON lines. Raises ValueError where a file does not bear its entry's name."""
    lines = []
    for path in sorted((DATA / folder).glob("*.toml")):
        value = tomllib.loads(path.read_text(encoding="utf-8"))
        if value["name"] != path.stem:
            raise ValueError(f"{path}: its name is {value['name']}")
        lines.append(line(path.stem, {key: item for key, item in value.items() if key not in dropped}))
    return "\n".join(lines) + "\n"


def whole(*path: str) -> str:
    """One TOML file as JSON."""
    value = tomllib.loads(DATA.joinpath(*path).read_text(encoding="utf-8"))
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True) + "\n"


def compact() -> dict[str, str]:
    """The files of data/system by name."""
    return {
        "packages.jsonl": described("packages", ("name", "remark")),
        "capabilities.jsonl": described("capabilities", FOR_EDITORS),
        "alpine.json": whole("alpine", "packages.toml"),
        "rhel.json": whole("rhel", "packages.toml"),
        "renamed.json": whole("debian", "renamed.toml"),
    }


def main() -> None:
    out = DATA / "system"
    out.mkdir(exist_ok=True)
    for name, text in compact().items():
        (out / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
