"""Read the history of Docker's official python image and write it down as a data source.

    python scripts/mine_official_images.py OFFICIAL_IMAGES PYTHON

``OFFICIAL_IMAGES`` and ``PYTHON`` are clones, with history, of docker-library/official-images and
docker-library/python. Written is ``data-src/images/python.toml``: every tag of the ``python`` image, in the form that
``fromlint.images.official_python`` describes. What is known beyond that history stands in ``python-later.toml``, which
is written by hand; ``scripts/make_image_data.py`` turns both into what is shipped.

A day with several commits gets stamps ``2020-04-20``, ``2020-04-20.1``, … so that what lived for less than a day is
kept, and stamps still sort as text.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TARGET = Path(__file__).resolve().parent.parent / "data-src" / "images"

# buildpack-deps without a tag, as the Dockerfiles of 2014 name it (docker-library/buildpack-deps, June to
# September 2014: "latest" was jessie).
BUILDPACK_DEPS_2014 = "jessie"


class Block(NamedTuple):
    """One image of a library file: what it is called, for which CPUs, and from which Dockerfile."""

    tags: tuple[str, ...]
    shared: tuple[str, ...]
    architectures: tuple[str, ...]
    commit: str
    directory: str


class Recipe(NamedTuple):
    """What a Dockerfile of the python image says: its base, and what it pins."""

    base: str
    pip: str
    setuptools: str
    wheel: str
    lang: bool


class Objects:
    """Files of a clone at given commits, through one ``git cat-file --batch``."""

    def __init__(self, clone: str) -> None:
        self._process = subprocess.Popen(
            ["git", "-C", clone, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._seen: dict[str, str | None] = {}

    def text(self, name: str) -> str | None:
        """The text of ``COMMIT:PATH``, None where the clone does not have it."""
        if name not in self._seen:
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.write(f"{name}\n".encode())
            self._process.stdin.flush()
            header = self._process.stdout.readline().split()
            text = None
            if header[-1] != b"missing":
                body = self._process.stdout.read(int(header[2]) + 1)[:-1]
                text = body.decode(errors="replace") if header[1] == b"blob" else None
            self._seen[name] = text
        return self._seen[name]


def blocks(text: str) -> Iterator[Block]:
    """The images of a library file, in the form of before 2016 (a line a tag) or of today (RFC 2822)."""
    if not re.search(r"^Tags:", text, re.M):
        old: dict[tuple[str, str], list[str]] = {}
        for line in text.splitlines():
            if match := re.match(r"^([\w.-]+):\s+\S+?@(\S+)(?:\s+(\S+))?$", line.split("#")[0].strip()):
                old.setdefault((match[2], match[3] or "."), []).append(match[1])
        for (commit, directory), tags in old.items():
            yield Block(tuple(tags), (), ("amd64",), commit, directory)
        return
    common: dict[str, str] = {}
    for paragraph in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        name = ""
        for line in paragraph.splitlines():
            if line.startswith("#"):
                continue
            if line[:1].isspace() and name:
                fields[name] += " " + line.strip()
            elif ":" in line:
                name, _, value = line.partition(":")
                fields[name] = value.strip()
        if "Tags" not in fields and "SharedTags" not in fields:
            common |= fields
            continue
        whole = common | fields

        def listed(key: str, whole: dict[str, str] = whole) -> tuple[str, ...]:
            return tuple(part.strip() for part in whole.get(key, "").split(",") if part.strip())

        yield Block(
            listed("Tags"),
            listed("SharedTags"),
            listed("Architectures") or ("amd64",),
            whole.get("GitCommit", ""),
            whole.get("Directory", "."),
        )


def history(clone: str, library: str) -> Iterator[tuple[str, list[Block]]]:
    """Every state of ``library/NAME`` on the main line, oldest first, with its stamp."""
    log = subprocess.run(
        ["git", "-C", clone, "log", "--first-parent", "--reverse", "--format=%H %cs", "--", f"library/{library}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    objects = Objects(clone)
    count: dict[str, int] = {}
    for line in log.splitlines():
        commit, day = line.split()
        count[day] = count.get(day, 0) + 1
        stamp = day if count[day] == 1 else f"{day}.{count[day] - 1}"
        if text := objects.text(f"{commit}:library/{library}"):
            yield stamp, list(blocks(text))


def recipe(objects: Objects, block: Block) -> Recipe | None:
    """What the Dockerfile behind ``block`` says; None where the clone is older than the block."""
    text = objects.text(f"{block.commit}:{block.directory}/Dockerfile".replace(":./", ":"))
    if text is None:
        return None

    def last(pattern: str) -> str:
        found = re.findall(pattern, text, re.M)
        return found[-1] if found else ""

    return Recipe(
        base=last(r"^FROM (\S+)"),
        pip=last(r"PYTHON_PIP_VERSION[ =]+([0-9][^\s\\]*)"),
        setuptools=last(r"PYTHON_SETUPTOOLS_VERSION[ =]+([0-9][^\s\\]*)") or last(r"'setuptools==([0-9][^'{]*)'"),
        wheel=last(r"'wheel==([0-9][^'{]*)'") or ("0.45.1" if "'wheel<0.46'" in text else ""),
        lang=bool(re.search(r"^ENV LANG ", text, re.M)),
    )


def python_line(block: Block, said: Recipe | None) -> str:
    """The variant's full name: ``bookworm``, ``slim-bookworm``, ``alpine3.20``, ``windowsservercore-ltsc2022``."""
    last = block.directory.rsplit("/", 1)[-1]
    if "windows" in block.directory or last == "onbuild":
        return last
    if said is None:
        return last
    name, _, tag = said.base.partition(":")
    if name == "alpine":
        return f"alpine{tag}"
    if name == "debian":
        return f"slim-{tag.removesuffix('-slim')}"
    return tag or BUILDPACK_DEPS_2014


