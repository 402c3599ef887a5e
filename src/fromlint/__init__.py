"""fromlint: says before the build what a Dockerfile's base image will do to its Python requirements."""

__version__ = "0.1.0"
