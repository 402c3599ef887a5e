import pytest


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("c 'a  b' \"c d\" e\\ f", "c|a  b|c d|e f"),
        ('V="gcc make"; c $V "$V" x$V', "c|gcc|make|gcc make|xgcc|make"),
        ("E=; c $E a", "c|a"),
        ('E=; c "$E" a', "c||a"),
        ("c ${N:-a b} \"${N:-a b}\" ${N-'a b'}", "c|a|b|a b|a b"),
        ("V=1.2.3; c ${V%.*} ${V%%.*} ${V#*.} ${V##*.}", "c|1.2|1|2.3|3"),
        ("V=3.12.0a1; c ${V%%[a-z]*}", "c|3.12.0"),
        ("V=aXbX; c ${V/X/-} ${V//X/-} ${V//X}", "c|a-bX|a-b-|ab"),
        ("V=abc; c ${#V} ${V:1} ${V:0:2} ${V: -1} ${V^^} ${V^}", "c|3|bc|ab|c|ABC|Abc"),
        ("V=x; c ${V:+y} ${N:+y} ${N+z}", "c|y"),
        (": ${D:=set}; c $D", "c|set"),
        ("c {a,b}{1,2} x{1..3} pre{a,{b,c}}post", "c|a1|a2|b1|b2|x1|x2|x3|preapost|prebpost|precpost"),
        ("c '{a,b}' {} {a}", "c|{a,b}|{}|{a}"),
        ("c ~ ~/x x~", "c|/root|/root/x|x~"),
        ("c $'a\\tb\\x41'", "c|a\tbA"),
        ('A=(x "y z"); c "${A[@]}" ${A[1]} ${#A[@]} $A', "c|x|y z|y|z|2|x"),
        ('A=(x); A+=(y); c "${A[@]}"', "c|x|y"),
        ("V=a; V+=b; c $V", "c|ab"),
        ('set -- a "b c"; c "$@" $# $2 "$*"', "c|a|b c|2|b|c|a b c"),
        ('set --; c "$@" "$*"', "c|"),
        ("c a\\\nb \\\n d", "c|ab|d"),
        ('c "a\\"b" "\\$x" "\\n"', 'c|a"b|$x|\\n'),
        ("c a#b # comment", "c|a#b"),
        ('c $(echo a b) "$(echo a b)" `echo d` `echo e`', "c|a|b|a b|d|e"),
        ('c é"ü"', "c|éü"),
    ],
)
def test_expansion(follow, script, expected):
    command = follow(script)[-1]
    assert all(word.known for word in command.words)
    assert [word.value for word in command.words] == expected.split("|")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("c foo==$VERSION", "c <foo==$VERSION>"),
        ('c "foo==${VERSION}"', "c <foo==${VERSION}>"),
        ('c $(cat list) "x$(cat list)"', "c <$(cat list)> <x$(cat list)>"),
        ("c ${!X} $RANDOM $((1 + 1))", "c <${!X}> <$RANDOM> <$((1 + 1))>"),
        ("read V; c $V", "c <$V>"),
        ("A=(a $N); c ${A[0]}", "c <${A[0]}>"),
        ("X=$(cat f); c ${X:-d}", "c <${X:-d}>"),
    ],
)
def test_what_is_not_known_stays_as_written(told, script, expected):
    assert told(script)[-1] == expected


def test_values_that_double_stay_small(follow):
    script = "A=aaaaaaaaaa; " + "A=$A$A; " * 60 + "c $A"
    assert len(follow(script)[-1].words[1].value) <= 200_000


def test_braces_do_not_explode(follow):
    assert len(follow("c " + "{a,b}" * 40)[-1].words) <= 1_001


def test_words_have_places(follow):
    words = follow('c a "b c"\nd {e,f}')[0].words
    assert [(word.span.line, word.span.column, word.span.end_column) for word in words] == [
        (1, 1, 2),
        (1, 3, 4),
        (1, 5, 10),
    ]
