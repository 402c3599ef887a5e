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
export DEBIAN_FRONTEND=noninteractive
# The archive may be slow for a moment.
for pause in 5 20 0; do
    # shellcheck disable=SC2086
    if apt-get -o Acquire::Retries=3 update -qq \
        && apt-get -o Acquire::Retries=3 install -qq -y --no-install-recommends $missing; then
        exit 0
    fi
    sleep "$pause"
done
echo "could not be installed:$missing" >&2
exit 1
