"""A .dockerignore and a .gitignore: the patterns, and the paths that they are put to."""

from fromlint.discovery.ignorefiles import DockerIgnore, ignored, read_gitignore

WORDS = (
    b"*",
    b"**",
    b"/",
    b"!",
    b"?",
    b"[a-z]",
    b"[^a]",
    b"[",
    b"]",
    b"\\",
    b"#",
    b"\n",
    b"..",
    b".",
    b"**/",
    b"/**",
    b"a/b",
    b" ",
    b"[!a]",
    b"{a,b}",
)
_PATHS = ("a", "a/b", "a/b/c.txt", ".git/x", "a" * 200, "a/" * 40 + "b", "é")


def read(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    docker, git = DockerIgnore(text), read_gitignore(text, "/r")
    for path in _PATHS:
        docker.excludes(path)
        ignored(f"/r/{path}", False, [git])
