"""A bake file in HCL and in JSON."""

from contextlib import suppress

from fromlint.discovery.bake import builds
from fromlint.discovery.documents import Unreadable

WORDS = tuple(
    word.encode()
    for word in (
        'target "a" {\n', 'group "default" {\n', 'variable "X" {\n', 'function "f" {\n', "}\n", "default = ", "targets = [", "inherits = [", "context = ",
        "dockerfile = ", "args = {", "platforms = [", "matrix = {", "name = ", "contexts = {", "${X}", "${", "%{ if X }", "<<EOF\n", "<<-EOF\n", "EOF\n",
        "target.a.context", "[0]", "[*]", "X == 1 ? 2 : 3", "f(X)", "for x in y : x", "null", "true", "#", "//", "/*", "*/", '"', ",", "=", "(", ")", "[", "]",
        '{"target": {"a": {', '"args": {', "}}}", "\\u", "1e999", "&&", "!", "-",
    )
)  # fmt: skip
SHARE = 1.5


def read(data: bytes) -> None:
    for path in ("/p/docker-bake.hcl", "/p/docker-bake.json"):
        with suppress(Unreadable):
            list(builds(data, path))
