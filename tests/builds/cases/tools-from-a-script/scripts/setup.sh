#!/usr/bin/env bash
# What each kind of image gets.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
apt-get update
for kind in "$@"; do
    "$here/$kind.sh"
done
rm -rf /var/lib/apt/lists/*
