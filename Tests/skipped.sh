#!/usr/bin/env bash
# What a run of the tests, on standard input, has skipped: how many, and each reason with its number.
#   Tests/skipped.sh < output
set -euo pipefail
# Swift Testing's own: `➜ Test name() skipped: "reason"`, also of whole suites; and what tests print: `skipped: reason`.
sed -nE \
  -e 's/^[^[:alnum:]]*((Test|Suite) .*) skipped: "(.*)"\.?$/\3/p; t' \
  -e 's/^[^[:alnum:]]*((Test|Suite) .*) skipped\.?$/\1: no reason given/p; t' \
  -e 's/^(.*[: ])?skipped: (.*)$/\1\2/p' \
  | LC_ALL=C sort | uniq -c | sort -k1,1nr -k2 | awk '
    { count += $1; line = $0; sub(/^ *[0-9]+ /, "", line); lines[NR] = sprintf("%6d  %s", $1, line) }
    END {
      if (count == 0) { print "no test was skipped"; exit }
      print count (count == 1 ? " test was" : " tests were") " skipped:"
      for (number = 1; number <= NR; number++) print lines[number]
    }'
