#!/bin/sh
# What tests with a real registry need. Usage: install_registry.sh
exec sh "$(dirname "$0")/install_debian.sh" "tests with a registry" \
    buildah podman debootstrap docker-registry htpasswd:apache2-utils "/lib/ld-musl-$(uname -m).so.1:musl"
