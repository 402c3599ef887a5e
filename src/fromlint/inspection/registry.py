"""An image in its registry, read as the OCI distribution specification (1.1) says.

Only the registry that the reference names is asked, and what it sends us to: the service that gives its tokens
(Docker's token authentication specification), and where it keeps its blobs. The login goes to the first two only, never
in clear text over a network, and never along with a redirect to another host.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from fromlint.index.address import BadAddress, parse
from fromlint.index.budget import Budget, Times
from fromlint.index.connections import basic
from fromlint.index.crew import work_off
from fromlint.index.refusal import Refused
from fromlint.index.transport import Answer, Transport, Wanted, is_loopback
from fromlint.index.wording import shown
from fromlint.inspection import credentials, manifests
from fromlint.inspection.manifests import Descriptor
from fromlint.model.environment import Reference
from fromlint.regex import regex
from fromlint.typed import TypeVar

# Docker Hub answers under another name than the one that references have (moby/registry/config.go).
_HOSTS = {"docker.io": "registry-1.docker.io"}
_STATUSES = frozenset({200, 400, 401, 403, 404})
_LARGEST_TOKEN = 1 << 20
_PARAMETER = regex(r'([A-Za-z_]+)\s*=\s*(?:"([^"]*)"|([^\s",]+))')

Result = TypeVar("Result")


class Registries:
    """The registries that one run asks: connections, tokens and the time for all of it are shared."""

    def __init__(self, environ: Mapping[str, str], seconds: float) -> None:
        self.budget = Budget(seconds)
        self.transport = Transport(self.budget, environ, Times(request=seconds))
        self.environ = environ
        self.tokens: dict[tuple[str, str], str] = {}

    def close(self) -> None:
        """Break off what is still under way."""
        self.transport.close()

    def within(self, task: Callable[[], Result]) -> Result:
        """The task's result, within the time that is left. Raises Refused."""
        found = work_off([task], self.transport, self.budget, 1)[0]
        if isinstance(found, Refused):
            raise found
        return found


