"""Images on this machine: layouts, archives of layouts, and what docker save wrote."""

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from fromlint import run
from fromlint.index.refusal import Refused
from fromlint.inspection import archives
from fromlint.inspection.contents import Contents
from fromlint.inspection.look import look_at
from registry_server import digest, layer

LOWER = layer({"etc/os-release": "ID=debian\nVERSION_ID=12\n", "usr/bin/curl": ""}, compressed=False)
UPPER = layer({"usr/bin/.wh.curl": "", "usr/bin/git": ""}, compressed=False)


def layout(tag: str = "1", platform: str = "amd64") -> dict[str, bytes]:
    """The files of an OCI layout."""
    config = json.dumps({"os": "linux", "architecture": platform, "config": {"Env": ["A=b"]}}).encode()
    blobs = [config, LOWER, UPPER]
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "config": {"digest": digest(config), "size": len(config)},
            "layers": [{"digest": digest(each), "size": len(each)} for each in (LOWER, UPPER)],
        }
    ).encode()
    named = {"org.opencontainers.image.ref.name": tag}
    index = {
        "schemaVersion": 2,
        "manifests": [{"digest": digest(manifest), "size": len(manifest), "annotations": named}],
    }
    files = {f"blobs/{digest(each).replace(':', '/')}": each for each in (*blobs, manifest)}
    return {**files, "index.json": json.dumps(index).encode(), "oci-layout": b'{"imageLayoutVersion": "1.0.0"}'}


def saved() -> dict[str, bytes]:
    """The files that docker save wrote before version 25."""
    diffs = ["sha256:" + hashlib.sha256(each).hexdigest() for each in (LOWER, UPPER)]
    config = json.dumps({"os": "linux", "architecture": "amd64", "rootfs": {"diff_ids": diffs}}).encode()
    entry = {"Config": "c.json", "RepoTags": ["corp/base:1"], "Layers": ["a/layer.tar", "b/layer.tar"]}
    return {"c.json": config, "a/layer.tar": LOWER, "b/layer.tar": UPPER, "manifest.json": json.dumps([entry]).encode()}


def packed(path: Path, files: Mapping[str, bytes]) -> None:
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def unpacked(path: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)


def look(text: str, folder: Path) -> Contents:
    return look_at(archives.image(text, str(folder)), "linux/amd64")[1]


def test_all_kinds_say_the_same(tmp_path: Path) -> None:
    unpacked(tmp_path / "layout", layout())
    packed(tmp_path / "layout.tar", layout())
    packed(tmp_path / "saved.tar", saved())
    for text in (
        "oci:layout",
        "oci:layout:1",
        "oci-archive:layout.tar",
        "docker-archive:saved.tar",
        "docker-archive:saved.tar:1",
    ):
        found = look(text, tmp_path)
        assert (found.system, found.release, found.tools) == ("debian", "12", ("git",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("oci:layout:2", "no tag 2"),
        ("docker-archive:saved.tar:2", "no tag 2"),
        ("oci:nothing", "not there"),
        ("oci-archive:layout/index.json", "no plain tar"),
        ("oci:empty", "neither"),
        ("oci:wrong", "something else"),
        ("oci:outside", "has no blobs"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, said: str) -> None:
    unpacked(tmp_path / "layout", layout())
    packed(tmp_path / "saved.tar", saved())
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "manifest.json").write_text("[]")
    wrong = layout()
    unpacked(tmp_path / "wrong", {**wrong, f"blobs/{digest(UPPER).replace(':', '/')}": LOWER[: len(UPPER)]})
    unpacked(tmp_path / "outside", layout())
    blob = tmp_path / "outside" / "blobs" / digest(LOWER).replace(":", "/")
    blob.unlink()
    blob.symlink_to("/etc/passwd")
    with pytest.raises(Refused, match=said):
        look(text, tmp_path)


def test_the_setting_names_it_and_inspect_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    unpacked(tmp_path / "layout", layout())
    (tmp_path / "Dockerfile").write_text("FROM corp/base:1\nRUN pip install six\n")
    (tmp_path / "fromlint.toml").write_text('[images]\n"corp/base" = "oci:layout"\n')
    found = run.check([tmp_path], {"offline": True, "inspect": True}).report.projects[0].stages[0].environment
    assert (found.known, found.distro, found.variables) == (True, "debian", {"A": "b"})
    unasked = run.check([tmp_path], {"offline": True}).report.projects[0].stages[0].environment
    assert "with --inspect" in (unasked.unknown or "")
