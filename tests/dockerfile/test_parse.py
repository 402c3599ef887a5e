import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.dockerfile.parse import parse, trigger
from fromlint.dockerfile.stages import graph
from fromlint.model.dockerfile import Dockerfile, Source
from fromlint.model.place import Span
from patience import within_a_minute

KEYWORDS = ["FROM a", "FROM ", " AS b", "RUN ", "COPY ", "ADD", "ARG ", "ENV ", "ONBUILD ", "CMD ", "SHELL "]
FLAGS = ["--from=b ", "--mount=type=bind,from=b ", "--platform=$X "]
MARKS = [
    "# escape=`",
    "# syntax=x",
    "#",
    "\\",
    "`",
    "\n",
    "\n",
    "\r\n",
    "\t",
    " ",
    '"',
    "'",
    "$",
    "=",
    "\ufeff",
    "\x85",
]
WORDS = ["<<EOF", "<<-'E'", "EOF", "\tE", '["a", "b"]', "[1]", "${A:-${B}}", "${", "A=1", "é", "\U0001f600", "x"]
ATOMS = st.sampled_from([*KEYWORDS, *FLAGS, *MARKS, *WORDS])
DOCKERFILES = st.lists(ATOMS, max_size=40).map("".join)


def read(text: str) -> Dockerfile:
    return parse(text.encode(), "Dockerfile")


def messages(text: str) -> list[tuple[int, int, str]]:
    return [(problem.span.line, problem.span.column, problem.message) for problem in read(text).problems]


def characters_stand_where_they_should(source: Source, lines: tuple[str, ...]) -> None:
    """Every character of a logical text is the one that stands at its place in the file."""
    from fromlint.dockerfile.source import place

    for offset, character in enumerate(source.text):
        line, column = place(source, offset)
        if character not in "\r\n":
            assert lines[line - 1][column - 1] == character


@settings(max_examples=300, deadline=None)
@given(DOCKERFILES)
def test_any_text_is_read_without_a_crash_and_with_true_places(text: str) -> None:
    dockerfile = read(text)
    graph(dockerfile, target="b", build_args={"A": "1", "B": None})
    for instruction in dockerfile.instructions:
        characters_stand_where_they_should(instruction.arguments, dockerfile.lines)
        assert instruction.span[1:3] <= instruction.span[3:]
        for heredoc in instruction.heredocs:
            characters_stand_where_they_should(heredoc.body, dockerfile.lines)
    for problem in dockerfile.problems:
        assert 1 <= problem.span.line <= max(len(dockerfile.lines), 1)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_a_crash(data: bytes) -> None:
    graph(parse(b"FROM a\nRUN " + data, "Dockerfile"))
    graph(parse(data, "Dockerfile"))


def test_an_instruction_in_all_its_parts() -> None:
    dockerfile = read(
        "FROM a\nrun --mount=type=cache,target=/x --network=none apt-get update \\\n  # why\n\n  && true  \n"
    )
    run = dockerfile.instructions[1]
    assert run.keyword == "RUN"
    assert run.flags == (("mount", "type=cache,target=/x"), ("network", "none"))
    assert run.arguments.text == "apt-get update   && true"
    assert run.exec_form is None
    assert run.heredocs == ()
    assert run.span == Span("Dockerfile", 2, 1, 5, 10)
    assert dockerfile.comments == (("why", 3),)
    assert dockerfile.problems == ()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_places_survive_tabs_and_carriage_returns(end: str) -> None:
    dockerfile = read(f"FROM a{end}\tRUN\tx \\{end}\t\t&& y{end}")
    run = dockerfile.instructions[1]
    assert dockerfile.lines == ("FROM a", "\tRUN\tx \\", "\t\t&& y")
    assert run.arguments.anchors == ((0, 2, 6), (2, 3, 1))
    assert run.span == Span("Dockerfile", 2, 2, 3, 7)


def test_heredoc_bodies_are_no_instructions() -> None:
    dockerfile = read("FROM a\nRUN <<A cat <<-'B'\nFROM b\n# no comment\nA\n\t\tC \\\n\tB\nCMD x\n")
    assert [entry.keyword for entry in dockerfile.instructions] == ["FROM", "RUN", "CMD"]
    first, second = dockerfile.instructions[1].heredocs
    assert (first.delimiter, first.expand, first.body.text) == ("A", True, "FROM b\n# no comment\n")
    assert (second.delimiter, second.expand, second.body.text) == ("B", False, "C \\\n")
    assert second.body.anchors == ((0, 6, 3),)
    assert dockerfile.instructions[1].span == Span("Dockerfile", 2, 1, 7, 3)
    assert dockerfile.comments == ()


