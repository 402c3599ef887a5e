import pytest

from fromlint.model.build import CommandUsed, ToolFetched


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RUN curl --proto '=https' -sSf https://sh.rustup.rs | sh -s -- -y", ["rustup"]),
        ("RUN curl -LsSf https://astral.sh/uv/install.sh | sh", ["uv"]),
        ("ADD https://astral.sh/uv/0.5.1/install.sh /i.sh", ["uv"]),
        ("RUN curl -sSL https://install.python-poetry.org | python3 -", ["poetry"]),
        ("RUN curl https://example.org/x | bash", [None]),
        ("RUN wget -qO- https://example.org/x | tar xz", [None]),
        ("RUN curl -Lo /usr/local/bin/jq https://example.org/jq", ["jq"]),
        ("RUN bash /tmp/install.sh", [None]),
        ("RUN make && make install", [None]),
        ("RUN python setup.py install", []),
        ("RUN curl -o x https://example.org/x", []),
        ("COPY --from=ghcr.io/astral-sh/uv /uv /bin/", []),
    ],
)
def test_tools_fetched(events, text, expected):
    assert [event.name for event in events(text, ToolFetched)] == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("a && b", {"a": False, "b": False}),
        ("a || true", {"a": True}),
        ("a; b", {"a": True, "b": False}),
        ("a | b", {"a": False, "b": False}),
        ("a | b || true", {"a": True, "b": True}),
        ("command -v a || b", {"b": True}),
        ("if command -v a; then a; fi", {"a": True}),
        ("x=$(a) && sudo b", {"a": False, "sudo": False, "b": False}),
        ("cd /x && echo y && export Z=1 && a", {"a": False}),
        ("$U a", {}),
    ],
)
def test_commands_used(events, command, expected):
    found = events("RUN " + command, CommandUsed)
    assert {event.name: event.guarded for event in found} == expected
    assert all(event.instruction == "RUN" and event.shell for event in found)
