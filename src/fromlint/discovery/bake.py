"""Builds that bake files declare (``docker-bake.hcl``, ``docker-bake.json``).

After the Bake file reference. Override files are left alone. Paths are relative to where ``docker buildx bake`` is run:
that is taken to be the file's own folder, or the repository's root where only there is the Dockerfile.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from itertools import islice, product

from fromlint.discovery import hcl
from fromlint.discovery.documents import LARGEST, Unreadable
from fromlint.discovery.hcl import UNKNOWN, Block, Expression, Items, Pairs, Template, Unknown, Value
from fromlint.discovery.specs import BuildSpec, is_remote, local, named_contexts
from fromlint.regex import regex
from fromlint.witness import looked_for

FILES = regex(r"docker-bake(?:[.-](?!override)[\w.-]+)?\.(?:hcl|json)", re.I)
OTHER_FILES = regex(
    r"(?![.])(?!.*(?:override|\.pkr\.hcl))[\w.-]+\.hcl|(?:[\w.-]+[.-])?bake(?:[.-](?!override)[\w.-]+)?\.json", re.I
)
"""What ``bake -f`` may be given, if it has a target: HCL is others' language, too."""
_MOST_COMBINATIONS = 64
_DEEPEST = 20
_FIELDS = ("context", "contexts", "dockerfile", "dockerfile-inline", "args", "target", "platforms", "tags")


def builds(data: bytes, path: str, root: str | None = None) -> Iterator[BuildSpec]:
    """The builds of all targets in a bake file; ``root`` is the repository's. Raises Unreadable."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("it is not UTF-8 text") from None
    blocks = _from_json(text) if path.lower().endswith(".json") else hcl.read(text)
    variables = {
        block.labels[0]: hcl.value(block.attributes["default"], _nothing)
        for block in blocks
        if block.kind == "variable" and block.labels and "default" in block.attributes
    }
    targets = {block.labels[0]: block for block in blocks if block.kind == "target" and block.labels}
    done: dict[str, dict[str, Expression]] = {}
    for name in _built(blocks, targets):
        attributes = _merged(name, targets, done)
        for values in _combinations(targets[name], variables):
            spec = _spec(name, attributes, targets, values, path, os.path.dirname(os.path.abspath(path)))
            if spec is not None and root is not None and not os.path.isfile(looked_for(spec.dockerfile)):
                from_root = _spec(name, attributes, targets, values, path, root)
                if from_root is not None and os.path.isfile(looked_for(from_root.dockerfile)):
                    spec = from_root
            if spec is not None:
                yield spec


def _from_json(text: str) -> tuple[Block, ...]:
    """The blocks of a JSON bake file: by kind, then label, then attribute."""
    if len(text) > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST // 1_048_576} MiB")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    blocks: list[Block] = []
    for kind, labelled in document.items() if isinstance(document, dict) else ():
        for label, attributes in labelled.items() if isinstance(labelled, dict) else ():
            if isinstance(attributes, dict):
                found = {name: _expression(value, 0) for name, value in attributes.items()}
                line = text.count("\n", 0, max(text.find(f'"{label}"'), 0)) + 1
                blocks.append(Block(kind, (label,), found, line))
    return tuple(blocks)


def _expression(value: object, depth: int) -> Expression:
    if value is None:
        return None
    if isinstance(value, bool):
        return Template((str(value).lower(),))
    if isinstance(value, str):
        return hcl.template(value)
    if isinstance(value, int | float):
        return Template((f"{value:g}" if isinstance(value, float) else hex(value) if value > 10**18 else str(value),))
    if depth < _DEEPEST and isinstance(value, list):
        return Items(tuple(_expression(each, depth + 1) for each in value))
    if depth < _DEEPEST and isinstance(value, dict):
        return Pairs(tuple((name, _expression(each, depth + 1)) for name, each in value.items()))
    return UNKNOWN


def _nothing(_: tuple[str, ...]) -> Value:
    return UNKNOWN


def _built(blocks: tuple[Block, ...], targets: Mapping[str, Block]) -> list[str]:
    """The targets that are there to be built: not those that only others inherit."""
    grouped = {name for block in blocks if block.kind == "group" for name in _names(block, "targets")}
    inherited = {name for block in targets.values() for name in _names(block, "inherits")}
    return [
        name
        for name in targets
        if name in grouped or (name not in inherited and not name.startswith("_")) or name == "default"
    ]


def _names(block: Block, attribute: str) -> list[str]:
    found = hcl.value(block.attributes.get(attribute), _nothing)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _combinations(target: Block, variables: Mapping[str, Value]) -> Iterator[Mapping[str, Value]]:
    """The variables for each combination of a target's matrix; once, where it has none."""
    matrix = hcl.value(target.attributes.get("matrix"), lambda path: _look(path, variables))
    if not isinstance(matrix, dict):
        yield variables
        return
    axes = [[(name, each) for each in values] for name, values in matrix.items() if isinstance(values, list)]
    for pairs in islice(product(*axes), _MOST_COMBINATIONS):
        yield {**variables, **dict(pairs)}


