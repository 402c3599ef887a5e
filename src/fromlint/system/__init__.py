"""What a source build needs and what a program loads, by distribution, and what a system package brings along.

Knowledge is data: `data/packages/` (one TOML file a Python package), `data/capabilities/` (abstract needs as package
names by distribution and release) and `data/debian/` (from the archive's own indices). The TOML files are for people;
`scripts/make_system_data.py` makes the compact form that is read here.
"""
