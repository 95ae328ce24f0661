#!/usr/bin/env bash
# What recipes of pipelines/pretrain compute at a tiny size: the losses of their first 20 steps, and digests of the arrays that they
# end with. A change that is to change no number prints the same before and after, on one machine:
# Tests/trace.sh DATA SPLIT [RECIPE...] > before.txt
#
# Each recipe runs one epoch, pcm3pp also one of its second stage, on DATA, which `skelprep split` has split by SPLIT.
set -euo pipefail
data=$1
split=$2
shift 2
cd "$(dirname "$0")/.."
bin=${SKELETON_BIN:-$(swift build -c release --show-bin-path)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
distilling='stages=[{epochs: 1, settings: {method: {weight: {contrast: 0}}, optimizer: {rate: 0.002, schedule: constant}}}]'
recipes=("$@")
if [ $# -eq 0 ]; then
  for file in pipelines/pretrain/*.yaml; do recipes+=("$(basename "$file" .yaml)"); done
fi
for name in "${recipes[@]}"; do
  changes=(--set batch=8 --set epochs=1 --set 'optimizer.milestones=[]' --set optimizer.warmup=0)
  case $name in
    pcm3pp | pcm3 | moco | clip | masked | cmd | autoencoder)
      changes+=(--set input.frames=16 --set encoder.hidden=16)
      case $name in autoencoder | masked) ;; *) changes+=(--set method.queue=64) ;; esac
      case $name in cmd) ;; *) changes+=(--set method.decoder.hidden=16) ;; esac
      ;;
  esac
  case $name in pcm3pp) changes+=(--set "$distilling") ;; *) changes+=(--set 'stages=[]') ;; esac
  # Published sizes of the other methods would take minutes; their small editions are of the same parts.
  case $name in
    *-small | *-demo | pcm3pp | pcm3 | moco | clip | masked | cmd | autoencoder) ;;
    *) continue ;;
  esac
  echo "== $name"
  "$bin/skeltrain" pretrain --from "$data" --split "$split" --recipe "pipelines/pretrain/$name.yaml" "${changes[@]}" \
    --output "$folder/$name" --progress none > /dev/null
  head -21 "$folder/$name/log.csv" | cut -d, -f3
  python3 Tests/Support/digest.py "$folder/$name"/checkpoint.safetensors "$folder/$name"/state-*.safetensors
done
