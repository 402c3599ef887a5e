"""What a FROM line begins from, once its arguments are expanded."""

from __future__ import annotations

from collections.abc import Mapping

from fromlint.dockerfile import platforms
from fromlint.dockerfile.arguments import Arguments, resolve
from fromlint.dockerfile.words import plain
from fromlint.model.dockerfile import Instruction
from fromlint.model.place import Problem, Text
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex

_WINDOWS = regex(
    r"mcr\.microsoft\.com/(?:windows(?:/|:|$)|dotnet/framework/)|[:\-](?:windowsservercore|nanoserver)(?:-|$)"
)
"""Microsoft's base images, and the tags under which official images (python, golang, …) offer Windows variants."""


class Origin(NamedTuple):
    """The fields of a Stage that FROM alone decides, and what the builder refuses about them."""

    image: Text | None
    unresolved: str | None
    platform: str | None
    fixed_platform: bool
    problem: Problem | None


class _Platform(NamedTuple):
    name: str | None
    fixed: bool
    unknown: str | None
    problem: Problem | None


def origin(start: Instruction, known: Arguments, elsewhere: Arguments) -> Origin:
    """The image and platform of a FROM. ``elsewhere`` are the arguments as they are for another target platform.

    Where the platform is not known, neither is the image: it is another one on every platform.
    """
    platform = _platform(start, known, elsewhere)
    words = plain(start.arguments)
    if not words:
        return Origin(None, "FROM names no image", platform.name, platform.fixed, platform.problem)
    resolved = resolve(words[0].value, known)
    unresolved = resolved.unknown
    problem = Problem(resolved.error, words[0].span) if resolved.error else None
    if resolved.text is not None and (not resolved.text or resolved.text.endswith((":", "@"))):
        unresolved = f"{words[0].value} is {resolved.text!r} after expansion, which is no image"
        hint = "".join(f": no ARG {name} stands before the first FROM" for name in resolved.undeclared[:1])
        problem = Problem(unresolved + hint, words[0].span)
    unresolved = unresolved or platform.unknown
    image = Text(resolved.text, words[0].span) if resolved.text is not None and unresolved is None else None
    return Origin(image, unresolved, platform.name, platform.fixed, problem or platform.problem)


def _platform(start: Instruction, known: Arguments, elsewhere: Arguments) -> _Platform:
    """FROM's ``--platform``. It is fixed where it comes out the same for another target."""
    written = next((flag.value for flag in start.flags if flag.name == "platform" and flag.value is not None), None)
    if written is None:
        return _Platform(None, False, None, None)
    resolved = resolve(written, known)
    if resolved.text is None:
        problem = Problem(resolved.error, start.span) if resolved.error else None
        return _Platform(None, False, f"its platform is not known: {resolved.unknown}", problem)
    parsed = platforms.parse(resolved.text)
    if parsed is None:
        said = f"--platform={written} is {resolved.text!r} after expansion, which is no platform"
        return _Platform(None, False, said, Problem(said, start.span))
    return _Platform(str(parsed), resolved.text == resolve(written, elsewhere).text, None, None)


def out_of_scope(image: str, platform: str) -> str | None:
    """Why an image is none that fromlint judges: it is for Windows."""
    may_be = "windows" in image or "dotnet" in image or "nanoserver" in image
    if (may_be and _WINDOWS.search(image)) or platform.startswith("windows"):
        return "it is a Windows image, which is out of scope"
    return None


def named_context(image: Text, contexts: Mapping[str, str]) -> tuple[Text | None, str | None] | None:
    """What a named context (``--build-context``) puts in an image's place; None where there is none of its name.

    It is an image where the context is one (``docker-image://…``), else the reason why it is not known.
    """
    where = contexts.get(image.value, contexts.get(image.value.removesuffix(":latest")))
    if where is None:
        return None
    if where.startswith("docker-image://"):
        return Text(where.removeprefix("docker-image://"), image.span), None
    return None, f"the named context {image.value} ({where}) takes its place"
