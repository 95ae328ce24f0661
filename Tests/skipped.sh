#!/usr/bin/env bash
# What a run of the tests, on standard input, has skipped: how many tests, and each reason with its number and the names that are known.
#   Tests/skipped.sh < output
set -euo pipefail
# Swift Testing says `➜ Test name() skipped: "reason"`, and of a suite the same once more; tests themselves print `skipped: reason`,
# whose names nobody knows. One whose cases are files that are not there prints the reason and has no test cases besides.
LC_ALL=C awk '
  function add(reason, name) {
    if (!(reason in count)) reasons[++different] = reason
    count[reason]++
    if (name != "") names[reason] = names[reason] (names[reason] == "" ? "" : ", ") name
  }
  /^[^A-Za-z0-9]*Test .* skipped(: ".*")?\.?$/ {
    name = $0
    sub(/^[^A-Za-z0-9]*Test /, "", name)
    sub(/ skipped(: ".*")?\.?$/, "", name)
    reason = $0
    if (!sub(/^.* skipped: "/, "", reason)) reason = "no reason given"
    sub(/"\.?$/, "", reason)
    if (reason == "No test cases found.") { empty[++cases] = name; next }
    add(reason, name)
    next
  }
  /^[^A-Za-z0-9]*Suite .* skipped(: ".*")?\.?$/ { next }
  /^(.*[: ])?skipped: / {
    sub(/skipped: /, "")
    if ($0 ~ /^no .*\*/) files++
    add($0, "")
  }
  END {
    for (number = files + 1; number <= cases; number++) add("no case, and no word why", "")
    for (number = 1; number <= different; number++) total += count[reasons[number]]
    if (total == 0) { print "no test was skipped"; exit }
    print total (total == 1 ? " test was" : " tests were") " skipped:"
    for (number = 1; number <= different; number++) {
      reason = reasons[number]
      printf "%6d  %s%s\n", count[reason], reason, names[reason] == "" ? "" : " (" names[reason] ")"
    }
    for (number = 1; number <= cases; number++) list = list (number == 1 ? "" : ", ") empty[number]
    if (cases > 0) print "without cases: " list
  }'
