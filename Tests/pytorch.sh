#!/usr/bin/env bash
# Runs the page about PyTorch word for word, and compares its features with those of `skeltrain embed`: Tests/pytorch.sh [BINARIES]
#
# Says so and ends well where Python's modules are missing.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
bin=$(realpath "${1:-$(swift build --show-bin-path)}")
python3 -c 'import h5py, safetensors, torch, yaml' 2> /dev/null \
  || { echo "no torch, safetensors, h5py or yaml: the page about PyTorch is not tested"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed -n '/^```python/,/^```/p' Sources/Training/Training.docc/PyTorch.md | sed '/^```/d' > "$work/page.py"
cd "$work"
"$bin/skelprep" synthesize --samples 60 --classes 3 --output raw --quiet
"$bin/skelprep" convert raw --dataset ntu60 --output data --quiet
"$bin/skelprep" split data --protocol xview --quiet
for mode in stepwise bidirectional forward; do
  rm -rf run features.h5
  "$bin/skeltrain" pretrain --from data --split xview --recipe moco --output run --quiet --set epochs=2 --set batch=8 \
    --set input.frames=16 --set encoder.hidden=8 --set encoder.mode=$mode --set method.queue=16 --set 'optimizer.milestones=[]' \
    --set optimizer.rate=0.1
  "$bin/skeltrain" embed --from data --checkpoint run --output features.h5 --quiet
  { cat page.py; cat <<'END'
import h5py
with h5py.File("features.h5") as file:
    theirs, names = file["features"][:], [name.decode() for name in file["name"][:]]
assert names == data.names and theirs.shape == tuple(features.shape)
off = abs(theirs - features.numpy()).max()
assert off < 1e-5 and abs(theirs).max() > 0.01, off
END
  } > check.py
  PYTHONPATH=$root/Sources/python PYTHONDONTWRITEBYTECODE=1 python3 check.py
done
echo "the page about PyTorch gives the features of skeltrain embed"
