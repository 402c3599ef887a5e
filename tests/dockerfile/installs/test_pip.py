from collections.abc import Callable

import pytest

from fromlint.model.build import Install, Redirect, Word
from fromlint.model.place import Span, Text

Reads = Callable[..., Install]


def names(texts: tuple[Text, ...]) -> list[str]:
    return [text.value for text in texts]


@pytest.mark.parametrize(
    ("line", "python"),
    [
        ("pip install x", "pip"),
        ("pip3 install x", "pip3"),
        ("pip3.12 install x", "pip3.12"),
        ("pip-3.6 install x", "pip-3.6"),
        ("pip3.14t install x", "pip3.14t"),
        ("/opt/venv/bin/pip install x", "/opt/venv/bin/pip"),
        ("$VENV/bin/pip install x", "$VENV/bin/pip"),
        ("python -m pip install x", "python"),
        ("python3.12 -m pip install x", "python3.12"),
        ("/opt/venv/bin/python -u -m pip install x", "/opt/venv/bin/python"),
        ("python3 -W ignore -X dev -mpip install x", "python3"),
        ("python -Im pip install x", "python"),
        ("python --check-hash-based-pycs never -m pip install x", "python"),
        ("pypy3 -m pip install x", "pypy3"),
        ("python3 /usr/bin/pip install x", "python3"),
        ("pip --python /opt/venv install x", "/opt/venv"),
        ("pip install --python=/opt/venv x", "/opt/venv"),
        ("PIP_PYTHON=/opt/venv pip install x", "/opt/venv"),
    ],
)
def test_every_name_of_pip(read: Reads, line: str, python: str) -> None:
    install = read(line)
    assert (install.tool, install.action) == ("pip", "install")
    assert install.python == python
    assert names(install.requirements) == ["x"]


@pytest.mark.parametrize(
    "line",
    [
        "pip",
        "pip --version",
        "pip uninstall -y x",
        "pip freeze",
        "pip list --outdated",
        "pip cache purge",
        "pip config set global.index-url https://example.org",
        "pip install --help",
        "pip install --dry-run x",
        "pip check",
        "pip $COMMAND x",
        "python -c import\\ pip install x",
        "python app.py install",
        "python",
        "python -m",
        "python -m http.server",
        "pipenvx install",
        "apt-get install pip",
        "echo pip install x",
    ],
)
def test_what_installs_nothing(read: Reads, line: str) -> None:
    assert read(line) is None


def test_options_stand_anywhere(read: Reads) -> None:
    install = read(
        "pip --no-cache-dir -q --timeout 60 install a --no-cache -rfile.txt b -U --requirement=g.txt -c c.txt"
    )
    assert names(install.requirements) == ["a", "b"]
    assert names(install.files) == ["file.txt", "g.txt"]
    assert names(install.constraints) == ["c.txt"]
    assert install.options.upgrade


def test_everything_that_can_be_named(read: Reads) -> None:
    install = read(
        "pip install . '.[dev,test]' ./lib /src/x.whl https://example.org/x.tar.gz git+https://example.org/r.git "
        "'x @ https://example.org/x.whl' -e . -e git+https://example.org/e#egg=e 'numpy>=1,<2'"
    )
    assert names(install.requirements)[:3] == [".", ".[dev,test]", "./lib"]
    assert len(install.requirements) == 8
    assert names(install.editable) == [".", "git+https://example.org/e#egg=e"]


def test_places(read: Reads) -> None:
    install = read("pip install x")
    assert install.requirements[0].span == Span("Dockerfile", 1, 25, 1, 26)
    assert install.span == Span("Dockerfile", 1, 1, 1, 80)


def test_options(read: Reads) -> None:
    options = read(
        "pip install x -i https://a/simple --extra-index-url https://b --extra-index-url=https://c -f /w --no-index "
        "--only-binary :all: --no-binary lxml --prefer-binary --pre --no-deps --require-hashes --force-reinstall "
        "--no-build-isolation --build-constraint b.txt --break-system-packages --user --prefix /p --root /r -t /t "
        "--platform manylinux_2_28_x86_64 --platform linux_x86_64 --python-version 3.12 --abi cp312 --abi abi3 "
        "--implementation cp --uploaded-prior-to 2026-01-01 --ignore-requires-python -C a=b --config-settings c=d "
        "--upgrade-strategy eager --all-releases A_b --only-final :all: --only-deps"
    ).options
    assert options.index_url == "https://a/simple"
    assert options.extra_index_urls == ("https://b", "https://c")
    assert options.find_links == ("/w",)
    assert options.only_binary == (":all:",)
    assert options.no_binary == ("lxml",)
    assert options.platforms == ("manylinux_2_28_x86_64", "linux_x86_64")
    assert options.python_version == "3.12"
    assert options.abis == ("cp312", "abi3")
    assert options.implementation == "cp"
    assert options.exclude_newer == "2026-01-01"
    assert options.config_settings == ("a=b", "c=d")
    assert options.build_constraints == ("b.txt",)
    assert (options.prefix, options.root, options.target) == ("/p", "/r", "/t")
    assert options.upgrade_strategy == "eager"
    assert (options.all_releases, options.only_final) == ((), (":all:",))
    for field in [
        "no_index",
        "prefer_binary",
        "pre",
        "no_deps",
        "require_hashes",
        "force_reinstall",
        "no_build_isolation",
        "break_system_packages",
        "user",
        "ignore_requires_python",
        "only_deps",
    ]:
        assert getattr(options, field) is True, field
    assert not options.upgrade


