"""Differential tests against e2b-dockerfile-utils, a port of BuildKit's Dockerfile parser.

Where the port deviates from BuildKit (read in frontend/dockerfile/parser at commit 73ed6825) the comparison leaves
that out, and says so here:

- ADD and COPY: the port splits the shell form with regard to quotes, BuildKit at blanks alone
  (``parseMaybeJSONToList``). Words are compared only where there are no quotes or escapes.
- ONBUILD: the port ignores the arguments and looks for no heredocs, BuildKit does both (``parseSubCommand``,
  ``canContainHeredoc``).
- An unknown instruction ends the port's parse, an error ends BuildKit's; ours goes on. What stands before agrees.
"""

import random

import pytest
from e2b_dockerfile_utils import DockerfileSyntaxError, chomp_heredoc_content, parse_dockerfile_ast
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.dockerfile.parse import parse
from fromlint.dockerfile.words import assignments, plain
from fromlint.model.dockerfile import Dockerfile, Instruction

HAND_WRITTEN = [
    "FROM a",
    "FROM a\n",
    "from a as b\nrun x\n",
    'FrOm a\ncmd ["x", "y"]\n',
    "\n\n  FROM a\n\tRUN x\n",
    "# syntax=docker/dockerfile:1\nFROM a\n",
    "# Syntax = docker/dockerfile:1\n# ESCAPE=`\nFROM a\nRUN x `\n y\n",
    "# escape=`\n# syntax=x\nFROM a\nRUN x `\n  y \\\nRUN z\n",
    "# check=skip=all\n# escape=`\nFROM a\nRUN a `\nb\n",
    "# escape=`\n\nFROM a\nCOPY a C:\\\nRUN x\n",
    "# comment\n# escape=`\nFROM a\nRUN x \\\n y\n",
    "\n# escape=`\nFROM a\nRUN x \\\n y\n",
    "#escape=`\nFROM a\nRUN x `\n y\n",
    "# escape=x\nFROM a\n",
    "# escape=`\n# escape=`\nFROM a\n",
    "#unknown=`\n# escape=`\nFROM a\nRUN x \\\n y\n",
    "   # escape=`\nFROM a\nRUN x `\n y\n",
    "FROM a\n# escape=`\nRUN x \\\n y\n",
    "FROM a\nRUN x \\\n# c\n y \\\n\n z\n",
    "FROM a\nRUN x \\\n  # indented comment\n && y\n",
    "FROM a\nRUN x \\\n\n\n\n y\nRUN z\n",
    "FROM a\nRUN x \\\n   \n y\n",
    "FROM a\nRUN x \\",
    "FROM a\nRUN x \\\n",
    "FROM a\nRUN x \\\n# c\n",
    "FROM a\nRUN x \\\n\n\n",
    "FROM a\nRUN \\\n x\n",
    "FROM a\n\\\nRUN x\n",
    "FROM a\nR\\\nUN x\n",
    "FROM a\nRUN x\\\ny\n",
    "FROM a\nRUN x \\ \t \n y\n",
    "FROM a\nRUN x \\\\\nRUN y\n",
    "FROM a\nRUN x \\\\\\\nRUN y\n",
    "FROM a\nRUN 'x \\\n y'\n",
    "FROM a\nRUN x # not a comment \\\n y\n",
    "FROM a\r\nRUN x \\\r\n # c\r\n y\r\nCMD z\r\n",
    "FROM a\r\nRUN <<EOF\r\nx\r\nEOF\r\nCMD z\r\n",
    "\ufeffFROM a\nRUN x\n",
    "\ufeff# escape=`\nFROM a\nRUN x `\ny\n",
    "FROM a\nRUN <<EOF\nx\nFROM b\nEOF\nRUN y\n",
    "FROM a\nRUN <<EOF\nEOF\nRUN y\n",
    "FROM a\nRUN <<-EOF\n\tx\n\t\ty\n\tEOF\nRUN y\n",
    "FROM a\nRUN <<-EOF\n  x\n\t y\nEOF\nRUN y\n",
    "FROM a\nRUN <<'EOF'\n$x\nEOF\nRUN y\n",
    'FROM a\nRUN <<"EOF"\n$x\nEOF\nRUN y\n',
    'FROM a\nRUN <<E"O"F\n$x\nEOF\nRUN y\n',
    "FROM a\nRUN <<-'E F'\nx\n\tE F\nRUN y\n",
    "FROM a\nRUN <<A <<B\n1\nA\n2\nB\nRUN y\n",
    "FROM a\nRUN cat <<A > /x && cat <<B > /y\n1\nA\n2\nB\nRUN y\n",
    "FROM a\nRUN 3<<EOF cat\nx\nEOF\n",
    "FROM a\nRUN cat<<EOF\n",
    "FROM a\nRUN cat <<<EOF\n",
    "FROM a\nRUN cat << EOF\nx\nEOF\n",
    "FROM a\nRUN cat <<- EOF\nx\nEOF\n",
    "FROM a\nRUN cat <<EOF>x\nx\nEOF>x\n",
    'FROM a\nRUN cat "<<EOF"\nRUN y\n',
    "FROM a\nRUN cat '<<EOF\nRUN y\n",
    "FROM a\nRUN cat \\<<EOF\nRUN y\n",
    "FROM a\nRUN echo $((1 << 3))\nRUN y\n",
    "FROM a\nRUN echo ${x:-<<EOF}\nRUN y\n",
    "FROM a\nRUN x \\\n <<EOF\nbody \\\nEOF\nRUN y\n",
    "FROM a\nRUN <<EOF \\\n z\n# not a comment\n\nEOF\nRUN y\n",
    "FROM a\nRUN <<EOF\nx\n EOF\n",
    "FROM a\nRUN <<EOF\nx\n",
    "FROM a\nCOPY <<a <<b /dst/\n1\na\n2\nb\nRUN y\n",
    "FROM a\nCOPY <<EOF /dst\nx\nEOF\nRUN y\n",
    "FROM a\nADD <<EOF /dst\nx\nEOF\nRUN y\n",
    "FROM a\nCMD <<EOF\nRUN y\n",
    "FROM a\nENV x=<<EOF\nRUN y\n",
    'FROM a\nRUN ["cat", "<<EOF"]\nRUN y\n',
    'FROM a\nRUN ["cat", "<<EOF" \nEOF\nRUN y\n',
    "FROM a\nRUN --mount=type=cache,target=/x --network=none pip install x\n",
    "FROM a\nRUN --mount=type=bind,\\\n  target=/x pip install x\n",
    "FROM a\nRUN --mount=type=cache,target=/x \\\n    --mount=type=bind,from=b,target=/y <<EOF\nz\nEOF\n",
    "FROM a\nRUN -- --x\n",
    "FROM a\nRUN --x\n",
    'FROM a\nRUN --x="a b" c\n',
    "FROM a\nRUN --x='a b'\\ c d\n",
    "FROM a\nCOPY --from=b --chown=1:1 --link x y\n",
    "FROM --platform=$BUILDPLATFORM a AS b\n",
    'FROM a\nCOPY ["a b", "c"]\n',
    'FROM a\nCOPY [ "a" , "b" ] \nADD ["x","y"]\n',
    'FROM a\nCMD ["x", 1]\n',
    "FROM a\nCMD ['x']\n",
    'FROM a\nCMD ["x"\n',
    "FROM a\nCMD []\n",
    "FROM a\nCMD [ ]\n",
    'FROM a\nCMD ["\\u00e9\\n"]\n',
    'FROM a\nCMD ["x"] y\n',
    "FROM a\nCMD\n",
    "FROM a\nRUN\n",
    'FROM a\nSHELL ["/bin/bash", "-c"]\n',
    "FROM a\nHEALTHCHECK NONE\n",
    "FROM a\nHEALTHCHECK --interval=5m CMD curl x\n",
    'FROM a\nHEALTHCHECK CMD ["a", "b"]\n',
    'FROM a\nVOLUME /a /b\nVOLUME ["/a"]\nEXPOSE 80 443/tcp\n',
    "FROM a\nUSER a b\nWORKDIR  /a b \nSTOPSIGNAL 9\nMAINTAINER x y <z>\n",
    "FROM a\nENV a b\nENV a  b  c\nENV a=b\nENV a=b c=d\n",
    "FROM a\nENV a=\"b c\" d='e f' g=h\\ i\n",
    "FROM a\nENV a=b \\\n c=d \\\n # x\n e=f\n",
    "FROM a\nENV a\n",
    "FROM a\nENV a=b c\n",
    'FROM a\nENV "a b" c\n',
    'FROM a\nENV a="b\n',
    "FROM a\nENV a='\\' b=c\n",
    'FROM a\nLABEL a=b "c d"="e"\nLABEL x y\n',
    "ARG a\nARG b=c\nARG d e=f g\nFROM a\n",
    'ARG a="x y"\nFROM $a\n',
    "FROM a\nONBUILD RUN x\nRUN y\n",
    "FROM a\nFOO x\n",
    "FOO\n",
    "FROM a\nRUN\tx\n",
    "FROM\ta\tAS\tb\n",
    "FROM a\nRUN\x0bx\n",
    "FROM a\nRUN\xa0x\n",
    "FROM a\nRUN \xa0x\xa0\n",
    "FROM a\nRUN é 漢字 \\\n 👽\nCMD ü\n",
    "FROM a\nRUN awk '{print $1}' x <<EOF\ny\nEOF\n",
    "FROM a\nRUN echo ${x\nRUN cat <<EOF ${\nRUN y\n",
    "FROM a\nCOPY a\\ b c\n",
    "FROM a\nRUN x \\\n# c1\n# c2\n\\\n y\n",
]

