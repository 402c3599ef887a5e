#!/bin/sh
# What real builds need, from Debian's archive: installs it as root, or says what to install. Usage: install_builders.sh
set -eu
for program in buildah debootstrap git; do
    command -v "$program" > /dev/null || missing="${missing:-} $program"
done
[ -n "${missing:-}" ] || exit 0
if [ "$(id -u)" != 0 ]; then
    echo "real builds need root, and:$missing (apt-get install$missing)" >&2
    exit 1
fi
apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing
