"""Make src/fromlint/data/debian/ from the Debian archive's own indices.

Usage: python scripts/make_debian_data.py WORK_FOLDER      (Debian or Ubuntu host with apt; no root needed)

What comes out answers two questions without the archive at hand:

* which package names a release has, real or provided by others (FL205);
* which packages *of interest* installing a package brings along, with and without Recommends.

Of interest are the packages that `data/capabilities/*.toml` names for Debian, and those that hold the shared
libraries of `data/debian/loaded.toml`. The dependency graph itself is not stored: its closure is worked out here, as
apt works it out on an image that holds only the packages of Priority "required" and apt itself (debootstrap's
minbase, which debian:*-slim is made from): an alternative that is already satisfied is kept, else the first that can
be installed is taken; of those that provide a virtual name the one that apt prefers.

apt fetches the indices in a private configuration below WORK_FOLDER, from the mirror that the host uses.
"""

import functools
import json
import os
import re
import subprocess
import sys
import tomllib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

RELEASES = ("bullseye", "bookworm", "trixie", "forky")
WITHOUT_SECURITY = ("forky",)
ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "src" / "fromlint" / "data"
BLOCK = 512  # names in a block of the archive file: one look-up unpacks one block
LOADED = re.compile(r"\.so\.\d+(\.\d+)?$")  # libfbclient.so.2, libtbb.so.12; librocksdb.so.9.10
LIBRARY = re.compile(r"^(?:usr/)?lib/(?:x86_64-linux-gnu/)?(lib[^/]+\.so(?:\.[0-9][^/ ]*)?)\s+(\S+)$")


class Relation(NamedTuple):
    """One alternative of a dependency: ``name (operator version)``."""

    name: str
    operator: str
    version: str


class Package(NamedTuple):
    """A package as its index describes it.

    ``priority`` is 0 for required (and essential) ones, then important, standard, optional, extra. ``seen`` counts in
    which order the indices mention packages: by it apt chooses among equals that provide a name. ``installed`` is
    Installed-Size (KiB on disk), ``packed`` the bytes of the .deb.
    """

    name: str
    version: str
    depends: tuple[tuple[Relation, ...], ...]
    recommends: tuple[tuple[Relation, ...], ...]
    provides: tuple[tuple[str, str], ...]
    priority: int
    seen: int
    installed: int
    packed: int

    @property
    def required(self) -> bool:
        return self.priority == 0


def fetch(work: Path) -> None:
    """Fetch Packages and Contents of all releases into WORK_FOLDER/apt/lists."""
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Identifier: Packages"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    mirror = next(target for target in targets if target.endswith("/debian/"))
    security = next(target for target in targets if "security" in target)
    apt = work / "apt"
    for folder in ("lists/partial", "archives/partial"):
        (apt / folder).mkdir(parents=True, exist_ok=True)
    key = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
    lines = [f"deb {key} {mirror} {release} main" for release in RELEASES]
    secured = [release for release in RELEASES if release not in WITHOUT_SECURITY]
    lines += [f"deb {key} {security} {release}-security main" for release in secured]
    (apt / "sources.list").write_text("\n".join(lines) + "\n")
    (apt / "apt.conf").write_text(
        f'Dir::Etc::sourcelist "{apt}/sources.list";\n'
        'Dir::Etc::sourceparts "-";\n'
        f'Dir::State::lists "{apt}/lists";\n'
        f'Dir::Cache "{apt}";\n'
        'APT::Sandbox::User "root";\n'
        'APT::Architectures { "amd64"; };\n'
        "Acquire::IndexTargets::deb::Contents-deb {\n"
        '  MetaKey "$(COMPONENT)/Contents-$(ARCHITECTURE)"; ShortDescription "Contents-$(ARCHITECTURE)";\n'
        '  Description "$(RELEASE)/$(COMPONENT) $(ARCHITECTURE) Contents (deb)"; };\n'
    )
    subprocess.run(["apt-get", "update", "-q"], check=True, env={**os.environ, "APT_CONFIG": str(apt / "apt.conf")})


