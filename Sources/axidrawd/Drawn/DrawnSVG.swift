internal import Motion
internal import Text

/// What was drawn on a sheet, as an SVG in machine coordinates that says where it comes from.
struct DrawnSVG {
    let bed: Size
    /// Lines with one `path` each.
    private var paths: [UInt8] = []

    init(bed: Size) { self.bed = bed }

    /// What the pen of a virtual board has left.
    mutating func add(_ trail: InkTrail) {
        paths += "<path stroke=\"#111111\" d=\"".utf8
        var isDown = false
        for point in trail.points {
            if point.isTouching || isDown {
                paths.append(UInt8(ascii: isDown ? "L" : "M"))
                paths += "\(PreviewSVG.number(Double(point.x))) \(PreviewSVG.number(Double(point.y)))".utf8
            }
            isDown = point.isTouching
        }
        paths += "\"/>\n".utf8
    }

    /// The first strokes of a plan, as `PreviewSVG` has written them.
    mutating func add(strokes count: Int, of preview: [UInt8]) {
        var left = count
        for line in Self.lines(of: preview) where left > 0 {
            // Every stroke begins with an M, and nothing else on such a line has one.
            let starts = line.indices.filter { line[$0] == UInt8(ascii: "M") }
            if starts.count > left {
                paths += line[..<starts[left]]
                paths += "\"/>".utf8
            } else {
                paths += line
            }
            paths.append(ASCII.lineFeed)
            left -= starts.count
        }
    }

    /// How many strokes a preview shows.
    static func strokes(of preview: [UInt8]) -> Int {
        lines(of: preview).reduce(0) { $0 + $1.count { $0 == UInt8(ascii: "M") } }
    }

    private static func lines(of preview: [UInt8]) -> [ArraySlice<UInt8>] {
        preview.split(separator: ASCII.lineFeed).filter { $0.starts(with: "<path ".utf8) }
    }

    /// - Parameter note: where it comes from, without markup.
    func bytes(note: String) -> [UInt8] {
        let (width, height) = (PreviewSVG.number(bed.width), PreviewSVG.number(bed.height))
        var output = Array("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" ".utf8)
        output += "width=\"\(width)mm\" height=\"\(height)mm\" fill=\"none\" stroke-width=\"0.3\" ".utf8
        output += "stroke-linecap=\"round\" stroke-linejoin=\"round\">\n<desc>\(note)</desc>\n".utf8
        output += "<text x=\"2\" y=\"\(PreviewSVG.number(bed.height - 2))\" font-size=\"3\" ".utf8
        output += "font-family=\"sans-serif\" fill=\"#8a8f94\">\(note)</text>\n".utf8
        output += paths
        output += "</svg>\n".utf8
        return output
    }
}
