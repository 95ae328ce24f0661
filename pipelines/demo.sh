#!/usr/bin/env bash
# The main job from raw text to a table of results: pipelines/demo.sh FOLDER [SPLIT [RAW [EXCLUDE]]]
#
# FOLDER takes everything that is made. RAW is NTU RGB+D text: a folder, a .skeleton file or a .zip; without it a small
# data set is synthesized and a shorter recipe is used. EXCLUDE is the list of samples to leave out: official, none or a
# file. A run that was stopped goes on when the same line is given again.
set -euo pipefail
folder=$1
split=${2:-xsub}
raw=${3:-}
exclude=${4:-official}
cd "$(dirname "$0")/.."
bin=$(swift build -c release --show-bin-path)
skelprep=$bin/skelprep
skeltrain=$bin/skeltrain
recipe=pipelines/pretrain/pcm3pp-small.yaml
mkdir -p "$folder"

say() { printf '\n== %s\n' "$*"; }

if [ -z "$raw" ]; then
  recipe=pipelines/pretrain/pcm3pp-demo.yaml
  raw=$folder/raw
  say "synthesize raw text with known classes"
  [ -e "$raw" ] || "$skelprep" synthesize --dataset ntu60 --samples 600 --seed 1 --output "$raw"
fi
say "convert raw text to normalized shards"
"$skelprep" convert "$raw" --dataset ntu60 --exclude "$exclude" --output "$folder/data"
say "split: $split"
"$skelprep" split "$folder/data" --protocol "$split"
say "hide body parts of the test samples"
[ -e "$folder/data-occluded/manifest.json" ] || "$skelprep" occlude "$folder/data" --kind spatial --ratio 0.3...0.7 \
  --seed 1 --split "$split" --part test --output "$folder/data-occluded"
say "pre-train"
"$skeltrain" pretrain --from "$folder/data" --split "$split" --recipe "$recipe" --output "$folder/run" --resume
data=(--from "$folder/data" --split "$split" --recipe "$recipe")
for encoder in untrained trained; do
  checkpoint=$folder/run
  [ "$encoder" = trained ] || checkpoint=untrained
  for task in linear retrieval; do
    say "evaluate $task, $encoder encoder"
    "$skeltrain" evaluate "$task" "${data[@]}" --checkpoint "$checkpoint" --output "$folder/$task-$encoder" --quiet
  done
  say "evaluate retrieval of occluded samples, $encoder encoder"
  "$skeltrain" evaluate retrieval "${data[@]}" --test "$folder/data-occluded" --checkpoint "$checkpoint" \
    --output "$folder/retrieval-occluded-$encoder" --quiet
done
say "where things are"
cat <<END
shards       $folder/data            (h5py reads them: h5py.File('$folder/data/shards/00000.h5'))
occluded     $folder/data-occluded
checkpoint   $folder/run/checkpoint.safetensors
losses       $folder/run/log.csv
results      $folder/linear-trained/result.json and its neighbours
END
say "results"
"$skeltrain" compare "$folder"/linear-* "$folder"/retrieval-*
