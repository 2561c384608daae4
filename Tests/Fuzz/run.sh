#!/bin/sh
# Runs every fuzzer for so many seconds on its kept corpus: Tests/Fuzz/run.sh SECONDS [NAME…]
# A fault ends the run and leaves its input in .build/fuzz; put it into Tests/Fuzz/corpus/NAME when it is mended.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
build=$folder/../../.build/fuzz
seconds=$1
shift
[ $# -gt 0 ] || set -- $(cd "$folder/corpus" && ls)
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0
for name in "$@"; do
    found=$build/found/$name
    mkdir -p "$found"
    # New inputs go to the first folder; the kept ones are only read. One seed, so that a quick run can be repeated.
    AXIDRAWD_FUZZ=$name "$build/axidrawd-fuzz" -max_total_time="$seconds" -timeout=30 -rss_limit_mb=2048 -verbosity=0 -seed=1 \
        -print_final_stats=1 -artifact_prefix="$build/$name-" "$found" "$folder/corpus/$name" >"$build/$name.log" 2>&1 || {
        tail -40 "$build/$name.log" >&2
        echo "fuzzer $name found a fault" >&2
        exit 1
    }
    echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$name.log") inputs, no fault"
done
