"""The order of candidates, on hand-made ones."""

from fromlint.model.environment import Environment
from fromlint.model.project import Alternative, OnPlatform
from fromlint.project.comparison import ordered

AS_OF = "2026-11-22"


def alternative(image, weight, *, failing=(), compiled=(), unknown=(), in_use=False, until="2030-01-01", known=True):
    variant = "slim" if "slim" in image else "alpine" if "alpine" in image else "full"
    environment = Environment(known, None, image, variant=variant, end_of_life=until)
    there = OnPlatform(environment, (), failing, compiled, unknown, (), (), None)
    return Alternative(
        image, environment, 9, compiled, failing, len(unknown), (), (), (there,), in_use=in_use, weight=weight
    )


def best(*alternatives):
    return ordered(alternatives, AS_OF)[0].image


def test_what_installs_everything_beats_what_compiles_less_and_is_smaller():
    assert best(alternative("alpine", 18, failing=("torch",)), alternative("full", 400, compiled=("a", "b"))) == "full"


def test_fewer_compiled_beat_smaller_and_what_is_unknown_counts_as_compiled():
    assert best(alternative("alpine", 18, compiled=("a",)), alternative("slim", 43)) == "slim"
    assert best(alternative("alpine", 18, unknown=("a",)), alternative("slim", 43)) == "slim"


def test_the_smaller_one_is_taken_where_all_else_is_equal():
    assert best(alternative("slim", 43), alternative("alpine", 18), alternative("full", 400)) == "alpine"


def test_a_tie_in_size_goes_to_slim_and_then_to_the_base_in_use():
    assert best(alternative("alpine", 500), alternative("slim", 525)) == "slim"
    assert best(alternative("slim-trixie", 43), alternative("slim-bookworm", 45, in_use=True)) == "slim-bookworm"
    assert best(alternative("alpine", 500, in_use=True), alternative("slim", 525)) == "slim"


def test_a_release_without_fixes_comes_after_those_that_install_as_much():
    old = alternative("alpine3.20", 18, until="2026-04-01")
    assert best(old, alternative("full", 400, compiled=("a",))) == "full"
    assert best(old, alternative("slim", 43, failing=("a",))) == "alpine3.20"


def test_of_the_base_in_use_nobody_says_that_it_is_too_large_without_knowing_its_size():
    assert best(alternative("debian", None, in_use=True), alternative("alpine", 18)) == "debian"
    assert best(alternative("debian", None), alternative("alpine", 18)) == "alpine"


def test_an_unknown_image_comes_last():
    assert ordered([alternative("own", None, known=False, in_use=True), alternative("full", 400)], AS_OF)[1].image == (
        "own"
    )


def test_what_the_dockerfile_installs_besides_stays_with_its_package_manager():
    foreign = alternative("alpine", 18)._replace(rewritten=True)
    assert best(foreign, alternative("slim", 43), alternative("full", 400)) == "slim"
    assert best(foreign, alternative("slim", 43, compiled=("a",))) == "alpine"
