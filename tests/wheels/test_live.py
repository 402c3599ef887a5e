"""The real index, the real pip and the real uv. Not part of CI: ``pytest -m live tests/wheels``.

Where pip chooses for another machine its own finder is fed with real pages and with the tags that packaging finds on
such a machine, so that nothing has to be downloaded.
"""

import os
import random
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fromlint.index import DEFAULT_INDEX_URL, Index
from fromlint.model.environment import Environment
from fromlint.model.index import Metadata, Page
from fromlint.model.requirement import Requirement
from fromlint.model.resolution import Resolution
from fromlint.requirements.markers import evaluate
from fromlint.wheels import choice, dependency, offer, policy, specifiers, tags
from fromlint.wheels.closure import resolve
from fromlint.wheels.knowledge import Known

pytestmark = pytest.mark.live

NAMES = [
    "numpy",
    "pandas",
    "scipy",
    "duckdb",
    "polars-runtime-32",
    "torch",
    "grpcio",
    "cryptography",
    "lxml",
    "psycopg2",
    "psycopg2-binary",
    "pyyaml",
    "pydantic-core",
    "orjson",
    "lightgbm",
    "soundfile",
    "google-crc32c",
    "markupsafe",
    "sqlalchemy",
    "aiohttp",
    "uvloop",
    "pillow",
    "opencv-python",
    "cffi",
    "bcrypt",
    "tokenizers",
    "shapely",
    "h5py",
    "matplotlib",
    "pyarrow",
    "greenlet",
    "gevent",
    "mysqlclient",
    "charset-normalizer",
    "regex",
    "msgpack",
    "ujson",
    "cython",
    "playwright",
    "gensim",
]
PLATFORMS = ["linux/amd64"] * 4 + ["linux/arm64"] * 2 + ["linux/arm/v7", "linux/386", "linux/ppc64le", "linux/s390x"]
PYTHONS = [
    ("3.12.4", False),
    ("3.13.5", False),
    ("3.14.0", True),
    ("3.9.7", False),
    ("3.8.20", False),
    ("3.11.9", False),
]
LIBCS = [
    ("glibc", (2, 36)),
    ("glibc", (2, 41)),
    ("glibc", (2, 28)),
    ("glibc", (2, 17)),
    ("musl", (1, 2)),
    ("musl", (1, 1)),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    found = Index(budget=600, cache_folder=str(tmp_path_factory.mktemp("index")))
    yield found
    found.close()


@pytest.fixture(scope="module")
def uv_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uv")


def test_the_choice_is_pips_on_400_triples(
    index: Index,
    environment: Callable[..., Environment],
    machine: Callable[..., list[str]],
    pip_choice: Callable[..., tuple[str, str] | None],
) -> None:
    pages = index.pages((DEFAULT_INDEX_URL, name) for name in NAMES)
    chance = random.Random(7)
    differences = []
    for (_, name), page in pages.items():
        assert page.failure is None
        known = [release.version.text for release in offer.offer(name, [page]).releases]
        for _ in range(10):
            python, threaded = chance.choice(PYTHONS)
            libc, version = chance.choice(LIBCS)
            platform = chance.choice(PLATFORMS)
            specifier = chance.choice(["", "", f"=={chance.choice(known)}", f"<={chance.choice(known)}"])
            told = chance.choice(
                [{}, {"only_binary": (":all:",)}, {"only_binary": (":all:",)}, {"prefer_binary": True}]
            )
            ours = _ours(page, specifier, environment, python, threaded, libc, version, platform, told)
            theirs = pip_choice(
                name, page.files, specifier, _tags(machine, python, threaded, libc, version, platform), python, **told
            )
            if ours != theirs:
                differences.append((name, specifier, python, threaded, libc, version, platform, told, ours, theirs))
    assert differences == []


def _ours(
    page: Page,
    specifier: str,
    environment: Callable[..., Environment],
    python: str,
    threaded: bool,
    libc: str,
    version: tuple[int, int],
    platform: str,
    told: Mapping[str, Any],
) -> tuple[str, str] | None:
    image = environment(python, libc=libc, libc_version=f"{version[0]}.{version[1]}", free_threaded=threaded)
    target = tags.target(image, platform, ignore_pip=False)
    wanted = specifiers.parse(specifier)
    assert isinstance(target, tags.Target)
    assert wanted is not None
    options = {key: frozenset(value) if isinstance(value, tuple) else value for key, value in told.items()}
    found = choice.choose(offer.offer(page.name, [page]), choice.Ask(wanted), target, policy.Policy(**options))
    return (found.version.text, found.candidate.file.filename) if found is not None else None


def _tags(
    machine: Callable[..., list[str]], python: str, threaded: bool, libc: str, version: tuple[int, int], platform: str
) -> list[str]:
    from packaging.tags import compatible_tags, cpython_tags

    major, minor = map(int, python.split(".")[:2])
    platforms = machine(libc, version, tags.ARCHITECTURES[platform])
    own = cpython_tags((major, minor), [f"cp{major}{minor}{'t' if threaded else ''}"], platforms)
    return list(map(str, (*own, *compatible_tags((major, minor), f"cp{major}{minor}", platforms))))


class Set(NamedTuple):
    """Requirements that are resolved by us and by uv for one environment."""

    requirements: Sequence[str]
    python: str = "3.12.4"
    libc: str = "glibc"
    version: str = "2.36"
    platform: str = "linux/amd64"
    only_binary: bool = False


SETS = {
    "flask": Set(["flask"]),
    "django": Set(["django>=4.2", "djangorestframework", "celery[redis]", "psycopg2-binary", "gunicorn"]),
    "fastapi": Set(["fastapi[standard]", "sqlalchemy[asyncio]", "alembic", "asyncpg", "pydantic-settings"]),
    "fastapi-musl": Set(
        ["fastapi[standard]", "sqlalchemy[asyncio]", "alembic", "asyncpg", "pydantic-settings"], "3.13.5", "musl", "1.2"
    ),
    "science": Set(["pandas", "scikit-learn", "matplotlib", "statsmodels"], "3.11.9", only_binary=True),
    "science-old": Set(["pandas", "scikit-learn", "matplotlib", "statsmodels"], "3.9.18", only_binary=True),
    "arm64": Set(["aiohttp", "uvloop", "orjson", "cryptography", "paramiko"], platform="linux/arm64"),
    "boto-conflict": Set(["boto3", "botocore<1.35", "s3transfer"]),
    "urllib3-conflict": Set(["requests==2.28.2", "urllib3", "boto3", "botocore"], "3.11.9"),
    "jupyter": Set(["jupyterlab"]),
    "streamlit": Set(["streamlit", "plotly", "altair<5"], "3.10.14"),
    "opentelemetry": Set(["opentelemetry-sdk", "opentelemetry-instrumentation-fastapi", "opentelemetry-exporter-otlp"]),
    "polars": Set(["polars[numpy,pyarrow]", "httpx[http2]", "typer", "rich", "pytest", "pytest-xdist"], "3.14.0"),
    "old-python": Set(["django", "celery", "requests", "numpy", "black"], "3.8.20", version="2.31"),
    "langchain": Set(["mlflow-skinny", "langchain", "openai", "tiktoken"], only_binary=True),
    "dask": Set(["dask[complete]", "distributed", "jupyterlab"]),
    "wagtail": Set(
        ["wagtail", "django-storages[s3]", "psycopg[binary]", "gunicorn", "whitenoise", "sentry-sdk[django]"]
    ),
    "ml": Set(["transformers[sentencepiece]", "datasets", "accelerate", "scikit-learn", "tensorboard"], "3.12.4"),
    "notebook-arm64": Set(
        ["notebook", "ipywidgets", "polars", "duckdb", "bokeh", "numba"],
        "3.13.5",
        platform="linux/arm64",
    ),
    "fastapi-obs-musl": Set(
        [
            "fastapi[standard]",
            "opentelemetry-distro[otlp]",
            "opentelemetry-instrumentation-fastapi",
            "prometheus-client",
            "structlog",
            "sentry-sdk[fastapi]",
            "asyncpg",
        ],
        "3.12.4",
        "musl",
        "1.2",
    ),
    "scrapy": Set(["scrapy", "scrapy-playwright", "itemadapter", "parsel", "pandas", "sqlalchemy"], "3.11.9"),
    "azure": Set(
        [
            "azure-identity",
            "azure-storage-blob[aio]",
            "azure-keyvault-secrets",
            "azure-monitor-opentelemetry",
            "azure-functions",
            "azure-mgmt-resource",
            "msal",
        ],
        "3.10.14",
        only_binary=True,
    ),
}


@pytest.mark.parametrize("name", SETS)
def test_the_closure_is_uvs(
    name: str,
    index: Index,
    environment: Callable[..., Environment],
    requirement: Callable[..., Requirement],
    uv_cache: Path,
) -> None:
    wanted = SETS[name]
    ours = _closure(wanted, index, environment, requirement)
    assert {package.name: package.version for package in ours.packages} == _uv(wanted, uv_cache)


def _closure(
    wanted: Set, index: Index, environment: Callable[..., Environment], requirement: Callable[..., Requirement]
) -> Resolution:
    stated = [dependency.parse(text) for text in wanted.requirements]
    requirements = [
        requirement(each.name, each.specifier, extras=tuple(sorted(each.extras))) for each in stated if each is not None
    ]
    binary = frozenset({":all:"} if wanted.only_binary else ())
    told = policy.Policy(installer="uv", indexes=(DEFAULT_INDEX_URL,), merged=False, only_binary=binary)
    pages: dict[tuple[str, str], Page] = {}
    metadata: dict[str, Metadata] = {}
    while True:
        found = resolve(
            requirements,
            (),
            told,
            environment(wanted.python, libc=wanted.libc, libc_version=wanted.version),
            wanted.platform,
            installed={},
            known=Known(pages, metadata),
            markers=evaluate,
        )
        if not found.wanted_pages and not found.wanted_metadata:
            return found
        pages.update(index.pages(found.wanted_pages))
        metadata.update(index.metadata(found.wanted_metadata))


def _uv(wanted: Set, cache: Path) -> dict[str, str]:
    architecture = tags.ARCHITECTURES[wanted.platform]
    libc = f"manylinux_{wanted.version.replace('.', '_')}" if wanted.libc == "glibc" else "unknown-linux-musl"
    command = ["uv", "pip", "compile", "--python-platform", f"{architecture}-{libc}", "--python-version", wanted.python]
    command += ["--no-header", "--no-annotate", "-q", "--cache-dir", str(cache), "--no-config"]
    command += ["--only-binary", ":all:"] if wanted.only_binary else []
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    done = subprocess.run(
        [*command, "-"], input="\n".join(wanted.requirements), capture_output=True, text=True, env=environ, check=True
    )
    lines = [re.split(r"\[.*\]==|==", line.split(" ")[0]) for line in done.stdout.splitlines() if "==" in line]
    return {line[0]: line[1] for line in lines}
