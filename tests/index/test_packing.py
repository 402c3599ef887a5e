import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.index import simple
from fromlint.index.packed import Releases
from fromlint.index.packing import pack, pack_entries

URL = "https://x.example/simple/demo/"
DIGEST = "0123456789abcdef" * 4


def entry(filename="demo-1.0-py3-none-any.whl", **changes):
    usual = {
        "filename": filename,
        "url": f"https://f.example/packages/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST[4:]}/{filename}",
        "hashes": {"sha256": DIGEST},
        "requires-python": ">=3.9",
        "size": 12,
        "upload-time": "2026-01-02T03:04:05.678901Z",
        "yanked": False,
    }
    return {key: value for key, value in {**usual, **changes}.items() if value != "left out"}


def slowly(entries):
    return pack(simple.files(entries, URL), "demo")


REGULAR = [
    [entry()],
    [entry("demo-1.0.tar.gz"), entry("demo-0.9.tar.gz"), entry("demo-1.0-cp312-cp312-win_amd64.whl")],
    [entry(), entry("demo-1.0.exe"), entry("demo-1.0\x1b.whl")],
    [entry(**{"requires-python": None}), entry("demo-2.zip", **{"requires-python": " >=3.8 "})],
    [entry(**{"requires-python": ">=3\x1b"}), entry("demo-2.zip", **{"requires-python": "x" * 300})],
    [entry(yanked=True), entry("demo-2.zip", yanked="why"), entry("demo-3.zip", yanked=""), entry("Demo-3.tar.gz")],
    [entry(yanked="\x1b[31m"), entry("demo-2.zip", yanked="x" * 1000)],
    [entry(**{"core-metadata": {"sha256": DIGEST}}), entry("demo-2.whl", **{"dist-info-metadata": True})],
    [entry(**{"core-metadata": False, "dist-info-metadata": True}), entry("demo-2.whl", **{"core-metadata": {}})],
    [entry(**{"data-dist-info-metadata": {"sha256": "x"}}), entry("demo-2.whl", **{"core-metadata": True})],
    [entry("nonsense.whl")],
    [entry(**{"upload-time": "2026-01-02T03:04:05Z"}), entry(size=0), entry(size=2**62)],
]


@pytest.mark.parametrize("entries", REGULAR, ids=range(len(REGULAR)))
def test_the_quick_way_gives_the_same(entries):
    quick = pack_entries(entries, "demo")
    assert quick is not None
    assert quick == slowly(entries)


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "../demo-1.0-py3-none-any.whl"},
        {"url": "https://f.example/demo-1.0-py3-none-any.whl"},
        {"url": f"ftp://f/packages/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST[4:]}/demo-1.0-py3-none-any.whl"},
        {"url": f"https://f/\x1b/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST[4:]}/demo-1.0-py3-none-any.whl"},
        {"url": f"https://f/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST[4:].upper()}/demo-1.0-py3-none-any.whl"},
        {"url": f"https://f/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST[4:-1]} /demo-1.0-py3-none-any.whl"},
        {"url": f"https://f/{DIGEST[:3]}/{DIGEST[3:4]}/{DIGEST[4:]}/demo-1.0-py3-none-any.whl"},
        {"url": None},
        {"url": 3},
        {"hashes": {"md5": "0"}},
        {"hashes": {"sha256": "0"}},
        {"hashes": {"sha256": DIGEST[:-1] + " "}},
        {"hashes": []},
        {"size": None},
        {"size": "12"},
        {"size": True},
        {"size": -1},
        {"size": 2**70},
        {"upload-time": None},
        {"upload-time": "yesterday"},
        {"upload-time": "2026-01-02T03:04:05+01:00"},
        {"upload-time": "left out"},
        {"size": "left out"},
        {"yanked": "left out"},
        {"yanked": None},
        {"yanked": 1},
        {"requires-python": []},
        {"filename": 3},
        {"filename": "left out"},
    ],
    ids=str,
)
def test_what_is_irregular_is_left_to_the_slow_way(changes):
    assert pack_entries([entry("demo-2.zip"), entry(**changes)], "demo") is None


def test_capital_hashes_come_out_in_small_letters_either_way():
    entries = [entry(hashes={"sha256": DIGEST.upper()})]
    for packed in (pack_entries(entries, "demo"), slowly(entries)):
        assert Releases(packed)["1.0"][0].hashes == ("sha256:" + DIGEST,)


VALUES = st.none() | st.booleans() | st.integers(-5, 2**66) | st.text(max_size=5) | st.just({}) | st.just([])
CHANGES = st.dictionaries(
    st.sampled_from([*entry(), "core-metadata", "dist-info-metadata", "data-dist-info-metadata"]), VALUES, max_size=2
)


@given(st.lists(st.builds(lambda name, changes: {**entry(name), **changes},
                          st.sampled_from(["demo-1.0.tar.gz", "demo-1.0-py3-none-any.whl", "demo-2-1.zip", "x.exe"]),
                          CHANGES), max_size=4))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_both_ways_agree_on_anything(entries):
    entries = json.loads(json.dumps(entries))
    quick = pack_entries(entries, "demo")
    assert quick is None or quick == slowly(entries)
