"""An image reference to an Environment: what a base image is and what is inside, as of a date.

``reference`` reads references, ``catalogue`` answers. Behind it: ``official_python`` knows every tag of the ``python``
image, ``families`` the rules of all others, ``releases`` the distributions, ``guess`` what the words in an unknown
name safely say, ``store`` the data files.
"""
