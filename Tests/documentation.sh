#!/usr/bin/env bash
# Builds the documentation of every library and fails if there is a warning: Tests/documentation.sh [LIBRARY...]
#
# Where some parameters say all by their names, the others are documented and these are not, which is no fault.
# The pages come to .build/documentation, a folder for each library. The package has to be built before, in debug.
set -euo pipefail
cd "$(dirname "$0")/.."
swift package dump-symbol-graph --minimum-access-level public > /dev/null 2>&1
graphs=$(swift build --show-bin-path)/../symbolgraph
output=.build/documentation
libraries=("$@")
if [ $# -eq 0 ]; then
  for catalog in Sources/*/*.docc; do libraries+=("$(basename "$catalog" .docc)"); done
fi
status=0
for library in "${libraries[@]}"; do
  folder=$output/graphs/$library
  mkdir -p "$folder"
  cp "$graphs/$library".symbols.json "$folder"
  docc convert "Sources/$library/$library.docc" --fallback-display-name "$library" --fallback-bundle-identifier "$library" \
    --additional-symbol-graph-dir "$folder" --output-path "$output/$library" > "$output/$library.log" 2>&1 || status=1
  if grep -E -A1 '(warning|error):' "$output/$library.log" | grep -v "is missing documentation" | grep -E -A1 '(warning|error):'; then
    status=1
  fi
done
exit $status
