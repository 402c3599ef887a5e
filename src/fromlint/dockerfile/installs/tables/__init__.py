"""The options of every installer, as the tools themselves have them: data, read by ``installs.options``."""
