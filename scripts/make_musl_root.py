"""Make a root folder with a real CPython on musl, where there is none yet: buildah builds tests/musl/root.Dockerfile.

Usage: python scripts/make_musl_root.py

It goes to ~/.cache/fromlint-musl/root. Nothing is made where that is ready, or where FROMLINT_MUSL_ROOT names another.
Root on Debian; Debian's archive only.
"""

import shutil
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path[:0] = [str(TESTS / "builds"), str(TESTS / "musl")]

import musl_root  # noqa: E402
import real_builds  # noqa: E402


def main() -> None:
    """Make the root, finished or not at all, with this machine's certificates and names of hosts."""
    if musl_root.ready():
        return
    why = real_builds.lacking()
    if why is not None:
        sys.exit(why)
    target = musl_root.root()
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    real_builds.extracted((TESTS / "musl" / "root.Dockerfile").read_text(), unfinished)
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", unfinished / "etc/ssl/cert.pem")
    for name in ("resolv.conf", "hosts"):
        shutil.copy(f"/etc/{name}", unfinished / "etc" / name)
    unfinished.rename(target)


if __name__ == "__main__":
    main()
