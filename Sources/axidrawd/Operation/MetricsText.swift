internal import HTTP

/// Writes the text format of Prometheus, version 0.0.4.
struct MetricsText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    enum Kind: String { case counter, gauge, histogram }

    typealias Labels = [(name: String, value: String)]

    private(set) var bytes: [UInt8] = []

    /// One family: what it is, then its samples.
    mutating func family(_ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: Labels, value: Double)]) {
        head(name, kind, help)
        for sample in samples { write(name, sample.labels, sample.value) }
    }

    /// A family of one sample without labels.
    mutating func family(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        family(name, kind, help, [([], value)])
    }

    mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        head(name, .histogram, help)
        var count = 0
        for (i, number) in histogram.counts.enumerated() {
            count += number
            let bound = i < histogram.bounds.count ? Self.text(histogram.bounds[i]) : "+Inf"
            write(name + "_bucket", [("le", bound)], Double(count))
        }
        write(name + "_sum", [], histogram.sum)
        write(name + "_count", [], Double(count))
    }

    private mutating func head(_ name: String, _ kind: Kind, _ help: String) {
        bytes += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n".utf8
    }

    private mutating func write(_ name: String, _ labels: Labels, _ value: Double) {
        let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }.joined(separator: ",")
        bytes += "\(name)\(pairs.isEmpty ? "" : "{\(pairs)}") \(Self.text(value))\n".utf8
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        if quotes { result = result.replacing("\"", with: "\\\"") }
        return result
    }

    private static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}
