import pytest
from e2b_dockerfile_utils import ShellLex
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.dockerfile.expand import LONGEST, expand, split

VARIABLES = {"A": "one", "EMPTY": "", "PATH": "/usr/bin:/bin", "FILE": "a.tar.gz", "V": "3.12.1"}
VARIABLES |= {"STAR": "x*y", "é": "ü"}


def expanded(text: str, **options: object) -> tuple[str, tuple[str, ...], str | None]:
    return tuple(expand(text, VARIABLES.get, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain", "plain"),
        ("$A", "one"),
        ("${A}b", "oneb"),
        ("$Ab", ""),
        ("$A.b", "one.b"),
        ("${A:-x}", "one"),
        ("${EMPTY:-x}", "x"),
        ("${EMPTY-x}", ""),
        ("${NONE-x}", "x"),
        ("${NONE:-${A:+y}}", "y"),
        ("${A:+x}${EMPTY:+y}${EMPTY+z}${NONE+w}", "xz"),
        ("${A?no}${A:?no}${EMPTY?no}", "oneone"),
        ("${FILE%.*}", "a.tar"),
        ("${FILE%%.*}", "a"),
        ("${FILE#*.}", "tar.gz"),
        ("${FILE##*.}", "gz"),
        ("${V%.*}", "3.12"),
        ("${V%%.*}", "3"),
        ("${PATH/bin/x}", "/usr/x:/bin"),
        ("${PATH//bin/x}", "/usr/x:/x"),
        ("${PATH//\\//_}", "_usr_bin:_bin"),
        ("${PATH/bin/}", "/usr/:/bin"),
        ("${STAR#x\\*}", "y"),
        ("${STAR#x?}", "y"),
        ("'$A'", "$A"),
        ('"$A  b"', "one  b"),
        ('"\\$A \\" \\x"', '$A " \\x'),
        ("\\$A\\ b", "$A b"),
        ("it\\'s", "it's"),
        ("a\\", "a"),
        ("$", "$"),
        ("$.", "$."),
        ("$é", "ü"),
        ("$1x $? $$", "x  "),
        ("${A:-'}'}", "one"),
        ("<<EOF", "<<EOF"),
    ],
)
def test_expansion(text: str, result: str) -> None:
    assert expanded(text)[0] == result


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("'a", "a single quote is not closed"),
        ('"a', "a double quote is not closed"),
        ("${A", "a '}' is missing in ${…}"),
        ("${", "bad substitution: ${ wants a name"),
        ("${}", "bad substitution: ${ wants a name"),
        ("${A:=b}", "unsupported modifier := in ${A…}"),
        ("${A:#b}", "unsupported modifier :# in ${A…}"),
        ("${A^^}", "unsupported modifier ^ in ${A…}"),
        ("${NONE?}", "NONE: is not allowed to be unset"),
        ("${EMPTY:?}", "EMPTY: is not allowed to be empty"),
        ("${NONE:?give $A}", "NONE: give one"),
        ("${A/x}", "a '/' is missing in ${…}"),
        ("${A/x/y", "a '}' is missing in ${…}"),
        ("${A#\\x}", "invalid escape \\x in pattern '\\\\x'"),
    ],
)
def test_what_is_refused(text: str, error: str) -> None:
    assert expanded(text) == (text, (), error)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("$NONE ${OTHER} $NONE", ("NONE", "OTHER")),
        ("${NONE%x}${OTHER/a/b}", ("NONE", "OTHER")),
        ("${NONE:-x}", ()),
        ("${NONE:+x}", ()),
        ("${NONE:-$OTHER}", ("OTHER",)),
        ("${A:-$OTHER}", ()),
        ("${NONE:+$OTHER}", ()),
        ("${A:+$OTHER}", ("OTHER",)),
        ("'$NONE' \\$NONE", ()),
    ],
)
def test_missing_is_what_has_no_value_and_counts(text: str, missing: tuple[str, ...]) -> None:
    assert expanded(text)[1] == missing


def test_a_value_that_is_not_known_has_no_default() -> None:
    unknown = {"X"}.__contains__
    assert expanded("${X:-d}-$A", unknown=unknown, keep_missing=True) == ("${X:-d}-one", ("X",), None)
    assert expanded("a${X:+b}c$X", unknown=unknown) == ("ac", ("X",), None)


def test_what_is_missing_can_stay() -> None:
    assert expanded("$NONE/${NONE}/${NONE%x}", keep_missing=True)[0] == "$NONE/${NONE}/${NONE%x}"


def test_quotes_and_escapes_can_stay() -> None:
    assert expanded("\"$A\" '$A'", keep_quotes=True)[0] == "\"one\" '$A'"
    assert expanded('a\\ "b\\""', keep_quotes=True, keep_escapes=True)[0] == 'a\\ "b\\""'
    assert expanded('it\'s "$A"', quotes=False)[0] == 'it\'s "one"'


def test_another_escape_character() -> None:
    assert expanded("C:\\x`$A $A", escape="`")[0] == "C:\\x$A one"


def test_depth_and_length_are_bounded() -> None:
    deep = "${NONE:-" * 10_000 + "}" * 10_000
    assert expanded(deep) == (deep, (), "variables are nested more than 50 deep")
    assert expanded("${NONE:-" * 40 + "x" + "}" * 40)[0] == "x"
    long = expand("$X$X", {"X": "x" * (LONGEST - 1)}.get)
    assert long.error == "the expansion is too long"
    many = expand("${X//x/" + "y" * 100 + "}", {"X": "x" * 4_000}.get)
    assert many.error == "the expansion is too long"


def test_words() -> None:
    assert split("a 'b c' d\\ e \"f\"") == ("a", "b c", "d e", "f")
    assert split("a 'b c' d\\ e", keep_quotes=True, keep_escapes=True) == ("a", "'b c'", "d\\ e")
    assert split("cat << EOF $x ${y:-a b}") == ("cat", "<< EOF", "$x", "${y:-a", "b}")
    assert split("'open") is None


TEXTS = st.text(st.sampled_from("ab$${}{}:-+?#%/*\\'\"< AVé`.|"), max_size=25)
VALUES = st.dictionaries(st.sampled_from(["a", "b", "A", "V", "ab"]), st.text(st.sampled_from("ab*/."), max_size=6))


@settings(max_examples=800, deadline=None)
@given(TEXTS, VALUES)
def test_agrees_with_the_port_of_buildkits_lexer(text: str, variables: dict[str, str]) -> None:
    # The port asks Python's regular expressions for "?" and "*": what they do at line ends is not compared.
    try:
        theirs = ShellLex("\\", env=variables, skip_unset_env=False).process_word(text)
    except (ValueError, TypeError):
        theirs = None
    ours = expand(text, variables.get)
    assert (None if ours.error else ours.text) == theirs


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab <-EOF'\"\\ \t$x"), max_size=25))
def test_words_agree_with_the_port(text: str) -> None:
    try:
        theirs = ShellLex("\\", raw_quotes=True, raw_escapes=True).process_words(text)
    except ValueError:
        theirs = None
    ours = split(text, keep_quotes=True, keep_escapes=True)
    assert (None if ours is None else list(ours)) == theirs
