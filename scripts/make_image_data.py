"""Turn ``data-src/images/*.toml`` into the compact files that ship in ``src/fromlint/data/images``.

    python scripts/make_image_data.py          writes them
    python scripts/make_image_data.py --check  exits 1 where what is there is not what would be written

The TOML is the truth, with its sources and meant to be edited by hand; the JSON is what is read at run time: one small
file for each thing that is asked for, so that an answer about one image reads no data about others. The forms are
described in ``fromlint.images.store``.
"""

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "data-src" / "images"
TARGET = ROOT / "src" / "fromlint" / "data" / "images"

ARCHITECTURES = {
    "amd64": "linux/amd64",
    "arm32v5": "linux/arm/v5",
    "arm32v6": "linux/arm/v6",
    "arm32v7": "linux/arm/v7",
    "arm64v8": "linux/arm64",
    "i386": "linux/386",
    "mips64le": "linux/mips64le",
    "ppc64le": "linux/ppc64le",
    "riscv64": "linux/riscv64",
    "s390x": "linux/s390x",
    "windows-amd64": "windows/amd64",
}


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((SOURCE / name).read_text(encoding="utf-8"))


def release_key(version: str) -> tuple[int, ...]:
    """Sorts ``3.12.0a1`` before ``3.12.0b1``, ``3.12.0rc1`` and ``3.12.0``."""
    match = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)(?:(a|b|rc)(\d+))?", version)
    assert match, version
    stage = {"a": 0, "b": 1, "rc": 2, None: 3}[match[4]]
    return int(match[1]), int(match[2]), int(match[3]), stage, int(match[5] or 0)


def minor_key(name: str) -> tuple[int, int, bool]:
    """Sorts ``3.9``, ``3.10-rc``, ``3.10``."""
    major, minor = name.removesuffix("-rc").split(".")
    return int(major), int(minor), not name.endswith("-rc")


def bundled_pip(table: dict[str, list[list[str]]], version: str) -> str:
    """The pip in ensurepip of ``version``, "" where the table does not say."""
    minor = ".".join(version.split(".")[:2])
    found = ""
    for since, pip in table.get(minor, []):
        if release_key(since) <= release_key(version):
            found = pip
    return found


def python_files() -> dict[str, Any]:
    """``python/index.json`` and ``python/MINOR.json``."""
    mined, later = toml("python.toml"), toml("python-later.toml")
    ensurepip = later["ensurepip"]
    minors: dict[str, dict[str, Any]] = mined["minor"]
    for name, more in later["minor"].items():
        known = minors.setdefault(name, {})
        for key, value in more.items():
            if isinstance(value, dict):
                known.setdefault(key, {}).update(value)
            else:
                known.setdefault(key, []).extend(value)
    pointers = mined["pointers"]
    for name, more in later["pointers"].items():
        pointers[name].extend(more)
    files: dict[str, Any] = {
        "python/index.json": {
            "as_of": mined["as_of"],
            "later": later["as_of"],
            "partial": later["partial"],
            "minors": sorted(minors, key=minor_key),
            "pointers": pointers,
            "end_of_life": later["end_of_life"],
        }
    }
    for name, minor in minors.items():
        patches = []
        for stamp, text in minor["patches"]:
            version, *pins = text.split() if text else ("", "", "", "")
            pip, setuptools, wheel = ("" if pin == "-" else pin for pin in pins)
            if version and not pip and stamp >= "2024-09-12":
                pip = bundled_pip(ensurepip, version)
            patches.append([stamp, version, pip, setuptools, wheel])
        lines = {
            line: [[stamp, " ".join(ARCHITECTURES[word] for word in words.split())] for stamp, words in changes]
            for line, changes in minor["lines"].items()
        }
        named = minor.get("names", {})
        names = {}
        for line, changes in lines.items():
            alive = [[stamp, "yes" if value else ""] for stamp, value in changes]
            alive = [entry for i, entry in enumerate(alive) if i == 0 or alive[i - 1][1] != entry[1]]
            if name not in later["partial"] and named.get(line, []) != alive:
                names[line] = named.get(line, [])
        floats = {("" if key == "full" else key): changes for key, changes in minor["floats"].items()}
        files[f"python/{name}.json"] = {
            "patches": patches,
            "lang": minor["lang"],
            "lines": lines,
            "names": names,
            "floats": floats,
        }
    return files


def distribution_file() -> dict[str, Any]:
    """``distributions.json``: the releases, and under which names each is found."""
    source = toml("distributions.toml")
    rows: list[dict[str, Any]] = []
    keys: dict[str, int] = {}
    for row in source["release"]:
        del row["source"]
        for word in ("release", "codename"):
            if row.get(word):
                keys[f"{row['distro']}/{row[word]}"] = len(rows)
        rows.append(row)
    return {"as_of": source["as_of"], "keys": keys, "rows": rows}


