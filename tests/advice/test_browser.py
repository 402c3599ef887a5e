"""The page in a real browser: Debian's chromium, without a window."""

import itertools
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest

from fromlint.advice import html

pytestmark = pytest.mark.tools
_BAR = (0x4A, 0x78, 0xB5)
_WIDTH, _HEIGHT = 1200, 1500


@pytest.fixture
def browser(tmp_path):
    """``browser(page, *words)``: what the browser prints for a page, which may ask nothing of any network."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("apt-get install chromium", pytrace=False)

    def opened(page: str, *words: str) -> str:
        file = tmp_path / "advice.html"
        file.write_text(page)
        quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={tmp_path / 'own'}"]
        alone = ["--host-resolver-rules=MAP * ~NOTFOUND", "--force-color-profile=srgb"]
        done = subprocess.run(
            [program, *quiet, *alone, *words, file.as_uri()], capture_output=True, text=True, check=True, timeout=300
        )
        return done.stdout

    return opened


def pixels(file: Path) -> list[list[tuple[int, int, int]]]:
    """The lines of a PNG of eight bits a colour (RFC 2083), as the browser writes it."""
    data = file.read_bytes()
    at, header, packed = 8, b"", b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        part = data[at + 8 : at + 8 + length]
        header, packed = (part, packed) if kind == b"IHDR" else (header, packed + part if kind == b"IDAT" else packed)
        at += length + 12
    width, height, depth, kind_of_colour = struct.unpack(">IIBB", header[:10])
    assert (width, height, depth) == (_WIDTH, _HEIGHT, 8)
    size = 4 if kind_of_colour == 6 else 3
    raw, lines, above = zlib.decompress(packed), [], bytearray(width * size)
    for number in range(height):
        start = number * (width * size + 1)
        line = bytearray(raw[start + 1 : start + 1 + width * size])
        _unfiltered(raw[start], line, above, size)
        lines.append([tuple(line[place : place + 3]) for place in range(0, len(line), size)])
        above = line
    return lines


def _unfiltered(kind: int, line: bytearray, above: bytearray, size: int) -> None:
    for place in range(len(line)):
        left = line[place - size] if place >= size else 0
        corner = above[place - size] if place >= size else 0
        up = above[place]
        guess = left + up - corner
        paeth = min((left, up, corner), key=lambda value: abs(guess - value))
        line[place] = (line[place] + (0, left, up, (left + up) // 2, paeth)[kind]) & 0xFF


def test_the_page_shows_the_bars_in_proportion(advised, fixture_project, browser, tmp_path):
    advice = advised(fixture_project("alpine-science"))
    shot = tmp_path / "page.png"
    browser(html.render(advice), f"--screenshot={shot}", f"--window-size={_WIDTH},{_HEIGHT}")
    drawn = [sum(pixel == _BAR for pixel in line) for line in pixels(shot)]
    tops = [now for before, now in itertools.pairwise(drawn) if now > 2 >= before]
    sizes = [row.sizes.installed(True) for row in advice.rows]
    assert len(tops) == len(sizes)
    for top, size in zip(tops, sizes, strict=True):
        # Round corners and half pixels are of another colour.
        assert abs(top / max(tops) - size / max(sizes)) < 0.05


def test_what_comes_from_outside_is_not_run(advised, fixture_project, browser):
    advice = advised(fixture_project("full-flask"))
    nasty = advice._replace(why=("<img src=x onerror=document.title='run'><script>document.title='run'</script>",))
    shown = browser(html.render(nasty), "--dump-dom")
    assert "<title>Base image for full-flask/Dockerfile</title>" in shown
    assert "onerror=document" in shown
