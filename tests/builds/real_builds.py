"""Real builds: buildah in chroot isolation on Debian bases of our own making. Root on Debian; apt and the index only.

Everything is kept under one folder, so that bases are made once: ``FROMLINT_BUILDS``, by default
``~/.cache/fromlint-builds``. Nothing is pulled from a registry.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
MIRROR = "http://deb.debian.org/debian"
# How this machine reaches the index. Settings of transport only: none can change what pip chooses. (Proxies are passed
# by buildah itself.)
VARIABLES = ("PIP_INDEX_URL", "PIP_PROXY", "PIP_DEFAULT_TIMEOUT")
CERTIFICATES = ("PIP_CERT", "SSL_CERT_FILE")
_TOLD = "/run/fromlint-told"
_LONGEST = 3600
# The label of a base of ours: what it was made by.
_MADE = "fromlint.made"
# Something outside was slow or away for a moment, by what apt, pip, uv and debootstrap say of it: then it is tried again.
_OUTAGE = re.compile(
    r"Temporary failure (?:in name resolution|resolving)|Connection (?:timed out|failed|reset)|Could not connect to"
    r"|Unable to connect to|Hash Sum mismatch|File has unexpected size|502 |503 |504 |Read timed out|ReadTimeoutError"
    r"|WARNING: Retrying|Couldn't download|error sending request|operation timed out"
)
# Of a RUN that failed nothing was told but that.
_LOST = re.compile(
    r"^(?:\[\d+/\d+\] )?STEP (?!.*: RUN exit 1$)[^\n]*\n(?:subprocess exited[^\n]*\n)+Error: building", re.MULTILINE
)
_PAUSES = (5, 20)


class Tried(NamedTuple):
    """What came of a build and of the command that was run in it. ``ran`` is False where it was not built."""

    built: bool
    ran: bool
    output: str


def folder() -> Path:
    return Path(os.environ.get("FROMLINT_BUILDS") or Path.home() / ".cache" / "fromlint-builds")


def lacking() -> str | None:
    """What this machine lacks for real builds, or None."""
    if os.geteuid() != 0:
        return "real builds need root"
    programs = [name for name in ("buildah", "debootstrap", "git") if shutil.which(name) is None]
    return f"apt-get install {' '.join(programs)}" if programs else None


def tried(dockerfile: str, context: Path, command: str) -> Tried:
    """Build the Dockerfile with the context, then run a shell command in the result, as a last RUN of the same build.

    Bases that it names are made first.
    """
    (outcome,) = tried_in_turn(dockerfile, context, [command])
    return outcome


def tried_in_turn(dockerfile: str, context: Path, commands: Sequence[str]) -> tuple[Tried, ...]:
    """Build the Dockerfile, then run the commands in the result, one after the other whatever comes of them.

    What comes of them is written to a folder of this machine: on a busy one buildah loses the end of what a RUN prints.
    The very last RUN fails in any case: to keep the image would be a third of the work.
    """
    dockerfile = _shortened(dockerfile)
    for image in _named(dockerfile):
        ensure(image)
    reached = "".join(f"\nENV {name}={value}" for name, value in _variables().items())
    whole = re.sub(r"^FROM .*", rf"\g<0>{reached}", dockerfile.rstrip(), flags=re.MULTILINE)
    whole += f"\nRUN : > {_TOLD}/built\n"
    for number, command in enumerate(commands):
        whole += f"RUN ({command}) > {_TOLD}/{number}.output 2>&1 && : > {_TOLD}/{number}.ran; true\n"
    whole += "RUN exit 1\n"

    def attempt() -> subprocess.CompletedProcess[str]:
        nonlocal outcomes
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder)
            told.chmod(0o777)
            done = _build(whole, context, (f"--volume={told}:{_TOLD}",))
            outcomes = tuple(_told(told, number, done.stdout) for number in range(len(commands)))
        output = "\n".join(dict.fromkeys(outcome.output for outcome in outcomes))
        passed = all(outcome.ran for outcome in outcomes)
        return subprocess.CompletedProcess(done.args, 0 if passed else 1, output)

    outcomes: tuple[Tried, ...] = ()
    _steadily(attempt)
    return outcomes


def _told(folder: Path, number: int, building: str) -> Tried:
    """What one of the commands came to."""
    built, output = (folder / "built").exists(), folder / f"{number}.output"
    text = output.read_text(errors="replace") if output.exists() else ""
    return Tried(built, (folder / f"{number}.ran").exists(), f"{building}\n{text}" if text else building)


def _shortened(dockerfile: str) -> str:
    """The Dockerfile with first steps that a prepared base holds already taken from there."""
    for image, base in bases().items():
        if "run" in base:
            start = rf"^FROM {re.escape(base['below'])}( AS \S+)?\nRUN {re.escape(base['run'])}\n"
            dockerfile = re.sub(start, rf"FROM {image}\g<1>\n", dockerfile, flags=re.MULTILINE)
    return dockerfile


def _steadily(attempt: Callable[[], subprocess.CompletedProcess[str]]) -> subprocess.CompletedProcess[str]:
    """What an attempt comes to; where it fails through something outside, it is made again, three times in all."""
    done = attempt()
    for pause in _PAUSES:
        if done.returncode == 0 or not (_OUTAGE.search(done.stdout) or _LOST.search(done.stdout)):
            break
        time.sleep(pause)
        done = attempt()
    return done


def packages(image: str) -> frozenset[str]:
    """The Debian packages that a base of ours holds."""
    with tempfile.TemporaryDirectory() as empty:
        output = tried(f"FROM {image}\n", Path(empty), "dpkg-query -W -f '=${Package}\\n'").output
    return frozenset(line[1:] for line in output.splitlines() if line.startswith("="))


def extracted(dockerfile: str, target: Path) -> None:
    """Build a Dockerfile that copies nothing from its context, and write all files of its last stage to a new folder.

    Raises RuntimeError where that fails.
    """
    for image in _named(dockerfile):
        ensure(image)
    with tempfile.TemporaryDirectory() as empty:
        options = ("--output", f"type=local,dest={target}")
        done = _steadily(lambda: _build(dockerfile, Path(empty), options))
    if done.returncode != 0:
        raise RuntimeError(f"the build failed:\n{done.stdout[-4000:]}")


def _named(dockerfile: str) -> list[str]:
    """The bases of ours that a Dockerfile starts from."""
    return [image for image in re.findall(r"^FROM\s+(\S+)", dockerfile, re.MULTILINE) if image in bases()]


# --- bases ----------------------------------------------------------------------------------------------------


def bases() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((HERE / "bases.toml").read_text())


def ensure(image: str) -> None:
    """Make a base, and what it stands on, where it is not there yet. Raises RuntimeError where that fails.

    Only one process makes bases at a time; the others wait for it.
    """
    with _alone():
        _make(image)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(image: str) -> None:
    base = bases()[image]
    if "below" in base:
        _make(base["below"])
    recipe, arguments = _recipe(base)
    identity = _identity(image)
    kept = _buildah(
        "inspect", "--type", "image", "--format", f'{{{{index .Docker.Config.Labels "{_MADE}"}}}}', _full(image)
    )
    if kept.returncode == 0 and kept.stdout.strip() == identity:
        return
    with tempfile.TemporaryDirectory() as context:
        if "suite" in base:
            _debian_root(base["suite"], Path(context) / "root.tar")
        options = [option for key, value in arguments.items() for option in ("--build-arg", f"{key}={value}")]
        options += ["--label", f"{_MADE}={identity}", "--tag", _full(image)]
        done = _steadily(lambda: _build(recipe, Path(context), options))
    if done.returncode != 0:
        raise RuntimeError(f"{image} could not be made:\n{done.stdout[-4000:]}")


def _identity(image: str) -> str:
    """A digest of all that a base is made by: a kept one that was made otherwise is made again."""
    base = bases()[image]
    below = _identity(base["below"]) if "below" in base else ""
    return hashlib.sha256(repr((_recipe(base), below)).encode()).hexdigest()[:16]


def _recipe(base: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The Dockerfile that makes a base, and its build arguments."""
    if "suite" in base:
        return _dockerfile("debian"), {"SUITE": base["suite"]}
    arguments = {"BASE": _full(base["below"])}
    if "run" in base:
        return f"ARG BASE\nFROM ${{BASE}}\nRUN {base['run']}\n", arguments
    return _dockerfile("python-slim"), {**arguments, "MINOR": base["minor"], "SOURCE_SUITE": base["source"]}


