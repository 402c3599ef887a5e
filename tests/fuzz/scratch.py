"""Where targets put files that readers want to open themselves."""

import tempfile
from pathlib import Path


def scratch() -> Path:
    """A folder in the one for temporary files, which whoever runs targets sets."""
    folder = Path(tempfile.gettempdir()) / "fuzz"
    folder.mkdir(exist_ok=True)
    return folder