HEADS = ["", "", "", "# escape=`\n", "# syntax=docker/dockerfile:1\n", "# check=error=true\n# escape=`\n", "# note\n\n"]
LINES = [
    "FROM python:3.12",
    "FROM python:3.12-slim AS build",
    "from x as Y",
    "ARG A",
    "ARG A=1 B='2 3'",
    "ENV A=1",
    "ENV A b c",
    'ENV A="x y" \\\n  B=z',
    "RUN pip install x",
    "RUN pip install \\\n  # why\n  x \\\n\n  y",
    "RUN x && \\\n y",
    "RUN x && `\n y",
    "RUN <<EOF\nfoo\nEOF",
    "RUN <<-EOF\n\tfoo\n\tEOF",
    "RUN <<'A' <<B\n1\nA\n2\nB",
    "RUN cat <<A > /x && \\\n  cat <<B\n1 \\\nA\n# 2\nB",
    "RUN <<EOF\nnever closed",
    'RUN ["a", "b"]',
    "RUN --mount=type=cache,target=/r pip install -r r.txt",
    "run --mount=type=bind,source=a,target=b \\\n  --network=none x <<X\n\n\nX",
    "COPY a b c/",
    "COPY --from=build --chown=0:0 /a /b",
    'COPY ["a b", "c"]',
    "COPY <<F1 <<F2 /d/\none\nF1\ntwo\nF2",
    "ADD https://x/y.tgz /",
    "WORKDIR /a b",
    "USER me",
    "EXPOSE 80  443",
    'VOLUME ["/v"]',
    'CMD ["x"]',
    "CMD x y",
    "ENTRYPOINT x",
    "HEALTHCHECK --interval=1s CMD x",
    'SHELL ["/bin/bash", "-c"]',
    "STOPSIGNAL 9",
    "LABEL a=b c='d e'",
    "MAINTAINER me",
    "# comment",
    "   # indented",
    "",
    "   ",
    "\\",
    "RUN ends in two \\\\",
    "NOPE x",
    "RUN 'open",
    "RUN cat <<",
    "RUN x << y",
]


