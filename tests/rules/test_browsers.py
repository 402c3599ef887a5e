"""FL301 of Chromium, which playwright fetches: what it loads no Python image holds."""

import pytest

from fromlint.model.finding import Severity

WHEEL = "playwright-1.55.0-py3-none-manylinux1_x86_64.whl"
START = "COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --frozen\n"


@pytest.mark.parametrize("image", ["python:3.12-slim", "python:3.12-bookworm"])
@pytest.mark.parametrize(
    "fetch", ["playwright install chromium", "python -m playwright install", "npx playwright install"]
)
def test_a_browser_without_what_it_loads_does_not_start(check, project, image, fetch):
    (found,) = check("FL301", f"FROM {image}\n{START}RUN {fetch}\n", project(WHEEL))
    assert found.severity is Severity.ERROR
    assert found.missing == ("libnss3",)


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "RUN playwright install --with-deps chromium\n",
        "RUN playwright install-deps && playwright install chromium\n",
        "RUN playwright install firefox\n",
        "RUN playwright install chrome\n",
        "RUN playwright install chromium || true\n",
        "RUN apt-get update && apt-get install -y libnss3 libgbm1\nRUN playwright install chromium\n",
        "RUN apt-get update && apt-get install -y chromium\nRUN playwright install chromium\n",
    ],
)
def test_silent_where_it_is_there_or_not_asked_for(check, project, lines):
    assert not check("FL301", f"FROM python:3.12-slim\n{START}{lines}", project(WHEEL))


def test_what_it_installs_besides_counts_for_others(check, project):
    files = project(WHEEL, "opencv_python-4.10.0.84-cp37-abi3-manylinux_2_17_x86_64.whl")
    assert not check("FL301", f"FROM python:3.12-slim\n{START}RUN playwright install --with-deps\n", files)
