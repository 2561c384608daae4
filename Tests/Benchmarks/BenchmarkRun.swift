internal import Foundation
internal import TestSupport

/// Runs the benchmarks that the arguments select and prints their rows; gives the exit code.
func runBenchmarks(_ benchmarks: [Benchmark], arguments: [String]) -> Int32 {
    var call = BenchmarkCall()
    if let wrong = call.read(arguments) {
        complain("axidrawd-bench: \(wrong)")
        return 64
    }
    if let drawing = call.drawing {
        FileHandle.standardOutput.write(Data(drawing(call.size, call.seed)))
        return 0
    }
    let chosen = benchmarks.filter { call.chooses($0.name) }
    for name in call.names where !benchmarks.contains(where: { $0.name.hasPrefix(name) }) {
        complain("axidrawd-bench: no benchmark begins with \(name); --list prints all")
        return 64
    }
    if call.lists {
        for benchmark in chosen { print(benchmark.name) }
        return 0
    }
    var report = BenchmarkReport()
    report.seed = call.seed
    if !call.isJSON { report.onRow = { print(line(of: $0)) } }
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
    if call.isJSON {
        print(json(of: report.rows, peakResidentBytes: peak))
    } else if let peak {
        print("peak resident memory \(peak / 1_048_576) MiB")
    }
    return 0
}

/// What the command line asks for.
private struct BenchmarkCall {
    var names: [String] = []
    var isJSON = false
    var lists = false
    /// Print this drawing instead of measuring.
    var drawing: ((Int, UInt64) -> [UInt8])?
    var size = 1000
    var seed: UInt64 = 1

    func chooses(_ name: String) -> Bool { names.isEmpty || names.contains { name.hasPrefix($0) } }

    /// Takes the arguments in; says what is wrong with them.
    mutating func read(_ arguments: [String]) -> String? {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--json": isJSON = true
            case "--list": lists = true
            case "--drawing":
                let name = rest.popFirst() ?? ""
                if let kind = SeededDrawing(rawValue: name) {
                    drawing = { kind.svg(size: $0, seed: $1) }
                } else if let kind = RealDrawing(rawValue: name) {
                    drawing = { kind.svg(size: $0, seed: $1) }
                } else {
                    let kinds = SeededDrawing.allCases.map(\.rawValue) + RealDrawing.allCases.map(\.rawValue)
                    return "--drawing needs a kind: \(kinds.joined(separator: ", "))"
                }
            case "--size":
                guard let value = rest.popFirst().flatMap({ Int($0) }), (1...10_000_000).contains(value) else {
                    return "--size needs a number from 1 to 10000000"
                }
                size = value
            case "--seed":
                guard let value = rest.popFirst().flatMap({ UInt64($0) }) else { return "--seed needs a number" }
                seed = value
            default:
                if word.hasPrefix("-") {
                    return "unknown flag \(word); known are --json, --list, --seed, --drawing and --size"
                }
                names.append(word)
            }
        }
        return nil
    }
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
