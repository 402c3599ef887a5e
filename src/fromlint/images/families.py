"""The rules by which the tags of an image family are read, and what they say.

A family file has ``rules``, of which the first that fits the tag (``match``, and ``name`` where the repository's name
matters) speaks. A rule either names a distribution and release, or another image that this one is ``like``, to which
it adds. In its texts ``{group}`` is a group of the match and ``{group-}`` the same with a dash behind it where there
is one. ``{move}`` is a *move*: a value over time from the file's ``moves``, or one such for each value of a group
(``by``). ``{group|move}`` and ``{move|move}`` take the second where the first is empty; an answer for which a table
by version had no entry is marked as inferred.
"""

import re
from collections.abc import Callable, Mapping

from fromlint.images import contents, releases, store
from fromlint.model.environment import Environment, Python
from fromlint.regex import regex
from fromlint.typed import Any

Resolve = Callable[[str, str], Environment]
"""``(reference text, ISO day)`` to its Environment: how a rule looks up what its image is like."""

_PLACE = regex(r"\{(\w+)(-?)(?:\|(\w+))?\}")


def resolve(family: str, repository: str, tag: str, blank: Environment, day: str, look_up: Resolve) -> Environment:
    """``blank`` with what the family's first fitting rule says of ``repository:tag`` as of ``day``.

    An image without a fitting rule is unknown. ``blank`` has the image's text and platform.
    """
    data = store.load(f"families/{family}.json")
    for rule in data["rules"]:
        groups = _fits(rule, repository, tag)
        if groups is not None:
            application = _Application(data, rule, groups, day)
            never = rule.get("status") == "never"
            return application.near(repository, blank, look_up) if never else application.to(blank, look_up)
    return blank._replace(
        known=False, unknown=f"the tag {tag} of {repository} is not in the data", tag_status="unknown"
    )


def _fits(rule: Mapping[str, Any], repository: str, tag: str) -> dict[str, str] | None:
    groups: dict[str, str] = {}
    for key, text in (("name", repository), ("match", tag)):
        if key in rule:
            match = re.fullmatch(rule[key], text)
            if match is None:
                return None
            groups |= {name: value or "" for name, value in match.groupdict().items()}
    return groups


