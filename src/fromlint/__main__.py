"""``python -m fromlint``."""

from fromlint.start import program

program()
