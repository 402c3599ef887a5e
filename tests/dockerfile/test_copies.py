import pytest

from fromlint.model.build import FilesCopied


def values(texts):
    return [text.value for text in texts]


@pytest.mark.parametrize(
    ("text", "sources", "destination"),
    [
        ("COPY a b /x/", ["a", "b"], "/x/"),
        ("COPY a .", ["a"], "/w/"),
        ("COPY a b", ["a"], "/w/b"),
        ("COPY . /", ["."], "/"),
        ('COPY ["a b", "c/"]', ["a b"], "/w/c/"),
        ("ENV D=/x\nCOPY $D/a ${D}/b", ["/x/a"], "/x/b"),
        ("ADD a /x", ["a"], "/x"),
        ("COPY a b c", ["a", "b"], "/w/c/"),
    ],
)
def test_copied(events, text, sources, destination):
    (event,) = events("WORKDIR /w\n" + text, FilesCopied)
    assert values(event.sources) == sources
    assert (event.destination, event.unknown, event.local) == (destination, None, False)


def test_copied_from_elsewhere(events):
    (event,) = events("FROM x AS b\nFROM y\nCOPY --from=b --exclude=*.md --exclude=t --parents --link a /", FilesCopied)
    assert (event.origin, event.excludes, event.parents) == ("b", ("*.md", "t"), True)


def test_copied_heredocs(events):
    (event,) = events("ENV V=1\nCOPY <<r.txt <<'b.txt' /d/\na==$V\nr.txt\n$V\nb.txt", FilesCopied)
    assert event.contents == {"r.txt": "a==1\n", "b.txt": "$V\n"}
    assert (event.sources, event.destination) == ((), "/d/")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ARG N\nCOPY $N/a /x/", "N has no value"),
        ("ARG N\nCOPY a /x/$N/y", "N has no value"),
        ("ADD https://x/a.sh /x/", "fetched"),
        ("ADD git@github.com:a/b.git /x/", "fetched"),
        ("ADD a.tar.gz /x/", "unpacked"),
    ],
)
def test_what_is_not_known_of_a_copy(events, text, why):
    (event,) = events(text, FilesCopied)
    assert event.destination == "/x/"
    assert why in event.unknown


def test_unpack_false_keeps_the_archive(events):
    assert events("ADD --unpack=false a.tar.gz /x/", FilesCopied)[0].unknown is None
