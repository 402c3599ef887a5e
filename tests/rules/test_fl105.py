"""FL105 where those who ask do not agree, and where the project itself refuses the Python."""

from __future__ import annotations

import pytest

from index_server import IndexServer, wheel

DOCKERFILE = "FROM python:3.12-slim-trixie\nWORKDIR /app\nCOPY . .\nRUN pip install {}\n"


def test_versions_that_do_not_go_together_are_named_with_those_who_ask(published, check):
    published.add("crypt", wheel("crypt", "50.0"))
    published.add("crypt", wheel("crypt", "49.1"))
    published.add("tls", wheel("tls", "26.3", requires=["crypt<50,>=49"]))
    (found,) = check("FL105", DOCKERFILE.format("crypt==50.0 tls==26.3"), offline=False, index_url=published.url)
    assert found.message == "crypt 50.0 cannot be installed: the project asks for ==50.0, tls for <50,>=49"
    assert found.label == "stops here: ResolutionImpossible"


def test_what_was_yanked_as_a_whole(check):
    with IndexServer() as server:
        server.add("gone", wheel("gone", "1.0"), yanked="broken")
        (found,) = check("FL105", "FROM python:3.12-slim\nRUN pip install gone\n", offline=False, index_url=server.url)
    assert found.message == "gone cannot be installed: what there is of it was yanked"


@pytest.mark.parametrize(
    ("base", "upgrade", "refused"),
    [
        ("python:3.12-slim", "", True),
        ("python:3.9-slim", "", False),
        ("python:3.8-slim", "RUN pip install --upgrade pip\n", True),
        ("python:3.12-slim", "RUN pip install 'pip<24.1'\n", False),
        ("python:3.7-slim", "RUN pip install --upgrade pip\n", False),
    ],
)
def test_metadata_that_pip_refuses_since_24_1(check, base, upgrade, refused):
    # As celery 4.4.7: pip 26.3 says "Ignoring version 4.4.7 of celery since it has invalid metadata", 2026-12-01.
    with IndexServer() as server:
        server.add("celery", wheel("celery", "4.4.7", requires=["pytz (>dev)"]))
        server.add("pytz", wheel("pytz", "2026.1"))
        text = f"FROM {base}\n{upgrade}RUN pip install celery==4.4.7\n"
        found = check("FL105", text, offline=False, index_url=server.url, as_of="2026-11-30")
    assert [each.message for each in found] == (
        ["celery 4.4.7 cannot be installed here: pip passes it over for its metadata, pytz (>dev)"] if refused else []
    )
    assert all("pip<24.1" in each.help[0] for each in found)


def test_what_nobody_offers_does_not_make_others_fail(published, check):
    for version, wanted in (("1.0", "number<2"), ("2.0", "number>=3")):
        published.add("blocks", wheel("blocks", version, requires=[wanted]))
    for version in ("1.5", "3.1"):
        published.add("number", wheel("number", version))
    published.add("gone", wheel("gone", "0.4"))
    (found,) = check("FL105", DOCKERFILE.format("number==1.5 blocks gone==0.3"), offline=False, index_url=published.url)
    assert found.message == "gone 0.3 cannot be installed: there is no such release"


def test_a_release_that_refuses_the_python_is_no_conflict(published, check):
    published.add("number", wheel("number", "1.26.4"), requires_python=">=3.13")
    published.add("number", wheel("number", "1.24.0"))
    published.add("science", wheel("science", "1.0", requires=["number<1.27,>=1.19"]))
    (found,) = check("FL105", DOCKERFILE.format("science number==1.26.4"), offline=False, index_url=published.url)
    assert found.message == "number 1.26.4 cannot be installed here: it refuses CPython 3.12"


