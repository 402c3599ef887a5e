#!/bin/sh
# Makes a virtual environment: scripts/make_venv.sh FOLDER PYTHON. Debian's python3 may come without venv; then it is
# installed where we are root, and the command to run is named where we are not.
set -eu
folder=$1
python=$2
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "fromlint needs Python 3.11 or newer; $python is $("$python" --version). Set PYTHON=/path/to/python3" >&2
    exit 1
}
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends "$package" || apt-get install -y -qq --no-install-recommends python3-venv
    else
        echo "this Python has no venv module; run: sudo apt-get install $package" >&2
        exit 1
    fi
fi
"$python" -m venv --clear "$folder"
