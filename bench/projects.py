"""Projects to check, made in a folder."""

from __future__ import annotations

from pathlib import Path

REQUIREMENTS = """Django==5.1.4
djangorestframework==3.15.2
psycopg[binary]==3.2.3
gunicorn==23.0.0
celery==5.4.0
redis==5.2.1
requests==2.32.3
Pillow==11.0.0
numpy==2.2.0
pandas==2.2.3
cryptography==44.0.0
pydantic==2.10.3
SQLAlchemy==2.0.36
sentry-sdk==2.19.2
whitenoise==6.8.2
uvicorn[standard]==0.34.0
lxml==5.3.0
"""
DOCKERFILE = """# syntax=docker/dockerfile:1
FROM python:3.12-slim-bookworm AS builder
ENV PYTHONUNBUFFERED=1 \\
    PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN apt-get update \\
    && apt-get install -y --no-install-recommends curl libpq5 \\
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt ./
RUN python -m venv /opt/venv && /opt/venv/bin/pip install -r requirements.txt

FROM python:3.12-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY --from=builder /opt/venv /opt/venv
COPY . .
RUN python manage.py collectstatic --noinput
EXPOSE 8000
USER nobody
HEALTHCHECK CMD python -c "import urllib.request as r; r.urlopen('http://localhost:8000/health')"
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "site.wsgi"]
"""
UV_DOCKERFILE = """FROM python:3.12-slim-bookworm
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-install-project
COPY . .
CMD ["/app/.venv/bin/python", "-m", "app"]
"""


def web(folder: Path) -> Path:
    """A web application in two stages, with 17 requirements."""
    _write(folder / "Dockerfile", DOCKERFILE)
    _write(folder / "requirements.txt", REQUIREMENTS)
    _write(folder / "manage.py", "")
    return folder


def many(folder: Path, number: int) -> Path:
    """Small Dockerfiles in folders of their own, each with some of the requirements."""
    lines = REQUIREMENTS.splitlines(keepends=True)
    bases = ("python:3.12-slim-bookworm", "python:3.12-alpine", "python:3.13-slim", "python:3.11")
    for index in range(number):
        place = folder / f"service-{index:05}"
        wanted = [line for at, line in enumerate(lines) if (index >> (at % 7)) & 1 or at == index % len(lines)]
        _write(place / "requirements.txt", "".join(wanted))
        _write(
            place / "Dockerfile",
            f"FROM {bases[index % len(bases)]}\nENV NUMBER={index}\nWORKDIR /app\nCOPY requirements.txt .\n"
            "RUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\n"
            'RUN python -m compileall -q . && mkdir -p /data\nEXPOSE 8000\nCMD ["python", "-m", "app"]\n',
        )
        _write(place / "app.py", "")
    return folder


def change(folder: Path, number: int) -> None:
    """Change a command of the web application's Dockerfile."""
    _write(folder / "Dockerfile", DOCKERFILE.replace("--noinput", f"--noinput -v {number}"))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