def lines_of(work: Path, release: str, kind: str) -> Iterator[str]:
    """The lines of all indices of a release; ``kind`` is Packages or Contents-amd64 or Contents-all."""
    paths = (work / "apt" / "lists").glob(f"*_dists_{release}*_{kind}*")
    suites = {path: path.name.split("_dists_")[1].split("_")[0] for path in paths}
    for path in sorted(suites, key=lambda path: (suites[path], path.name)):
        if suites[path] not in (release, f"{release}-security"):
            continue
        process = subprocess.Popen(
            ["/usr/lib/apt/apt-helper", "cat-file", str(path)], stdout=subprocess.PIPE, text=True, errors="replace"
        )
        assert process.stdout is not None
        yield from process.stdout
        process.wait()


# --- versions: deb-version(7) ---------------------------------------------------------------------------------


def _order(character: str) -> int:
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256


def _compare_part(left: str, right: str) -> int:
    while left or right:
        a, b = re.match(r"\D*", left)[0], re.match(r"\D*", right)[0]  # type: ignore[index]
        left, right = left[len(a) :], right[len(b) :]
        for x, y in zip([*map(_order, a), *[0] * len(b)], [*map(_order, b), *[0] * len(a)], strict=False):
            if x != y:
                return -1 if x < y else 1
        a, b = re.match(r"\d*", left)[0], re.match(r"\d*", right)[0]  # type: ignore[index]
        left, right = left[len(a) :], right[len(b) :]
        if int(a or 0) != int(b or 0):
            return -1 if int(a or 0) < int(b or 0) else 1
    return 0


@functools.lru_cache(1 << 16)
def compare(left: str, right: str) -> int:
    """-1, 0 or 1, as ``dpkg --compare-versions`` orders them."""
    parts = []
    for text in (left, right):
        epoch, colon, rest = text.partition(":")
        epoch, rest = (epoch, rest) if colon else ("0", text)
        upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")
        parts.append((int(epoch), upstream, revision))
    (e1, u1, r1), (e2, u2, r2) = parts
    if e1 != e2:
        return -1 if e1 < e2 else 1
    return _compare_part(u1, u2) or _compare_part(r1, r2)


def satisfies(version: str, relation: Relation) -> bool:
    """Whether a version fits the relation; one without operator takes any."""
    if not relation.operator:
        return True
    order = compare(version, relation.version)
    return {"<<": order < 0, "<=": order <= 0, "=": order == 0, ">=": order >= 0, ">>": order > 0}[relation.operator]


# --- indices --------------------------------------------------------------------------------------------------

_RELATION = re.compile(r"\s*([a-z0-9][a-z0-9+.-]*)(?::\w+)?\s*(?:\((<<|<=|=|>=|>>)\s*([^)\s]+)\s*\))?")


def relations(field: str) -> tuple[tuple[Relation, ...], ...]:
    """A Depends field: its groups, each a tuple of alternatives."""
    groups = []
    for group in field.split(","):
        matches = [_RELATION.match(part) for part in group.split("|")]
        groups.append(tuple(Relation(m[1], m[2] or "", m[3] or "") for m in matches if m))
    return tuple(group for group in groups if group)


_PRIORITIES = ("required", "important", "standard", "optional", "extra")
# All that mentions packages, as apt reads it.
_RELATIONS = (
    "Depends",
    "Pre-Depends",
    "Suggests",
    "Recommends",
    "Conflicts",
    "Breaks",
    "Replaces",
    "Enhances",
    "Provides",
)


def packages_of(work: Path, release: str) -> dict[str, Package]:
    """All packages of a release, the highest version of each."""
    found: dict[str, Package] = {}
    mentioned: dict[str, int] = {}
    fields: dict[str, str] = {}

    def close() -> None:
        if "Package" not in fields:
            return
        name = fields["Package"]
        mentioned.setdefault(name, len(mentioned))
        parsed = {key: relations(fields.get(key, "")) for key in (*_RELATIONS, "Provides")}
        for groups in parsed.values():
            for relation in (relation for group in groups for relation in group):
                mentioned.setdefault(relation.name, len(mentioned))
        priority = 0 if fields.get("Essential") == "yes" else _PRIORITIES.index(fields.get("Priority", "optional"))
        package = Package(
            name,
            fields["Version"],
            parsed["Pre-Depends"] + parsed["Depends"],
            parsed["Recommends"],
            tuple((group[0].name, group[0].version) for group in parsed["Provides"]),
            priority,
            mentioned[name],
            int(fields.get("Installed-Size", 0)),
            int(fields.get("Size", 0)),
        )
        known = found.get(name)
        if known is None or compare(known.version, package.version) < 0:
            found[name] = package

    wanted = {"Package", "Version", "Priority", "Essential", "Provides", "Installed-Size", "Size", *_RELATIONS}
    for line in lines_of(work, release, "Packages"):
        if line == "\n":
            close()
            fields = {}
        elif line[0] != " ":
            key, _, value = line.partition(":")
            if key in wanted:
                fields[key] = value.strip()
    close()
    return found


