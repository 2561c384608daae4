internal import Foundation
internal import FoundationXML
internal import Motion
internal import TestSupport

/// Reading and flattening path data, beside what others take for a part of it.
let drawingBenchmarks = [
    Benchmark(name: "svg/lines") { report in measureReading(&report, "20 MB, one path", pathOfLines(bytes: 20 << 20)) },
    Benchmark(name: "svg/curves") { report in
        measureReading(&report, "20 MB, 9 kB paths", manyPaths(bytes: 20 << 20, each: 9_000))
        measureReading(&report, "20 MB, 200 B paths", manyPaths(bytes: 20 << 20, each: 200))
    },
    Benchmark(name: "svg/arcs") { report in
        measureReading(&report, "20 MB, arcs, 9 kB paths", pathsOfArcs(bytes: 20 << 20))
        measureReading(&report, "20 MB, circles", circles(bytes: 20 << 20))
    },
]

private func measureReading(_ report: inout BenchmarkReport, _ label: String, _ body: [UInt8]) {
    let head =
        "<svg xmlns='http://www.w3.org/2000/svg' width='297mm' height='210mm' viewBox='0 0 297 210' stroke='red' fill='none'>"
    let document = Array(head.utf8) + body + Array("</svg>".utf8)
    let start = processorSeconds()
    let flat = try? Pipeline.flatDrawing(of: document, options: PlotOptions(), tolerance: 0.01)
    let read = processorSeconds()
    let parser = XMLParser(stream: InputStream(data: Data(document)))
    _ = parser.parse()
    let parsed = processorSeconds()
    let sum = numbersByStrtod(body)
    let converted = processorSeconds()
    let megabytes = Double(document.count) / 1e6
    report.add(
        label, elements: document.count, cpuSeconds: read - start,
        figures: [
            ("MBPerSecond", megabytes / (read - start)), ("points", Double(flat?.polylines.points.count ?? 0)),
            ("ofXMLParser", (read - start) / (parsed - read)), ("ofStrtod", (read - start) / (converted - parsed)),
            ("strtodSum", sum),
        ])
}

/// What `strtod` alone takes for the numbers of the text.
private func numbersByStrtod(_ text: [UInt8]) -> Double {
    var sum = 0.0
    var start = 0
    let isPart: (UInt8) -> Bool = { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D }
    while start < text.count {
        guard isPart(text[start]) else {
            start += 1
            continue
        }
        var end = start + 1
        while end < text.count, isPart(text[end]), text[end] != 0x2D { end += 1 }
        var word = Array(text[start..<end]).map { CChar(bitPattern: $0) }
        word.append(0)
        sum += unsafe strtod(word, nil)
        start = end
    }
    return sum
}

private func pathOfLines(bytes: Int) -> [UInt8] {
    var random = SeededGenerator(seed: 1)
    var text = Array("<path d='M10 10".utf8)
    while text.count < bytes {
        text += "L\(Double(Int(random.unit() * 297_000)) / 1000) \(Double(Int(random.unit() * 210_000)) / 1000)".utf8
    }
    return text + Array("'/>".utf8)
}

private func manyPaths(bytes: Int, each: Int) -> [UInt8] {
    var random = SeededGenerator(seed: 2)
    var text: [UInt8] = []
    func number() -> String { "\(Double(Int(random.unit() * 8_000) - 4_000) / 1000)" }
    while text.count < bytes {
        let end = text.count + each
        text += "<path d='M150 100".utf8
        while text.count < end {
            text += "c\(number()) \(number()) \(number()) \(number()) \(number()) \(number())".utf8
        }
        text += "'/>".utf8
    }
    return text
}

private func pathsOfArcs(bytes: Int) -> [UInt8] {
    var random = SeededGenerator(seed: 3)
    var text: [UInt8] = []
    func number() -> String { "\(Double(Int(random.unit() * 8_000) - 4_000) / 1000)" }
    while text.count < bytes {
        let end = text.count + 9_000
        text += "<path d='M150 100".utf8
        while text.count < end {
            let radius = Double(Int(random.unit() * 6_000)) / 1000
            text += "a\(radius) \(radius) 0 0 1 \(number()) \(number())".utf8
        }
        text += "'/>".utf8
    }
    return text
}

private func circles(bytes: Int) -> [UInt8] {
    var random = SeededGenerator(seed: 4)
    func number(_ most: Double) -> String { "\(Double(Int(random.unit() * most * 1000)) / 1000)" }
    var text: [UInt8] = []
    while text.count < bytes {
        text += "<circle cx='\(number(297))' cy='\(number(210))' r='\(number(3))'/>".utf8
    }
    return text
}
