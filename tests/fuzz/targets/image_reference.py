"""An image reference, and what is known of the image on a day."""

import datetime

from fromlint.images import catalogue
from fromlint.images.reference import parse

WORDS = tuple(
    word.encode()
    for word in (
        "python:", "3.12", "3", "3.12.1", "-slim", "-alpine", "3.22", "-bookworm", "-trixie", "rc", "docker.io/", "library/", "ghcr.io/astral-sh/uv:",
        "debian:", "ubuntu:", "alpine:", "nvidia/cuda:", "@sha256:" + "a" * 64, "localhost:5000/", "[::1]:5/", "latest", "edge", "_", "__", "/", ":",
        "mcr.microsoft.com/devcontainers/python:", "public.ecr.aws/lambda/python:", "quay.io/pypa/manylinux2014_x86_64", "continuumio/miniconda3",
        "registry.access.redhat.com/ubi9/python-312", "tiangolo/uvicorn-gunicorn-fastapi:python3.11", "t", "b1", "a1", "windowsservercore",
    )
)  # fmt: skip
_DAY = datetime.date(2026, 11, 22)
SHARE = 1.5


def read(data: bytes) -> None:
    found = parse(data.decode("utf-8", "surrogateescape"))
    if found is not None:
        for platform in ("linux/amd64", "linux/arm/v7"):
            catalogue.environment(found, platform=platform, as_of=_DAY, configured={"corp/*": "python:3.12-slim"})
