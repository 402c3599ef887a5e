"""Settings files and inline ignores."""
