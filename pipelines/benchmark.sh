#!/usr/bin/env bash
# From raw text to all downstream tasks in one table and one page:
# pipelines/benchmark.sh FOLDER [SPLIT [RAW [EXCLUDE [RAW_UNTRIMMED [PUBLISHED]]]]]
#
# FOLDER takes everything that is made. RAW is NTU RGB+D text; without it a small data set is synthesized. RAW_UNTRIMMED is
# PKU-MMD text with its labels; without it nothing is detected. PUBLISHED is the data set whose published figures stand beside
# where RAW is only laid out as NTU RGB+D: nwucla, none. A run that was stopped goes on when the same line is given again;
# EPOCHS shortens the pre-training.
set -euo pipefail
folder=$1
split=${2:-xsub}
raw=${3:-}
exclude=${4:-official}
untrimmed=${5:-}
published=${6:-}
epochs=${EPOCHS:-120}
cd "$(dirname "$0")/.."
bin=${SKELETON_BIN:-$(swift build -c release --show-bin-path)}
skelprep=$bin/skelprep
skeltrain=$bin/skeltrain
mkdir -p "$folder"

say() { printf '\n== %s\n' "$*"; }

if [ -z "$raw" ]; then
  raw=$folder/raw
  say "synthesize raw text with known classes"
  [ -e "$raw" ] || "$skelprep" synthesize --dataset ntu60 --samples 600 --seed 1 --output "$raw"
fi
say "convert and split trimmed samples: $split"
"$skelprep" convert "$raw" --dataset ntu60 --exclude "$exclude" --output "$folder/data"
"$skelprep" split "$folder/data" --protocol "$split"
recipes=(pipelines/benchmark/small/trimmed.yaml)
if [ -n "$untrimmed" ]; then
  say "convert and split untrimmed recordings: xsub"
  "$skelprep" convert "$untrimmed" --dataset pkummd1 --untrimmed --output "$folder/untrimmed"
  "$skelprep" split "$folder/untrimmed" --protocol xsub
  recipes+=(pipelines/benchmark/small/untrimmed.yaml)
fi
for kind in spatial temporal; do
  say "hide parts of the test samples: $kind"
  [ -e "$folder/data-$kind/manifest.json" ] || "$skelprep" occlude "$folder/data" --kind "$kind" --ratio 0.3...0.7 \
    --seed 1 --split "$split" --part test --output "$folder/data-$kind"
done
# The sizes of pcm3pp-small.yaml, for both methods.
small=(--set batch=32 --set "epochs=$epochs" --set input.frames=32 --set encoder.hidden=64
  --set method.decoder.hidden=128 --set method.queue=512 --set method.key_momentum=0.99
  --set "optimizer.milestones=[$((epochs * 4 / 5))]" --set optimizer.rate=0.05
  --set 'stages=[]' --set checkpoint.keep_every=0)
for method in pcm3pp moco; do
  say "pre-train: $method"
  "$skeltrain" pretrain --from "$folder/data" --split "$split" \
    --recipe "pipelines/pretrain/$method.yaml" "${small[@]}" --output "$folder/$method" --resume
done
say "measure"
"$skeltrain" benchmark "${recipes[@]}" --set "root=$folder" --set "split=$split" \
  --set "published=$published" --output "$folder/results"
