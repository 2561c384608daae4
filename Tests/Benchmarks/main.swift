// axidrawd-bench [NAME…] [--json] [--list]: figures per kernel and stage. A name selects every benchmark that begins
// with it. Each file adds one array here.
internal import Foundation

let benchmarks: [Benchmark] =
    harnessBenchmarks + motionBenchmarks + pictureBenchmarks + boardBenchmarks + plannedBenchmarks + drawingBenchmarks

exit(runBenchmarks(benchmarks, arguments: Array(CommandLine.arguments.dropFirst())))
