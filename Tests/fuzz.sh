#!/usr/bin/env bash
# Feeds every reader with damaged files: Tests/fuzz.sh [INPUTS] [SEED] [TARGET...]
# Builds the fuzzer for release, runs the targets one after another, and prints a row for each. What goes wrong is in
# fuzz-findings/: the input that did it, and for a crash also what the program said.
set -uo pipefail
cd "$(dirname "$0")/.."
inputs=${1:-1000000}
seed=${2:-1}
targets=("${@:3}")
if [ "${#targets[@]}" -eq 0 ]; then
  targets=(ntu pku labels zip tar gzip shard safetensors checkpoint state head recipe manifest split npy npz pickle
    table posejson labeltable layout)
fi
findings=${FINDINGS:-fuzz-findings}
threads=${THREADS:-2}
# A crash is to end at once; the handler of the Swift runtime would hold the program for long.
export SWIFT_BACKTRACE=enable=no
if [ -z "${SKELFUZZ:-}" ]; then
  swift build -c release --product skelfuzz || exit 1
  SKELFUZZ=$(swift build -c release --show-bin-path)/skelfuzz
fi
mkdir -p "$findings"
failed=0
for target in "${targets[@]}"; do
  log=$findings/$target.log
  "$SKELFUZZ" "$target" --inputs "$inputs" --seed "$seed" --threads "$threads" --findings "$findings" > "$log" 2>&1 &
  id=$!
  wait "$id"
  status=$?
  # The header once.
  if [ "$target" = "${targets[0]}" ] || [ "$status" -ne 0 ]; then cat "$log"; else tail -n 1 "$log"; fi
  if [ "$status" -ne 0 ]; then failed=1; fi
  if [ "$status" -gt 2 ]; then
    echo "$target: ended with status $status; the inputs under way:"
    for input in $(od -An -v -t d8 "$findings/$target.underway"); do
      if [ "$input" -ge 0 ]; then
        "$SKELFUZZ" "$target" --seed "$seed" --findings "$findings" --save "$input"
      fi
    done
    rm -rf "/dev/shm/skelfuzz.$id"
  fi
done
exit "$failed"