def _dockerfile(name: str) -> str:
    return (HERE / "bases" / f"{name}.Dockerfile").read_text()


def _debian_root(suite: str, target: Path) -> None:
    root = folder() / f"{suite}.root"
    if not (root / "bin").exists():
        root.parent.mkdir(parents=True, exist_ok=True)
        # debootstrap refuses /tmp where that is mounted nodev or noexec; the folder of the builds is not.
        with tempfile.TemporaryDirectory(dir=root.parent) as unfinished:
            # A root that it left half made is taken up again where it was.
            _checked(["debootstrap", "--variant=minbase", suite, f"{unfinished}/root", MIRROR])
            Path(unfinished, "root").rename(root)
    _checked(["tar", "-C", str(root), "--exclude=./dev/*", "-cf", str(target), "."])


def _checked(command: Sequence[str]) -> None:
    done = _steadily(lambda: _run(command))
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}")


def _full(image: str) -> str:
    return f"docker.io/library/{image}"


# --- buildah --------------------------------------------------------------------------------------------------


def _build(dockerfile: str, context: Path, options: Sequence[str]) -> subprocess.CompletedProcess[str]:
    with tempfile.NamedTemporaryFile("w", suffix=".Dockerfile") as file:
        file.write(dockerfile)
        file.flush()
        words = ["--isolation", "chroot", "--pull-never", "--no-cache", "--format", "docker", *options]
        words += [f"--volume={file}:/run/transport/{name}:ro" for name, file in _certificates().items()]
        return _buildah("build", *words, "--file", file.name, str(context))


def _certificates() -> dict[str, str]:
    """By variable the file on this machine that holds the certificates to trust."""
    named = {name: os.environ.get(name) or "" for name in CERTIFICATES}
    return {name: os.path.realpath(file) for name, file in named.items() if os.path.isfile(file)}


def _variables() -> dict[str, str]:
    stated = {name: os.environ[name] for name in VARIABLES if os.environ.get(name)}
    return {**stated, **{name: f"/run/transport/{name}" for name in _certificates()}}


def _buildah(*words: str) -> subprocess.CompletedProcess[str]:
    store = ["--root", str(folder() / "storage"), "--runroot", str(folder() / "run")]
    return _run(["buildah", *store, *words])


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    # What comes out of a build may be anything.
    return subprocess.run(
        ["nice", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=_LONGEST,
    )


def tidy() -> None:
    """Remove what interrupted builds left behind. Only while no build runs."""
    for image in _buildah("images", "--quiet", "--filter", "dangling=true").stdout.split():
        _buildah("rmi", image)
