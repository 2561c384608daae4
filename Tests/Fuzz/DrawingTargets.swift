@testable internal import Motion

extension FuzzTarget {
    /// Every event of the document until its end or first fault.
    static let xml = FuzzTarget(name: "xml") { bytes in
        guard let text = try? SVG.decoded(bytes).bytes else { return }
        var reader = SVG.XMLReader(text)
        reader.wantsText = true
        var (depth, events) = (0, 0)
        do throws(SVG.Fault) {
            while true {
                events += 1
                switch try reader.next() {
                case .start: depth += 1
                case .end: depth -= 1
                case .text: break
                case .finished:
                    hold(depth == 0, "finished at depth \(depth)")
                    return
                }
                hold(depth >= 0, "more ends than starts")
                hold(events <= 2 * bytes.count + 2_000_000, "events without end")
            }
        } catch {
            hold(error.offset >= 0 && error.offset <= text.count, "a fault outside the text, at \(error.offset)")
        }
    }

    /// Path data as the reader sees it; what it gives is finite, and so is what flattening makes of it.
    static let pathData = FuzzTarget(name: "path") { bytes in
        let text = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='".utf8
        let body = bytes.map { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") ? 32 : $0 }
        check(Array(text) + body + Array("'/></svg>".utf8))
    }

    /// A style sheet over a few elements.
    static let css = FuzzTarget(name: "css") { bytes in
        let head = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><style>".utf8
        let body = bytes.map { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") ? 32 : $0 }
        let tail = """
            </style><g id='a' class='b c'><path class='c' d='M0 0h5v5z' style='fill:red;/*x*/stroke:blue'/><g lang='en'>\
            <rect id='r' width='3' height='3'/><circle r='2'/></g></g><line x2='4' y2='1' stroke='red'/></svg>
            """.utf8
        check(Array(head) + body + Array(tail))
    }

    /// The whole reader.
    static let svg = FuzzTarget(name: "svg") { check($0) }

    /// Reads and flattens: finite points, no path without points, a fault with a place in the file.
    private static func check(_ bytes: [UInt8]) {
        var options = PlotOptions()
        if bytes.count.isMultiple(of: 2) { options.text = .script }
        do throws(Pipeline.Failure) {
            let flat = try Pipeline.flatDrawing(of: bytes, options: options, tolerance: 0.02)
            hold(flat.polylines.points.allSatisfy { $0.x.isFinite && $0.y.isFinite }, "a point that is not finite")
            for i in 0..<flat.polylines.count { hold(!flat.polylines[i].isEmpty, "a path without points") }
        } catch {
            guard case .unreadable(let fault) = error else { return }
            hold(fault.line >= 1 && fault.column >= 1, "no place: \(fault)")
        }
    }
}
