"""What is known of a base image: the one answer that the other rooms ask this one for."""

import datetime
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

from fromlint.images import contents, official_python, releases, store
from fromlint.images.reference import parse
from fromlint.model.environment import Environment, Python, Reference

_PATH = "/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# Docker's namespaces of the official images by CPU (docker-library/official-images README.md).
_NAMESPACES = {
    "amd64": "linux/amd64",
    "arm32v5": "linux/arm/v5",
    "arm32v6": "linux/arm/v6",
    "arm32v7": "linux/arm/v7",
    "arm64v8": "linux/arm64",
    "i386": "linux/386",
    "mips64le": "linux/mips64le",
    "ppc64le": "linux/ppc64le",
    "riscv64": "linux/riscv64",
    "s390x": "linux/s390x",
    "winamd64": "windows/amd64",
}

# Registries that serve Docker's official images under another name: the path in front of the image's name.
_MIRRORS = (
    "public.ecr.aws/docker/library/",
    "mirror.gcr.io/library/",
    "mirror.gcr.io/docker/library/",
    "quay.io/official-images/",
    "gcr.io/cloud-builders-mirror/library/",
)
# What pull-through caches (Harbor, GitLab's dependency proxy, Artifactory, ECR) put in front of it.
_CACHE_MARKS = ("/dependency_proxy/containers/", "/library/")

_DEEPEST_LIKENESS = 8

PLACES = ("oci:", "oci-archive:", "docker-archive:")
"""How texts begin that name an image on this machine (containers-transports(5))."""


def environment(
    reference: Reference, *, platform: str, as_of: datetime.date, configured: Mapping[str, str] = {}
) -> Environment:
    """What the image is on ``platform`` (``linux/arm64``) as of a day.

    Floating tags are resolved for that day; what is newer than the data is inferred or unknown (``tag_status``). An
    image that is not known has ``known`` false and the reason; what its name safely says is set all the same.
    ``configured`` maps patterns of references (``registry.corp/py:*``) to the official reference that is meant; the
    first pattern that fits decides.
    """
    day = as_of.isoformat()
    meant = configured_as(reference, configured)
    if meant is None:
        return _environment(reference, platform, day, 0)
    pattern, text = meant
    target = None if text.startswith(PLACES) else parse(text)
    if target is None:
        why = f"the setting images says that {pattern} is {text}, which is "
        why += "looked at with --inspect" if text.startswith(PLACES) else "no image reference"
        return Environment(False, why, reference.written, platform=platform, tag_status="unknown")
    return _environment(target, platform, day, 0)._replace(image=reference.written)


def alternatives(environment: Environment, as_of: datetime.date) -> tuple[str, ...]:
    """Official images of the same Python: slim and full on its newest Debian, on the one before, then Alpine.

    Of an image that stands on the official ones (uv's), its own tags for these. Empty where the Python is not known or
    is no CPython. The image itself may be among them.
    """
    python = environment.python
    if python is None or python.implementation != "cpython":
        return ()
    minor = ".".join(python.version.split(".")[:2])
    lines = official_python.lines(minor, as_of.isoformat()) or official_python.lines(f"{minor}-rc", as_of.isoformat())
    reference = parse(environment.image)
    family = _family(canonical(reference)[0]) if reference is not None else None
    tags = store.load(f"families/{family}.json").get("variants") if family is not None else None
    if reference is None or tags is None:
        return tuple(f"python:{line.minor}-{line.name}" for line in lines)
    tag = reference.tag or ""
    version = tag[: tag.find("python")] if "python" in tag else ""
    repository = reference.written.partition("@")[0].removesuffix(f":{tag}")
    named = (
        tags[_kind(line.name)].format(version=version, python=line.minor, release=line.name.removeprefix("slim-"))
        for line in lines
    )
    return tuple(f"{repository}:{name}" for name in named)


def _kind(variant: str) -> str:
    return "alpine" if variant.startswith("alpine") else "slim" if variant.startswith("slim-") else "full"


def canonical(reference: Reference) -> tuple[str, str | None]:
    """The repository's name in the data (``python``, ``ghcr.io/astral-sh/uv``), and the platform that it is fixed to.

    Mirrors and pull-through caches of Docker's official images are these images.
    """
    name = reference.repository
    if reference.registry != "docker.io":
        whole = f"{reference.registry}/{name}"
        for mirror in _MIRRORS:
            if whole.startswith(mirror):
                return whole[len(mirror) :], None
        for mark in _CACHE_MARKS:
            _, found, image = f"/{name}".rpartition(mark)
            image = image.removeprefix("library/")
            if found and _is_official(image) and _family(whole) is None:
                return image, None
        return whole, None
    namespace, slash, image = name.partition("/")
    if slash and namespace in _NAMESPACES and "/" not in image:
        return image, _NAMESPACES[namespace]
    return name, None


def configured_as(asked: Reference, configured: Mapping[str, str]) -> tuple[str, str] | None:
    """The pattern of the setting *images* that fits a reference, and what it says; None where none does."""
    tag = asked.tag or "latest"
    forms = (asked.written, f"{asked.registry}/{asked.repository}:{tag}", f"{asked.repository}:{tag}")
    for pattern, text in configured.items():
        if any(fnmatchcase(form, pattern) for form in forms):
            return pattern, text
        if ":" not in pattern.rpartition("/")[2] and any(
            fnmatchcase(form.rpartition(":")[0], pattern) for form in forms
        ):
            return pattern, text
    return None


