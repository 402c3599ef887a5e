#!/bin/sh
# What tests with real editors need. Usage: install_editors.sh
exec sh "$(dirname "$0")/install_debian.sh" "tests with an editor" nvim:neovim
