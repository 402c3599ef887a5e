"""A Dockerfile, read as BuildKit reads it: text to instructions and stages, RUN lines to events."""
