#!/bin/sh
# What real builds need. Usage: install_builders.sh
exec sh "$(dirname "$0")/install_debian.sh" "real builds" buildah debootstrap git