def test_groups_and_scripts(read: Reads) -> None:
    install = read("pip install --group dev --group lib/pyproject.toml:test --requirements-from-script run.py")
    assert install.groups == ("dev", "lib/pyproject.toml:test")
    assert names(install.scripts) == ["run.py"]


@pytest.mark.parametrize(
    ("line", "action", "output"),
    [
        ("pip wheel -w /wheels -r r.txt", "wheel", "/wheels"),
        ("pip download -d /cache -r r.txt", "download", "/cache"),
        ("pip lock -r r.txt -o pylock.toml", "export", "pylock.toml"),
    ],
)
def test_other_subcommands(read: Reads, line: str, action: str, output: str) -> None:
    install = read(line)
    assert (install.action, install.output) == (action, output)
    assert names(install.files) == ["r.txt"]


def test_pip_may_name_itself(read: Reads) -> None:
    install = read("pip install -U pip setuptools wheel")
    assert names(install.requirements) == ["pip", "setuptools", "wheel"]
    assert install.options.upgrade


def test_get_pip(read: Reads) -> None:
    install = read("python3 get-pip.py --no-setuptools --no-wheel --break-system-packages")
    assert names(install.requirements) == ["pip"]
    assert install.options.upgrade
    assert install.options.break_system_packages
    assert install.python == "python3"
    assert names(read("python /tmp/get-pip.py pip==20.3.4 pipenv").requirements) == ["pip==20.3.4", "pipenv"]
    assert names(read("python get-pip.py pipenv").requirements) == ["pip", "pipenv"]
    assert read("python get-pip.py --help") is None


def test_the_environment_counts(read: Reads) -> None:
    install = read(
        "pip install x --extra-index-url https://c",
        environment={
            "PIP_INDEX_URL": "https://a",
            "PIP_EXTRA_INDEX_URL": "https://b1 https://b2",
            "PIP_CONSTRAINT": "/c.txt",
            "PIP_NO_BINARY": "lxml,numpy",
            "PIP_ONLY_BINARY": ":all:",
            "PIP_NO_CACHE_DIR": "off",
            "PIP_ROOT_USER_ACTION": "ignore",
            "PIP_PREFER_BINARY": "1",
            "PIP_PRE": "no",
            "HOME": "/root",
        },
    )
    assert install.options.index_url == "https://a"
    assert install.options.extra_index_urls == ("https://b1", "https://b2", "https://c")
    assert names(install.constraints) == ["/c.txt"]
    assert (install.options.only_binary, install.options.no_binary) == ((":all:",), ())
    assert install.options.prefer_binary
    assert not install.options.pre
    assert install.environment["HOME"] == "/root"


def test_what_beats_what(read: Reads) -> None:
    line = "PIP_INDEX_URL=https://assigned pip install x"
    both = {"arguments": {"PIP_INDEX_URL": "https://argument"}, "environment": {"PIP_INDEX_URL": "https://env"}}
    assert read(line, **both).options.index_url == "https://assigned"
    assert read(line + " -i https://line", **both).options.index_url == "https://line"
    assert read("pip install x", **both).options.index_url == "https://env"
    assert read("pip install x", arguments=both["arguments"]).options.index_url == "https://argument"
    assert read("pip --isolated install x", **both).options.index_url is None


def test_an_index_from_a_pypi_url_and_an_empty_variable(read: Reads) -> None:
    assert read("pip install --pypi-url https://a x").options.index_url == "https://a"
    install = read("pip install x", environment={"PIP_INDEX_URL": ""})
    assert install.options.index_url is None
    assert not install.secret


def test_switches_that_pip_keeps_the_other_way_round(read: Reads) -> None:
    assert not read("PIP_NO_BUILD_ISOLATION=1 pip install x").options.no_build_isolation
    assert read("PIP_NO_BUILD_ISOLATION=0 pip install x").options.no_build_isolation
    assert read("PIP_NO_BUILD_ISOLATION=false pip wheel x").options.no_build_isolation


def test_what_cannot_be_known(read: Reads) -> None:
    install = read(
        "pip install a $PACKAGES b==$VERSION -r $FILE -c $CONSTRAINTS --only-binary=$WHEELS --cache-dir $DIR"
    )
    assert names(install.requirements) == ["a"]
    assert names(install.unknown) == ["$PACKAGES", "b==$VERSION", "$FILE", "$CONSTRAINTS", "$WHEELS"]
    assert install.files == install.constraints == ()
    assert names(read("pip install --brand-new thing x").unknown) == ["thing"]
    assert names(read("PIP_CONSTRAINT=$C pip install x").unknown) == ["$PIP_CONSTRAINT"]


def test_a_target_is_kept_as_written(read: Reads) -> None:
    install = read("pip install --target $DIR x")
    assert install.options.target == "$DIR"
    assert install.unknown == ()


def test_requirements_from_standard_input(read: Reads) -> None:
    place = Span("Dockerfile", 1, 9, 1, 10)
    redirect = Redirect("<", Word("list.txt", place))
    assert read("pip install -r /dev/stdin", redirects=(redirect,)).files == (Text("list.txt", place),)
    piped = read("pip install -r /dev/stdin -r /dev/fd/63")
    assert piped.files == ()
    assert names(piped.unknown) == ["/dev/stdin", "/dev/fd/63"]


def test_options_of_older_pips_take_what_they_took(read: Reads) -> None:
    install = read("pip install --global-option build_ext --install-option=--x --process-dependency-links --build /b a")
    assert names(install.requirements) == ["a"]
    assert install.unknown == ()
