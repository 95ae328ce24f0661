#!/usr/bin/env bash
# Every method of pre-training on one data set, at a size that two cores train in minutes, and the parts of PCM3++ one by one:
# pipelines/methods.sh DATA SPLIT OUTPUT [SEEDS [METHODS]]
#
# DATA is a data set that `skelprep split` has split by SPLIT. OUTPUT takes a run and its results for each method and
# seed, and is gone on with when the same line is given again; the last lines are the table of all that is there.
#
# The rows of the paper's Tables 3 and 4 are called pairs (the sequence and the mixed one are compared), masked-view, predicted-view,
# guided (its predicted view teaches the decoder), pcm3pp (clips as well) and distilled (a second stage without InfoNCE).
set -euo pipefail
data=$1
split=$2
output=$3
seeds=${4:-"1 2 3"}
methods=${5:-"pcm3pp moco pcm3 masked clip autoencoder cmd pairs masked-view predicted-view guided distilled"}
cd "$(dirname "$0")/.."
bin=${SKELETON_BIN:-$(swift build -c release --show-bin-path)}
# The sizes of pcm3pp-small.yaml, for all of them.
small=(--set batch=32 --set epochs=120 --set input.frames=32 --set encoder.hidden=64 --set optimizer.rate=0.05
  --set 'optimizer.milestones=[96]' --set 'stages=[]' --set checkpoint.keep_every=0)
queue=(--set method.queue=512 --set method.key_momentum=0.99)
decoder=(--set method.decoder.hidden=128)
distilling='stages=[{epochs: 40, settings: {method: {weight: {contrast: 0}}, optimizer: {rate: 0.005, schedule: constant}}}]'

# The recipe of a method, and what is different in it.
describe() {
  recipe=$1
  changes=("${queue[@]}" "${decoder[@]}")
  case $1 in
    autoencoder) changes=("${decoder[@]}" --set optimizer.rate=0.001) ;;
    masked) changes=("${decoder[@]}") ;;
    cmd) changes=("${queue[@]}") ;;
    pairs) changes+=(--set 'method.positives=[base, mix]') ;;
    masked-view) changes+=(--set 'method.positives=[base, mix, mask]') ;;
    predicted-view) changes+=(--set 'method.positives=[base, mix, mask, recons]' --set method.guidance=false) ;;
    guided) changes+=(--set 'method.positives=[base, mix, mask, recons]') ;;
    distilled) changes+=(--set "$distilling") ;;
  esac
  [ -e "pipelines/pretrain/$recipe.yaml" ] || recipe=pcm3pp
}

for seed in $seeds; do
  for method in $methods; do
    run=$output/$method-$seed
    describe "$method"
    "$bin/skeltrain" pretrain --from "$data" --split "$split" --recipe "pipelines/pretrain/$recipe.yaml" \
      "${small[@]}" "${changes[@]}" --set "seed=$seed" --output "$run" --resume
    for task in linear retrieval; do
      "$bin/skeltrain" evaluate "$task" --from "$data" --split "$split" \
        --checkpoint "$run" --output "$run-$task" > /dev/null
    done
  done
done
"$bin/skeltrain" compare "$output"/*-linear "$output"/*-retrieval
