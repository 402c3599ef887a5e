"""``python -m fromlint``."""

from fromlint.cli import main

main()
