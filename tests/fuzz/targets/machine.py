"""The machine's own configuration: pip.conf, uv.toml, netrc, and variables."""

from fromlint.index.machine import credentials_in_netrc, machine
from fuzz.scratch import scratch

WORDS = (
    b"[global]\n",
    b"index-url = ",
    b"proxy = ",
    b"cert = ",
    b"https://u:p@x/",
    b"machine x login a password b\n",
    b"default\n",
    b"macdef init\n",
    b"\n\n",
    b"[[index]]\n",
    b"url = 'https://x'\n",
    b"default = true\n",
    b"%(x)s",
    b"$HOME",
    b"[",
    b"]",
    b"=",
    b"\n ",
    b":",
    b'"',
)
SHARE = 0.2


def read(data: bytes) -> None:
    home = scratch()
    for place in (".config/pip/pip.conf", ".config/uv/uv.toml", ".netrc"):
        path = home / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    machine({"HOME": str(home)})
    text = data.decode("utf-8", "surrogateescape").replace("\0", "0")[:300]
    machine({"PIP_INDEX_URL": text, "https_proxy": text, "no_proxy": text})
    credentials_in_netrc(str(home / ".netrc"), "x")