def _look(path: tuple[str, ...], values: Mapping[str, Value]) -> Value:
    found: Value = values.get(path[0], UNKNOWN)
    for name in path[1:]:
        found = found.get(name, UNKNOWN) if isinstance(found, dict) else UNKNOWN
    return found


def _merged(
    name: str, targets: Mapping[str, Block], done: dict[str, dict[str, Expression]], depth: int = 0
) -> dict[str, Expression]:
    """A target's attributes with those that it inherits: the later parent wins, and the target itself over all.

    ``done`` holds what is worked out already; a target that inherits itself finds itself there, empty.
    """
    block = targets.get(name)
    if block is None or depth > _DEEPEST:
        return {}
    if name not in done:
        done[name] = {}
        merged: dict[str, Expression] = {}
        for parent in _names(block, "inherits"):
            _add(merged, _merged(parent, targets, done, depth + 1))
        _add(merged, block.attributes)
        done[name] = merged
    return done[name]


def _add(merged: dict[str, Expression], own: Mapping[str, Expression]) -> None:
    for name in _FIELDS:
        if name not in own:
            continue
        new, old = own[name], merged.get(name)
        merged[name] = Pairs((*old.values, *new.values)) if isinstance(old, Pairs) and isinstance(new, Pairs) else new


def _spec(
    name: str,
    attributes: Mapping[str, Expression],
    targets: Mapping[str, Block],
    values: Mapping[str, Value],
    path: str,
    base: str,
) -> BuildSpec | None:
    def known(attribute: str, default: Value) -> Value:
        if attribute not in attributes:
            return default
        return hcl.value(attributes[attribute], lambda path: _follow(path, values, targets, 0))

    if attributes.get("dockerfile-inline") is not None:
        return None
    context, dockerfile, target = known("context", "."), known("dockerfile", "Dockerfile"), known("target", None)
    folder = local(base, context) if isinstance(context, str) and not is_remote(context) else None
    if not isinstance(dockerfile, str) or (folder is None and not os.path.isabs(dockerfile)):
        return None
    platforms, tags = known("platforms", []), known("tags", [])
    return BuildSpec(
        file=path,
        line=targets[name].line,
        kind="bake",
        name=name,
        context=folder,
        dockerfile=local(folder or base, dockerfile),
        target=target if isinstance(target, str) else None,
        args=_texts(known("args", {})),
        platforms=tuple(each for each in platforms if isinstance(each, str)) if isinstance(platforms, list) else (),
        contexts=named_contexts(base, {key: each for key, each in _texts(known("contexts", {})).items() if each}),
        unknown="its target is not known" if isinstance(target, Unknown) else None,
        tags=tuple(each for each in tags if isinstance(each, str)) if isinstance(tags, list) else (),
    )


def _texts(value: Value) -> dict[str, str | None]:
    """The strings of an object, None for those that are not known."""
    if not isinstance(value, dict):
        return {}
    return {key: each if isinstance(each, str) else None for key, each in value.items()}


def _follow(path: tuple[str, ...], values: Mapping[str, Value], targets: Mapping[str, Block], depth: int) -> Value:
    """The value of a reference: a variable's default, or another target's attribute."""
    if path[0] != "target" or len(path) < 3:
        return _look(path, values)
    block = targets.get(path[1])
    if block is None or depth > 5:
        return UNKNOWN
    found = hcl.value(block.attributes.get(path[2]), lambda path: _follow(path, values, targets, depth + 1))
    return _look(path[2:], {path[2]: found})
