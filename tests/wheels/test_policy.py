"""Options as pip and uv take them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.model.build import InstallOptions
from fromlint.model.environment import Environment
from fromlint.model.requirement import FileOptions
from fromlint.wheels import policy, tags

DEFAULT = "https://default.example/simple/"


def _policy(
    tool: str = "pip", files: FileOptions | None = None, now: datetime | None = None, **options: Any
) -> policy.Policy:
    return policy.policy(InstallOptions(**options), files or FileOptions(), tool=tool, default_index=DEFAULT, now=now)


def test_pip_asks_all_indexes_and_uv_the_extra_ones_first() -> None:
    told = {"index_url": "https://a/", "extra_index_urls": ("https://b/",)}
    assert _policy(**told).indexes == ("https://a/", "https://b/")
    assert _policy("uv-pip", **told).indexes == ("https://b/", "https://a/")
    assert _policy(**told).merged
    assert not _policy("uv-pip", **told).merged
    assert _policy("uv-pip", index_strategy="unsafe-best-match", **told).merged


def test_an_index_in_a_requirements_file_replaces_the_command_lines() -> None:
    files = FileOptions(index_url="https://f/", extra_index_urls=("https://g/",))
    assert _policy(files=files, index_url="https://a/").indexes == ("https://f/", "https://g/")
    assert _policy(files=FileOptions(no_index=True)).indexes == ()
    assert _policy().indexes == (DEFAULT,)


@pytest.mark.parametrize(
    ("only", "no", "name", "expected"),
    [
        ((), (), "foo", (True, True)),
        ((":all:",), (), "foo", (True, False)),
        ((), (":all:",), "foo", (False, True)),
        ((":all:",), ("foo",), "foo", (False, True)),
        ((":all:",), ("foo",), "bar", (True, False)),
        (("foo",), (":all:",), "foo", (True, False)),
        (("foo", ":none:"), (), "foo", (True, True)),
        (("foo", ":all:"), (), "bar", (True, False)),
        ((":all:", ":none:", "foo"), (), "bar", (True, True)),
    ],
)
def test_formats_follow_the_order_of_all_and_none(
    only: tuple[str, ...], no: tuple[str, ...], name: str, expected: tuple[bool, bool]
) -> None:
    assert policy.formats(_policy(only_binary=only, no_binary=no), name) == expected


@given(st.lists(st.sampled_from([":all:", ":none:", "foo", "bar"]), max_size=5))
@settings(max_examples=100, deadline=None)
def test_one_option_is_read_as_pip_reads_it(words: list[str]) -> None:
    control = pytest.importorskip("pip._internal.models.format_control").FormatControl()
    control.handle_mutual_excludes(",".join(words) or ":none:", control.only_binary, control.no_binary)
    ours = _policy(only_binary=tuple(words))
    assert ours.only_binary == control.only_binary


def test_files_come_after_the_command_line() -> None:
    both = _policy(files=FileOptions(no_binary=("foo",)), only_binary=("foo",))
    assert policy.formats(both, "foo") == (False, True)


@pytest.mark.parametrize(
    ("tool", "text", "expected"),
    [
        ("pip", "2026-05-01", "2026-05-01T00:00:00+00:00"),
        ("uv-pip", "2026-05-01", "2026-05-02T00:00:00+00:00"),
        ("pip", "2026-05-01T12:00:00+02:00", "2026-05-01T10:00:00+00:00"),
        ("uv-sync", "7 days", "2026-11-15T00:00:00+00:00"),
        ("uv-sync", "1 week", "2026-11-15T00:00:00+00:00"),
        ("pip", "P7D", "2026-11-15T00:00:00+00:00"),
        ("uv-sync", "PT24H", "2026-11-21T00:00:00+00:00"),
        ("uv-sync", "false", None),
        ("uv-sync", "soon", None),
        ("uv-sync", "2026-99-01", None),
        ("pip", None, None),
    ],
)
def test_upload_limits_are_times(tool: str, text: str | None, expected: str | None) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert _policy(tool, now=now, exclude_newer=text).uploaded_before == expected


def test_only_pip_itself_is_the_images() -> None:
    installers = {
        tool: _policy(tool).installer for tool in ("pip", "pip-sync", "uv-pip", "uv-sync", "poetry", "pipenv", "pipx")
    }
    assert installers == {
        "pip": "pip",
        "pip-sync": "pip",
        "uv-pip": "uv",
        "uv-sync": "uv",
        "poetry": "own",
        "pipenv": "own",
        "pipx": "own",
    }


@pytest.mark.parametrize("backend", ["cpu", "cu126", "rocm7.2"])
def test_a_torch_backend_names_the_index_of_some_names(backend: str) -> None:
    told = _policy("uv-pip", torch_backend=backend)
    assert told.own_index["torch"] == f"https://download.pytorch.org/whl/{backend}"
    assert {"torchvision", "triton", "xformers"} <= told.own_index.keys()
    assert not {"numpy", "torchmetrics", "nvidia-cudnn-cu12"} & told.own_index.keys()
    assert told.apart == {}
    assert _policy("uv-pip", FileOptions(torch_backend=backend)).own_index == told.own_index
    assert _policy("uv-sync", FileOptions(torch_backend=None)).own_index == {}
    bound = policy.policy(
        InstallOptions(torch_backend=backend),
        FileOptions(),
        tool="uv-pip",
        default_index=DEFAULT,
        own_index={"torch": "https://torch.example/"},
    )
    assert bound.own_index["torch"] == "https://torch.example/"


def test_which_torch_a_machine_with_a_gpu_takes_is_not_known() -> None:
    assert "torch" in _policy("uv-pip", torch_backend="auto").apart
    bound = policy.policy(
        InstallOptions(torch_backend="auto"),
        FileOptions(),
        tool="uv-pip",
        default_index=DEFAULT,
        own_index={"torch": "https://torch.example/"},
    )
    assert "torch" not in bound.apart


def test_the_day_of_a_single_name_beats_that_of_all() -> None:
    told = _policy(
        "uv-pip",
        FileOptions(newer_packages=("A=2024-01-01", "b=2024-01-01")),
        exclude_newer="2025-01-01",
        newer_packages=("b=false",),
    )
    assert policy.of_name(told, "a").uploaded_before == "2024-01-02T00:00:00+00:00"
    assert policy.of_name(told, "b").uploaded_before is None
    assert policy.of_name(told, "c").uploaded_before == "2025-01-02T00:00:00+00:00"


def test_installing_for_elsewhere_changes_the_target(environment: Callable[..., Environment]) -> None:
    elsewhere = _policy(platforms=("musllinux_1_2_x86_64",), python_version="3.11", implementation="cp")
    found = policy.targets(elsewhere, environment("3.12.4"), "linux/amd64")
    assert not isinstance(found, str)
    assert found[0].exact == "3.11.0"
    assert "cp311-cp311-musllinux_1_2_x86_64" in tags.ranking(found[0]).ranks
    assert "cp311-cp311-musllinux_1_1_x86_64" not in tags.ranking(found[0]).ranks