def test_a_heredoc_keeps_its_carriage_returns() -> None:
    heredoc = read("FROM a\r\nRUN <<A\r\nx\r\nA\r\n").instructions[1].heredocs[0]
    assert heredoc.body.text == "x\r\n"


def test_onbuild_takes_heredocs() -> None:
    dockerfile = read("FROM a\nONBUILD RUN <<A\nFROM b\nA\nCMD x\n")
    assert [entry.keyword for entry in dockerfile.instructions] == ["FROM", "ONBUILD", "CMD"]
    carried = trigger(dockerfile.instructions[1], "\\")
    assert carried is not None
    assert (carried.keyword, carried.arguments.text) == ("RUN", "<<A")
    assert carried.arguments.anchors == ((0, 2, 13),)
    assert carried.heredocs[0].body.text == "FROM b\n"


def test_the_trigger_of_an_onbuild_has_flags_and_json() -> None:
    dockerfile = read('FROM a\nONBUILD copy --from=b ["a b", "c"]\n')
    carried = trigger(dockerfile.instructions[1], "\\")
    assert carried is not None
    assert (carried.keyword, carried.flags, carried.exec_form) == ("COPY", (("from", "b"),), ("a b", "c"))
    assert trigger(dockerfile.instructions[0], "\\") is None


def test_a_healthcheck_has_its_words_behind_cmd() -> None:
    dockerfile = read('FROM a\nHEALTHCHECK --interval=1s CMD ["curl", "x"]\n')
    assert dockerfile.instructions[1].exec_form == ("curl", "x")


def test_lone_surrogates_in_json_do_not_get_out() -> None:
    dockerfile = read('FROM a\nCMD ["\\ud800x"]\n')
    assert dockerfile.instructions[1].exec_form == ("\ufffdx",)


def test_a_byte_order_mark_takes_no_column() -> None:
    dockerfile = parse(b"\xef\xbb\xbfFROM a\n", "Dockerfile")
    assert dockerfile.lines == ("FROM a",)
    assert dockerfile.instructions[0].span == Span("Dockerfile", 1, 1, 1, 7)
    assert dockerfile.problems == ()


def test_bytes_that_are_not_utf8_are_replaced() -> None:
    dockerfile = parse(b"FROM a\nRUN echo caf\xe9 # \xff\n", "Dockerfile")
    assert dockerfile.instructions[1].arguments.text == "echo caf\ufffd # \ufffd"
    assert dockerfile.problems == ()


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b"FROM a\nRUN \0x\n", (2, 5), "NUL"),
        ("FROM a\n".encode("utf-16"), (1, 1), "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", (3, 1), "NUL"),
    ],
)
def test_what_is_no_text_is_one_problem(data: bytes, place: tuple[int, int], message: str) -> None:
    dockerfile = parse(data, "Dockerfile")
    assert dockerfile.instructions == ()
    (problem,) = dockerfile.problems
    assert message in problem.message
    assert (problem.span.line, problem.span.column) == place


def test_a_line_that_is_too_long_is_a_problem_and_the_rest_is_kept() -> None:
    long = "x" * 65_600
    dockerfile = read(f"FROM a\nRUN {long}\nRUN <<EOF\na\n{long}\nb\nEOF\nRUN a \\\n{long} \\\n b\nCMD x\n")
    assert [entry.keyword for entry in dockerfile.instructions] == ["FROM", "RUN", "CMD"]
    assert dockerfile.instructions[1].heredocs[0].body.text == "a\nb\n"
    assert dockerfile.instructions[1].heredocs[0].body.anchors == ((0, 4, 1), (2, 6, 1))
    assert [problem.span.line for problem in dockerfile.problems] == [2, 5, 9]
    assert "65,535 bytes" in dockerfile.problems[0].message


