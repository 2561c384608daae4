internal import EBB
internal import Motion

/// What is going to be drawn and when, for those who show it over time: one flat document in machine coordinates.
enum PlanJSON {
    /// - Parameter program: of these strokes, from the first on.
    /// - Complexity: O(points + commands); some 12 bytes a point.
    static func bytes(_ strokes: PlannedStrokes, _ program: Program) -> [UInt8] {
        let lines = strokes.polylines
        let tolerance = PreviewSVG.tolerance(lines)
        var output: [UInt8] = []
        output.reserveCapacity(lines.points.count * 12)
        let times = StrokeTimes(program, count: lines.count)
        output += "{\"strokeCount\":\(lines.count),\"durationSeconds\":\(number(times.duration)),".utf8
        output += "\"exact\":\(tolerance == 0),\"inks\":[".utf8
        appendInks(strokes, to: &output)
        output += "],\"starts\":[0".utf8
        var points: [UInt8] = []
        var count = 0
        func append(_ point: Point) {
            if count > 0 { points.append(UInt8(ascii: ",")) }
            points += "\(number(point.x)),\(number(point.y))".utf8
            count += 1
        }
        for i in 0..<lines.count {
            let line = lines[i]
            if tolerance > 0 {
                simplify(line.span, tolerance: tolerance) { append(line[line.startIndex + $0]) }
            } else {
                for point in line { append(point) }
            }
            output += ",\(count)".utf8
        }
        output += "],\"points\":[".utf8
        output += points
        points = []
        times.write("begins", times.begins, to: &output)
        times.write("ends", times.ends, to: &output)
        output += "],\"lost\":[".utf8
        for i in 0..<strokes.lost.count {
            output += i > 0 ? ",[".utf8 : "[".utf8
            output += strokes.lost[i].map { "\(number($0.x)),\(number($0.y))" }.joined(separator: ",").utf8
            output.append(UInt8(ascii: "]"))
        }
        output += "]}".utf8
        return output
    }

    /// Colours as runs: the stroke that is the first in it, and the colour as it shows on white paper.
    private static func appendInks(_ strokes: PlannedStrokes, to output: inout [UInt8]) {
        var last: PenColour?
        for layer in strokes.layers {
            for stroke in layer.strokes {
                let colour = (strokes.colour(ofStroke: stroke, in: layer) ?? .black).onWhitePaper
                if colour == last { continue }
                if last != nil { output.append(UInt8(ascii: ",")) }
                output += "[\(stroke),\"\(PreviewSVG.hex(colour))\"]".utf8
                last = colour
            }
        }
    }

    static func number(_ value: Double) -> String { PreviewSVG.number(value.isFinite ? value : 0) }
}

/// When each stroke begins and ends, s from the first command on.
private struct StrokeTimes {
    var begins: [Double]
    var ends: [Double]
    var duration: Double

    init(_ program: Program, count: Int) {
        begins = [Double](repeating: 0, count: count)
        ends = begins
        let scale = 1 / Double(BoardClock.ticksPerSecond)
        var ticks = 0
        var known = -1
        for k in program.commands.indices {
            let stroke = Int(program.strokes[k])
            let isShown = (0..<count).contains(stroke)
            if isShown, stroke > known {
                begins[stroke] = Double(ticks) * scale
                known = stroke
            }
            ticks += Int(program.ticks[k])
            if isShown { ends[stroke] = Double(ticks) * scale }
        }
        duration = Double(ticks) * scale
    }

    func write(_ name: String, _ values: [Double], to output: inout [UInt8]) {
        output += "],\"\(name)\":[".utf8
        for (i, value) in values.enumerated() {
            if i > 0 { output.append(UInt8(ascii: ",")) }
            output += PlanJSON.number(value).utf8
        }
    }
}
