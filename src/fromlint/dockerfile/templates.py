"""Files with a Dockerfile's name that become one only once a generator has filled them in."""

from __future__ import annotations

from fromlint.dockerfile.parse import UNKNOWN_INSTRUCTION
from fromlint.model.dockerfile import Dockerfile
from fromlint.model.place import Span, Unknown

# Jinja and cookiecutter, Go's text/template and Mustache, ERB.
_OPENED = ("{{", "{%", "{#", "<%")


def unrendered(dockerfile: Dockerfile) -> Unknown | None:
    """Why nothing can be said of a Dockerfile that is a template; None of one that is none.

    It is one where a generator's statement stands in place of an instruction, or is part of FROM's image, or of the
    path.
    In the words of a RUN the same signs mean nothing (``docker inspect --format '{{…}}'``).
    """
    spans = [
        instruction.span
        for instruction in dockerfile.instructions
        if instruction.keyword == "FROM" and any(sign in instruction.arguments.text for sign in _OPENED)
    ]
    statements = tuple(f"{UNKNOWN_INSTRUCTION}: {sign}" for sign in _OPENED)
    if any(sign in dockerfile.path for sign in _OPENED):
        # cookiecutter and copier name folders so: what lies beside it is a template, too.
        spans.append(Span(dockerfile.path, 1, 1, 1, 2))
    spans += [problem.span for problem in dockerfile.problems if problem.message.startswith(statements)]
    if not spans:
        return None
    why = "it is a template, to be checked once its generator has filled it in"
    return Unknown("this Dockerfile", why, min(spans))
