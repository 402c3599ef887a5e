"""What of a lock a command installs, said in one way for all tools."""

from __future__ import annotations

from fromlint.named_tuple import NamedTuple


class Selection(NamedTuple):
    """``project``: the project's own dependencies count (and not only those of groups). Names are normalised.

    ``groups`` are asked for; ``default_groups`` are taken where nothing is asked for; ``without_groups`` are left out
    in any case. ``all_groups`` takes every group, ``all_extras`` every extra that there is.
    ``members``: the workspace's packages to start from, () for the one that the command stands in (``directory`` is
    its path from the lock, ``.`` for the root); ``all_members`` takes all of them. ``install_project`` and
    ``install_workspace``: they themselves are installed too. ``without`` are packages that are left out.
    """

    project: bool = True
    groups: tuple[str, ...] = ()
    default_groups: tuple[str, ...] = ()
    without_groups: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    without_extras: tuple[str, ...] = ()
    all_groups: bool = False
    all_extras: bool = False
    members: tuple[str, ...] = ()
    all_members: bool = False
    directory: str = "."
    install_project: bool = True
    install_workspace: bool = True
    without: tuple[str, ...] = ()

    def extras_of(self, provided: tuple[str, ...]) -> tuple[str, ...]:
        """The extras that are installed, of those that there are."""
        wanted = provided if self.all_extras else tuple(extra for extra in provided if extra in self.extras)
        return tuple(extra for extra in wanted if extra not in self.without_extras)

    def groups_of(self, provided: tuple[str, ...]) -> tuple[str, ...]:
        """The groups that are installed, of those that there are."""
        asked = {*self.groups, *self.default_groups}
        wanted = provided if self.all_groups else tuple(group for group in provided if group in asked)
        return tuple(group for group in wanted if group not in self.without_groups)
