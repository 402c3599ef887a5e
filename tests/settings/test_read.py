import os

import pytest

from fromlint.settings.read import SettingsError, nearest, read


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_pyproject_table_is_read_with_the_options_names(tmp_path):
    path = write(
        tmp_path / "pyproject.toml",
        """
        [project]
        name = "shop"
        [tool.fromlint]
        select = ["FL1", "FL201"]
        fail-on = "error"
        platform = "linux/arm64"
        build-arg = { PYTHON_VERSION = "3.12" }
        offline = true
        as-of = 2025-07-01
        index-timeout = 5
        [tool.fromlint.images]
        "registry.corp/py:*" = "python:3.12-slim-bookworm"
        """,
    )
    settings = read(path)
    assert settings.select == ("FL1", "FL201")
    assert settings.fail_on == "error"
    assert settings.platform == ("linux/arm64",)
    assert settings.build_arg == {"PYTHON_VERSION": "3.12"}
    assert settings.offline is True
    assert settings.as_of == "2025-07-01"
    assert settings.index_timeout == 5.0
    assert settings.images == {"registry.corp/py:*": "python:3.12-slim-bookworm"}
    assert settings.folder == str(tmp_path)


def test_an_unknown_key_names_the_nearest_known_one(tmp_path):
    path = write(tmp_path / "fromlint.toml", 'fail_on = "error"\n')
    with pytest.raises(SettingsError, match="unknown setting 'fail_on'; did you mean 'fail-on'"):
        read(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('strict = "yes"', "strict must be true or false"),
        ("select = [1]", "select must be a list of texts"),
        ("images = { a = 1 }", "images must be a table of texts"),
        ('fail-on = "loud"', "fail-on must be one of error, warning, info, never"),
        ("index-timeout = -1", "index-timeout must be seconds"),
        ("select = ]", "line 1"),
        ("index-timeout = " + "9" * 5_000, "integer string conversion"),
        ("a." * 40_000 + "a = 1", "a key of more than 50 parts"),
        ("x = " + "[" * 50_000, "nested too deeply"),
        ("#" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_a_wrong_value_is_one_clear_line(tmp_path, text, message):
    path = write(tmp_path / "fromlint.toml", text)
    with pytest.raises(SettingsError, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_not_utf8_are_refused(tmp_path):
    path = tmp_path / "fromlint.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not a TOML file in UTF-8"):
        read(path)


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pyproject.toml")
    (tmp_path / ".git").mkdir()
    assert nearest(str(tmp_path)) is None
    with pytest.raises(SettingsError, match="cannot be read: not a file"):
        read(tmp_path / "pyproject.toml")
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        read(tmp_path / "fromlint.toml")


def test_the_nearest_file_is_found_upwards_and_not_beyond_the_repository(tmp_path):
    write(tmp_path / "fromlint.toml", "")
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    inner = tmp_path / "repository" / "services" / "api"
    inner.mkdir(parents=True)
    assert nearest(str(inner)) is None
    plain = write(tmp_path / "repository" / "services" / "pyproject.toml", "[project]\nname = 'x'\n")
    assert nearest(str(inner)) is None
    own = write(tmp_path / "repository" / "pyproject.toml", "[tool.fromlint]\n")
    assert nearest(str(inner)) == str(own)
    assert plain.exists()
    nearer = write(inner / "fromlint.toml", "")
    assert nearest(str(inner)) == str(nearer)
