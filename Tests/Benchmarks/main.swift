// axidrawd-bench [NAME…] [--seed N] [--json] [--list]: figures per kernel and stage. A name selects every benchmark that
// begins with it. axidrawd-bench --drawing KIND [--size N] [--seed N] prints a drawing of the kinds that are measured.
// Each file adds one array here.
internal import Foundation

let benchmarks: [Benchmark] =
    harnessBenchmarks + motionBenchmarks + pictureBenchmarks + boardBenchmarks + plannedBenchmarks + drawingBenchmarks
    + kernelBenchmarks + growthBenchmarks + memoryBenchmarks + priceBenchmarks + physicalBenchmarks + jerkBenchmarks
    + fullBenchmarks + sortedBenchmarks + limitBenchmarks + secondsBenchmarks + areaBenchmarks + randomBenchmarks

exit(runBenchmarks(benchmarks, arguments: Array(CommandLine.arguments.dropFirst())))
