"""Builds that compose files declare.

After the Compose Build Specification. Override files are left alone: they mostly say how a service is developed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from fromlint.discovery.documents import Node, Unreadable, read_yaml
from fromlint.discovery.interpolation import interpolate
from fromlint.discovery.specs import BuildSpec, image_names, is_remote, key_values, local, named_contexts
from fromlint.regex import regex

FILES = regex(r"(?:docker-)?compose(?:[.-](?!override)[\w.-]+)?\.ya?ml", re.I)


def builds(data: bytes, path: str, environment: Mapping[str, str]) -> Iterator[BuildSpec]:
    """The builds of all services in a compose file. ``environment`` is what its ``.env`` sets. Raises Unreadable."""
    document = read_yaml(data)
    services = document.get("services") if document is not None else None
    for name, service in services.mapping() if services is not None else ():
        build = service.get("build")
        if build is None and (parent := _extended(service, services)):
            build = parent.get("build")
        if build is not None and (spec := _build(name, service, build, path, environment)) is not None:
            yield spec


def _extended(service: Node, services: Node | None) -> Node | None:
    """The service of the same file that one extends."""
    extends = service.get("extends")
    if extends is None or services is None or extends.get("file") is not None:
        return None
    name = extends.text or extends.string("service")
    return services.get(name) if name else None


def _build(name: str, service: Node, build: Node, path: str, environment: Mapping[str, str]) -> BuildSpec | None:
    def value(text: str | None) -> str | None:
        return None if text is None else interpolate(text, environment)

    base = os.path.dirname(os.path.abspath(path))
    if build.pairs is None and build.text is None:
        return None
    if build.get("dockerfile_inline") is not None:
        return None
    written = build.text if build.pairs is None else build.string("context") or "."
    context = value(written)
    named = value(build.string("dockerfile")) if build.get("dockerfile") else "Dockerfile"
    if named is None or (context is None and not os.path.isabs(named)):
        return None
    remote = context is not None and is_remote(context)
    if remote and not os.path.isabs(named):
        return None
    folder = None if context is None or remote else local(base, context)
    platforms = build.get("platforms")
    single = service.get("platform")
    listed = platforms.strings() if platforms is not None else single.strings() if single is not None else ()
    target = build.string("target")
    return BuildSpec(
        file=path,
        line=build.line,
        kind="compose",
        name=name,
        context=folder,
        dockerfile=local(folder or base, named),
        target=value(target),
        args=_arguments(build.get("args"), environment),
        platforms=tuple(known for each in listed if (known := value(each))),
        contexts=named_contexts(base, _contexts(build.get("additional_contexts"), environment)),
        unknown=f"its target {target} has a variable without value" if target and value(target) is None else None,
        tags=image_names(_tags(service, build), value),
    )


def _tags(service: Node, build: Node) -> tuple[str, ...]:
    """What the built image is called: the service's ``image`` and the ``tags`` of its build."""
    image, tags = service.string("image"), build.get("tags")
    return (*((image,) if image else ()), *(tags.strings() if tags is not None else ()))


def with_gpu(data: bytes) -> frozenset[str]:
    """The services of a compose file that run with a GPU; of a file that cannot be read, none."""
    if b"gpu" not in data and b"nvidia" not in data.lower() and b"CUDA_" not in data:
        return frozenset()
    try:
        document = read_yaml(data)
    except Unreadable:
        return frozenset()
    services = document.get("services") if document is not None else None
    return frozenset(name for name, service in services.mapping() if _gpu(service)) if services else frozenset()


def _gpu(service: Node) -> bool:
    """Whether a service has a GPU: reserved devices, ``gpus``, NVIDIA's runtime or its variables."""
    found: Node | None = service
    for name in ("deploy", "resources", "reservations", "devices"):
        found = found.get(name) if found is not None else None
    for device in found.items or () if found is not None else ():
        capabilities = device.get("capabilities")
        driver = device.string("driver") or ""
        if driver in ("nvidia", "amd") or (capabilities is not None and "gpu" in capabilities.strings()):
            return True
    if service.get("gpus") is not None or service.string("runtime") == "nvidia":
        return True
    environment = service.get("environment")
    if environment is None:
        return False
    pairs = environment.mapping() if environment.pairs is not None else ()
    names = [name for name, _ in pairs] + [key_values(text)[0] for text in environment.strings()]
    return any(name.startswith(("NVIDIA_", "CUDA_")) for name in names)


def _arguments(node: Node | None, environment: Mapping[str, str]) -> dict[str, str | None]:
    """``args`` as a mapping or a list; one without a value comes from the environment, which is not known."""
    if node is None:
        return {}
    pairs = [(name, value.text) for name, value in node.mapping()] if node.pairs is not None else []
    pairs += [key_values(text) for text in node.strings()] if node.items is not None else []
    return {name: environment.get(name) if text is None else interpolate(text, environment) for name, text in pairs}


def _contexts(node: Node | None, environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in _arguments(node, environment).items() if value is not None}
