import pytest

from fromlint.model.build import CommandUsed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('CMD ["python", "a.py"]', [("python", "CMD", False)]),
        ("CMD python a.py", [("python", "CMD", False)]),
        ("CMD a\nCMD b", [("b", "CMD", False)]),
        ('CMD ["a.py"]\nENTRYPOINT ["python"]', [("python", "ENTRYPOINT", False)]),
        ('ENTRYPOINT ["tini", "--"]\nCMD ["a"]', [("tini", "ENTRYPOINT", False), ("a", "CMD", False)]),
        ('ENTRYPOINT ["/entrypoint.sh"]\nCMD ["a"]', [("/entrypoint.sh", "ENTRYPOINT", False), ("a", "CMD", True)]),
        ('FROM x AS b\nENTRYPOINT ["python"]\nFROM b\nCMD ["a.py"]', []),
        ("ENTRYPOINT exec gunicorn a", [("gunicorn", "ENTRYPOINT", False)]),
        ("HEALTHCHECK --interval=5s CMD curl -f http://l || exit 1", [("curl", "HEALTHCHECK", False)]),
        ('HEALTHCHECK CMD ["wget", "x"]', [("wget", "HEALTHCHECK", False)]),
        ("HEALTHCHECK NONE", []),
        ('ENTRYPOINT ["./start"]\nCMD ["--port", "80"]', [("./start", "ENTRYPOINT", False)]),
    ],
)
def test_what_starts_a_container(events, text, expected):
    found = events(text, CommandUsed)
    assert [(event.name, event.instruction, event.guarded) for event in found] == expected
