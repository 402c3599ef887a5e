"""Which image path holds which file of the build context."""

import fnmatch
import posixpath

import pytest

from fromlint.model.build import Command, FileMade, FilesCopied, FilesRemoved, Mount, Text, Word
from fromlint.model.files import FileMissing, FileUnknown
from fromlint.model.place import Span
from fromlint.project.walking.layers import ImageFiles, Layer, Made, Opaque

SPAN = Span("Dockerfile", 2, 1, 2, 10)


class Folder:
    """A build context in memory: file paths to contents."""

    def __init__(self, **files):
        self._files = {path.replace("__", "/").replace("_", "."): text.encode() for path, text in files.items()}

    def read(self, path):
        if path not in self._files:
            raise FileMissing(path)
        return self._files[path]

    def is_folder(self, path):
        return path == "." or any(name.startswith(path + "/") for name in self._files)

    def exists(self, path):
        return path in self._files or self.is_folder(path)

    def names(self, folder):
        prefix = "" if folder == "." else folder + "/"
        return tuple(sorted({name[len(prefix) :].split("/")[0] for name in self._files if name.startswith(prefix)}))

    def shown(self, path):
        return path

    def expand(self, source):
        source = posixpath.normpath(source.lstrip("/") or ".")
        if self.exists(source):
            return (source,)
        return tuple(name for name in sorted(self._files) if fnmatch.fnmatch(name, source))


CONTEXT = Folder(requirements_txt="flask", requirements__base_txt="django", requirements__dev_txt="pytest", app_py="")


def copied(*sources, to, origin=None, local=False, unknown=None, contents=None, parents=False):
    texts = tuple(Text(source, SPAN) for source in sources)
    return FilesCopied(texts, to, origin, (), parents, contents or {}, local, unknown, SPAN)


def files(*events, mounts=(), directory="/app", origins=lambda name: None):
    layer = None
    for event in events:
        layer = Layer(event, layer)
    return ImageFiles(layer, CONTEXT, origins, mounts=mounts, directory=directory)


@pytest.mark.parametrize(
    ("event", "path", "content"),
    [
        (copied("requirements.txt", to="/app/"), "requirements.txt", b"flask"),
        (copied("requirements.txt", to="/app/needs.txt"), "/app/needs.txt", b"flask"),
        (copied("./requirements.txt", "app.py", to="/srv/"), "/srv/requirements.txt", b"flask"),
        (copied("requirements", to="/app/requirements"), "requirements/base.txt", b"django"),
        (copied("requirements/", to="/app"), "base.txt", b"django"),
        (copied(".", to="/app"), "requirements/dev.txt", b"pytest"),
        (copied(".", to="/app/"), "./requirements/../requirements.txt", b"flask"),
        (copied("require*.txt", to="/app/"), "requirements.txt", b"flask"),
        (copied("requirements/*", to="/app/"), "dev.txt", b"pytest"),
        (copied("requirements/base.txt", to="/app/", parents=True), "requirements/base.txt", b"django"),
        (copied(to="/app/start.txt", contents={"start.txt": "inline"}), "start.txt", b"inline"),
    ],
)
def test_a_copy_puts_the_file_where_the_builder_does(event, path, content):
    assert files(event).read(path) == content


def test_what_no_copy_brings_is_missing():
    with pytest.raises(FileMissing, match=r"nothing copies /app/requirements\.txt"):
        files(copied("app.py", to="/app/")).read("requirements.txt")


def test_the_newest_layer_wins():
    older, newer = copied("requirements.txt", to="/app/r.txt"), copied("requirements/base.txt", to="/app/r.txt")
    assert files(older, newer).read("r.txt") == b"django"


def test_removed_files_are_missing():
    removed = FilesRemoved(("/app/requirements.txt",), SPAN)
    with pytest.raises(FileMissing, match="was removed"):
        files(copied(".", to="/app"), removed).read("requirements.txt")


def test_a_local_copy_is_followed():
    moved = copied("/app/requirements.txt", to="/tmp/", local=True)
    assert files(copied(".", to="/app"), moved).read("/tmp/requirements.txt") == b"flask"


def test_another_stage_is_looked_into():
    builder = files(copied("requirements", to="/build/requirements"))
    final = files(
        copied("/build/requirements/", to="/opt/requirements", origin="builder"),
        origins={"builder": builder}.get,
    )
    assert final.read("/opt/requirements/base.txt") == b"django"
    assert final.shown("/opt/requirements/base.txt") == "requirements/base.txt"


def test_bind_mounts_lie_on_top():
    mount = Mount("bind", "requirements/dev.txt", "/tmp/requirements.txt", None, None)
    whole = Mount("bind", None, "/src", None, None)
    seen = files(mounts=(mount, whole))
    assert seen.read("/tmp/requirements.txt") == b"pytest"
    assert seen.read("/src/requirements/base.txt") == b"django"


@pytest.mark.parametrize(
    "event",
    [
        Opaque("git may have brought it"),
        copied("requirements.txt", to=None),
        copied("x", to="/app/", origin="registry.example.com/image"),
        copied("https://example.com/requirements.txt", to="/app/"),
    ],
)
def test_what_cannot_be_followed_is_unknown_and_never_missing(event):
    with pytest.raises(FileUnknown):
        files(event).read("requirements.txt")


def test_a_file_made_by_a_command_says_which():
    words = tuple(Word(word, SPAN) for word in ("poetry", "export", "-o", "requirements.txt"))
    command = Command(words, {}, (), {}, "/app", False, False, (), None, None, SPAN)
    made = FileMade("/app/requirements.txt", command, False, SPAN)
    with pytest.raises(Made, match="made during the build by 'poetry export -o'") as caught:
        files(made).read("requirements.txt")
    assert caught.value.command is command
    assert caught.value.edits == ()


def test_an_unknown_working_folder_is_said():
    with pytest.raises(FileUnknown, match="working folder"):
        files(copied(".", to="/app"), directory=None).read("requirements.txt")
