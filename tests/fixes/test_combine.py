from fromlint.fixes.combine import attempt, chosen
from fromlint.model.finding import Edit, Finding, Fix, Severity
from fromlint.model.place import Span


def fix(title, *places, safe=True, file="Dockerfile"):
    return Fix(title, safe, tuple(Edit(Span(file, line, start, line, end), title) for line, start, end in places))


def finding(*fixes):
    return Finding("FL201", "rule", Severity.ERROR, "x", Span("Dockerfile", 1, 1, 1, 2), fixes=fixes)


def titles(*findings, unsafe=False, files=("Dockerfile", "/etc/x"), without=()):
    return [each.title for each in chosen(findings, unsafe=unsafe, files=files, without=without)]


def test_what_two_findings_offer_alike_is_made_once():
    same = fix("same", (1, 5, 5))
    assert titles(finding(same), finding(same), finding(fix("other", (2, 1, 1)))) == ["same", "other"]


def test_what_overlaps_waits_for_the_next_round():
    assert titles(finding(fix("a", (1, 1, 9))), finding(fix("b", (1, 5, 6))), finding(fix("c", (1, 9, 12)))) == [
        "a",
        "c",
    ]
    assert titles(finding(fix("a", (1, 5, 5))), finding(fix("b", (1, 5, 5)))) == ["a"]
    two = fix("two", (4, 1, 1), (1, 2, 3))
    assert titles(finding(fix("a", (1, 1, 9))), finding(two), finding(fix("b", (4, 1, 1)))) == ["a", "b"]


def test_unsafe_fixes_are_made_where_asked_for_and_before_the_others():
    both = finding(fix("twin", (1, 1, 2), safe=False), fix("tools", (2, 1, 1)))
    assert titles(both, finding(fix("name", (9, 1, 2)))) == ["tools", "name"]
    assert titles(both, finding(fix("name", (9, 1, 2))), unsafe=True) == ["twin"]


def test_files_that_may_not_change_do_not():
    elsewhere = fix("twin", (1, 1, 2), file="/etc/x")
    assert titles(finding(elsewhere, fix("here", (2, 1, 1))), files=("Dockerfile",)) == ["here"]


def test_what_was_made_in_vain_is_not_made_again():
    mine = finding(fix("a", (1, 1, 2)), fix("b", (2, 1, 2)))
    assert titles(mine, without={attempt(mine, mine.fixes[0])}) == ["b"]
