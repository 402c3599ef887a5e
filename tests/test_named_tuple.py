"""Our named tuples behave as the standard library's do."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

import fromlint
from fromlint.named_tuple import NamedTuple


class Point(NamedTuple):
    """A point."""

    x: int
    y: int = 2
    name: str = ""

    @property
    def sum(self) -> int:
        return self.x + self.y


class Far(Point):
    __slots__ = ()

    @property
    def sum(self) -> int:
        return 1000


class Nothing(NamedTuple):
    """Without fields."""


def test_fields_by_place_and_by_name() -> None:
    point = Point(1)
    assert point == (1, 2, "")
    assert Point(y=5, x=4) == Point(4, 5)
    assert (point.x, point[1], point.name, point.sum) == (1, 2, "", 3)
    assert hash(point) == hash((1, 2, ""))
    assert repr(point) == "Point(x=1, y=2, name='')"
    assert Point.__doc__ == "A point."
    assert Nothing() == ()


def test_wrong_arguments() -> None:
    for _ in range(2):  # the constructor is made at the first call
        with pytest.raises(TypeError):
            Point()  # type: ignore[call-arg]
        with pytest.raises(TypeError):
            Point(1, 2, "", 4)  # type: ignore[call-arg]
        with pytest.raises(TypeError):
            Point(1, z=3)  # type: ignore[call-arg]


def test_nothing_can_be_set() -> None:
    point = Point(1)
    with pytest.raises(AttributeError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        point.more = 2  # type: ignore[attr-defined]


def test_replaced_made_and_taken_apart() -> None:
    assert Point(1)._replace(y=7) == (1, 7, "")
    assert Point._make([1, 2, "a"]) == Point(1, 2, "a")
    assert Point(1)._asdict() == {"x": 1, "y": 2, "name": ""}
    with pytest.raises(ValueError, match="z"):
        Point(1)._replace(z=7)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Point._make([1])


def test_subclasses_keep_their_kind() -> None:
    far = Far(1)
    assert type(far) is Far
    assert type(far._replace(x=3)) is Far
    assert far.sum == 1000
    assert type(Far(2)) is Far


def test_copied_and_matched() -> None:
    point = Point(1, name="a")
    assert copy.copy(point) == point
    assert pickle.loads(pickle.dumps(point)) == point
    match point:
        case Point(x, _, name=name):
            assert (x, name) == (1, "a")


def test_a_field_without_default_after_one_with() -> None:
    with pytest.raises(TypeError, match="default"):

        class Wrong(NamedTuple):
            x: int = 1
            y: int  # type: ignore[misc]


def test_modules_leave_annotations_unread() -> None:
    # Python 3.14 hands them over as text only so.
    top = Path(fromlint.__file__).parent
    users = [text for file in top.rglob("*.py") if "named_tuple import" in (text := file.read_text("utf-8"))]
    assert len(users) > 100
    assert all("\nfrom __future__ import annotations\n" in text for text in users)
