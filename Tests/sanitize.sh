#!/usr/bin/env bash
# Builds the tests with a sanitizer into a folder of its own and runs them: the quick part, which is all code that goes
# through a pointer (kernels, tensors, the file system, archives of arrays, a run's folder), or `all`.
#   Tests/sanitize.sh [quick|all] [address|thread]
set -euo pipefail
cd "$(dirname "$0")/.."
part=${1:-quick}
kind=${2:-address}
export SWIFT_BACKTRACE=enable=no
# Swift keeps what it has made once for as long as the program runs, which is no leak; a fault ends the tests.
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1 TSAN_OPTIONS=halt_on_error=1
case $part in
quick) set -- --filter '^(NNTests|ShardsTests|NumpyTests)\.' --filter 'Safetensors|Retention|RunLog|HostileCheckpoint|EventFile' ;;
all) set -- ;;
*) echo "usage: $0 [quick|all] [address|thread]" >&2; exit 64 ;;
esac
swift test --scratch-path ".build-$kind" --sanitize="$kind" "$@"
