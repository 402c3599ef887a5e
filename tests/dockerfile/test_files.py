import pytest

from fromlint.model.build import FileMade, FilesCopied, FilesRemoved, ListsDeleted, SourceAdded


def values(texts):
    return [text.value for text in texts]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pip freeze > r.txt", [("/w/r.txt", False)]),
        ("echo a >> /r.txt", [("/r.txt", True)]),
        ("echo a | tee -a /r.txt b", [("/r.txt", True), ("/w/b", True)]),
        ("sed -i.bak -e s/a/b/ r.txt", [("/w/r.txt", False)]),
        ("sed -i 's/a/b/' r.txt s.txt", [("/w/r.txt", False), ("/w/s.txt", False)]),
        ("sed s/a/b/ r.txt", []),
        ("poetry export -o r.txt", [("/w/r.txt", False)]),
        ("uv export --output-file=/r.txt", [("/r.txt", False)]),
        ("pip-compile a.in", [("/w/a.txt", False)]),
        ("pipreqs src", [("/w/src/requirements.txt", False)]),
        ("curl -fsSLo /x/a https://h/b", [("/x/a", False)]),
        ("curl -LO https://h/b.txt?x=1", [("/w/b.txt", False)]),
        ("wget -q https://h/b.txt", [("/w/b.txt", False)]),
        ("wget -qO- https://h/b.txt", []),
        ("wget -P /d https://h/b.txt", [("/d/b.txt", False)]),
        ("touch a", [("/w/a", True)]),
        ("a > /dev/null 2> err", []),
        ("a > $U", []),
    ],
)
def test_files_made(events, command, expected):
    found = events("WORKDIR /w\nRUN " + command, FileMade)
    assert [(event.path, event.appended) for event in found] == expected


def test_the_maker_behind_a_tee(events):
    (event,) = events("RUN echo flask | tee r.txt", FileMade)
    assert [word.value for word in event.command.words] == ["echo", "flask"]


@pytest.mark.parametrize(
    ("command", "sources", "destination", "unknown"),
    [
        ("cp a b/", ["/w/a"], "/w/b/", False),
        ("cp -r a/. /b c", ["/w/a/", "/b"], "/w/c/", False),
        ("cp -t /d a", ["/w/a"], "/d/", False),
        ("mv a b", ["/w/a"], "/w/b", False),
        ("ln -s ../x/y /bin/z", ["/x/y"], "/bin/z", False),
        ("install -m 755 a /usr/bin/b", ["/w/a"], "/usr/bin/b", False),
        ("cp $U /d", ["$U"], "/d", True),
        ("cp a /d/$U", ["/w/a"], "/d/", True),
        ("if u; then cp a b; fi", ["/w/a"], "/w/b", True),
    ],
)
def test_local_copies(events, command, sources, destination, unknown):
    (event,) = events("WORKDIR /w\nRUN " + command, FilesCopied)
    if command.startswith("cp -t"):
        destination = destination.rstrip("/")
    assert values(event.sources) == sources
    assert (event.destination, event.local, event.unknown is not None) == (destination, True, unknown)


def test_files_removed(events):
    found = events("WORKDIR /w\nRUN rm -rf a /b/* && mv c d && if u; then rm e; fi", FilesRemoved)
    assert [event.paths for event in found] == [("/w/a", "/b/*"), ("/w/c",)]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("rm -rf /var/lib/apt/lists/*", ["apt"]),
        ("rm -rf /tmp/* /var/lib/apt/lists", ["apt"]),
        ("cd /var/lib/apt && rm -r lists/*", ["apt"]),
        ("find /var/lib/apt/lists -type f -delete", ["apt"]),
        ("rm -rf /var/cache/apk/*", ["apk"]),
        ("rm -rf /var/cache/apt/archives", []),
        ("if u; then rm -rf /var/lib/apt/lists/*; fi", []),
    ],
)
def test_lists_deleted(events, command, expected):
    assert [event.manager for event in events("RUN " + command, ListsDeleted)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RUN echo deb x > /etc/apt/sources.list.d/x.list", ["apt"]),
        ("RUN echo x | tee -a /etc/apk/repositories", ["apk"]),
        ("RUN sed -i 's/dl-cdn.alpinelinux.org/mirror.example.org/g' /etc/apk/repositories", []),
        ("RUN sed -i 's|http://deb.debian.org|https://m.example.org|' /etc/apt/sources.list", []),
        ("RUN sed -i 's/v3.18/edge/' /etc/apk/repositories", ["apk"]),
        ("RUN sed -i 's/ main/ main contrib/' /etc/apt/sources.list", ["apt"]),
        ("COPY x.list /etc/apt/sources.list.d/", ["apt"]),
        ("COPY sources.list /etc/apt/", ["apt"]),
        ("COPY a.repo /etc/yum.repos.d/a.repo", ["yum"]),
        ("RUN curl -fsSL https://deb.nodesource.com/setup_20.x | bash -", ["apt"]),
        ("COPY a /etc/apt/", []),
    ],
)
def test_sources_added(events, text, expected):
    assert [event.manager for event in events(text, SourceAdded)] == expected
