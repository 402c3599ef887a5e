#!/bin/sh
# A smoke run of the hook as pre-commit calls it: file names on the command line, without an index.
# scripts/smoke_hook.sh BIN-FOLDER
set -eu
fromlint=$1/fromlint
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export FROMLINT_CACHE_DIR="$work/cache"
cp -R fixtures/slim-django-postgres "$work/project"
# A hook runs in a repository: its root bounds the search for Dockerfiles.
mkdir "$work/project/.git"
code=0
"$fromlint" check --hook --offline "$work/project/requirements/base.txt" >"$work/out" 2>&1 || code=$?
if [ "$code" != 1 ] || ! grep -q 'FL201 error: psycopg2' "$work/out"; then
    echo "hook: expected FL201 and exit code 1 for a changed requirements file, got $code:" >&2
    cat "$work/out" >&2
    exit 1
fi
code=0
"$fromlint" check --hook --offline pyproject.toml >"$work/out" 2>&1 || code=$?
if [ "$code" != 0 ]; then
    echo "hook: expected exit code 0 for a file that belongs to no Dockerfile, got $code:" >&2
    cat "$work/out" >&2
    exit 1
fi
echo "hook: as expected"
