import pytest

from fromlint.model.build import PackagesAdded, PackagesKept, PackagesRemoved


def values(texts):
    return [text.value for text in texts]


def test_debian_keeps_what_was_manual(events):
    text = (
        'RUN set -eux; savedMark="$(apt-mark showmanual)"; apt-get update; apt-get install -y gcc libpq5; '
        "pip install a; apt-mark auto '.*' > /dev/null; apt-mark manual $savedMark libpq5; "
        "find /usr/local -name '*.so' -exec ldd '{}' ';' | awk x | xargs -r apt-mark manual; "
        "apt-get purge -y --auto-remove"
    )
    found = events(text, (PackagesKept, PackagesRemoved))
    assert [type(event) for event in found] == [PackagesKept, PackagesKept, PackagesRemoved]
    assert (found[0].names, found[0].found) == (("libpq5",), False)
    assert found[1].found
    assert values(found[2].names) == ["gcc"]


def test_marked_packages_go_with_autoremove(events):
    (gone,) = events("RUN apt-get install -y gcc && apt-mark auto gcc && apt-get autoremove -y", PackagesRemoved)
    assert values(gone.names) == ["gcc"]


@pytest.mark.parametrize(
    "keep",
    [
        'deps="$(scanelf -n /usr | sort)"; apk add --virtual .run $deps',
        "find / -exec scanelf -n {} ';' | xargs -rt apk add --virtual .run",
        "apk add --virtual .run $(scanelf -n /usr)",
    ],
)
def test_alpine_keeps_what_is_loaded(events, keep):
    text = f"RUN apk add --virtual .build gcc && pip install a && {keep} && apk del .build"
    found = events(text, (PackagesAdded, PackagesKept, PackagesRemoved))
    assert [type(event) for event in found] == [PackagesAdded, PackagesKept, PackagesRemoved]
    assert (found[1].names, found[1].found) == ((".run",), True)
    assert values(found[2].names) == [".build"]
