"""Which base image serves a project best: what `fromlint.project.comparison` found, in words and numbers."""
