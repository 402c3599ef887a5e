"""Which Dockerfiles there are, which build context each has, and who says so."""