def libraries_of(work: Path, release: str) -> dict[str, list[str]]:
    """Which shared libraries (file names) each package holds in the loader's folders."""
    found: dict[str, list[str]] = {}
    for line in lines_of(work, release, "Contents-amd64"):
        if ".so" in line and (match := LIBRARY.match(line.rstrip("\n"))):
            for owner in match[2].split(","):
                found.setdefault(owner.rsplit("/", 1)[-1], []).append(match[1])
    return found


# --- closure --------------------------------------------------------------------------------------------------


class Group(NamedTuple):
    """A dependency worked out against the archive: what satisfies it, and what apt takes if nothing is there yet."""

    satisfied_by: frozenset[str]
    choice: str | None


class Archive:
    """A release's packages and what they bring."""

    def __init__(self, packages: Mapping[str, Package]) -> None:
        self.packages = packages
        self.providers: dict[str, list[tuple[str, str]]] = {}
        for package in packages.values():
            for name, version in package.provides:
                self.providers.setdefault(name, []).append((package.name, version))
        self._groups: dict[tuple[str, bool], tuple[Group, ...]] = {}
        self.base: frozenset[str] = frozenset()
        seeds = [package.name for package in packages.values() if package.required] + ["apt"]
        seeds += [name for name in ("usr-is-merged",) if name in packages]  # as the images are; else usrmerge and Perl
        self.base = self.closure(sorted(seeds), recommends=False)
        self._groups = {}

    def _fitting(self, relation: Relation) -> list[str]:
        """The packages that satisfy one alternative: the one it names first, then those that provide the name.

        Of the latter apt takes that of the best priority, and among equals the last that its indices mention.
        """
        fitting = []
        package = self.packages.get(relation.name)
        if package is not None and satisfies(package.version, relation):
            fitting.append(package.name)
        providers = [
            self.packages[provider]
            for provider, version in self.providers.get(relation.name, ())
            if not relation.operator or (version and satisfies(version, relation))
        ]
        providers.sort(key=lambda package: (package.priority, -package.seen))
        return fitting + [package.name for package in providers]

    def groups(self, name: str, recommends: bool) -> tuple[Group, ...]:
        """A package's dependencies, without those that the base satisfies."""
        key = name, recommends
        if key not in self._groups:
            package = self.packages[name]
            found = []
            for alternatives in package.depends + (package.recommends if recommends else ()):
                fitting = [candidate for relation in alternatives for candidate in self._fitting(relation)]
                if self.base.isdisjoint(fitting):
                    found.append(Group(frozenset(fitting), fitting[0] if fitting else None))
            self._groups[key] = tuple(found)
        return self._groups[key]

    def closure(self, names: Iterable[str], *, recommends: bool) -> frozenset[str]:
        """All packages that installing ``names`` on the base adds, ``names`` included.

        As apt goes: what a package depends on comes with all that it brings itself, before the next dependency is
        looked at. So what an alternative is satisfied by may come from deep below an earlier one.
        """
        selected = set(names)
        stack = [iter(self.groups(name, recommends)) for name in sorted(selected, reverse=True)]
        while stack:
            group = next(stack[-1], None)
            if group is None:
                stack.pop()
            elif group.choice is not None and selected.isdisjoint(group.satisfied_by):
                selected.add(group.choice)
                stack.append(iter(self.groups(group.choice, recommends)))
        return frozenset(selected) - self.base


# --- what is of interest --------------------------------------------------------------------------------------


