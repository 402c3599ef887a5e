"""What `fromlint advise` says that a project adds to a Debian base, against what du finds after real installs.

The projects are those of tests/advice/projects that one can install in a few minutes.
"""

import re
import shutil
from pathlib import Path

import pytest
from real_builds import folder, tried

from fromlint import run
from fromlint.advice import sizes
from fromlint.project.comparison import Wishes

PROJECTS = Path(__file__).parent.parent / "advice" / "projects"
BASE = "python:3.13-slim-trixie"
NAMES = ("boosting", "cli", "django-postgres", "fastapi", "flask", "mysql", "opencv", "rust", "science", "scrapy")
# Bytes of files as an image's layers hold them, and as blocks on this file system; links and /proc are left out.
DU = "du -xs --apparent-size -B1 /usr /var /etc /opt /root | cut -f1 | paste -sd+ | sed 's/^/fromlint-du: /'"
BLOCKS = DU.replace("--apparent-size ", "").replace("fromlint-du", "fromlint-blocks")
pytestmark = pytest.mark.builds


def said(project: str) -> tuple[sizes.Sizes, str]:
    """What advise says of the base, and the system packages that it would add."""
    found = run.compare(PROJECTS / project, {}, Wishes(images=(BASE,)))
    row = next(each for each in found.project.alternatives if _is_base(each.image, each.environment.codename))
    there = row.by_platform[0]
    return sizes.of(there), " ".join((*there.build, *there.libraries))


def _is_base(image: str, codename: str | None) -> bool:
    return image.startswith("python:3.13-slim") and codename == "trixie"


def measured(project: str, packages: str, context: Path) -> tuple[int, int]:
    """The bytes that installing packages and requirements adds: of files, and of blocks."""
    shutil.copy(PROJECTS / project / "requirements.txt", context)
    install = f"apt-get update && apt-get install -y --no-install-recommends {packages} && rm -rf /var/lib/apt/lists/*"
    lines = [
        f"FROM {BASE}",
        f"RUN {DU}; {BLOCKS}",
        *([f"RUN {install}"] if packages else []),
        "COPY requirements.txt .",
        "RUN pip install --no-cache-dir -r requirements.txt",
    ]
    output = tried("\n".join(lines) + "\n", context, f"{DU}; {BLOCKS}").output
    found = [
        [sum(map(int, line.split("+"))) for line in re.findall(rf"^fromlint-{word}: ([\d+]+)$", output, re.MULTILINE)]
        for word in ("du", "blocks")
    ]
    assert all(len(values) == 2 for values in found), output[-3000:]
    return found[0][1] - found[0][0], found[1][1] - found[1][0]


@pytest.mark.parametrize("project", NAMES)
def test_the_added_size_is_within_a_tenth_of_what_du_measures(project, tmp_path, monkeypatch, note):
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(folder() / "index"))
    size, packages = said(project)
    added = size.added(False)
    assert added is not None
    real, blocks = measured(project, packages, tmp_path)
    note(f"size of {project}", "expected", f"{added / 1e6:.1f} MB are added")
    note(f"size of {project}", "happened", f"du: {real / 1e6:.1f} MB, {blocks / 1e6:.1f} MB in blocks")
    assert abs(added - real) <= real / 10, f"said {added / 1e6:.1f} MB, du: {real / 1e6:.1f} MB"
