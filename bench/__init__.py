"""What fromlint costs, as ratios against a peer that runs beside it: ``make bench``. Nothing here is a test."""
