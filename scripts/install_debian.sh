#!/bin/sh
# Installs what tests need from Debian's archive, as root; or says what to install.
# Usage: install_debian.sh PURPOSE PROGRAM[:PACKAGE] | /FILE:PACKAGE …      (what is there already is left alone)
set -eu
purpose=$1
shift
missing=""
for pair in "$@"; do
    name=${pair%%:*}
    [ -e "$name" ] || command -v "$name" > /dev/null || missing="$missing ${pair##*:}"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
    echo "$purpose need root, and:$missing (apt-get install$missing)" >&2
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
