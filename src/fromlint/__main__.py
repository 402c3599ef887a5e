"""``python -m fromlint``."""

from fromlint.start import main

main()
