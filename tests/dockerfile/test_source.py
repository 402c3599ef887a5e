from fromlint.dockerfile.source import cut, locate
from fromlint.model.dockerfile import Anchor, Source
from fromlint.model.place import Span

SOURCE = Source("abcdef", "Dockerfile", (Anchor(0, 3, 5), Anchor(2, 4, 1), Anchor(4, 7, 3)))


def test_a_range_ends_behind_its_last_character() -> None:
    assert locate(SOURCE, 0, 2) == Span("Dockerfile", 3, 5, 3, 7)
    assert locate(SOURCE, 1, 5) == Span("Dockerfile", 3, 6, 7, 4)
    assert locate(SOURCE, 0, 6) == Span("Dockerfile", 3, 5, 7, 5)


def test_an_empty_range_is_a_place() -> None:
    assert locate(SOURCE, 2, 2) == Span("Dockerfile", 4, 1, 4, 1)
    assert locate(SOURCE, 6, 6) == Span("Dockerfile", 7, 5, 7, 5)


def test_a_part_knows_where_it_stands() -> None:
    part = cut(SOURCE, 1, 5)
    assert part == Source("bcde", "Dockerfile", (Anchor(0, 3, 6), Anchor(1, 4, 1), Anchor(3, 7, 3)))
    for start in range(4):
        for end in range(start + 1, 5):
            assert locate(part, start, end) == locate(SOURCE, start + 1, end + 1)
    assert cut(SOURCE, 2, 4).anchors == (Anchor(0, 4, 1),)
    assert cut(SOURCE, 6, 6) == Source("", "Dockerfile", (Anchor(0, 7, 5),))
