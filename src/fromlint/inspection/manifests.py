"""Manifests and configurations of images, as the OCI image specification (1.1) and Docker's schema 2 write them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256, sha512

from fromlint.index.refusal import Refused
from fromlint.index.wording import shown
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.typed import Any

ACCEPT = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
LARGEST = 4 << 20
"""Bytes that a manifest or configuration may have (the OCI distribution specification lets registries refuse more)."""

_DIGEST = regex(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_MOST_LAYERS = 500
_MOST_PLATFORMS = 200


class Descriptor(NamedTuple):
    """What a manifest says of a part: its digest and how many bytes it has. ``platform`` is "" where none is said."""

    digest: str
    size: int
    platform: str = ""


class Manifest(NamedTuple):
    """One image on one platform: its configuration, and its layers, the lowest first."""

    digest: str
    config: Descriptor
    layers: tuple[Descriptor, ...]


class Configuration(NamedTuple):
    """What an image's configuration says that a Dockerfile inherits."""

    platform: str
    variables: Mapping[str, str]
    directory: str
    user: str


def digest(data: bytes) -> str:
    """The digest under which the bytes are kept."""
    return "sha256:" + sha256(data).hexdigest()


def verified(data: bytes, wanted: str) -> bytes:
    """The bytes themselves. Raises Refused where the digest is another's."""
    found = "sha512:" + sha512(data).hexdigest() if wanted.startswith("sha512:") else digest(data)
    if found != wanted:
        raise Refused(f"what lies under {wanted[:19]}… is something else")
    return data


def platforms(data: bytes) -> tuple[Descriptor, ...] | None:
    """The images that a list of manifests has, by platform; None where it is no such list. Raises Refused."""
    held = _object(data)
    listed = held.get("manifests")
    if not isinstance(listed, list):
        return None
    found = []
    for entry in listed[:_MOST_PLATFORMS]:
        about = entry.get("platform") if isinstance(entry, dict) else None
        if isinstance(about, dict) and about.get("os") not in (None, "unknown"):
            found.append(_descriptor(entry)._replace(platform=_platform(about)))
        elif len(listed) == 1:
            # A layout of one image need not say its platform.
            found.append(_descriptor(entry))
    return tuple(found)


def named(data: bytes) -> tuple[tuple[Descriptor, Mapping[str, str]], ...]:
    """What a layout's index lists, with its annotations. Raises Refused."""
    found = []
    listed = _object(data).get("manifests")
    for entry in listed[:_MOST_PLATFORMS] if isinstance(listed, list) else ():
        said = entry.get("annotations") if isinstance(entry, dict) else None
        texts = {name: text for name, text in said.items() if isinstance(text, str)} if isinstance(said, dict) else {}
        found.append((_descriptor(entry), texts))
    return tuple(found)


def chosen(listed: tuple[Descriptor, ...], platform: str) -> Descriptor:
    """The image for a platform: with its very variant, else one that does not say any. Raises Refused."""
    for wanted in (platform, "/".join(platform.split("/")[:2]), ""):
        for each in listed:
            if each.platform == wanted:
                return each
    names = ", ".join(sorted({each.platform for each in listed})[:8])
    raise Refused(f"it has no image for {platform}, only for {shown(names) or 'none'}")


def manifest(data: bytes) -> Manifest:
    """The manifest of one image. Raises Refused."""
    held = _object(data)
    config, layers = held.get("config"), held.get("layers")
    if held.get("schemaVersion") == 1:
        raise Refused("its manifest is of the old kind (schema 1)")
    if not isinstance(layers, list) or len(layers) > _MOST_LAYERS:
        raise Refused("its manifest cannot be read")
    return Manifest(digest(data), _descriptor(config), tuple(_descriptor(layer) for layer in layers))


def configuration(data: bytes) -> Configuration:
    """What the configuration says. Raises Refused."""
    held = _object(data)
    return _configured(held, held.get("config"))


def described(data: bytes) -> tuple[str, Configuration, tuple[str, ...]]:
    """What an engine says of an image (``/images/NAME/json``): its id, its configuration, and the digests of its
    unpacked layers, the lowest first. Raises Refused.
    """
    held = _object(data)
    lower = {name.lower(): value for name, value in held.items()}
    files = lower.get("rootfs")
    layers = files.get("Layers") if isinstance(files, dict) else None
    found = lower.get("id")
    named = [found, *layers] if isinstance(layers, list) and 0 < len(layers) <= _MOST_LAYERS else []
    if not named or not all(isinstance(each, str) and _DIGEST.fullmatch(each) for each in named):
        raise Refused("what the engine says of it cannot be read")
    return named[0], _configured(lower, held.get("Config")), tuple(named[1:])


def _configured(held: Mapping[str, Any], inner: object) -> Configuration:
    said: Mapping[str, Any] = inner if isinstance(inner, dict) else {}
    variables = {}
    environment = said.get("Env")
    for entry in environment if isinstance(environment, list) else ():
        if isinstance(entry, str) and "=" in entry:
            name, _, value = entry.partition("=")
            variables[name] = value
    directory, user = said.get("WorkingDir"), said.get("User")
    return Configuration(
        _platform(held),
        variables,
        directory if isinstance(directory, str) and directory else "/",
        user if isinstance(user, str) and user else "root",
    )


def _object(data: bytes) -> dict[str, Any]:
    try:
        held = json.loads(data)
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, dict):
        raise Refused("its manifest or configuration is no JSON object")
    return held


def _descriptor(entry: object) -> Descriptor:
    held = entry if isinstance(entry, dict) else {}
    found, size = held.get("digest"), held.get("size")
    if (
        not isinstance(found, str)
        or not _DIGEST.fullmatch(found)
        or not isinstance(size, int)
        or not 0 <= size < 1 << 50
    ):
        raise Refused("its manifest names something without a digest and size")
    return Descriptor(found, size)


def _platform(held: Mapping[str, Any]) -> str:
    """``linux/arm64`` or ``linux/arm/v7``: v8 goes without saying for arm64 (containerd's ``Normalize``)."""
    system, architecture, variant = (held.get(name) for name in ("os", "architecture", "variant"))
    if not isinstance(system, str) or not isinstance(architecture, str):
        return ""
    platform = f"{system}/{architecture}"
    if isinstance(variant, str) and variant and (architecture, variant) not in (("arm64", "v8"), ("amd64", "v1")):
        platform += f"/{variant}"
    return platform
