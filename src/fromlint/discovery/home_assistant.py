"""The build that a Home Assistant app declares: ``build.yaml`` beside its Dockerfile.

After "App configuration" of the Home Assistant developer documentation: ``build_from`` names the base image of each
CPU, which comes to the Dockerfile as ``BUILD_FROM``; ``args`` are further build arguments.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from fromlint.discovery.documents import read_yaml
from fromlint.discovery.specs import BuildSpec

FILES = ("build.yaml", "build.yml", "build.json")

_PLATFORMS = {
    "amd64": "linux/amd64",
    "aarch64": "linux/arm64",
    "armv7": "linux/arm/v7",
    "armhf": "linux/arm/v6",
    "i386": "linux/386",
}


def builds(data: bytes, path: str) -> Iterator[BuildSpec]:
    """The build for the first CPU of those that Home Assistant knows. Raises Unreadable."""
    document = read_yaml(data)
    bases = document.get("build_from") if document is not None else None
    named = dict(bases.mapping()) if bases is not None else {}
    for cpu, platform in _PLATFORMS.items():
        base = named[cpu].text if cpu in named else None
        if base:
            folder = os.path.dirname(os.path.abspath(path))
            more = document.get("args") if document is not None else None
            args = {name: node.text for name, node in more.mapping()} if more is not None else {}
            yield BuildSpec(
                file=path,
                line=1,
                kind="app",
                name=os.path.basename(folder),
                context=folder,
                dockerfile=os.path.join(folder, "Dockerfile"),
                args={"BUILD_FROM": base, "BUILD_ARCH": cpu, "BUILD_VERSION": None, **args},
                platforms=(platform,),
            )
            return
