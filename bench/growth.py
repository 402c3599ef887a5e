"""How cost grows with the size of what is checked, drawn in ``bench/growth.svg``."""

from __future__ import annotations

from math import log10
from pathlib import Path

from bench import projects
from bench.measure import FROMLINT, Row, cost

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 620, 360, 60, 50
_COLOURS = ("#1b6ca8", "#b8461f", "#3c7a3c")
# A line counts as straight where ten times the size costs at most this many times as much.
_LINEAR = 12.0

Series = list[tuple[int, float]]


def rows(folder: Path, picture: Path) -> Row:
    """Measure, draw, and say by how much the cost of the last tenfold grew."""
    cache = {"FROMLINT_CACHE_DIR": str(folder / "cache"), "FROMLINT_NO_RESULT_CACHE": "1"}
    series = {
        "requirements (10 to 1,000)": _requirements(folder, cache),
        "Dockerfiles (10 to 10,000)": _files(folder, cache),
        "KB of Dockerfile (1 to 1,000)": _bytes(folder, cache),
    }
    picture.write_text(_drawn(series))
    growth = {name: points[-1][1] / points[-2][1] for name, points in series.items()}
    return Row(
        "growth: requirements 10 to 1,000; files 10 to 10,000; Dockerfile 1 KB to 1 MB",
        "itself",
        "linear",
        "; ".join(f"{times:.1f}" for times in growth.values()),
        all(times <= _LINEAR for times in growth.values()),
        "times the cost for ten times the size, see growth.svg",
    )


def _requirements(folder: Path, cache: dict[str, str]) -> Series:
    points = []
    for number in (10, 100, 1000):
        place = folder / f"requirements-{number}"
        place.mkdir()
        (place / "Dockerfile").write_text("FROM python:3.12-slim\nCOPY . .\nRUN pip install -r requirements.txt\n")
        (place / "requirements.txt").write_text("".join(f"made-up-{each}==1.0\n" for each in range(number)))
        points.append((number, _cpu(place, cache)))
    return points


def _files(folder: Path, cache: dict[str, str]) -> Series:
    points = []
    for number in (10, 100, 1000, 10_000):
        place = projects.many(folder / f"files-{number}", number)
        points.append((number, _cpu(place, cache, runs=3 if number < 1000 else 1)))
    return points


def _bytes(folder: Path, cache: dict[str, str]) -> Series:
    points = []
    for size in (1, 10, 100, 1000):
        place = folder / f"size-{size}"
        place.mkdir()
        line = "RUN echo one && cat /etc/os-release | grep x\n"
        (place / "Dockerfile").write_text("FROM python:3.12-slim\n" + line * (size * 1000 // len(line)))
        points.append((size, _cpu(place, cache)))
    return points


def _cpu(place: Path, cache: dict[str, str], runs: int = 3) -> float:
    return min(cost((*FROMLINT, "--offline"), place, cache).cpu for _ in range(runs))


def _drawn(series: dict[str, Series]) -> str:
    """Both axes are logarithmic, so that what is linear has a slope of one."""

    def x(size: float) -> float:
        return _LEFT + log10(size) / 4 * (_WIDTH - _LEFT - 20)

    def y(seconds: float) -> float:
        return _HEIGHT - _BOTTOM - (log10(seconds) + 2) / 5 * (_HEIGHT - _BOTTOM - 20)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        'font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
    ]
    for power in range(5):
        at = x(10**power)
        parts.append(f'<path d="M{at:.0f} 20V{_HEIGHT - _BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{at:.0f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{10**power:,}</text>')
    for power in range(-2, 4):
        at = y(10.0**power)
        parts.append(f'<path d="M{_LEFT} {at:.0f}H{_WIDTH - 20}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{at + 4:.0f}" text-anchor="end">{10.0**power:g} s</text>')
    for colour, (name, points) in zip(_COLOURS, series.items(), strict=True):
        line = "L".join(f"{x(size):.1f} {y(seconds):.1f}" for size, seconds in points)
        parts.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        place = _COLOURS.index(colour)
        parts.append(f'<text x="{_LEFT + 12}" y="{36 + 16 * place}" fill="{colour}">{name}</text>')
    parts.append(f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 10}" text-anchor="middle">size; CPU seconds</text></svg>\n')
    return "\n".join(parts)
