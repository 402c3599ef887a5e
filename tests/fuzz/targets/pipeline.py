"""A whole run: a Dockerfile and its requirements (after ``=== requirements``), every rule and every report."""

from contextlib import suppress
from importlib import import_module
from pathlib import Path

from fromlint import run
from fromlint.fixes.text import Text
from fuzz.scratch import scratch
from fuzz.targets import dockerfile, requirements_file

WORDS = (
    *dockerfile.WORDS,
    *requirements_file.WORDS,
    b"=== requirements\n",
    b"psycopg2==2.9.10\n",
    b"numpy==1.26.4\n",
    b"apk add gcc musl-dev",
)
_FORMATS = ("text", "concise", "json", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown")
SHARE = 0.05


def read(data: bytes) -> None:
    text, _, requirements = data.partition(b"=== requirements\n")
    folder = scratch()
    (folder / "requirements.txt").write_bytes(requirements)
    (folder / "Dockerfile").write_bytes(text)
    report = run.check([folder / "Dockerfile"], {"offline": True, "as_of": "2026-11-22"}).report
    edits = [edit for finding in report.findings for fix in finding.fixes for edit in fix.edits]
    for file in {edit.span.file for edit in edits}:
        with suppress(UnicodeDecodeError):
            Text(Path(file).read_bytes()).edited(edit for edit in edits if edit.span.file == file)
    for name in _FORMATS:
        import_module(f"fromlint.reports.{name}").render(report)
