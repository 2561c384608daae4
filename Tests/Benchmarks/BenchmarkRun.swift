internal import Foundation

/// Runs the benchmarks that the arguments select and prints their rows; gives the exit code.
func runBenchmarks(_ benchmarks: [Benchmark], arguments: [String]) -> Int32 {
    let flags = arguments.filter { $0.hasPrefix("-") }
    let names = arguments.filter { !$0.hasPrefix("-") }
    if let unknown = flags.first(where: { !["--json", "--list"].contains($0) }) {
        complain("axidrawd-bench: unknown flag \(unknown); known are --json and --list")
        return 64
    }
    let chosen = benchmarks.filter { benchmark in names.isEmpty || names.contains { benchmark.name.hasPrefix($0) } }
    for name in names where !benchmarks.contains(where: { $0.name.hasPrefix(name) }) {
        complain("axidrawd-bench: no benchmark begins with \(name); --list prints all")
        return 64
    }
    if flags.contains("--list") {
        for benchmark in chosen { print(benchmark.name) }
        return 0
    }
    let isJSON = flags.contains("--json")
    var report = BenchmarkReport()
    if !isJSON { report.onRow = { print(line(of: $0)) } }
    for benchmark in chosen {
        report.benchmark = benchmark.name
        do {
            try benchmark.run(&report)
        } catch {
            complain("\(benchmark.name): \(error)")
            return 1
        }
    }
    let peak = peakResidentBytes()
    if isJSON {
        print(json(of: report.rows, peakResidentBytes: peak))
    } else if let peak {
        print("peak resident memory \(peak / 1_048_576) MiB")
    }
    return 0
}

private func complain(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}

private func line(of row: BenchmarkReport.Row) -> String {
    let name = "\(row.benchmark) \(row.label)"
    let padding = String(repeating: " ", count: max(1, 44 - name.count))
    var text = name + padding
    text += String(
        format: "%10d elements %12.2f ns/element %10.4f CPU s", row.elements, row.nanosecondsPerElement, row.cpuSeconds)
    for figure in row.figures { text += String(format: "  %@ %.6g", figure.name, figure.value) }
    return text
}

/// One document: `{"rows":[{…}],"peakResidentBytes":…}`; names are ours and need no escapes.
private func json(of rows: [BenchmarkReport.Row], peakResidentBytes: Int?) -> String {
    let items = rows.map { row in
        var text = "{\"benchmark\":\"\(row.benchmark)\",\"label\":\"\(row.label)\",\"elements\":\(row.elements)"
        text += ",\"cpuSeconds\":\(row.cpuSeconds),\"nanosecondsPerElement\":\(row.nanosecondsPerElement)"
        for figure in row.figures {
            text += ",\"\(figure.name)\":" + (figure.value.isFinite ? "\(figure.value)" : "null")
        }
        return text + "}"
    }
    return "{\"rows\":[" + items.joined(separator: ",\n") + "],\"peakResidentBytes\":"
        + (peakResidentBytes.map { "\($0)" } ?? "null") + "}"
}
