from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fromlint.model.build import (
    CommandUsed,
    DirectoryChanged,
    FilesCopied,
    ListsUpdated,
    PackagesAdded,
    UserChanged,
    VariableSet,
)


def test_what_a_child_stage_has(events, walked):
    text = 'FROM x AS a\nARG A=1\nENV E=2\nWORKDIR /w\nUSER u\nSHELL ["/bin/bash", "-ec"]\nFROM a\nENV X=$A$E\nRUN b; c'
    done, left = walked(text)
    assert [step.event.value for step in done[1] if isinstance(step.event, VariableSet)] == ["12"]
    assert (left.directory, left.user, left.shell) == ("/w", "u", ("/bin/bash", "-ec"))
    assert [event.guarded for event in events(text, CommandUsed)] == [False, False]


def test_folders_and_users(events):
    found = events(
        "WORKDIR /a\nWORKDIR b/../c\nARG N\nWORKDIR $N\nWORKDIR d\nUSER app:x", (DirectoryChanged, UserChanged)
    )
    assert [event[0] for event in found] == ["/a", "/a/c", None, None, "app:x"]


def test_order_and_instruction_numbers(walked):
    done, _ = walked("FROM x\nENV A=1\nRUN apt-get update && apt-get install -y a\nCOPY . .")
    assert [(step.instruction, type(step.event)) for step in done[0]] == [
        (0, VariableSet),
        (1, CommandUsed),
        (1, ListsUpdated),
        (1, CommandUsed),
        (1, PackagesAdded),
        (2, FilesCopied),
    ]


LINES = st.sampled_from(
    """\
ENV A=$A$B ${A:-x}
ARG B
COPY <<a <<b $A
COPY --from=$B
WORKDIR $A
USER $B
SHELL []
SHELL ["bash"]
RUN --mount=type=$A,target= x
CMD ["
HEALTHCHECK CMD
ENTRYPOINT
ADD a
RUN . && cp && mv x && tee && sed -i && curl -o && wget && rm && ln -s && find
RUN apt-get && apk && dnf -x
RUN curl | sh; xargs; sudo; apt-mark manual; scanelf; pip; . bin/activate
FROM 0
ONBUILD RUN a""".splitlines()
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES | st.text(max_size=40), max_size=12))
def test_any_file_is_walked(walked, lines):
    walked("FROM x\n" + "\n".join(lines).encode("utf-8", "replace").decode())