class _Application:
    """One rule that fits, with the groups of its match, on a day."""

    def __init__(self, data: Mapping[str, Any], rule: Mapping[str, Any], groups: dict[str, str], day: str) -> None:
        self._data = data
        self._rule = rule
        self._groups = groups
        self._inferred = False
        self._day = min(day, rule.get("until", day))
        if "at" in rule:
            self._day = min(self._day, self._text(rule["at"]))

    def to(self, blank: Environment, look_up: Resolve) -> Environment:
        rule = self._rule
        found = self._base(blank, look_up)
        family_day = self._data["as_of"]
        found = found._replace(
            image=blank.image,
            platform=blank.platform,
            variables={**found.variables, **self._variables()},
            directory=rule.get("directory", found.directory),
            user=rule.get("user", found.user),
            variant=self._text(rule["variant"]) if "variant" in rule else found.variant,
            package_manager=rule.get("package_manager", found.package_manager) or None,
            virtual_environment=rule.get("venv", found.virtual_environment),
            architectures=self._architectures(found),
            floating=self._floating(found),
            facts_date=max(found.facts_date or "", family_day),
        )
        found = self._with_libc(self._with_python(self._with_contents(found)))
        return self._with_status(found)

    def near(self, repository: str, blank: Environment, look_up: Resolve) -> Environment:
        """Of a tag that never was: what the nearest one holds, which is not known to be meant."""
        nearest = self._text(self._rule["nearest"]) or "latest"
        return look_up(f"{repository}:{nearest}", self._day)._replace(
            image=blank.image,
            known=False,
            unknown=f"there never was {blank.image}: the nearest tag is {nearest}",
            tag_status="never",
            nearest_tag=nearest,
            floating=False,
        )

    def _base(self, blank: Environment, look_up: Resolve) -> Environment:
        rule = self._rule
        if "like" in rule:
            like = look_up(self._text(rule["like"]), self._day)
            # That the other image has no such tag makes this one unknown, not impossible.
            status = "unknown" if like.tag_status == "never" else like.tag_status
            return like._replace(tag_status=status, nearest_tag=None)
        if "distro" not in rule:
            return blank
        distro, release = rule["distro"], self._text(rule.get("release", ""))
        self._groups.setdefault("codename", releases.codename(distro, release))
        if release and not releases.known(distro, release):
            why = f"{distro} {release} is not in the data"
            return blank._replace(known=False, unknown=why, distro=distro, release=release, tag_status="unknown")
        return releases.describe(blank._replace(distro=distro), distro, release, self._day)

    def _with_contents(self, found: Environment) -> Environment:
        rule = self._rule
        if "contents" in rule:
            if found.codename:
                self._groups.setdefault("codename", found.codename)
            found = contents.fill(found, tuple(self._text(name) for name in rule["contents"]))
        if rule.get("tools") == "none":
            found = found._replace(tools=frozenset())
        more = frozenset(rule.get("commands", "").split())
        if more and (found.tools or rule.get("tools") == "none"):
            found = found._replace(tools=found.tools | more)
        capabilities = found.capabilities | frozenset(rule.get("capabilities", "").split())
        if "capabilities_only" in rule:
            capabilities = frozenset(rule["capabilities_only"].split())
        added = capabilities != found.capabilities or more or "python" in rule
        return found._replace(
            capabilities=capabilities,
            packages=None if rule.get("packages") == "unknown" else found.packages,
            size_bytes=None if added and "contents" not in rule else found.size_bytes,
        )

    def _with_python(self, found: Environment) -> Environment:
        rule = self._rule
        if "python" in rule:
            python_said = rule["python"]
            version = self._text(python_said["version"])
            python = Python(
                version=version,
                implementation=python_said.get("implementation", "cpython"),
                prefix=self._text(python_said["prefix"]),
                pip=python_said.get("pip"),
                externally_managed=python_said.get("managed", False),
            )
            others = tuple(other for other in (found.python, *found.others) if other and other.prefix != python.prefix)
            found = found._replace(python=python, others=others, distributions=None)
        elif rule.get("system_python") and found.distro and found.release:
            found = found._replace(python=releases.system_python(found.distro, found.release))
        said = rule.get("distributions")
        if said is not None:
            # Which versions they are nobody wrote down.
            found = found._replace(distributions=None if said == "unknown" else dict.fromkeys(said.split(), ""))
        return found

    def _with_libc(self, found: Environment) -> Environment:
        libc = self._rule.get("libc")
        if libc is None:
            return found
        return found._replace(libc=None if libc == "none" else libc, libc_version=None)

    def _with_status(self, found: Environment) -> Environment:
        rule = self._rule
        status = rule.get("status", "inferred" if self._inferred else found.tag_status)
        if "unknown" in rule:
            found = found._replace(known=False, unknown=self._text(rule["unknown"]))
            status = rule.get("status", "unknown")
        return found._replace(tag_status=status)

    def _floating(self, found: Environment) -> bool:
        rule = self._rule
        if "floating_without" in rule:
            return not self._groups[rule["floating_without"]]
        return bool(rule.get("floating", False)) or found.floating

    def _variables(self) -> dict[str, str]:
        return {name: self._text(value) for name, value in self._rule.get("variables", {}).items()}

    def _architectures(self, found: Environment) -> tuple[str, ...]:
        if "architectures" not in self._rule:
            return found.architectures
        name = self._text(self._rule["architectures"])
        return tuple(self._data["architectures"].get(name, "").split())

    def _text(self, template: str) -> str:
        return _PLACE.sub(self._value, template)

    def _value(self, place: re.Match[str]) -> str:
        name, dash, otherwise = place[1], place[2], place[3]
        value = self._groups[name] if name in self._groups else self._moved(name)
        if not value and otherwise:
            value = self._moved(otherwise)
            self._inferred = self._inferred or name not in self._groups
        return value + dash if value else ""

    def _moved(self, name: str) -> str:
        moves = self._data["moves"].get(name, [])
        if isinstance(moves, dict):
            moves = moves.get(self._groups.get(moves["by"], ""), moves.get("*", []))
        return store.value_before(moves, store.bound(self._day))