class RegistryImage:
    """One image in a registry (a Store)."""

    def __init__(self, reference: Reference, registries: Registries) -> None:
        """Asks for nothing yet. Raises Refused where the registry's name is no address."""
        self._reference = reference
        self._registries = registries
        host = _HOSTS.get(reference.registry, reference.registry)
        self._host = host
        try:
            self._local = is_loopback(parse(f"https://{host}").host)
        except BadAddress as problem:
            raise Refused(str(problem)) from None
        # As Docker does: registries on this machine need no TLS.
        scheme = "http" if self._local else "https"
        official = reference.registry == "docker.io" and "/" not in reference.repository
        self._repository = f"library/{reference.repository}" if official else reference.repository
        self._base = f"{scheme}://{host}/v2/{self._repository}"

    def top(self) -> bytes:
        wanted = self._reference.digest or self._reference.tag or "latest"
        answer = self._get(f"{self._base}/manifests/{wanted}", manifests.LARGEST, {"Accept": manifests.ACCEPT})
        return manifests.verified(answer.body, wanted) if self._reference.digest else answer.body

    def manifest(self, wanted: Descriptor) -> bytes:
        answer = self._get(f"{self._base}/manifests/{wanted.digest}", manifests.LARGEST, {"Accept": manifests.ACCEPT})
        return manifests.verified(answer.body, wanted.digest)

    def configuration(self, wanted: Descriptor) -> bytes:
        answer = self._get(f"{self._base}/blobs/{wanted.digest}", manifests.LARGEST, {"Accept": "*/*"})
        return manifests.verified(answer.body, wanted.digest)

    def stream(self, wanted: Descriptor, begin: Callable[[], None], take: Callable[[bytes], None]) -> None:
        def taken(piece: bytes) -> bool:
            take(piece)
            return False

        self._get(f"{self._base}/blobs/{wanted.digest}", wanted.size, {"Accept": "*/*"}, taken, begin)

    def _get(
        self,
        url: str,
        limit: int,
        headers: Mapping[str, str],
        enough: Callable[[bytes], bool] | None = None,
        begin: Callable[[], None] | None = None,
    ) -> Answer:
        """The answer of the registry, after it was shown a token where it asks for one. Raises Refused."""
        key = self._host, self._repository
        tried = False
        while True:
            authorization = self._registries.tokens.get(key, "")
            # Of an answer that is none, only the head counts: a body is streamed of nothing but what was asked for.
            accept = _STATUSES if enough is None else frozenset({200})
            wanted = Wanted(
                limit, {**headers, "Accept-Encoding": "identity"}, accept, enough, begin, authorization=authorization
            )
            try:
                answer = self._registries.within(partial(self._registries.transport.get, url, wanted))
            except Refused as problem:
                if problem.status != 401 or tried or enough is None:
                    raise
                # A token lasts for minutes, and a layer may come later.
                answer = self._challenged(url, headers)
            if answer.status == 200:
                return answer
            if answer.status == 401 and not tried:
                tried = True
                self._registries.tokens[key] = self._authorised(answer.headers.get("www-authenticate", ""))
                continue
            raise Refused(self._refusal(answer.status), answer.status)

    def _challenged(self, url: str, headers: Mapping[str, str]) -> Answer:
        """The answer that says what the registry wants to be shown."""
        self._registries.tokens.pop((self._host, self._repository), None)
        wanted = Wanted(_LARGEST_TOKEN, headers, frozenset({401}), authorization="")
        return self._registries.within(partial(self._registries.transport.get, url, wanted))

    def _refusal(self, status: int) -> str:
        name = self._reference.written
        if status == 404:
            return f"{shown(self._host)} has no {shown(name)}"
        if status in (401, 403):
            return f"{shown(self._host)} does not let {shown(name)} be read ({status}): see docker login"
        return f"{shown(self._host)} answers with status {status}"

    def _authorised(self, challenge: str) -> str:
        """The value of the Authorization header that a challenge (RFC 9110, 11.6.1) asks for. Raises Refused."""
        scheme, _, rest = challenge.strip().partition(" ")
        parameters = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(rest)}
        login = credentials.login(self._reference.registry, self._repository, self._registries.environ)
        if scheme.lower() == "basic":
            if login is None:
                raise Refused(self._refusal(401), 401)
            return basic(*login)
        if scheme.lower() != "bearer" or "realm" not in parameters:
            raise Refused(f"{shown(self._host)} asks for a login of a kind that is not known", 401)
        return "Bearer " + self._token(parameters, login)

    def _token(self, parameters: Mapping[str, str], login: credentials.Login | None) -> str:
        from json import loads
        from urllib.parse import urlencode

        try:
            realm = parse(parameters["realm"])
        except BadAddress:
            raise Refused(f"{shown(self._host)} names a place for tokens that is no address") from None
        # In clear text only on this machine, and to this machine only from itself.
        if is_loopback(realm.host) != self._local if realm.scheme == "http" else is_loopback(realm.host) > self._local:
            raise Refused(f"{shown(self._host)} names {shown(realm.place)} for tokens, which is not asked")
        asked = {"scope": parameters.get("scope") or f"repository:{self._repository}:pull"}
        if "service" in parameters:
            asked["service"] = parameters["service"]
        joint = "&" if "?" in realm.url else "?"
        wanted = Wanted(
            _LARGEST_TOKEN, {"Accept": "application/json"}, _STATUSES, authorization=basic(*login) if login else ""
        )
        answer = self._registries.within(
            partial(self._registries.transport.get, f"{realm.url}{joint}{urlencode(asked)}", wanted)
        )
        if answer.status != 200:
            raise Refused(self._refusal(401), 401)
        try:
            held = loads(answer.body)
            token = held.get("token") or held.get("access_token")
        except (ValueError, RecursionError, AttributeError):
            token = None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or " " in token:
            raise Refused(f"{shown(realm.place)} gives no token")
        return token
