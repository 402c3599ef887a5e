"""Where a Dockerfile's build takes its files from, and what compose, bake or a workflow say of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from fromlint.discovery import repository
from fromlint.discovery.choose import build_settings
from fromlint.discovery.context import Context
from fromlint.discovery.declared import Declarations
from fromlint.discovery.specs import BuildSpec
from fromlint.dockerfile import platforms
from fromlint.dockerfile.grammar import stage_name
from fromlint.model.dockerfile import Dockerfile, Instruction
from fromlint.model.place import Span, Unknown
from fromlint.model.settings import Settings
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.witness import looked_for

_REQUIREMENTS = regex(r"(?:^|\s)(?:-r|--requirement)[ =]?([^\s;&|'\"$]+)")
_BIND_SOURCE = regex(r"(?:^|,)(?:source|src)=([^,]+)")


def _no_build(image: str) -> None:
    return None


class Place(NamedTuple):
    """The build context (None: not known, ``unknown`` says why), named contexts, and what is declared of the build.

    ``gpu``: what is built is run with a GPU. ``replaced`` are named contexts that are images (``docker-image://…``);
    ``base`` gives the build of the same project whose image a name stands for.
    """

    context: Context | None
    contexts: Mapping[str, Context]
    build_args: Mapping[str, str | None]
    target: str | None
    platforms: tuple[str, ...]
    unknown: Unknown | None
    gpu: bool = False
    replaced: Mapping[str, str] = {}
    base: Callable[[str], BuildSpec | None] = _no_build


class Places:
    """Finds the places of Dockerfiles; files that declare builds are read once for all of them."""

    def __init__(self, settings: Settings, buffers: Mapping[str, bytes] = {}) -> None:
        self._settings = settings
        self._buffers = buffers
        self._declarations: dict[str, Declarations] = {}

    def of(self, path: str, dockerfile: Dockerfile) -> Place:
        """The place of a parsed Dockerfile."""
        folder = os.path.dirname(os.path.abspath(path))
        root = repository.project(folder)
        declarations = self._declarations.setdefault(root, Declarations(root))
        found = build_settings(
            path,
            copy_sources(dockerfile),
            context=self._settings.context,
            wanted=_wanted(dockerfile),
            stages=_stage_names(dockerfile),
            root=root,
            declarations=declarations,
        )
        unknown = None
        if found.context is None:
            first = dockerfile.instructions[0].span if dockerfile.instructions else Span(dockerfile.path, 1, 1, 1, 1)
            unknown = Unknown("the build context", f"{found.unknown}; say which with --context", first)
        named = {
            name: Context(where, dockerfile=path, shown=shown(where), buffers=self._buffers)
            for name, where in found.contexts.items()
            if os.path.isdir(looked_for(where))
        }
        context = None
        if found.context is not None:
            where = found.context
            context = Context(where, dockerfile=path, shown=shown(where), buffers=self._buffers)
        judged = dict.fromkeys(platform for each in found.platforms if (platform := _judged(each)) is not None)
        images = {name: where for name, where in found.contexts.items() if where.startswith("docker-image://")}

        def base(image: str) -> BuildSpec | None:
            kind, _, name = found.contexts.get(image, "").partition(":")
            if kind in ("service", "target") and found.origin is not None:
                return declarations.named(name, found.origin)
            return declarations.tagged(image, folder)

        return Place(context, named, found.args, found.target, tuple(judged), unknown, found.gpu, images, base)


def _judged(written: str) -> str | None:
    """The platform in the form that it is judged in; None for those that run no Linux.

    Images for 32-bit ARM v8 are those for v7 (containerd's ``platformVector``).
    """
    platform = platforms.parse(written)
    if platform is None or platform.system != "linux":
        return None
    return "linux/arm/v7" if platform[1:] == ("arm", "v8") else str(platform)


def shown(path: str) -> str:
    """A path to show: relative to the working folder where it lies below it, absolute elsewhere."""
    absolute = os.path.abspath(path)
    folder = os.getcwd()
    if absolute == folder or absolute.startswith(folder.rstrip("/") + "/"):
        return os.path.relpath(absolute, folder)
    return absolute


def copy_sources(dockerfile: Dockerfile) -> tuple[str, ...]:
    """What COPY, ADD and bind mounts take from the build context, as far as no variable decides about it."""
    found: list[str] = []
    for instruction in dockerfile.instructions:
        if instruction.keyword in ("COPY", "ADD"):
            found += _copied(instruction)
        elif instruction.keyword == "RUN":
            found += _mounted(instruction)
    return tuple(dict.fromkeys(source for source in found if "$" not in source))


def _copied(instruction: Instruction) -> list[str]:
    if any(flag.name == "from" for flag in instruction.flags):
        return []
    words = list(instruction.exec_form or instruction.arguments.text.split())
    return [word.strip("\"'") for word in words[:-1] if not word.startswith("<<")]


def _mounted(instruction: Instruction) -> list[str]:
    found = []
    for flag in instruction.flags:
        value = flag.value or ""
        if flag.name == "mount" and "type=bind" in value and "from=" not in value:
            source = _BIND_SOURCE.search(value)
            if source is not None:
                found.append(source[1])
    return found


def _stage_names(dockerfile: Dockerfile) -> tuple[str, ...]:
    named = (stage_name(each.arguments) for each in dockerfile.instructions if each.keyword == "FROM")
    return tuple(name.lower() for name in named if name)


def _wanted(dockerfile: Dockerfile) -> tuple[str, ...]:
    """Requirements files that installs name by relative paths: they are in the context of ``COPY . .``."""
    found: list[str] = []
    for instruction in dockerfile.instructions:
        if instruction.keyword == "RUN":
            found += _REQUIREMENTS.findall(instruction.arguments.text)
    return tuple(dict.fromkeys(path for path in found if not path.startswith(("/", "http"))))
