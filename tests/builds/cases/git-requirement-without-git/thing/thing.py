"""A project that is fetched from a repository."""
