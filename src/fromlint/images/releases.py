"""Distribution releases: libc, package manager, end of life, and the Python that the distribution packages."""

from fromlint.images import store
from fromlint.model.environment import Environment, Python
from fromlint.typed import Any


def known(distro: str, release: str) -> bool:
    """Whether the data has the release (by number or codename) of the distribution."""
    return f"{distro}/{release}" in store.load("distributions.json")["keys"]


def codename(distro: str, release: str) -> str:
    """``bookworm`` for ``12``; the release itself where it has no codename or is not known."""
    row = _row(distro, release)
    return str((row or {}).get("codename") or release)


def describe(environment: Environment, distro: str, release: str, day: str) -> Environment:
    """``environment`` with what every image on this release shares, as of ``day``; unchanged where it is not known."""
    row = _row(distro, release)
    if row is None:
        return environment
    gone = row.get("lists_gone")
    return environment._replace(
        distro=row["distro"],
        family=row["family"],
        release=row["release"],
        codename=row.get("codename"),
        libc=row["libc"],
        libc_version=row.get("libc_version"),
        package_manager=row["package_manager"],
        end_of_life=row.get("end_of_life"),
        lists_gone=bool(gone and gone <= day),
        offered=_packaged(row, row.get("pip")),
    )


def system_python(distro: str, release: str) -> Python | None:
    """The distribution's own ``/usr/bin/python3`` where it is in an image without pip; None where it is not known."""
    row = _row(distro, release)
    found = _packaged(row, "") if row else ()
    return found[0] if found else None


def _packaged(row: dict[str, Any], pip: str | None) -> tuple[Python, ...]:
    if not row.get("python"):
        return ()
    return (Python(row["python"], "cpython", "/usr", pip, row["externally_managed"]),)


def _row(distro: str, release: str) -> dict[str, Any] | None:
    data = store.load("distributions.json")
    number = data["keys"].get(f"{distro}/{release}")
    return None if number is None else data["rows"][number]
