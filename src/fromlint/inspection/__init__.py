"""A look at an image in its registry, or in an archive or layout on this machine.

Only where the user asks for it (``--inspect``), and only of the place that the reference names. ``look`` is the way in.
``registry`` and ``archives`` give an image's manifest, configuration and layers; ``layers`` reads layers as streams and
keeps names and a few small files; ``reading`` says what they tell; ``contents`` is the result, which is kept by the
manifest's digest. Nothing is unpacked to disk and nothing of an image is executed.
"""
