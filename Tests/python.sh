#!/usr/bin/env bash
# Builds the Python package as a wheel, installs it into an environment of its own, and compares what it opens with h5py:
# Tests/python.sh [BINARIES]
#
# Says so and ends well where Python, h5py or setuptools are missing. Nothing is downloaded.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(realpath "${1:-$(swift build --show-bin-path)}")
python3 -c 'import h5py, setuptools, pip' 2> /dev/null || { echo "no h5py, setuptools or pip: the Python package is not tested"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bin/skelprep" synthesize --samples 40 --classes 4 --output "$work/raw" --quiet
"$bin/skelprep" convert "$work/raw" --dataset ntu60 --shard-size 16 --output "$work/data" --quiet
"$bin/skelprep" split "$work/data" --protocol xview --quiet
# Setuptools leaves its own folders where it builds.
cp -R Sources/python "$work/source"
python3 -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$work/wheel" "$work/source"
python3 -m pip install --quiet --no-deps --no-index --target "$work/site" "$work"/wheel/skeleton_shards-*.whl
cp Sources/python/tests/test_shards.py "$work/test_shards.py"
cd "$work"
PYTHONPATH=$work/site python3 test_shards.py data
PYTHONPATH=$work/site python3 -c 'import skeleton_shards, sys; assert skeleton_shards.__file__.startswith(sys.argv[1])' "$work/site"
# The first example of its page, word for word.
sed -n '/^```python/,/^```/p' "$work/source/README.md" | sed '/^```/d' > example.py
python3 - example.py <<'END'
import re, sys
text = open("example.py").read().replace('"xsub"', '"xview"')
open("example.py", "w").write(text if __import__("importlib.util").util.find_spec("torch") else text.split("from torch")[0])
END
PYTHONPATH=$work/site python3 example.py
echo "the Python package opens what skelprep writes"
