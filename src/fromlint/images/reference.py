"""Image references as the builder reads them: the grammar of distribution/reference."""

from fromlint.model.environment import Reference
from fromlint.regex import regex

DEFAULT_REGISTRY = "docker.io"

_OTHER_NAMES_OF_DOCKER_HUB = frozenset({"index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})

_LONGEST_NAME = 255

_DOMAIN = regex(
    r"(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
    r"(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*"
    r"|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
)
_PATH = regex(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*")
_TAG = regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = regex(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}")
_IDENTIFIER = regex(r"[a-f0-9]{64}")


def parse(text: str) -> Reference | None:
    """The reference that ``text`` is, None where the builder would refuse it.

    Normalised as Docker does (distribution/reference, normalize.go): a name without a registry is on ``docker.io``,
    whose ``library/`` is dropped; the other names of Docker Hub become ``docker.io``. No tag is tag None.
    """
    if len(text) > 1024:
        return None
    name, at, digest = text.partition("@")
    if at and not _DIGEST.fullmatch(digest):
        return None
    tag = None
    colon = name.rfind(":")
    if colon > name.rfind("/"):
        name, tag = name[:colon], name[colon + 1 :]
        if not _TAG.fullmatch(tag):
            return None
    registry, slash, repository = name.partition("/")
    if not slash or not _is_domain(registry):
        registry, repository = DEFAULT_REGISTRY, name
    if (
        not (registry == DEFAULT_REGISTRY or _DOMAIN.fullmatch(registry))
        or len(registry) + 1 + len(repository) > _LONGEST_NAME
    ):
        return None
    parts = repository.split("/")
    if not all(_PATH.fullmatch(part) for part in parts):
        return None
    if registry in _OTHER_NAMES_OF_DOCKER_HUB:
        registry = DEFAULT_REGISTRY
    if registry == DEFAULT_REGISTRY:
        if len(parts) == 2 and parts[0] == "library":
            repository = parts[1]
        if _IDENTIFIER.fullmatch(repository):
            return None
    return Reference(registry, repository, tag, digest if at else None, text)


def _is_domain(first: str) -> bool:
    return "." in first or ":" in first or first == "localhost" or first.lower() != first
