#!/usr/bin/env bash
# Runs the tests, and says at the end how many were skipped and why: those that lack numbers of other programs, real recordings, a
# Python module or a tool. Tests say so themselves, on a line that has `skipped: ` and the reason, or by `.enabled(if:)`.
#   Tests/run.sh [options of swift test]
set -uo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Of the two streams each is read by itself, since together one may cut the other's lines in two.
{ { swift test "$@" | tee "$folder/out"; } 2>&1 1>&3 | tee "$folder/err" >&2; } 3>&1
status=$?
cat "$folder/out" "$folder/err" | Tests/skipped.sh
exit "$status"
