"""What a shell on a platform learns about its machine."""

# The kernel's names (uname -m), Debian's (dpkg --print-architecture) and Alpine's (apk --print-arch) of the platforms
# that official images are built for: https://github.com/docker-library/official-images#architectures-other-than-amd64.
# None: depends on the machine that builds (a 32-bit image runs on a 64-bit kernel) or on the image.
_NAMES: dict[str, tuple[str | None, str | None, str | None]] = {
    "amd64": ("x86_64", "amd64", "x86_64"),
    "arm64": ("aarch64", "arm64", "aarch64"),
    "arm/v7": (None, "armhf", "armv7"),
    "arm/v6": (None, None, "armhf"),
    "386": (None, "i386", "x86"),
    "ppc64le": ("ppc64le", "ppc64el", "ppc64le"),
    "riscv64": ("riscv64", "riscv64", "riscv64"),
    "s390x": ("s390x", "s390x", "s390x"),
}

_ASKING = {
    ("uname", "-m"): 0,
    ("uname", "--machine"): 0,
    ("arch",): 0,
    ("dpkg", "--print-architecture"): 1,
    ("apk", "--print-arch"): 2,
}


def answer(words: tuple[str, ...], platform: str | None) -> str | None:
    """The output of ``uname -m`` and its like on ``linux/amd64`` …; None for other commands or where not known."""
    column = _ASKING.get(words)
    if column is None or platform is None:
        return "Linux" if words in (("uname",), ("uname", "-s")) else None
    machine = platform.removeprefix("linux/").removesuffix("/v8")
    names = _NAMES.get(machine)
    return names[column] if names else None
