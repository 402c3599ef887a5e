"""How an installer was told to choose: the options of the line, of its environment and of the requirements files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from fromlint.model.build import InstallOptions
from fromlint.model.environment import Environment
from fromlint.model.requirement import FileOptions, Requirement
from fromlint.named_tuple import NamedTuple
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from fromlint.wheels.tags import Target

PIP, UV, OWN = "pip", "uv", "own"

# What uv's --torch-backend takes from PyTorch's own indexes, and where these are: as uv 0.13.9 asks for them.
_TORCH_NAMES = """
    fbgemm-gpu fbgemm-gpu-genai pytorch-triton pytorch-triton-rocm pytorch-triton-xpu torch torch-tensorrt torchao
    torcharrow torchaudio torchcodec torchcsprng torchrec torchserve torchtext torchtune torchvision triton triton-rocm
    triton-xpu xformers
"""
_TORCH = tuple(_TORCH_NAMES.split())
_TORCH_INDEX = "https://download.pytorch.org/whl/"


class Policy(NamedTuple):
    """What bears on the choice.

    ``installer`` is pip (the image's), uv, or own (poetry, pdm, pipenv and pipx bring what they install with).
    ``indexes`` are asked for every name, in order of preference; ``merged``: their files are one heap (pip, uv's
    unsafe-best-match), else the first that has the name decides. ``places`` are ``--find-links``. ``own_index`` names
    the one index that a name may be asked of. ``only_binary``/``no_binary`` hold normalised names or ``:all:``.
    ``uploaded_before`` is an ISO time in UTC, ``uploaded_before_of`` the same for single names (None: any). ``unknown``
    says why no index is known; ``apart`` the same by name.
    ``platforms``, ``python_version``, ``implementation`` and ``abis`` are pip's options to install for elsewhere.
    ``all_releases``/``only_final`` hold names or ``:all:``, as for formats. ``overrides`` (uv's) stand in place of what
    packages ask of their names. ``require_hashes``: what has none is refused.
    ``only_deps``: not what is asked for itself (pip's ``--only-deps``). ``resolution``: uv's lowest or
    lowest-direct. ``archives``: under which key it is known what the wheels and sdists say that are named by path.
    ``unknown_constraints``: there are some that are not known, so that only pins are sure.
    """

    installer: str = PIP
    indexes: tuple[str, ...] = ()
    merged: bool = True
    places: tuple[str, ...] = ()
    own_index: Mapping[str, str] = {}
    only_binary: frozenset[str] = frozenset()
    no_binary: frozenset[str] = frozenset()
    prefer_binary: bool = False
    pre: bool = False
    no_deps: bool = False
    only_deps: bool = False
    upgrade: bool = False
    force_reinstall: bool = False
    ignore_requires_python: bool = False
    uploaded_before: str | None = None
    uploaded_before_of: Mapping[str, str | None] = {}
    unknown: str | None = None
    apart: Mapping[str, str] = {}
    platforms: tuple[str, ...] = ()
    python_version: str | None = None
    implementation: str | None = None
    abis: tuple[str, ...] = ()
    all_releases: frozenset[str] = frozenset()
    only_final: frozenset[str] = frozenset()
    overrides: tuple[Requirement, ...] = ()
    require_hashes: bool = False
    resolution: str | None = None
    unknown_constraints: bool = False
    archives: Mapping[str, str] = {}


def policy(
    options: InstallOptions,
    in_files: FileOptions,
    *,
    tool: str,
    default_index: str,
    own_index: Mapping[str, str] | None = None,
    unknown: str | None = None,
    now: datetime | None = None,
    overrides: tuple[Requirement, ...] = (),
    unknown_constraints: bool = False,
) -> Policy:
    """The policy of an install by ``tool`` (as in Install.tool).

    ``default_index`` is asked where no option names one. ``own_index``: indexes that a project binds to names.
    ``unknown``: why the index cannot be known (a secret configuration, an ARG without value). ``now`` is the time that
    a relative ``exclude-newer`` counts from. ``unknown_constraints`` as in Policy.
    """
    installer = _installer(tool)
    only_binary, no_binary = _formats(
        (options.only_binary, options.no_binary), (in_files.only_binary, in_files.no_binary)
    )
    all_releases, only_final = _formats(
        (options.all_releases, options.only_final), (in_files.all_releases, in_files.only_final)
    )
    own_index = dict(own_index or {})
    apart = {}
    backend = (options.torch_backend or in_files.torch_backend) if installer == UV else None
    if backend == "auto":
        reason = "which of PyTorch's indexes it comes from depends on the GPU of the machine that builds"
        apart = {name: reason for name in _TORCH if name not in own_index}
    elif backend is not None:
        own_index = {**dict.fromkeys(_TORCH, _TORCH_INDEX + backend), **own_index}
    newer = (each.partition("=") for each in (*in_files.newer_packages, *options.newer_packages))
    return Policy(
        installer=installer,
        indexes=_indexes(options, in_files, default_index, installer),
        merged=installer != UV or (options.index_strategy or in_files.index_strategy) == "unsafe-best-match",
        places=(*options.find_links, *in_files.find_links),
        own_index=own_index,
        only_binary=only_binary,
        no_binary=no_binary,
        prefer_binary=options.prefer_binary or in_files.prefer_binary,
        pre=options.pre or in_files.pre,
        no_deps=options.no_deps or in_files.no_deps,
        only_deps=options.only_deps,
        upgrade=options.upgrade,
        force_reinstall=options.force_reinstall,
        ignore_requires_python=options.ignore_requires_python,
        uploaded_before=_uploaded_before(options.exclude_newer or in_files.exclude_newer, installer, now),
        uploaded_before_of={_normalised(name): _uploaded_before(day, installer, now) for name, _, day in newer},
        unknown=unknown,
        apart=apart,
        platforms=options.platforms,
        python_version=options.python_version,
        implementation=options.implementation,
        abis=options.abis,
        all_releases=all_releases,
        only_final=only_final,
        overrides=overrides,
        require_hashes=installer != OWN and (options.require_hashes or in_files.require_hashes),
        resolution=options.resolution or in_files.resolution,
        unknown_constraints=unknown_constraints,
    )


def of_name(policy: Policy, name: str) -> Policy:
    """The policy as it is for one name: its own day may differ."""
    if name not in policy.uploaded_before_of:
        return policy
    return policy._replace(uploaded_before=policy.uploaded_before_of[name])


def targets(policy: Policy, environment: Environment, platform: str) -> tuple[Target, Target] | str:
    """What decides in an environment, for this installer and for one that knows every tag; the reason if unknown."""
    from fromlint.wheels import tags

    found = []
    for ignore_pip in (policy.installer != PIP, True):
        target = tags.target(
            environment,
            platform,
            ignore_pip=ignore_pip,
            platforms=policy.platforms,
            python_version=policy.python_version,
            implementation=policy.implementation,
            abis=policy.abis,
        )
        if isinstance(target, str):
            return target
        found.append(target)
    return found[0], found[1]


def formats(policy: Policy, name: str) -> tuple[bool, bool]:
    """Whether wheels and whether sdists of a package may be used (pip's FormatControl; uv's BuildOptions agree)."""
    if name in policy.only_binary:
        return True, False
    if name in policy.no_binary:
        return False, True
    if ":all:" in policy.only_binary:
        return True, False
    return ":all:" not in policy.no_binary, True


def prereleases(policy: Policy, name: str) -> bool | None:
    """Whether pre-releases of a package may be taken; None where the specifiers decide (pip's ReleaseControl)."""
    if name in policy.all_releases:
        return True
    if name in policy.only_final:
        return False
    if policy.pre or ":all:" in policy.all_releases:
        return True
    return False if ":all:" in policy.only_final else None


def _installer(tool: str) -> str:
    if tool.startswith("uv"):
        return UV
    return PIP if tool in ("pip", "pip-sync") else OWN


def _indexes(options: InstallOptions, in_files: FileOptions, default: str, installer: str) -> tuple[str, ...]:
    if options.no_index or in_files.no_index:
        return ()
    extra = (*options.extra_index_urls, *in_files.extra_index_urls)
    if installer == UV:
        # uv asks the extra indexes first: the default one is the last resort.
        return tuple(dict.fromkeys((*extra, options.index_url or in_files.index_url or default)))
    if in_files.index_url:
        # pip: -i in a requirements file replaces all that the command line said before it.
        return tuple(dict.fromkeys((in_files.index_url, *in_files.extra_index_urls)))
    return tuple(dict.fromkeys((options.index_url or default, *extra)))


def _formats(*said: tuple[Iterable[str], Iterable[str]]) -> tuple[frozenset[str], frozenset[str]]:
    """pip's ``handle_mutual_excludes``, the command line first and then the files.

    How ``--only-binary`` and ``--no-binary`` alternate on one line is not recorded, so there ``:all:`` is taken to come
    before the names that it would otherwise undo, which is how people mean it.
    """
    only: set[str] = set()
    no: set[str] = set()
    for only_words, no_words in said:
        both = ((list(only_words), only, no), (list(no_words), no, only))
        for words, chosen, other in both:
            if ":all:" in words:
                other.clear()
                chosen.clear()
                chosen.add(":all:")
        for words, chosen, other in both:
            behind_all = words[len(words) - words[::-1].index(":all:") :] if ":all:" in words else words
            # pip forgets the names behind a last ":all:" unless a ":none:" follows.
            if behind_all is not words and ":none:" not in behind_all:
                continue
            for word in behind_all:
                if word == ":none:":
                    chosen.clear()
                else:
                    other.discard(word)
                    chosen.add(word)
    return frozenset(only), frozenset(no)


_UNITS = {"hour": 3600, "day": 86400, "week": 604800}
_SHORT_UNITS = {"h": "hour", "d": "day", "w": "week"}


def _uploaded_before(text: str | None, installer: str, now: datetime | None) -> str | None:
    """The time that ``--uploaded-prior-to`` (pip) or ``exclude-newer`` (uv) means, None where it means nothing.

    A plain day is its beginning for pip and its end for uv. Time zones of the build are taken to be UTC.
    """
    if not text or text.lower() == "false":
        return None
    from datetime import UTC, date, datetime, timedelta

    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
            return _stamp(day + timedelta(days=1 if installer == UV else 0))
        if re.match(r"\d{4}-", text):
            return _stamp(datetime.fromisoformat(text))
        seconds = _duration(text)
        return _stamp(now - timedelta(seconds=seconds)) if seconds is not None and now is not None else None
    except (ValueError, OverflowError):
        return None


def _duration(text: str) -> int | None:
    """Seconds of ``7 days``, ``1w``, ``P7D``, ``PT24H``."""
    iso = re.fullmatch(r"[pP](?:(\d{1,6})[wW])?(?:(\d{1,6})[dD])?(?:[tT](\d{1,6})[hH])?", text)
    if iso is not None and any(iso.groups()):
        weeks, days, hours = (int(group or 0) for group in iso.groups())
        return weeks * _UNITS["week"] + days * _UNITS["day"] + hours * _UNITS["hour"]
    friendly = re.fullmatch(r"(\d{1,6})\s*([a-z]+?)s?(?:\s+ago)?", text.strip().lower())
    if friendly is None:
        return None
    unit = _UNITS.get(_SHORT_UNITS.get(friendly[2], friendly[2]))
    return int(friendly[1]) * unit if unit is not None else None


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def _stamp(time: datetime) -> str:
    from datetime import UTC

    return (time if time.tzinfo is not None else time.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
