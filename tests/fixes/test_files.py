import os
import signal
import subprocess
import sys
import time

import pytest

from fromlint.fixes.files import NotWritten, replace


def test_mode_and_link_stay(tmp_path):
    file, link = tmp_path / "Dockerfile", tmp_path / "link"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to("Dockerfile")
    replace(link, b"old", b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(tmp_path)) == ["Dockerfile", "link"]


def test_what_somebody_changed_meanwhile_is_left_alone(tmp_path):
    file = tmp_path / "Dockerfile"
    file.write_bytes(b"theirs")
    with pytest.raises(NotWritten, match="changed by somebody else"):
        replace(file, b"old", b"new")
    assert file.read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == ["Dockerfile"]


def test_a_file_that_is_gone_or_a_folder_is_not_written(tmp_path):
    with pytest.raises(NotWritten, match="cannot be written"):
        replace(tmp_path / "none", b"", b"new")
    with pytest.raises(NotWritten, match="cannot be written"):
        replace(tmp_path, b"", b"new")


def test_a_kill_in_the_middle_leaves_the_old_content_or_the_new(tmp_path):
    file = tmp_path / "Dockerfile"
    contents = [b"a" * 400_000, b"b" * 400_000]
    file.write_bytes(contents[0])
    code = (
        "import sys; from pathlib import Path; from fromlint.fixes.files import replace\n"
        f"path, one, other = Path({str(file)!r}), b'a' * 400_000, b'b' * 400_000\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    replace(path, one, other); one, other = other, one\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(0.2)
        running.send_signal(signal.SIGKILL)
    assert file.read_bytes() in contents
