from collections.abc import Callable

import pytest

from fromlint.model.build import Install, Mount

Reads = Callable[..., Install]


def secret(**fields: str) -> Mount:
    values = dict.fromkeys(("source", "target", "stage", "identifier", "variable"), None) | fields
    return Mount(kind="secret", **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "mount",
    [
        secret(identifier="conf", target="/etc/pip.conf"),
        secret(identifier="x", target="/root/.config/pip/pip.conf"),
        secret(identifier="x", target="/root/.netrc"),
        secret(identifier="x", target="/root/.pypirc"),
        secret(identifier="x", target="/root/.config/uv/uv.toml"),
        secret(identifier="pip_index_url"),
        secret(identifier="token", variable="PIP_INDEX_URL"),
        secret(identifier="token", variable="UV_INDEX_CORP_PASSWORD"),
    ],
)
def test_a_secret_that_may_configure_the_index(read: Reads, mount: Mount) -> None:
    assert read("pip install x", mounts=(mount,)).secret


@pytest.mark.parametrize(
    "mount",
    [
        secret(identifier="aws", target="/root/.aws/credentials"),
        secret(identifier="github_token", variable="GITHUB_TOKEN"),
        secret(identifier="louvre"),
        Mount("cache", None, "/root/.cache/pip", None, None),
        Mount("bind", "pip.conf", "/etc/pip.conf", None, None),
    ],
)
def test_a_mount_that_does_not(read: Reads, mount: Mount) -> None:
    install = read("pip install x", mounts=(mount,))
    assert not install.secret
    assert install.mounts == (mount,)


@pytest.mark.parametrize(
    "line",
    [
        "pip install x",
        "pip install x --extra-index-url https://example.org",
        "pipenv install",
        "pip-sync",
        "pipx install x",
    ],
)
def test_an_argument_without_value(read: Reads, line: str) -> None:
    install = read(line, arguments={"PIP_INDEX_URL": None})
    assert install.secret
    assert install.options.index_url is None
    assert not read(line, arguments={"PIP_INDEX_URL": None}, environment={"PIP_INDEX_URL": "https://a"}).secret


def test_the_command_line_makes_an_argument_idle(read: Reads) -> None:
    install = read("pip install -i https://a x", arguments={"PIP_INDEX_URL": None})
    assert not install.secret
    assert install.options.index_url == "https://a"
    assert read("pip install -i https://a x", arguments={"PIP_EXTRA_INDEX_URL": None}).secret
    assert not read("pip install --no-index x", arguments={"PIP_EXTRA_INDEX_URL": None}).secret


@pytest.mark.parametrize(
    ("line", "argument"),
    [
        ("uv sync", "UV_DEFAULT_INDEX"),
        ("uv pip install x", "UV_EXTRA_INDEX_URL"),
        ("uv sync", "UV_INDEX_CORP_PASSWORD"),
        ("pip install x", "PIP_CONFIG_FILE"),
        ("pip install x", "NETRC"),
        ("poetry install", "POETRY_HTTP_BASIC_CORP_PASSWORD"),
        ("pdm install", "PDM_PYPI_PASSWORD"),
        ("pipenv install", "PIPENV_PYPI_MIRROR"),
    ],
)
def test_each_tool_has_variables_of_its_own(read: Reads, line: str, argument: str) -> None:
    assert read(line, arguments={argument: None}).secret
    assert not read("conda install x", arguments={argument: None}).secret


def test_an_unrelated_argument(read: Reads) -> None:
    assert not read("pip install x", arguments={"VERSION": None, "UV_INDEX_URL": None}).secret


def test_an_index_with_an_unknown_part(read: Reads) -> None:
    for line in ("pip install x -i https://u:$TOKEN@corp", "PIP_EXTRA_INDEX_URL=https://$TOKEN@corp pip install x"):
        install = read(line)
        assert install.secret
        assert install.options.index_url is None
        assert install.options.extra_index_urls == ()
        assert install.unknown == ()


@pytest.mark.parametrize("tool", ["pip", "uv pip"])
@pytest.mark.parametrize("option", ["--find-links $WHEELS", "--extra-index-url $WHEELS", "--no-index"])
def test_an_option_that_may_or_may_not_be_given(read: Reads, tool: str, option: str) -> None:
    line = f"{tool} install -r requirements.txt ${{WHEELS:+{option}}}"
    assert read(line, arguments={"WHEELS": None}).secret
    assert not read(f"{tool} install -r requirements.txt $MORE", arguments={"MORE": None}).secret
