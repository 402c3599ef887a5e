"""What targets share: one file beside an ordinary project, read as an installer would."""

from __future__ import annotations

from typing import Any

from fromlint.model.build import Install, InstallOptions
from fromlint.model.environment import Environment, Python
from fromlint.model.files import FileMissing
from fromlint.model.place import Span, Text
from fromlint.model.requirement import Needs
from fromlint.requirements.gather import gather

PLACE = Span("Dockerfile", 4, 1, 4, 2)
_ORDINARY = b'[project]\nname = "app"\nversion = "1"\ndependencies = ["flask"]\n[tool.poetry]\n[tool.pdm]\n'
ENVIRONMENT = Environment(
    True,
    None,
    "python",
    libc="glibc",
    libc_version="2.41",
    python=Python("3.12.11", "cpython", "/usr/local", "25.0", False),
    platform="linux/amd64",
)


class _Files:
    def __init__(self, name: str, data: bytes) -> None:
        self._contents = {f"/app/{name}": data}
        if not name.startswith("setup."):
            self._contents.setdefault("/app/pyproject.toml", _ORDINARY)

    def read(self, path: str) -> bytes:
        try:
            return self._contents[path]
        except KeyError:
            raise FileMissing(path) from None

    def exists(self, path: str) -> bool:
        return path in self._contents

    def names(self, folder: str) -> tuple[str, ...]:
        return tuple(path.rpartition("/")[2] for path in self._contents) if folder == "/app" else ()

    def shown(self, path: str) -> str:
        return path


def gathered(tool: str, name: str, data: bytes, **fields: Any) -> Needs:
    """What an install by ``tool`` in /app needs, where the file ``name`` holds ``data``."""
    texts = {
        key: tuple(Text(value, PLACE) for value in fields.pop(key, ()))
        for key in ("requirements", "editable", "files", "constraints", "unknown", "scripts")
    }
    install = Install(
        tool=tool,
        action="install",
        **texts,
        groups=(),
        extras=(),
        without_groups=(),
        only_groups=(),
        all_groups=True,
        all_extras=True,
        default_groups=True,
        install_project=True,
        frozen=True,
        options=InstallOptions(),
        packages=(),
        python=None,
        system=False,
        environment={},
        directory="/app",
        mounts=(),
        secret=False,
        conditional=False,
        tolerated=False,
        span=PLACE,
    )
    needs = gather(install, _Files(name, data), ENVIRONMENT)
    for requirement in (*needs.requirements, *needs.constraints, *needs.build_requirements):
        assert requirement.span.line >= 1
    return needs