SPLIT = re.compile(r"^(?:(\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?(?:-rc)?|rc|latest)(?:-|$))?(.*)$")


def split(tag: str) -> tuple[str, str]:
    """``3.12-slim`` is (``3.12``, ``slim``); ``slim`` is (``""``, ``slim``); ``latest`` is (``""``, ``""``)."""
    match = SPLIT.match(tag)
    assert match
    return ("" if match[1] in (None, "latest") else match[1]), match[2]


class Changes:
    """A value over time, kept as the stamps at which it changed."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, str]] = []

    def set(self, stamp: str, value: str) -> None:
        if not self.entries or self.entries[-1][1] != value:
            if self.entries and self.entries[-1][0] == stamp:
                self.entries.pop()
            if not self.entries or self.entries[-1][1] != value:
                self.entries.append((stamp, value))


class Minor:
    """Everything about one minor version (``3.12``, or ``3.13-rc``) that its tags need."""

    def __init__(self) -> None:
        self.patches = Changes()
        self.lines: dict[str, Changes] = {}
        self.names: dict[str, Changes] = {}
        self.floats: dict[str, Changes] = {}
        self.lang = Changes()


def mine_python(official: str, python: str) -> str:
    """``python.toml`` as text."""
    objects = Objects(python)
    minors: dict[str, Minor] = {}
    pointers: dict[str, Changes] = {}
    stamp = ""
    for stamp, state in history(official, "python"):
        live: dict[tuple[str, str, str], set[str]] = {}
        pointed: dict[str, str] = {}
        for block in state:
            said = recipe(objects, block)
            line = python_line(block, said)
            parts = [split(tag) for tag in block.tags + block.shared]
            full = next((p for p, _ in parts if p.count(".") == 2), None)
            short = next((p for p, _ in parts if p.count(".") == 1), None)
            if full is None:  # onbuild once went by its minor alone
                full = short or ""
            if short is not None:  # 3.5 and 3.6 were tags before their first release
                name = short
            else:
                match = re.match(r"(\d+\.\d+)\.\d+((?:a|b|rc)\d+)?$", full)
                assert match, block
                name = match[1] + ("-rc" if match[2] else "")
            minor = minors.setdefault(name, Minor())
            pinned = minor.patches.entries[-1][1].split()[1:] if minor.patches.entries else ["-", "-", "-"]
            if full.count(".") == 2 and "windows" not in line and line != "onbuild":
                if said is not None:
                    pinned = [said.pip or "-", said.setuptools or "-", said.wheel or "-"]
                    minor.lang.set(stamp, "yes" if said.lang else "no")
                else:
                    pinned = ["-", *pinned[1:]]
                if ("patch", name, "") not in live:
                    live["patch", name, ""] = {full}
                    minor.patches.set(stamp, " ".join([full, *pinned]))
            live.setdefault(("line", name, line), set()).update(block.architectures)
            for prefix, suffix in parts:
                if prefix in ("", "2", "3", "rc"):
                    if suffix not in ("onbuild",) and "windows" not in suffix:
                        pointed.setdefault(prefix, name)
                elif suffix == line != "windowsservercore":
                    live.setdefault(("name", name, line), set()).add(prefix)
                elif "windows" not in line or "windows" in suffix:
                    live.setdefault(("float", name, suffix), set()).add(line)
        for prefix in {*pointers, *pointed}:
            pointers.setdefault(prefix, Changes()).set(stamp, pointed.get(prefix, ""))
        for name, minor in minors.items():
            for kind, table in (("line", minor.lines), ("name", minor.names), ("float", minor.floats)):
                for key in {*table, *(k for what, n, k in live if what == kind and n == name)}:
                    found = live.get((kind, name, key), set())
                    if kind == "name":
                        value = "yes" if found else ""
                    elif kind == "line":
                        value = " ".join(sorted(found))
                    else:
                        value = sorted(found)[-1] if found else ""
                    if value or key in table:
                        table.setdefault(key, Changes()).set(stamp, value)
            if ("patch", name, "") not in live and minor.patches.entries:
                minor.patches.set(stamp, "")
    return python_toml(stamp, pointers, minors)


def python_toml(last: str, pointers: dict[str, Changes], minors: dict[str, Minor]) -> str:
    """The mined history as TOML."""
    out = [
        "# Every tag that the official python image ever had; see the docstring of scripts/mine_official_images.py.",
        "# A change is [stamp, value]; an empty value: not listed any more (what was pushed stays as it was).",
        "# patches: version, then the pinned pip, setuptools and wheel ('-': not pinned).",
        "# lines: the CPUs of a variant by its full name. names: since when the full name is a tag.",
        "# floats: the variant that a shorter name means. lang: whether LANG=C.UTF-8 is set.",
        f'as_of = "{last[:10]}"',
        'source = "docker-library/official-images library/python, docker-library/python Dockerfiles"',
        "",
        "[pointers]",
    ]
    for prefix, changes in sorted(pointers.items()):
        out.append(f'"{prefix or "latest"}" = {listed(changes)}')
    for name, minor in minors.items():
        out += ["", f'[minor."{name}"]', f"patches = {listed(minor.patches)}", f"lang = {listed(minor.lang)}"]
        for title, table in (("lines", minor.lines), ("names", minor.names), ("floats", minor.floats)):
            out.append(f'[minor."{name}".{title}]')
            out += [f'"{key or "full"}" = {listed(changes)}' for key, changes in sorted(table.items())]
    return "\n".join(out) + "\n"


def listed(changes: Changes) -> str:
    return "[" + ", ".join(f'["{stamp}", "{value}"]' for stamp, value in changes.entries) + "]"


def main(official: str, python: str) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "python.toml").write_text(mine_python(official, python), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
