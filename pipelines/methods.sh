#!/usr/bin/env bash
# Every method of pre-training on one data set, at a size that two cores train in minutes:
# pipelines/methods.sh DATA SPLIT OUTPUT [SEEDS [METHODS]]
#
# DATA is a data set that `skelprep split` has split by SPLIT. OUTPUT takes a run and its results for each method and
# seed, and is gone on with when the same line is given again; the last lines are the table of all that is there.
set -euo pipefail
data=$1
split=$2
output=$3
seeds=${4:-"1 2 3"}
methods=${5:-"pcm3pp moco pcm3 masked clip autoencoder cmd"}
cd "$(dirname "$0")/.."
bin=${SKELETON_BIN:-$(swift build -c release --show-bin-path)}
# The sizes of pcm3pp-small.yaml, for all of them.
small=(--set batch=32 --set epochs=30 --set encoder.hidden=128 --set decoder.hidden=64 --set queue=512
  --set key_momentum=0.99 --set 'optimizer.milestones=[24]' --set distillation.epochs=0 --set checkpoint.keep_every=0)

for seed in $seeds; do
  for method in $methods; do
    run=$output/$method-$seed
    rate=0.05
    [ "$method" != autoencoder ] || rate=0.001
    "$bin/skeltrain" pretrain --from "$data" --split "$split" --recipe "pipelines/pretrain/$method.yaml" \
      "${small[@]}" --set "optimizer.rate=$rate" --set "seed=$seed" --output "$run" --resume
    for task in linear retrieval; do
      "$bin/skeltrain" evaluate "$task" --from "$data" --split "$split" \
        --checkpoint "$run" --output "$run-$task" > /dev/null
    done
  done
done
"$bin/skeltrain" compare "$output"/*-linear "$output"/*-retrieval
