#!/bin/sh
# Builds every fuzzer into one program, .build/fuzz/axidrawd-fuzz, with libFuzzer and the address sanitizer: of each target
# what is pure, without sockets, descriptors and clocks. Which fuzzer runs says AXIDRAWD_FUZZ; Tests/Fuzz/run.sh sets it.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/.build/fuzz
mkdir -p "$build"
cd "$root"

# module NAME FILE…: compiles sources as a module that tests may look into.
module() {
    name=$1
    shift
    swiftc -O -wmo -parse-as-library -swift-version 6 -enable-upcoming-feature InternalImportsByDefault \
        -enable-upcoming-feature ExistentialAny -enable-testing -module-name "$name" -package-name axidrawd -sanitize=fuzzer,address -I "$build" -I Sources/CLinux \
        -emit-module -emit-module-path "$build/$name.swiftmodule" -c "$@" -o "$build/$name.o"
}

# shellcheck disable=SC2046,SC2086
{
    module Motion $(find Sources/Motion -name '*.swift') &
    motion=$!
    module Text $(find Sources/Text -name '*.swift')
    module HTTP $(find Sources/HTTP -name '*.swift')
    module Picture $(find Sources/Picture -name '*.swift')
    wait "$motion"
    module EBB $(find Sources/EBB/Wire Sources/EBB/Emit -name '*.swift' ! -name 'Kinematics.swift') Sources/EBB/Driver/Conversation.swift \
        Sources/EBB/Driver/ReplyShape.swift
    module Simulator $(find Sources/Simulator/Board Sources/Simulator/Machine -name '*.swift') \
        Sources/Simulator/Link/Fault.swift Sources/Simulator/Link/FaultScript.swift
    module Strokes Sources/axidrawd/Planning/StrokeLines.swift
    module Fuzz Tests/Fuzz/*.swift
}
swiftc -sanitize=fuzzer,address -use-ld=lld "$build"/Text.o "$build"/HTTP.o "$build"/Picture.o "$build"/Motion.o \
    "$build"/EBB.o "$build"/Simulator.o "$build"/Strokes.o "$build"/Fuzz.o -o "$build/axidrawd-fuzz"
