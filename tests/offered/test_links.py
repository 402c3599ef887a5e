"""Links to files in the Markdown at the top lead somewhere. (Those within docs/ are followed by `make docs`.)"""

import re
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent.parent
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", sorted(path.name for path in TOP.glob("*.md")))
def test_links_lead_somewhere(page: str) -> None:
    links = [link.partition("#")[0] for link in LINK.findall((TOP / page).read_text()) if ":" not in link]
    assert [link for link in links if link and not (TOP / link).exists()] == []


def test_the_readme_has_links() -> None:
    assert len(LINK.findall((TOP / "README.md").read_text())) >= 5
