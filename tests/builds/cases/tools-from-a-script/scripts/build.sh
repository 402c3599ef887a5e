#!/bin/sh
set -e
packages="gcc libc6-dev"
packages="$packages libpq-dev"
apt-get install -y --no-install-recommends $packages
