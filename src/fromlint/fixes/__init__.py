"""Text edits, which of them go together, and files that change in one step or not at all."""