def names_in(value: object) -> Iterator[str]:
    """Every package name in a ``[debian]`` table of a capability file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from names_in(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in ("absent", "python"):
                yield from names_in(item)


def interesting() -> frozenset[str]:
    """All package names that some capability stands for on Debian or Ubuntu."""
    found: set[str] = set()
    for path in (DATA / "capabilities").glob("*.toml"):
        found.update(names_in(tomllib.loads(path.read_text()).get("debian", {})))
    return frozenset(found)


def loaded(held: Mapping[str, list[str]]) -> frozenset[str]:
    """The packages of a release that hold one of the libraries of loaded.toml under the name that is loaded."""
    names = set(names_in(tomllib.loads((DATA / "debian" / "loaded.toml").read_text())))
    return frozenset(
        package
        for package, libraries in held.items()
        if any((match := LOADED.search(library)) and library[: match.start()] in names for library in libraries)
    )


# --- encoding -------------------------------------------------------------------------------------------------

Closures = Mapping[str, tuple[frozenset[str], frozenset[str]]]


def generators(brought: frozenset[str], full: Mapping[str, frozenset[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fewest packages of interest that stand for all that is brought: they bring the rest themselves.

    The second part are those that count for themselves alone, because here they bring less than elsewhere.
    """
    chosen: list[str] = []
    covered: set[str] = set()
    for name in sorted(brought, key=lambda name: (-len(full[name]), name)):
        if name not in covered and full[name] <= brought:
            chosen.append(name)
            covered |= full[name] | {name}
    return tuple(sorted(chosen)), tuple(sorted(brought - covered))


def virtual_names(archive: Archive) -> dict[str, list[str]]:
    """Names that only Provides gives, with their providers. Those that nobody installs by hand are left out."""
    skipped = re.compile(r"^(librust-|libghc-|r-api|perlapi|qtbase-abi|golang-|phpapi)|-[0-9a-f]{5}$|[A-Z:]")
    return {
        name: sorted({provider for provider, _ in providers})
        for name, providers in archive.providers.items()
        if name not in archive.packages and not skipped.search(name)
    }


def upstream(version: str) -> str:
    """``4:12.2.0-3`` is ``12.2.0``; ``1.96.0+dfsg1-1~deb12u2`` is ``1.96.0``."""
    return re.split(r"[+~-]", version.partition(":")[2] or version)[0]


def main(work: Path) -> None:
    """Fetch, work out and write the four files."""
    fetch(work)
    archives = {release: Archive(packages_of(work, release)) for release in RELEASES}
    held = {release: libraries_of(work, release) for release in RELEASES}
    of_interest = interesting().union(*map(loaded, held.values()))
    wanted = sorted(of_interest & {name for archive in archives.values() for name in archive.packages})
    closures = {release: closures_of(archive, frozenset(wanted)) for release, archive in archives.items()}
    out = DATA / "debian"
    out.mkdir(parents=True, exist_ok=True)
    (out / "archive.bin").write_bytes(encode(archives, closures, wanted, made(work)))
    (out / "sizes.bin").write_bytes(sizes(archives, wanted))
    sonames: dict[str, dict[str, list[str]]] = {}
    for release, archive in archives.items():
        for library, owners in owners_of(held[release]).items():
            if owners & (set(wanted) | archive.base) and re.search(r"\.so(\.\d+)?$", library):
                sonames.setdefault(library, {})[release] = sorted(owners)
    # A line a library: a run asks for a few.
    (out / "sonames.jsonl").write_text("".join(as_json(entry) for entry in sorted(sonames.items())))
    write_json(
        out / "versions.json",
        {
            release: {n: upstream(archive.packages[n].version) for n in wanted if n in archive.packages}
            for release, archive in archives.items()
        },
    )


def sizes(archives: Mapping[str, Archive], wanted: list[str]) -> bytes:
    """The file of sizes; ``fromlint.system.weights`` reads it and its docstring says how it is laid out.

    It holds what the packages of interest bring in full, each with what apt takes for each of its dependencies: the
    few where it would take another because of what else is asked for are not worth the room.
    """
    sections = []
    for release, archive in archives.items():
        names = sorted(archive.closure([name for name in wanted if name in archive.packages], recommends=False))
        index = {name: number for number, name in enumerate(names)}
        lines = []
        for name in names:
            package = archive.packages[name]
            choices = dict.fromkeys(group.choice for group in archive.groups(name, False) if group.choice in index)
            numbers = " ".join(str(index[choice]) for choice in choices if choice is not None)
            lines.append(f"{name} {package.installed} {-(-package.packed // 1024)} {numbers}".rstrip())
        sections.append((release, zlib.compress("\n".join(lines).encode(), 9)))
    head = json.dumps([(release, len(data)) for release, data in sections], separators=(",", ":")).encode()
    return len(head).to_bytes(4, "little") + head + b"".join(data for _, data in sections)


