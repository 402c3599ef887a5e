"""The way in: what an image is, by a look at where it lies. Kept by digest, so that each image is read once."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping

from fromlint.images import catalogue, official_python, releases
from fromlint.index.refusal import Refused
from fromlint.inspection import archives, engine, manifests, reading
from fromlint.inspection import contents as forms
from fromlint.inspection.contents import Contents
from fromlint.inspection.layers import Allowance, LayerReader, Root
from fromlint.inspection.registry import Registries, RegistryImage
from fromlint.inspection.store import Store
from fromlint.model.environment import Environment, Reference
from fromlint.typed import Protocol

SECONDS = 120.0
"""For all that one run asks of registries."""
LARGEST_LAYER = 2_000_000_000
"""Bytes that a layer may have, packed; a larger one is not read."""

_DEEPEST = 3
_CONTENTS = "image"
_NAMES = "image-name"
# What the distributions call themselves (os-release's ID), in the words of our data.
_SYSTEMS = {
    "almalinux": "alma",
    "amzn": "amazon",
    "arch": "arch",
    "centos": "centos-stream",
    "chainguard": "wolfi",
    "ol": "oracle",
}
_FAMILIES = {"debian": "debian", "ubuntu": "debian", "alpine": "alpine", "rhel": "rhel", "fedora": "rhel"}
_MANAGERS = {"debian": "apt", "alpine": "apk", "rhel": "dnf"}


class Memory(Protocol):
    """What keeps things from run to run."""

    def recall(self, kind: str, key: str) -> bytes | None: ...

    def remember(self, kind: str, key: str, value: bytes) -> None: ...


class Looking:
    """Looks at images for one run."""

    def __init__(
        self,
        memory: Memory,
        environ: Mapping[str, str],
        *,
        offline: bool,
        places: Mapping[str, str] = {},
        folder: str = "",
    ) -> None:
        """``places`` are the setting *images*: those that name a place on this machine are looked at there, relative to
        ``folder``.
        """
        self._memory = memory
        self._places = places
        self._folder = folder
        self._offline = offline
        self._registries = Registries(environ, SECONDS)
        self._engines = engine.sockets(environ)
        self._answers: dict[tuple[str, str], Environment | str] = {}

    def close(self) -> None:
        """Break off what is under way."""
        self._registries.close()

    def environment(self, reference: Reference, platform: str, as_of: datetime.date) -> Environment | str:
        """What the image is on a platform; in words why that could not be seen."""
        key = reference.written, platform
        if key not in self._answers:
            try:
                found = self._contents(reference, platform)
                self._answers[key] = _environment(reference, platform, found, as_of.isoformat())
            except Refused as problem:
                self._answers[key] = problem.reason
        return self._answers[key]

    def _contents(self, reference: Reference, platform: str) -> Contents:
        """Raises Refused."""
        meant = catalogue.configured_as(reference, self._places)
        if meant is not None and meant[1].startswith(catalogue.PLACES):
            digest, found = look_at(archives.image(meant[1], self._folder), platform, self._kept)
            self._memory.remember(_CONTENTS, digest, forms.to_bytes(found))
            return found
        here = self._of_engine(reference, platform)
        if isinstance(here, Contents):
            return here
        try:
            return self._of_registry(reference, platform)
        except Refused as problem:
            raise Refused(f"{problem.reason}; {here}" if here else problem.reason, problem.status) from None

    def _of_engine(self, reference: Reference, platform: str) -> Contents | str:
        """What an engine of this machine has; else why it could not be read, "" where none has it."""
        why = ""
        for path in self._engines:
            try:
                identity, found = engine.look_at(
                    path, reference.written, platform, self._kept, time.monotonic() + SECONDS
                )
            except Refused as problem:
                if problem.status != 404:
                    why = problem.reason
                continue
            self._memory.remember(_CONTENTS, identity, forms.to_bytes(found))
            return found
        return why

    def _of_registry(self, reference: Reference, platform: str) -> Contents:
        """Raises Refused."""
        name = f"{reference.written} {platform}"
        if self._offline:
            known = self._kept((self._memory.recall(_NAMES, name) or b"").decode("ascii", "replace"))
            if known is None:
                raise Refused("offline, and it was not looked at before")
            return known
        digest, found = look_at(RegistryImage(reference, self._registries), platform, self._kept)
        self._memory.remember(_CONTENTS, digest, forms.to_bytes(found))
        self._memory.remember(_NAMES, name, digest.encode())
        return found

    def _kept(self, digest: str) -> Contents | None:
        data = self._memory.recall(_CONTENTS, digest) if digest else None
        return forms.from_bytes(data) if data is not None else None


def look_at(
    store: Store, platform: str, kept: Callable[[str], Contents | None] = lambda digest: None
) -> tuple[str, Contents]:
    """The digest of an image's manifest, and what the image holds by its layers, the topmost first. Raises Refused.

    ``kept`` gives what is known already of a manifest by its digest. A layer that is too large is passed over, and what
    depends on all of them is then not known.
    """
    top = store.top()
    for _ in range(_DEEPEST):
        # A layout's index may name a list of manifests.
        listed = manifests.platforms(top)
        if listed is None:
            break
        top = store.manifest(manifests.chosen(listed, platform))
    manifest = manifests.manifest(top)
    known = kept(manifest.digest)
    if known is not None:
        return manifest.digest, known
    configuration = manifests.configuration(store.configuration(manifest.config))
    if configuration.platform and configuration.platform.split("/")[:2] != platform.split("/")[:2]:
        raise Refused(f"it is an image for {configuration.platform}")
    root, allowance = Root(), Allowance()
    lacking = ""
    for descriptor in dict.fromkeys(reversed(manifest.layers)):
        if descriptor.size > LARGEST_LAYER:
            lacking = f"a layer of {descriptor.size / 1e9:.1f} GB was not read"
            continue
        reader = LayerReader(descriptor, allowance)
        store.stream(descriptor, reader.begin, reader.feed)
        root.put_below(reader.finish())
    found = reading.read(root, configuration, complete=not lacking)
    size = sum(layer.size for layer in manifest.layers)
    return manifest.digest, found._replace(size=size, lacking=lacking)


def _environment(reference: Reference, platform: str, found: Contents, day: str) -> Environment:
    """The image as the other rooms know images. Raises Refused where it is not known what it is."""
    if found.libc is None and found.python is None and not found.system:
        raise Refused(found.lacking or "it has neither a distribution nor a Python that could be told")
    if found.lacking and (found.python is None or found.libc is None):
        raise Refused(found.lacking)
    system = _SYSTEMS.get(found.system, found.system)
    release = ".".join(found.release.split(".")[:2]) if system in ("alpine", "ubuntu") else found.release
    families = [_FAMILIES[word] for word in (found.system, *found.like) if word in _FAMILIES]
    family = families[0] if families else None
    environment = Environment(
        True,
        None,
        reference.written,
        distro=system or None,
        family=family,
        release=release or None,
        codename=found.codename or None,
        package_manager=_MANAGERS.get(family or ""),
        platform=platform,
    )
    for name in (release, release.partition(".")[0], found.codename, "rolling"):
        if name and releases.known(system, name):
            environment = releases.describe(environment, system, name, day)
            break
    own = found.python is not None and found.python.prefix != "/usr"
    return environment._replace(
        libc=found.libc,
        libc_version=found.libc_version or (environment.libc_version if environment.libc == found.libc else None),
        python=found.python,
        others=found.others,
        variables=found.variables,
        directory=found.directory,
        user=found.user,
        architectures=(platform,),
        packages=None if found.packages is None else frozenset(found.packages),
        tools=frozenset(found.tools),
        distributions=found.distributions,
        virtual_environment=found.virtual_environment,
        size_bytes=found.size,
        python_end_of_life=official_python.end_of_life(found.python.version) if found.python and own else None,
    )
