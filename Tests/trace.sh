#!/usr/bin/env bash
# What every recipe of pipelines/pretrain computes at a tiny size: the losses of its first 20 steps, and digests of the arrays
# that it ends with. A change that is to change no number prints the same before and after, on one machine:
# Tests/trace.sh DATA SPLIT [RECIPE...] > before.txt
#
# Each recipe runs one epoch, and one of each further stage, on DATA, which `skelprep split` has split by SPLIT.
set -euo pipefail
data=$1
split=$2
shift 2
cd "$(dirname "$0")/.."
bin=${SKELETON_BIN:-$(swift build -c release --show-bin-path)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for recipe in "${@:-$(cd pipelines/pretrain && ls ./*.yaml | sed 's,^\./,,; s,\.yaml$,,')}"; do
  for name in $recipe; do
    echo "== $name"
    "$bin/skeltrain" pretrain --from "$data" --split "$split" --recipe "pipelines/pretrain/$name.yaml" --tiny \
      --output "$folder/$name" > /dev/null
    head -21 "$folder/$name/log.csv" | cut -d, -f3
    python3 Tests/Support/digest.py "$folder/$name"/*.safetensors
  done
done