def test_the_longest_line_that_the_builder_takes() -> None:
    assert messages("FROM a\nRUN " + "x" * (65_535 - 4) + "\n") == []
    assert messages("FROM a\nRUN " + "x" * (65_535 - 3) + "\n") != []
    assert messages("FROM a\nRUN " + "é" * ((65_535 - 4) // 2) + "\n") == []
    assert messages("FROM a\nRUN " + "é" * ((65_535 - 4) // 2 + 1) + "\n") != []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (1, 1, "there is no FROM in this file, so there is nothing to build")),
        ("# only\n\n", (1, 1, "there is no FROM in this file, so there is nothing to build")),
        ("RUN x\n", (1, 1, "there is no FROM in this file, so there is nothing to build")),
        ("ARG a\nRUN x\nFROM a\n", (2, 1, "RUN stands before the first FROM; only ARG may")),
        ("FROM a\nRUNN x\n", (2, 1, "unknown instruction: RUNN (did you mean RUN?)")),
        ("FROM a\n  && x\n", (2, 3, "unknown instruction: &&")),
        ("FROM a\n\\\n", (2, 1, "there is no instruction on this line, only a continuation")),
        ("FROM a\nONBUILD NOPE x\n", (2, 9, "unknown instruction: NOPE")),
        ("FROM a\nONBUILD FROM b\n", (2, 9, "FROM cannot be an ONBUILD trigger")),
        ("FROM a\nONBUILD ONBUILD RUN x\n", (2, 9, "ONBUILD cannot be an ONBUILD trigger")),
        ("FROM a\nONBUILD COPY x\n", (2, 14, "COPY requires at least one source and a destination")),
        ('FROM a\nCMD ["x", 1]\n', (2, 5, "a JSON array here can hold strings only")),
        ("# escape=x\nFROM a\n", (1, 1, "invalid escape character 'x': it can be \\ or `")),
        ("# escape=`\n# escape=`\nFROM a\n", (2, 1, "only one escape directive can be used")),
        (
            "FROM a\nRUN x && \\\n  cat <<EOF\nbody\n",
            (3, 7, "the heredoc <<EOF is not terminated: no line below is exactly EOF"),
        ),
        (
            "FROM a\nRUN <<EOF\nbody\n  EOF\nCMD x\n",
            (
                2,
                5,
                "the heredoc <<EOF is not terminated: no line below is exactly EOF "
                "(line 4 has white space before or after it)",
            ),
        ),
    ],
)
def test_what_the_builder_refuses(text: str, expected: tuple[int, int, str]) -> None:
    assert messages(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nRUN <<EOF\nbody\n  EOF \nCMD x\n",
        "FROM a\nRUN <<EOF\nbody\nCMD x\n",
        "FROM a\nRUN echo $((1 << 3))\nCMD x\n",
    ],
)
def test_an_unterminated_heredoc_does_not_swallow_what_follows(text: str) -> None:
    dockerfile = read(text)
    assert [entry.keyword for entry in dockerfile.instructions] == ["FROM", "RUN", "CMD"]
    assert len(dockerfile.problems) == 1


def test_an_unknown_instruction_is_left_out_and_the_rest_kept() -> None:
    dockerfile = read("FROM a\nNOPE x\nCMD x\n")
    assert [entry.keyword for entry in dockerfile.instructions] == ["FROM", "CMD"]


def test_a_foreign_frontend_may_know_what_we_do_not() -> None:
    text = "# syntax=edrevo/dockerfile-plus\nFROM a\nINCLUDE+ b\nRUN --new=1 x\nENV a\n"
    dockerfile = read(text)
    assert [problem.message for problem in dockerfile.problems] == ["ENV must have two arguments"]
    assert [entry.what for entry in dockerfile.unknown] == ["unknown instruction: INCLUDE+", "RUN has no flag --new"]
    assert dockerfile.unknown[0].why == "edrevo/dockerfile-plus reads this file, and may know it"
    assert read(text.replace("edrevo/dockerfile-plus", "docker/dockerfile:1.7-labs")).unknown == ()


def test_problems_do_not_flood() -> None:
    assert len(read("nope x\n" * 5_000).problems) == 101
    assert len(read("FROM a\n" + "RUN <<EOF\n" * 5_000).problems) == 100


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("FROM a\nRUN x", " \\\n y"),
        ("FROM a\nRUN x \\\n", "# c\n"),
        ("FROM a\nRUN x \\\n", "\n"),
        ("FROM a\n", "RUN <<EOF\n"),
        ("FROM a\nRUN <<E ", "'a' ${b:-c} \\\n"),
        ("FROM a\nENV ", 'a="b c" \\\n'),
        ("", "x y\n"),
    ],
)
def test_work_grows_with_the_text_and_no_faster(head: str, body: str) -> None:
    data = (head + body * (500_000 // len(body))).encode()
    with within_a_minute():
        parse(data, "Dockerfile")


def test_a_blank_that_few_know_is_a_blank():
    """BuildKit trims what follows the keyword by Unicode (Go's ``strings.TrimSpace``)."""
    (copied,) = parse(b"FROM a\nCOPY \xc2\xa0--from=b /c /d\n", "Dockerfile").instructions[1:]
    assert [flag.name for flag in copied.flags] == ["from"]
