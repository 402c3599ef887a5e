"""Platforms as ``os/arch[/variant]``, in the one form that BuildKit uses for each.

After containerd's platforms package (``Parse``, ``Normalize``).
"""

from __future__ import annotations

from fromlint.named_tuple import NamedTuple

_ARCHITECTURES = {
    "i386": ("386", ""),
    "x86_64": ("amd64", ""),
    "x86-64": ("amd64", ""),
    "aarch64": ("arm64", ""),
    "armhf": ("arm", "v7"),
    "armel": ("arm", "v6"),
}
_VARIANTS = {
    ("amd64", "v1"): "",
    ("arm64", "8"): "",
    ("arm64", "v8"): "",
    ("arm64", "v8.0"): "",
    ("arm", ""): "v7",
    ("arm", "5"): "v5",
    ("arm", "6"): "v6",
    ("arm", "7"): "v7",
    ("arm", "8"): "v8",
}
_SYSTEMS = frozenset(
    {"aix", "android", "darwin", "dragonfly", "freebsd", "illumos", "ios", "js", "linux", "macos", "netbsd", "openbsd"}
    | {"plan9", "solaris", "wasi", "wasip1", "windows"}
)

DEFAULT = "linux/amd64"
"""Where nothing says otherwise: never that of the machine that fromlint runs on."""


class Platform(NamedTuple):
    """``variant`` is empty where there is none, or where it is the usual one."""

    system: str
    architecture: str
    variant: str

    def __str__(self) -> str:
        return "/".join(part for part in self if part)


def parse(text: str) -> Platform | None:
    """The platform that ``text`` names, None where it names none. ``arm64`` is ``linux/arm64``.

    A system alone (``linux``) means the builder's own architecture, for which the default's is taken.
    """
    parts = text.strip().lower().split("/")
    if len(parts) > 3 or not all(part.replace("-", "").replace("_", "").replace(".", "").isalnum() for part in parts):
        return None
    if len(parts) == 1:
        parts = [*parts, DEFAULT.split("/")[1]] if parts[0] in _SYSTEMS else ["linux", *parts]
    system = "darwin" if parts[0] == "macos" else parts[0]
    variant = parts[2] if len(parts) == 3 else ""
    architecture, usual = _ARCHITECTURES.get(parts[1], (parts[1], ""))
    variant = variant or usual
    return Platform(system, architecture, _VARIANTS.get((architecture, variant), variant))
