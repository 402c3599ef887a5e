"""Builds that GitHub workflows declare: steps that use docker/build-push-action.

Paths are relative to the repository's root; ``file`` is not relative to ``context``. Of expressions, those of the
matrix are followed; any other is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice, product

from fromlint.discovery.documents import Node, read_yaml
from fromlint.discovery.specs import BuildSpec, image_names, is_remote, key_values, local, named_contexts
from fromlint.regex import regex

_EXPRESSION = regex(r"\$\{\{\s*(.*?)\s*\}\}", re.DOTALL)
_MOST_COMBINATIONS = 64


def builds(data: bytes, path: str, root: str) -> Iterator[BuildSpec]:
    """The builds of a workflow in the repository at ``root``. Raises Unreadable."""
    document = read_yaml(data)
    jobs = document.get("jobs") if document is not None else None
    for name, job in jobs.mapping() if jobs is not None else ():
        steps = job.get("steps")
        for step in steps.items or () if steps is not None else ():
            uses = step.string("uses") or ""
            if not uses.startswith("docker/build-push-action@"):
                continue
            found: dict[tuple[str, str | None, str | None], BuildSpec] = {}
            for matrix in _matrices(job):
                spec = _build(name, step, matrix, path, root)
                if spec is not None:
                    found.setdefault((spec.dockerfile, spec.context, spec.target), spec)
            yield from found.values()


def _matrices(job: Node) -> list[dict[str, str]]:
    """The combinations of a job's matrix, one without variables where it has none."""
    strategy = job.get("strategy")
    matrix = strategy.get("matrix") if strategy is not None else None
    if matrix is None or matrix.pairs is None:
        return [{}]
    axes = [
        [(name, text) for text in value.strings()]
        for name, value in matrix.mapping()
        if name not in ("include", "exclude") and value.items is not None
    ]
    combinations = [dict(pairs) for pairs in islice(product(*axes), _MOST_COMBINATIONS)] if any(axes) else []
    include = matrix.get("include")
    for entry in (include.items or [])[:_MOST_COMBINATIONS] if include is not None else []:
        own = {name: value.text for name, value in entry.mapping() if value.text is not None}
        fitting = [each for each in combinations if all(own.get(name, text) == text for name, text in each.items())]
        for each in fitting if any(axes) else []:
            each.update(own)
        if not fitting or not any(axes):
            combinations.append(own)
    return combinations or [{}]


def _build(name: str, step: Node, matrix: Mapping[str, str], path: str, root: str) -> BuildSpec | None:
    def value(text: str | None) -> str | None:
        return None if text is None else _expanded(text, matrix)

    options = step.get("with") or Node(step.line)
    written = options.string("context")
    context: str | None = "."
    if written is not None:
        context = value(written.replace("{{defaultContext}}:", "").replace("{{defaultContext}}", "."))
    file = options.string("file")
    named = value(file)
    if (file is not None and named is None) or (file is None and (context is None or is_remote(context))):
        return None
    folder = None if context is None or is_remote(context) else local(root, context)
    target = options.string("target")
    lines = (options.string("build-args") or "").splitlines()
    pairs = [key_values(line) for line in lines if line.strip()]
    contexts = [key_values(line) for line in (options.string("build-contexts") or "").splitlines() if line.strip()]
    platforms = value(options.string("platforms")) or ""
    return BuildSpec(
        file=path,
        line=step.line,
        kind="workflow",
        name=name,
        context=folder,
        dockerfile=local(root, named) if named is not None else local(folder or root, "Dockerfile"),
        target=value(target),
        args={key: value(text) for key, text in pairs},
        platforms=tuple(part.strip() for part in re.split(r"[,\n]", platforms) if part.strip()),
        contexts=named_contexts(root, {key: known for key, text in contexts if (known := value(text)) is not None}),
        unknown=f"its target {target} is not known" if target and value(target) is None else None,
        tags=image_names(re.split(r"[,\n]", options.string("tags") or ""), value),
    )


def _expanded(text: str, matrix: Mapping[str, str]) -> str | None:
    """``text`` with expressions replaced, None where one is not known."""
    unknown = False

    def value(match: re.Match[str]) -> str:
        nonlocal unknown
        expression = match[1]
        if expression == "github.workspace":
            return "."
        found = matrix.get(expression.removeprefix("matrix.")) if expression.startswith("matrix.") else None
        unknown = unknown or found is None
        return found or ""

    replaced = _EXPRESSION.sub(value, text)
    return None if unknown else replaced
