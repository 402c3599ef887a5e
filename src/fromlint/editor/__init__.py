"""The language server: what a run finds, in the editor and while one types. Needs the extra ``lsp``."""
