#!/usr/bin/env bash
# Opens pages of `skelprep view` in a headless browser, and expects each to draw its frames without an error.
# Usage: Tests/Viewing/browser.sh [SKELPREP]; does nothing, and says so, where there is no browser.
set -euo pipefail
cd "$(dirname "$0")/../.."
skelprep=$(realpath "${1:-.build/debug/skelprep}")

browser=${BROWSER:-}
for name in chromium chromium-browser google-chrome; do
  [ -n "$browser" ] || browser=$(command -v "$name" || true)
done
[ -n "$browser" ] || { echo "skipped: no chromium"; exit 0; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$skelprep" synthesize --dataset ntu60 --samples 12 --classes 4 --seed 2 --output "$work/raw" --progress none >/dev/null
"$skelprep" convert "$work/raw" --dataset ntu60 --output "$work/data" --progress none >/dev/null
"$skelprep" occlude "$work/data" --kind spatial --output "$work/parts" --progress none >/dev/null
"$skelprep" view "$work/data" --output "$work/plain.html" >/dev/null
"$skelprep" view "$work/data" --random 2 --raw "$work/raw" --beside "$work/parts" --output "$work/beside.html" >/dev/null

# The page counts what it drew in data-drawn, and tells an error in data-error.
look() {
  timeout 120 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" --dump-dom \
    --virtual-time-budget=5000 "file://$work/$1" 2>/dev/null | grep -o '<html[^>]*>'
}

check() {
  root=$(look "$1")
  case $root in *data-error*) echo "$1: $root"; exit 1 ;; esac
  [[ $root == *$2* ]] || { echo "$1: expected $2 in $root"; exit 1; }
  echo "$1: $root"
}

# At rest where the address says; else playing, so that more than the first frame was drawn.
check "plain.html#frame=7" 'data-frame="7"'
check "beside.html#frame=7" 'data-frame="7"'
for page in plain beside; do
  check "$page.html" 'class="playing"'
  [[ $root =~ data-drawn=\"([0-9]+)\" ]] && [ "${BASH_REMATCH[1]}" -gt 1 ] || { echo "$page.html does not move: $root"; exit 1; }
done
