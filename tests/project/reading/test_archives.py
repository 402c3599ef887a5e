"""Which sdists a run reads."""

from types import SimpleNamespace

from fromlint.model.index import File
from fromlint.model.verdict import Outcome
from fromlint.project.reading import archives


class Index:
    """Remembers nothing, and notes what it is asked for."""

    offline = False

    def __init__(self) -> None:
        self.asked: list[str] = []

    def recall_all(self, kind, keys):
        return {}

    def remember_all(self, kind, found):
        raise AssertionError("nothing was read")

    def read_ranges(self, parts):
        self.asked += [url.rpartition("/")[2] for url, _, _ in parts]
        return [SimpleNamespace(failure="not here", data=b"", total=0) for _ in parts]


def built(name: str, size: int | None) -> SimpleNamespace:
    file = File(f"{name}-1.0.tar.gz", f"https://index.example/{name}-1.0.tar.gz", size=size)
    verdict = SimpleNamespace(outcome=Outcome.SOURCE, file=file)
    return SimpleNamespace(name=name, kept=False, verdicts={"linux/amd64": verdict})


def asked_for(**sizes: int | None) -> list[str]:
    index = Index()
    resolution = SimpleNamespace(packages=[built(name, size) for name, size in sizes.items()])
    archives.read([[resolution]], index)
    return index.asked


def test_the_small_ones_go_first_and_the_large_are_left_out():
    assert asked_for(large=16_000_001, middle=9_000_000, small=1, unknown=None) == [
        "unknown-1.0.tar.gz",
        "small-1.0.tar.gz",
        "middle-1.0.tar.gz",
    ]


def test_all_together_are_not_too_much():
    assert len(asked_for(**{f"n{number}": 15_000_000 for number in range(9)})) == 3


def test_what_is_known_by_hearsay_is_read_too() -> None:
    assert asked_for(webrtcvad=1000, psycopg2=1000) == ["webrtcvad-1.0.tar.gz"]
