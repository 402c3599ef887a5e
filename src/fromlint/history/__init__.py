"""What was found before, and what of today's findings is new against that: a recorded baseline, or a git revision."""