def generated(seed: int) -> str:
    """A Dockerfile made of the lines above, sometimes with lines cut short, indented or ended with a CR."""
    random_ = random.Random(seed)
    text = random_.choice(HEADS) + "FROM a\n"
    for _ in range(random_.randint(1, 12)):
        line = random_.choice(LINES)
        if random_.random() < 0.1:
            line = line[: random_.randint(0, len(line))]
        if random_.random() < 0.1:
            line = random_.choice([" ", "\t", "  \t"]) + line
        text += line + random_.choice(["\n"] * 6 + ["\n\n", " \n", "\t\n"])
    if random_.random() < 0.15:
        text = text.replace("\n", "\r\n")
    return text.rstrip("\n") if random_.random() < 0.2 else text


def words(instruction: Instruction, escape: str) -> list[str]:
    """The arguments in the port's terms."""
    text = instruction.arguments.text
    keyword = instruction.keyword
    if instruction.exec_form is not None:
        head = [plain(instruction.arguments)[0].value] if keyword == "HEALTHCHECK" else []
        return [*head, *instruction.exec_form]
    if not text:
        return []
    if keyword in ("ENV", "LABEL"):
        pairs = assignments(instruction, escape)
        return [
            part
            for name, value, legacy in pairs
            for part in (name.value, value.value if value else "", "" if legacy else "=")
        ]
    if keyword == "ARG":
        pairs = assignments(instruction, escape)
        return [name.value + (f"={value.value}" if value else "") for name, value, _ in pairs]
    if keyword == "HEALTHCHECK":
        return text.split(None, 1)
    if keyword in ("FROM", "COPY", "ADD", "EXPOSE", "VOLUME"):
        return [word.value for word in plain(instruction.arguments)]
    return [text]