def content_files() -> dict[str, Any]:
    """``contents/NAME.json``: packages, commands, capabilities and sizes, each list complete by itself."""
    lists, commands = toml("contents.toml")["list"], toml("commands.toml")
    packages_of: dict[str, set[str] | None] = {}

    def packages(name: str) -> set[str] | None:
        if name not in packages_of:
            entry = lists[name]
            below = packages(entry["with"]) if "with" in entry else None
            own = set(entry["packages"].split()) if "packages" in entry else None
            found = (below or set()) | (own or set()) if below is not None or own is not None else None
            if found is not None:
                found = (found | set(entry.get("plus", "").split())) - set(entry.get("less", "").split())
            packages_of[name] = found
        return packages_of[name]

    def capabilities(name: str) -> set[str]:
        entry = lists[name]
        if "capabilities" in entry:
            return set(entry["capabilities"].split())
        return capabilities(entry["with"]) if "with" in entry else set()

    def tools(name: str) -> set[str]:
        entry = lists[name]
        family = "alpine" if name.startswith("alpine") or entry.get("family") == "alpine" else "debian"
        known = packages(name)
        found: set[str] = set()
        if known is not None:
            for package in known:
                found |= set(commands[family].get(package, "").split())
        elif "with" in entry:
            found |= tools(entry["with"])
        for word in entry.get("commands", "").split():
            found |= tools(word[1:]) if word.startswith("@") else {word}
        return found - set(entry.get("lacks_commands", "").split())

    def sizes(name: str) -> dict[str, int]:
        entry = lists[name]
        own: dict[str, int] = entry.get("sizes", {})
        return own or (sizes(entry["with"]) if "with" in entry else {})

    def unpacked(name: str) -> dict[str, int]:
        """What is known for one CPU is taken for the others as well, by their packed sizes."""
        entry = lists[name]
        if "unpacked" not in entry:
            return unpacked(entry["with"]) if "with" in entry else {}
        own = sizes(name)
        return {word: round(entry["unpacked"] * size / own["amd64"]) for word, size in own.items()}

    files = {}
    for name in lists:
        known = packages(name)
        files[f"contents/{name}.json"] = {
            "packages": None if known is None else " ".join(sorted(known)),
            "tools": " ".join(sorted(tools(name))),
            "capabilities": " ".join(sorted(capabilities(name))),
            "sizes": {f"linux/{word}": size for word, size in sizes(name).items()},
        }
        if on_disk := unpacked(name):
            files[f"contents/{name}.json"]["unpacked"] = {f"linux/{word}": size for word, size in on_disk.items()}
    return files


def family_files() -> dict[str, Any]:
    """``families/NAME.json`` and ``repositories.json``: which file speaks of which repository."""
    files: dict[str, Any] = {}
    exact: dict[str, str] = {}
    patterns: list[list[str]] = []
    for path in sorted((SOURCE / "families").glob("*.toml")):
        family = tomllib.loads(path.read_text(encoding="utf-8"))
        for repository in family["repositories"]:
            if "*" in repository:
                patterns.append([repository, path.stem])
            else:
                exact[repository] = path.stem
        shared = family.get("shared", {})
        rules = []
        for rule in family["tag"]:
            # Of a tag that never was there is nothing more to say.
            whole = dict(rule) if rule.get("status") == "never" else {**shared, **rule}
            if "variables" in rule and "variables" in shared:
                whole["variables"] = {**shared["variables"], **rule["variables"]}
            whole.pop("note", None)
            rules.append(whole)
        files[f"families/{path.stem}.json"] = {
            "as_of": family["as_of"],
            "moves": family.get("moves", {}),
            "architectures": {
                name: " ".join(f"linux/{word}" for word in words.split())
                for name, words in family.get("architectures", {}).items()
            },
            "rules": rules,
        }
        if "variants" in family:
            files[f"families/{path.stem}.json"]["variants"] = family["variants"]
    patterns.sort(key=lambda entry: (-len(entry[0].replace("*", "")), entry[0]))
    files["repositories.json"] = {"exact": exact, "patterns": patterns}
    return files


def made() -> dict[str, str]:
    """Every file to ship, by its path below the target, as text."""
    guess = toml("guess.toml")
    del guess["source"]
    files = python_files() | family_files() | content_files()
    files |= {"distributions.json": distribution_file(), "guess.json": guess}
    return {
        name: json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"
        for name, content in files.items()
    }


def main(arguments: list[str]) -> int:
    files = made()
    there = {str(path.relative_to(TARGET)): path for path in TARGET.rglob("*.json")}
    if "--check" in arguments:
        stale = sorted(
            name
            for name in {*files, *there}
            if name not in files or name not in there or there[name].read_text(encoding="utf-8") != files[name]
        )
        if stale:
            print("not as data-src says:", *stale, file=sys.stderr)
        return 1 if stale else 0
    for name in there.keys() - files.keys():
        there[name].unlink()
    for name, text in files.items():
        path = TARGET / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
