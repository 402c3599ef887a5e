"""The rows of the table, a module each: ``row(folder)`` measures in an empty folder."""
