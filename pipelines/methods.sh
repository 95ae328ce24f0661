#!/usr/bin/env bash
# Every method of pre-training on one data set, at a size that two cores train in minutes, and the parts of PCM3++ one by one:
# pipelines/methods.sh DATA SPLIT OUTPUT [SEEDS [METHODS]]
#
# DATA is a data set that `skelprep split` has split by SPLIT. OUTPUT takes a run and its results for each method and
# seed, and is gone on with when the same line is given again; the last lines are the table of all that is there: accuracy
# in percent of the encoder and of the same one untrained, parameters and multiply-adds (in millions) of the encoder, and
# minutes of training. METHODS are those below, or the names of recipes pipelines/pretrain/NAME-small.yaml, which are
# trained as they stand.
#
# The rows of the paper's Tables 3 and 4 are called pairs (the sequence and the mixed one are compared), masked-view, predicted-view,
# guided (its predicted view teaches the decoder), pcm3pp (clips as well) and distilled (a second stage without InfoNCE).
set -euo pipefail
data=$1
split=$2
output=$3
seeds=${4:-"1 2 3"}
ours="pcm3pp moco pcm3 masked clip autoencoder cmd pairs masked-view predicted-view guided distilled"
cd "$(dirname "$0")/.."
others=$(cd pipelines/pretrain && ls | sed -n 's/-small.yaml$//p' | grep -v pcm3pp | tr '\n' ' ')
methods=${5:-"$ours $others"}
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
  changes=("${small[@]}" "${changes[@]}")
  case " $ours " in
    *" $1 "*) ;;
    *)
      recipe=$1-small
      changes=()
      ;;
  esac
}

# The accuracy in a result, in percent.
accuracy() {
  sed -n '/"name" : "top1"/{n;s/.*: //p}' "$1/result.json" | awk '{ printf "%.1f", $1 }'
}

# The row of a run, made as its recipe says.
row() {
  local run=$1 kind=$2 name=${1##*/} cost minutes
  cost=$("$bin/skeltrain" complexity "$kind" --steps 0 --json)
  minutes=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "seconds") column = i; next } { sum += $column }
    END { printf "%.1f", sum / 60 }' "$run/log.csv")
  printf '%-18s %6s %6s %10s %10s %8s %8s %8s\n' "$name" \
    "$(accuracy "$run-linear")" "$(accuracy "$run-retrieval")" \
    "$(accuracy "$run-untrained-linear")" "$(accuracy "$run-untrained-retrieval")" \
    "$(sed -n 's/^ *"encoder" : \([0-9]*\),*$/\1/p' <<< "$cost" | awk '{ printf "%.2f", $1 / 1e6 }')" \
    "$(sed -n 's/^ *"multiply_adds" : \([0-9]*\),*$/\1/p' <<< "$cost" | awk '{ printf "%.0f", $1 / 1e6 }')" "$minutes"
}

for seed in $seeds; do
  for method in $methods; do
    run=$output/$method-$seed
    describe "$method"
    "$bin/skeltrain" pretrain --from "$data" --split "$split" --recipe "pipelines/pretrain/$recipe.yaml" \
      "${changes[@]}" --set "seed=$seed" --output "$run" --resume
    for task in linear retrieval; do
      "$bin/skeltrain" evaluate "$task" --from "$data" --split "$split" \
        --checkpoint "$run" --output "$run-$task" > /dev/null
      "$bin/skeltrain" evaluate "$task" --from "$data" --split "$split" \
        --checkpoint untrained --recipe "$run/recipe.yaml" --output "$run-untrained-$task" > /dev/null
    done
  done
done

printf '%-18s %6s %6s %10s %10s %8s %8s %8s\n' "method, seed" linear 1-NN untrained 1-NN "10^6" MACs minutes
for results in "$output"/*-retrieval; do
  case $results in *-untrained-retrieval) continue ;; esac
  run=${results%-retrieval}
  row "$run" "$run/recipe.yaml"
done
