"""Commands that make no file which an install names."""

import pytest

from fromlint.model.build import CommandUsed, ToolFetched
from fromlint.model.place import Span
from fromlint.project.walking.made import harmless, known_installer, unpacked


def used(line: str) -> CommandUsed:
    name, *words = line.split()
    values = {"name": name, "arguments": tuple(words), "span": Span("Dockerfile", 1, 1, 1, 2)}
    return CommandUsed(**{field: values.get(field) for field in CommandUsed._fields})


def test_installers_of_well_known_tools_leave_the_project_alone() -> None:
    curl, node = used("curl -fsSL https://deb.nodesource.com/setup_lts.x"), ToolFetched("node", used("x").span)
    assert known_installer(used("bash -"), [curl, node])
    assert known_installer(used("python3 -"), [curl, node])
    assert not known_installer(used("bash -"), [curl])
    assert not known_installer(used("bash setup.sh"), [curl, node])
    assert not known_installer(used("bash -"), [curl, node, used("make")])


def test_a_lock_is_made_where_the_command_runs() -> None:
    assert unpacked(used("poetry lock")._replace(directory="/app")) == "/app"


@pytest.mark.parametrize(
    "line",
    [
        "python3 --version",
        "python setup.py build_ext --inplace",
        "python3 setup.py build_locale",
        "python manage.py collectstatic --noinput",
        "python -m compileall /app",
        "python -c import nltk; nltk.download('punkt')",
        "pip list",
    ],
)
def test_what_only_looks_or_builds(line: str) -> None:
    assert harmless(used(line))


@pytest.mark.parametrize(
    "line",
    [
        "python setup.py bdist_wheel --dist-dir /wheels",
        "python setup.py",
        "python tools/make_requirements.py",
        "python -m build",
        "python -c open('requirements.txt','w').write('flask')",
        "./configure",
        "uv lock",
    ],
)
def test_what_may_make_anything(line: str) -> None:
    assert not harmless(used(line))
