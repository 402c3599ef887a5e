import pytest

from fromlint.dockerfile.platforms import parse


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("linux/amd64", "linux/amd64"),
        ("amd64", "linux/amd64"),
        ("linux/x86_64", "linux/amd64"),
        ("aarch64", "linux/arm64"),
        ("linux/arm64/v8", "linux/arm64"),
        ("linux/arm", "linux/arm/v7"),
        ("armhf", "linux/arm/v7"),
        ("linux/arm/v6", "linux/arm/v6"),
        ("i386", "linux/386"),
        ("Linux/AMD64/v2", "linux/amd64/v2"),
        ("linux", "linux/amd64"),
        ("windows/amd64", "windows/amd64"),
        ("macos/arm64", "darwin/arm64"),
    ],
)
def test_one_form_of_each(text: str, platform: str) -> None:
    assert str(parse(text)) == platform


@pytest.mark.parametrize("text", ["", "linux/", "a/b/c/d", "$X", "linux/amd64 "[:5] + "/"])
def test_no_platform(text: str) -> None:
    assert parse(text) is None
