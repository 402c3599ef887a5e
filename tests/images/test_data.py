"""The shipped data agrees with its sources, and with itself."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import fromlint
from fromlint.images import releases

ROOT = Path(__file__).resolve().parent.parent.parent
SHIPPED = Path(fromlint.__file__).parent / "data" / "images"
KEYS = (
    "match name like distro release variant contents package_manager python venv user directory variables commands "
    "capabilities capabilities_only packages distributions tools architectures floating floating_without status "
    "nearest unknown until at libc system_python"
)
CAPABILITIES = SHIPPED.parent / "capabilities"


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_image_data", ROOT / "scripts" / "make_image_data.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _families() -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text("utf-8")) for path in (SHIPPED / "families").glob("*.json")}


def test_shipped_files_are_what_the_sources_make() -> None:
    made = _script().made()
    there = {str(path.relative_to(SHIPPED)): path.read_text("utf-8") for path in SHIPPED.rglob("*.json")}
    assert sorted(there) == sorted(made)
    assert [name for name in made if made[name] != there[name]] == []


def test_an_answer_reads_little() -> None:
    for path in SHIPPED.rglob("*.json"):
        assert path.stat().st_size < 25_000, path
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*.json")) < 600_000


def test_rules_are_well_formed() -> None:
    keys = set(KEYS.split())
    for family, data in _families().items():
        for rule in data["rules"]:
            assert set(rule) <= keys, (family, set(rule) - keys)
            groups: set[str] = set()
            for key in ("match", "name"):
                if key in rule:
                    groups |= set(re.compile(rule[key]).groupindex)
            assert "match" in rule or "name" in rule, family
            for text in json.dumps({key: rule[key] for key in rule if key not in ("match", "name")}).split("{")[1:]:
                place = re.match(r"(\w+)-?(?:\|(\w+))?\}", text)
                if place:
                    for name in filter(None, place.groups()):
                        assert name in groups | set(data["moves"]) | {"codename"}, (family, rule, name)
            if rule.get("status") == "never":
                assert "nearest" in rule, (family, rule)
            if isinstance(rule.get("release"), str) and "{" not in rule["release"]:
                assert releases.known(rule["distro"], rule["release"]), (family, rule)


def test_changes_are_in_order() -> None:
    def lists(value: Any) -> Any:
        if isinstance(value, dict):
            for inner in value.values():
                yield from lists(inner)
        elif isinstance(value, list) and value and isinstance(value[0], list) and len(value[0]) == 2:
            yield value

    for path in (SHIPPED / "python").glob("*.json"):
        data = json.loads(path.read_text("utf-8"))
        for changes in [*lists(data), [[entry[0], ""] for entry in data.get("patches", [])]]:
            stamps = [stamp for stamp, _ in changes]
            assert stamps == sorted(stamps), path
    for family, data in _families().items():
        for changes in lists(data["moves"]):
            assert [day for day, _ in changes] == sorted(day for day, _ in changes), family


def test_capabilities_are_words_of_the_capability_data() -> None:
    words = {path.stem for path in CAPABILITIES.glob("*.toml")}
    used: set[str] = set()
    for path in (SHIPPED / "contents").glob("*.json"):
        used |= set(json.loads(path.read_text("utf-8"))["capabilities"].split())
    for data in _families().values():
        for rule in data["rules"]:
            used |= set(rule.get("capabilities", "").split()) | set(rule.get("capabilities_only", "").split())
    assert sorted(used - words) == []


def test_contents_that_rules_name_exist() -> None:
    there = {path.stem for path in (SHIPPED / "contents").glob("*.json")}
    for family, data in _families().items():
        for rule in data["rules"]:
            names = rule.get("contents", [])
            # The last name is the one to fall back on.
            assert not names or "{" in names[-1] or names[-1] in there, (family, names)
