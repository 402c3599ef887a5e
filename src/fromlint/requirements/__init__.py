"""Every way a project says what it needs: requirements files, pyproject, lock files, names on a pip line.

``gather.gather`` is the door: it answers for one install. ``markers.evaluate`` answers for one marker.
"""