# A thousand Dockerfiles stand on a few images; each has its packages by the hundred, to be held once.
@lru_cache(512)
def _environment(asked: Reference, platform: str, day: str, depth: int) -> Environment:
    repository, fixed = canonical(asked)
    blank = Environment(True, None, asked.written, platform=fixed or platform)
    if asked.tag is None and asked.digest is not None:
        why = "a digest alone does not say which image it is: name the tag as well"
        return _guessed(blank._replace(known=False, unknown=why, tag_status="unknown"), asked, day)
    tag = asked.tag or "latest"
    family = None if repository == official_python.NAME else _family(repository)
    if repository == official_python.NAME:
        found = _python(blank, tag, day)
    elif family is None or depth > _DEEPEST_LIKENESS:
        why = f"{asked.written} is not in the data: say in [tool.fromlint.images] which official image it is like"
        return _guessed(blank._replace(known=False, unknown=why, tag_status="unknown"), asked, day)
    else:
        from fromlint.images import families

        def look_up(text: str, then: str) -> Environment:
            like = parse(text)
            if like is None:  # a template whose parts are not known
                return blank._replace(known=False, unknown=f"{repository}:{tag} is not in the data")
            return _environment(like, blank.platform, then, depth + 1)

        found = families.resolve(family, repository, tag, blank, day, look_up)
    if not found.known and found.tag_status == "unknown" and found.distro is None:
        found = _guessed(found, asked, day)
    if fixed is not None:
        found = found._replace(architectures=(fixed,))
    # A distribution looks after its own Python for as long as after the rest.
    own = found.python is not None and found.python.prefix != "/usr"
    return found._replace(
        floating=found.floating and asked.digest is None,
        python_end_of_life=official_python.end_of_life(found.python.version) if found.python and own else None,
    )


def _guessed(blank: Environment, asked: Reference, day: str) -> Environment:
    from fromlint.images import guess

    return guess.guess(blank, asked, day)


def _is_official(name: str) -> bool:
    """Whether Docker has an official image of the name that the data speaks of."""
    return "/" not in name and (name == official_python.NAME or _family(name) is not None)


def _family(repository: str) -> str | None:
    """The family file that speaks of the repository, None where none does."""
    data = store.load("repositories.json")
    exact = data["exact"].get(repository)
    if exact is not None:
        return str(exact)
    return next((name for pattern, name in data["patterns"] if fnmatchcase(repository, pattern)), None)


# --- the official python image ----------------------------------------------------------------------------------------


def _python(blank: Environment, tag: str, day: str) -> Environment:
    found = official_python.resolve(tag, day)
    if isinstance(found, official_python.Missing):
        missing = blank._replace(
            known=False, unknown=found.why, tag_status=found.status, facts_date=official_python.last_day()
        )
        if found.nearest is None:
            return missing
        near = _python(blank, found.nearest, day)
        return near._replace(
            known=False, unknown=found.why, tag_status=found.status, nearest_tag=found.nearest, floating=False
        )
    blank = blank._replace(
        architectures=found.platforms,
        floating=found.floating,
        tag_status=found.status,
        facts_date=official_python.last_day(found.minor),
        python=Python(found.version, "cpython", "/usr/local", found.pip or None, False),
        distributions=_distributions(found),
        variables=_variables(found),
    )
    if found.name.startswith("windows"):
        return blank._replace(
            known=False,
            unknown="a Windows image, which fromlint does not read",
            distro="windows",
            variant="windows",
            python=None,
            distributions=None,
            variables={},
        )
    minor = tuple(int(part) for part in found.minor.removesuffix("-rc").split("."))
    nis = "-nis" if minor < (3, 13) else ""
    names: tuple[str, ...]
    if found.name.startswith("alpine"):
        release = found.name.removeprefix("alpine")
        names = (f"alpine-{release}-python{nis}", f"alpine-{release}-python", "alpine-python")
        described = releases.describe(blank, "alpine", release, day)._replace(variant="alpine")
    else:
        # python:onbuild stood on the full image of its time, which was jessie all but the last month.
        codename = "jessie" if found.name == "onbuild" else found.name.removeprefix("slim-")
        described = releases.describe(blank, "debian", codename, day)
        if found.name.startswith("slim-"):
            names = (f"debian-{codename}-python-slim{nis}", f"debian-{codename}-python-slim", "debian-python-slim")
            described = described._replace(variant="slim")
        else:
            names = (f"debian-{codename}-python-full", "debian-python-full")
            system = releases.system_python("debian", codename)
            described = described._replace(variant="full", others=(system,) if system else ())
    inside = contents.fill(described, names)
    return inside._replace(tools=inside.tools | _commands(found.minor.removesuffix("-rc")))


def _commands(minor: str) -> frozenset[str]:
    """What the image puts into /usr/local/bin (docker-library/python Dockerfile-linux.template)."""
    return frozenset(
        {"python", "python3", f"python{minor}", "pip", "pip3", f"pip{minor}", "idle", "idle3", "pydoc", "pydoc3"}
        | {"python-config", "python3-config", f"python{minor}-config"}
    )


def _variables(line: official_python.Line) -> dict[str, str]:
    """ENV of the image, without its checksums and keys, which nothing reads."""
    variables = {"PATH": _PATH, "PYTHON_VERSION": line.version}
    if line.lang:
        variables["LANG"] = "C.UTF-8"
    return variables


def _distributions(line: official_python.Line) -> dict[str, str]:
    """pip, and up to Python 3.11 setuptools and wheel; "" where get-pip brought the newest of the day."""
    found = {"pip": line.pip}
    if tuple(int(part) for part in line.minor.removesuffix("-rc").split(".")) < (3, 12):
        found |= {"setuptools": line.setuptools, "wheel": line.wheel}
    return found
