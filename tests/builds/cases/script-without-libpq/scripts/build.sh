#!/bin/sh
set -e
packages="gcc libc6-dev"
packages="$packages make"
apt-get install -y --no-install-recommends $packages
