"""The schema that editors complete settings with says what the reader of settings accepts."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from fromlint.settings import read

TOP = Path(__file__).parent.parent.parent
SCHEMA = json.loads((TOP / "docs" / "schema" / "settings.schema.json").read_text())
VALIDATOR = Draft7Validator(SCHEMA)


def accepted(table: dict[str, Any]) -> bool:
    try:
        read.from_table(table, Path("fromlint.toml"))
    except read.SettingsError:
        return False
    return True


def test_the_schema_is_as_the_settings_are_now() -> None:
    spec = importlib.util.spec_from_file_location("make_docs", TOP / "scripts" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    make_docs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_docs)
    assert make_docs.settings_schema() == SCHEMA, "run scripts/make_docs.py"


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)


_TEXT = st.sampled_from(["", "error", "never", "warnings", "2026-11-22", "linux/arm64"])
_VALUE = st.one_of(
    _TEXT,
    st.booleans(),
    st.integers(-2, 60),
    st.floats(-2, 60),
    st.lists(st.one_of(_TEXT, st.integers(), st.lists(_TEXT, max_size=1)), max_size=3),
    st.dictionaries(_TEXT, st.one_of(_TEXT, st.booleans()), max_size=2),
)
_KEY = st.sampled_from([*read.KEYS, "fail_on", "image", ""])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(_KEY, _VALUE, max_size=3))
def test_schema_and_reader_agree(table: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(table) == accepted(table)


@pytest.mark.parametrize("key", read.KEYS)
def test_a_value_of_no_kind_is_refused_by_both(key: str) -> None:
    table = {key: [[1]]}
    assert not VALIDATOR.is_valid(table)
    assert not accepted(table)