def made(work: Path) -> str:
    """The day the newest index was made (ISO), from the Release files."""
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
    days = []
    for path in (work / "apt" / "lists").glob("*InRelease"):
        match = re.search(r"^Date: \w+, (\d+) (\w+) (\d+)", path.read_text(errors="replace"), re.M)
        if match:
            days.append(f"{match[3]}-{months.index(match[2]) // 4 + 1:02}-{int(match[1]):02}")
    return max(days)


def closures_of(archive: Archive, wanted: frozenset[str]) -> Closures:
    """What each package brings of what is wanted: without and with Recommends, itself and the base left out."""
    nothing: frozenset[str] = frozenset()
    return {
        name: (nothing, nothing)
        if name in archive.base
        else (
            archive.closure([name], recommends=False) & wanted - {name},
            archive.closure([name], recommends=True) & wanted - {name},
        )
        for name in sorted(archive.packages)
    }


def owners_of(held: Mapping[str, list[str]]) -> dict[str, set[str]]:
    """The packages that hold each library."""
    owners: dict[str, set[str]] = {}
    for package, libraries in held.items():
        for library in libraries:
            owners.setdefault(library, set()).add(package)
    return owners


def write_json(path: Path, value: object) -> None:
    path.write_text(as_json(value))


def as_json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True) + "\n"


def encode(archives: Mapping[str, Archive], closures: Mapping[str, Closures], wanted: list[str], date: str) -> bytes:
    """The archive file; ``fromlint.system.archive`` reads it and its docstring says how it is laid out."""
    index = {name: number for number, name in enumerate(wanted)}
    full = {
        release: [{name: sets[name][kind] for name in wanted if name in sets} for kind in (0, 1)]
        for release, sets in closures.items()
    }
    lists: dict[str, int] = {"": 0}

    def number(brought: frozenset[str], release: str, kind: int) -> int:
        chosen, alone = generators(brought, full[release][kind])
        text = " ".join(str(index[name]) for name in chosen)
        if alone:
            text += "!" + " ".join(str(index[name]) for name in alone)
        return lists.setdefault(text, len(lists))

    virtual = {release: virtual_names(archive) for release, archive in archives.items()}
    lines = []
    for name in sorted({name for release in RELEASES for name in (*closures[release], *virtual[release])}):
        fields: list[str] = []
        for release in RELEASES:
            if name in closures[release]:
                without, with_ = closures[release][name]
                numbers = number(without, release, 0), number(with_, release, 1)
                field = str(numbers[0]) if numbers[0] == numbers[1] else f"{numbers[0]},{numbers[1]}"
            elif name in virtual[release]:
                field = "=" + ",".join(virtual[release][name][:4])
            else:
                field = ""
            fields.append(field)
        shared = fields[0] if len(set(fields)) == 1 else "\t".join(fields)
        lines.append(f"{name}\t{shared}")
    sections: list[bytes] = []
    position = 0

    def section(data: bytes) -> tuple[int, int]:
        nonlocal position
        packed = zlib.compress(data, 9)
        sections.append(packed)
        position += len(packed)
        return position - len(packed), len(packed)

    header: dict[str, object] = {"made": date, "releases": RELEASES, "interest": wanted, "block": BLOCK}
    header["names"] = [
        (lines[start].partition("\t")[0], *section("\n".join(lines[start : start + BLOCK]).encode()))
        for start in range(0, len(lines), BLOCK)
    ]
    texts = list(lists)
    header["lists"] = [
        section("\n".join(texts[start : start + BLOCK]).encode()) for start in range(0, len(texts), BLOCK)
    ]
    width = (len(wanted) + 7) // 8
    header["brought"] = {
        release: section(
            b"".join(
                sum(1 << index[other] for other in full[release][kind].get(name, ())).to_bytes(width, "little")
                for kind in (0, 1)
                for name in wanted
            )
        )
        for release in RELEASES
    }
    head = zlib.compress(json.dumps(header, separators=(",", ":")).encode(), 9)
    return b"FLDEB1\n\0" + len(head).to_bytes(4, "little") + head + b"".join(sections)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