def lines_refused(dockerfile: Dockerfile) -> set[int]:
    """Where the instructions begin that have a problem, which itself may stand on a later line of them."""
    starts = {
        number: entry.span.line
        for entry in dockerfile.instructions
        for number in range(entry.span.line, entry.span.end_line + 1)
    }
    refused = {starts.get(problem.span.line, problem.span.line) for problem in dockerfile.problems}
    # The port counts a line with nothing but a continuation as the first of an instruction.
    for number in sorted(refused, reverse=True):
        while number > 1 and dockerfile.lines[number - 2].lstrip()[:1] in ("", "\\", "`", "#"):
            number -= 1
            refused.add(number)
    return refused


def compare(text: str) -> None:
    ours = parse(text.encode(), "Dockerfile")
    stopped = None
    try:
        ast = parse_dockerfile_ast(text)
    except DockerfileSyntaxError as error:
        stopped = error.line or 1
    instructions = ours.instructions
    if stopped is None:
        assert ours.escape == ast.escape_token
    else:
        assert stopped in lines_refused(ours)
        # Up to the line that the port stops at, both read the same.
        ast = parse_dockerfile_ast("".join(line + "\n" for line in text.split("\n")[: stopped - 1]))
        instructions = tuple(entry for entry in instructions if entry.span.line < stopped)
    assert len(instructions) == len(ast.instructions)
    for mine, theirs in zip(instructions, ast.instructions, strict=True):
        agree(ours, mine, theirs)


def agree(dockerfile: Dockerfile, mine: Instruction, theirs: object) -> None:
    assert mine.keyword == theirs.name
    assert mine.span.line == theirs.start_line
    if mine.keyword == "ONBUILD":
        return
    assert mine.span.end_line == theirs.end_line
    assert [f"--{flag.name}" + ("" if flag.value is None else f"={flag.value}") for flag in mine.flags] == theirs.flags
    assert (mine.exec_form is not None) == theirs.json
    assert theirs.original.strip().endswith(mine.arguments.text)
    quoted = mine.keyword in ("COPY", "ADD") and any(mark in mine.arguments.text for mark in "'\"\\`")
    if not quoted or theirs.json:
        assert words(mine, dockerfile.escape) == theirs.args
    assert len(mine.heredocs) == len(theirs.heredocs)
    for heredoc, other in zip(mine.heredocs, theirs.heredocs, strict=True):
        assert heredoc.delimiter == other.name
        assert heredoc.body.text == (chomp_heredoc_content(other.content) if other.chomp else other.content)
        assert heredoc.expand == other.expand
        assert heredoc.file_descriptor == other.file_descriptor


@pytest.mark.parametrize("text", HAND_WRITTEN)
def test_hand_written(text: str) -> None:
    compare(text)


@pytest.mark.parametrize("seed", range(400))
def test_generated(seed: int) -> None:
    compare(generated(seed))


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("FROMRUNCPY<EOF-'\"\\`$ {}#=\n\n\t\r[],:1aé")))
def test_nonsense_behind_a_first_line(text: str) -> None:
    compare("FROM a\nRUN x " + text)
