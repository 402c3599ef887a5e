"""Which base image serves a project best: from the comparison of `fromlint.project.comparison`, in words and numbers."""
