"""What an installer would take: tags of an environment, the choice of version and file, the closure.

Everything here is pure: pages and metadata come in as values, and what is still wanted goes out as values. The run
does the asking between two calls.
"""
