"""What a base image is, as far as it matters to Python packages."""

from __future__ import annotations

from collections.abc import Mapping

from fromlint.named_tuple import NamedTuple


class Reference(NamedTuple):
    """An image reference: ``registry`` is ``docker.io`` where none is written, ``library/`` is dropped."""

    registry: str
    repository: str
    tag: str | None
    digest: str | None
    written: str


class Python(NamedTuple):
    """A Python of an image. ``version`` is as full as it is known: ``3.12`` or ``3.12.13``.

    ``prefix``: where it lives (``/usr/local``). ``pip``: its pip's version, None where unknown, "" where it has none.
    ``externally_managed``: PEP 668. ``free_threaded``: the ``t`` ABI. ``fetched``: uv brought it, and ``prefix`` is the
    folder that uv keeps all its Pythons in. ``newest_pip``: its pip was made the newest that there is for it.
    """

    version: str
    implementation: str
    prefix: str
    pip: str | None
    externally_managed: bool
    free_threaded: bool = False
    fetched: bool = False
    newest_pip: bool = False


class Environment(NamedTuple):
    """A base image for one platform.

    ``known`` false: ``unknown`` says why and nothing else is to be believed (a field may still be set
    where a part is known: an unknown image's tag ``…-alpine`` may give the libc).
    ``distro`` is debian, ubuntu, alpine, rhel, fedora, amazon, wolfi, …; ``family`` groups them by package names
    (debian, alpine, rhel); ``codename`` is bookworm, noble, …
    ``libc`` is glibc or musl; ``libc_version`` is ``2.36`` or ``1.2``.
    ``python`` is the one that ``python``/``pip`` run. ``others`` are further ones (Debian's beside ``/usr/local``).
    ``packages``: the system packages inside, None where not known. ``capabilities`` are what the image
    has by the data's own words (c-compiler, git, …). ``distributions`` are the Python distributions inside, None where
    unknown.
    ``tag_status``: real, inferred, never ("no such tag"), unknown; ``nearest_tag`` for never.
    ``size_bytes`` is packed, for this platform, ``unpacked_bytes`` on disk, None where unknown.
    ``variant``: slim, full, alpine, base, or the family's own word. ``facts_date``: of the newest fact used.
    ``architectures`` are platforms (``linux/arm/v7``), () where not known. ``tools`` are the commands on PATH, empty
    where not known. A version in ``distributions`` is "" where only the presence is known. ``offered`` is the
    Python that the distribution's own packages bring (``python3`` and its pip), when they are installed.
    ``own_sources``: its packages come from the distribution's own sources alone; None where that goes by the image's
    name. ``package_lists``: apt's lists are there, None where not known. ``built_by``: the project's own Dockerfile
    that builds the image.
    """

    known: bool
    unknown: str | None
    image: str
    distro: str | None = None
    family: str | None = None
    release: str | None = None
    codename: str | None = None
    libc: str | None = None
    libc_version: str | None = None
    python: Python | None = None
    others: tuple[Python, ...] = ()
    package_manager: str | None = None
    variables: Mapping[str, str] = {}
    directory: str = "/"
    user: str = "root"
    architectures: tuple[str, ...] = ()
    packages: frozenset[str] | None = None
    capabilities: frozenset[str] = frozenset()
    tools: frozenset[str] = frozenset()
    distributions: Mapping[str, str] | None = None
    virtual_environment: str | None = None
    variant: str | None = None
    size_bytes: int | None = None
    unpacked_bytes: int | None = None
    end_of_life: str | None = None
    python_end_of_life: str | None = None
    lists_gone: bool = False
    floating: bool = False
    tag_status: str = "real"
    nearest_tag: str | None = None
    facts_date: str | None = None
    platform: str = "linux/amd64"
    offered: tuple[Python, ...] = ()
    own_sources: bool | None = None
    package_lists: bool | None = False
    built_by: str | None = None
