"""Walks through the stages: what is there at each step, and where what is installed ends up."""