def test_dependencies_that_refuse_the_python_like_the_project_itself_are_no_news(published, check):
    published.add("modern", wheel("modern", "1.0"), requires_python=">=3.13")
    project = '[project]\nname = "app"\nversion = "1"\ndependencies = ["modern"]\n{}'
    dockerfile = DOCKERFILE.format(".")
    alone = check("FL105", dockerfile, {"pyproject.toml": project.format("")}, offline=False, index_url=published.url)
    assert [finding.subject.name for finding in alone] == ["modern"]
    refused = {"pyproject.toml": project.format('requires-python = ">=3.13"\n')}
    assert check("FL105", dockerfile, refused, offline=False, index_url=published.url) == ()
    assert len(check("FL111", dockerfile, refused, offline=False, index_url=published.url)) == 1


def test_what_a_failing_package_pulls_in_is_named_there(check):
    files = {
        "pyproject.toml": '[project]\nname = "app"\nversion = "1"\ndependencies = ["torch", "other"]\n',
        "uv.lock": 'version = 1\n[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\n'
        'dependencies = [{ name = "torch" }, { name = "other" }]\n'
        + "".join(
            f'[[package]]\nname = "{name}"\nversion = "1"\nsource = {{ registry = "https://pypi.org/simple" }}\n'
            f"dependencies = [{needs}]\n"
            f'wheels = [{{ url = "https://x.org/{name.replace("-", "_")}-1-py3-none-manylinux_2_17_x86_64.whl" }}]\n'
            for name, needs in (("torch", '{ name = "nvidia-nccl" }'), ("nvidia-nccl", ""), ("other", ""))
        ),
    }
    dockerfile = (
        "FROM python:3.12-alpine\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\n"
        "COPY pyproject.toml uv.lock ./\nRUN uv sync --frozen\n"
    )
    other, torch = sorted(check("FL105", dockerfile, files), key=lambda finding: finding.subject.name)
    assert (other.subject.name, other.notes) == ("other", ())
    assert (torch.subject.name, torch.notes) == ("torch", ("nor can what it asks for: nvidia-nccl",))


def test_what_a_list_names_for_the_sake_of_a_failing_package_is_named_there(published, check):
    """As pip freeze writes it down: who asks for what shows on the base where torch can be installed."""
    glibc = "py3-none-manylinux_2_17_x86_64"
    published.add("torch", wheel("torch", "1.0", requires=["nvidia-nccl", "nvidia-fft"], tag=glibc))
    published.add("nvidia-fft", wheel("nvidia-fft", "1.0", requires=["nvidia-nccl"], tag=glibc))
    published.add("nvidia-nccl", wheel("nvidia-nccl", "1.0", tag=glibc))
    published.add("other", wheel("other", "1.0", requires=["pure"], tag=glibc))
    published.add("pure", wheel("pure", "1.0"))
    for name, asks in (("one", "two"), ("two", "one")):
        published.add(name, wheel(name, "1.0", requires=[asks], tag=glibc))
    frozen = "nvidia-fft==1.0\nnvidia-nccl==1.0\none==1.0\nother==1.0\npure==1.0\ntorch==1.0\ntwo==1.0\n"
    dockerfile = "FROM python:3.12-alpine\nCOPY . .\nRUN pip install -r requirements.txt\n"
    files = {"requirements.txt": frozen}
    found = check("FL105", dockerfile, files, offline=False, index_url=published.url)
    assert {finding.subject.name: finding.notes for finding in found} == {
        "torch": ("nor can what it asks for: nvidia-fft, nvidia-nccl",),
        "other": (),
        "one": (),
        "two": (),
    }


def test_what_a_list_names_and_other_packages_ask_for_too_is_a_cause_of_its_own(published, check):
    glibc = "py3-none-manylinux_2_17_x86_64"
    published.add("torch", wheel("torch", "1.0", requires=["nvidia-nccl"], tag=glibc))
    published.add("nvidia-nccl", wheel("nvidia-nccl", "1.0", tag=glibc))
    published.add("pure", wheel("pure", "1.0", requires=["nvidia-nccl"]))
    dockerfile = "FROM python:3.12-alpine\nRUN pip install pure torch nvidia-nccl\n"
    found = check("FL105", dockerfile, offline=False, index_url=published.url)
    assert {finding.subject.name for finding in found} == {"torch", "nvidia-nccl"}
