"""The names of ``typing``, for annotations only: importing the real ones takes 4 ms of a run of 80.

Type checkers see the real ones. At run time they stand for nothing, which is what annotations need.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any as Any
    from typing import BinaryIO as BinaryIO
    from typing import Literal as Literal
    from typing import Protocol as Protocol
    from typing import TypeVar as TypeVar
    from typing import cast as cast
else:

    class _Nothing:
        """Can be a base, be called and be subscripted."""

        def __init__(self, *_, **__):
            pass

        def __class_getitem__(cls, _):
            return cls

    Any = BinaryIO = Literal = Protocol = TypeVar = _Nothing

    def cast(_, value):
        return value
