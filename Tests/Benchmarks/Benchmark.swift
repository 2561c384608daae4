internal import Foundation

/// One entry of the table: a name such as `flatten/cubics` and what to measure under it.
struct Benchmark: Sendable {
    let name: String
    let run: @Sendable (inout BenchmarkReport) throws -> Void
}

/// Rows of figures that the benchmarks of one run have added.
struct BenchmarkReport {
    struct Row {
        var benchmark: String
        /// Which case of the benchmark: a size, a kind, a way.
        var label: String
        var elements: Int
        var cpuSeconds: Double
        /// Named extra figures, such as millimetres or ratios, in the order given.
        var figures: [(name: String, value: Double)]

        var nanosecondsPerElement: Double { elements > 0 ? cpuSeconds * 1e9 / Double(elements) : 0 }
    }

    private(set) var rows: [Row] = []
    /// What drawings are made from.
    var seed: UInt64 = 1
    /// Name of the benchmark that is running.
    var benchmark = ""
    /// Called with every row as it is made.
    var onRow: (Row) -> Void = { _ in }

    /// Runs `body` `repeats` times and adds a row with the least CPU time of one run.
    ///
    /// CPU time is of the whole process, all threads; the least of several is the one least disturbed.
    /// - Parameters:
    ///   - label: the case, such as `100000`.
    ///   - elements: how many items one run handles.
    ///   - figures: read after the runs, from their last result.
    /// - Returns: the result of the last run.
    @discardableResult
    mutating func measure<Result>(
        _ label: String, elements: Int, repeats: Int = 3,
        figures: (Result) -> [(name: String, value: Double)] = { _ in [] },
        _ body: () throws -> Result
    ) rethrows -> Result {
        precondition(repeats > 0, "a measurement needs a run")
        var start = processorSeconds()
        var result = try body()
        var best = processorSeconds() - start
        // The clock counts microseconds: what is over within a millisecond is run in batches.
        let batch = best < 0.001 ? Int(0.002 / max(best, 2e-6)) : 1
        for _ in 1..<max(repeats, batch > 1 ? 4 : 1) {
            start = processorSeconds()
            for _ in 0..<batch { result = try body() }
            best = min(best, (processorSeconds() - start) / Double(batch))
        }
        add(label, elements: elements, cpuSeconds: best, figures: figures(result))
        return result
    }

    /// Adds a row measured by the caller.
    mutating func add(
        _ label: String, elements: Int, cpuSeconds: Double, figures: [(name: String, value: Double)] = []
    ) {
        let row = Row(
            benchmark: benchmark, label: label, elements: elements, cpuSeconds: cpuSeconds, figures: figures)
        rows.append(row)
        onRow(row)
    }
}

/// CPU time of this process in s, all threads, to a microsecond.
func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

/// Most memory that was resident at once since the process began, in bytes; nil where the kernel does not say.
func peakResidentBytes() -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix("VmHWM:") {
        return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }
    return nil
}
