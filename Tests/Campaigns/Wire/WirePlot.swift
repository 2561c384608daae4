internal import EBB
internal import Foundation
internal import Motion
internal import Picture
internal import Simulator
internal import TestSupport

/// A plot, and what it leaves on the paper when nothing goes wrong.
struct WirePlot: Sendable {
    struct Unusable: Error {
        var reason: String
    }

    var firmware: FirmwareVersion
    var motion: PlotOptions.Motion
    /// Limit on jerk, mm/s³.
    var jerk: Double?
    var program: Program
    /// Its strokes in drawing order, and whether each has hardly used its tolerance.
    var lines: Polylines
    var isExact: [Bool]
    var ink = Ink()
    /// Where the pen went, without times.
    var path: [PathPlace] = []
    /// The bytes of its picture.
    var picture: [UInt8] = []
    /// One a stroke, in the order of the plot.
    var strokeInk: [Ink] = []
    /// What a real machine would have suffered from all the same: a plan of constant rates has jumps of its own.
    var incidents: Set<WireRun.Suffering> = []
    /// When the undisturbed run begins and ends on its board.
    var ticks: Range<Int64> = 0..<1
    /// Commands that the board has had in all before the run, and in the run.
    var connectCommands = 0
    var runCommands = 0
    /// What the board is sent of the program, in order.
    var sent: [String] = []

    /// - Parameter jerk: limit that physical motion on firmware 3 keeps, mm/s³.
    init(
        _ subject: WireRow.Subject, firmware: FirmwareVersion, motion: PlotOptions.Motion, jerk: Double? = nil
    ) async throws {
        let drawing: [UInt8]
        switch subject {
        case .scribbles: drawing = Array(Self.scribbles.utf8)
        case .densest:
            // 27 ms a command; the others take 45 and more.
            let fixture = packageDirectory.appendingPathComponent("fixtures/plots/nested-circles/input.svg")
            drawing = Array(try Data(contentsOf: fixture))
        case .lines: drawing = Array(Self.lines.utf8)
        case .pens: drawing = Array(Self.pens.utf8)
        case .tiles: drawing = Array(Self.tiles.utf8)
        }
        var options = PlotOptions()
        options.isSpliced = subject == .tiles
        if motion == .physical, firmware.major >= 3 { options.jerk = jerk }
        try await self.init(drawing: drawing, firmware: firmware, motion: motion, options: options)
        guard subject != .scribbles || strokeInk.count >= 300 else {
            throw Unusable(reason: "only \(strokeInk.count) strokes")
        }
    }

    init(
        drawing: [UInt8], firmware: FirmwareVersion, motion: PlotOptions.Motion, options: PlotOptions = PlotOptions()
    ) async throws {
        self.firmware = firmware
        self.motion = motion
        let profile = MachineProfile.builtIn[0]
        var options = options.driven(by: firmware)
        options.motion = motion
        jerk = options.jerk
        let strokes = try Pipeline.strokes(of: drawing, options: options, profile: profile)
        let stream = try Emitter.stream(for: strokes, profile: profile, options: options, firmware: firmware)
        program = Program(stream)
        (lines, isExact) = (strokes.polylines, strokes.isExact)

        let run = try await WireRun(plot: self, seed: 1)
        connectCommands = run.loopback.withBoard { $0.commandCount }
        let start = run.loopback.withBoard { $0.now }
        guard await run.draw() == .done else { throw Unusable(reason: "the undisturbed plot is not drawn to its end") }
        let vertices = run.vertices
        ticks = start..<run.loopback.withBoard { $0.now }
        incidents = run.incidents
        ink = Ink(vertices)
        strokeInk = Ink.strokes(vertices)
        path = Self.path(of: vertices)
        picture = Self.picture(of: vertices)
        runCommands = run.loopback.withBoard { $0.commandCount } - connectCommands
        sent = run.programCommands
        guard strokeInk.count == stream.penLifts else {
            throw Unusable(reason: "\(strokeInk.count) strokes of \(stream.penLifts) are seen on the paper")
        }
    }

    /// One vertex of a path.
    struct PathPlace: Equatable, Sendable {
        var motor1: Int32
        var motor2: Int32
        var isTouching: Bool
    }

    /// All that ink and picture depend on: the vertices without times, and without those that change nothing.
    static func path(of vertices: [Trace.Vertex]) -> [PathPlace] {
        var path: [PathPlace] = []
        for vertex in vertices {
            let place = PathPlace(motor1: vertex.motor1, motor2: vertex.motor2, isTouching: vertex.isTouching)
            if path.last != place { path.append(place) }
        }
        return path
    }

    /// Its shortest motion, in ticks.
    var shortestMotion: Int64 {
        zip(program.commands, program.ticks).compactMap { command, ticks in
            switch command {
            case .acceleratedMove, .timedMove: Int64(ticks)
            case .move(_, let a, let b): a == 0 && b == 0 ? nil : Int64(ticks)
            default: nil
            }
        }.min() ?? 1
    }

    /// What the simulator's picture of a run is, small.
    static func picture(of vertices: [Trace.Vertex]) -> [UInt8] {
        var trace = Trace()
        trace.vertices = vertices
        return Picture(trace, sheet: Sheet(bedWidth: 300, bedHeight: 218, pixelsPerMillimetre: 2))?.png() ?? []
    }

    /// So little no eye tells from nothing, of 255.
    static let mostShades = 3
    /// What a line of a quarter pixel is darker or paler beside which a step of both motors is missing, 0.018 mm.
    static let shadesOfStep = 9

    /// How much the pixel that differs most does so in its strongest colour, of 255.
    static func shades(_ one: [UInt8], _ other: [UInt8]) throws -> Int {
        if one == other { return 0 }
        func colours(_ pixel: UInt32) -> [Int] { [0, 8, 16].map { Int(pixel >> $0 & 0xFF) } }
        let (first, second) = (try PNGImage(one), try PNGImage(other))
        return zip(first.pixels, second.pixels).filter { $0 != $1 }.flatMap { a, b in
            zip(colours(a), colours(b)).map { abs($0 - $1) }
        }.max() ?? 255
    }

    /// Lines of 40 to 200 mm at odd angles, the same every time.
    private static var lines: String {
        var generator = SeededGenerator(seed: 12)
        var text = "<svg xmlns='http://www.w3.org/2000/svg' width='200mm' height='150mm' viewBox='0 0 200 150' "
        text += "fill='none' stroke='black'>"
        for i in 0..<12 {
            let (x, y) = (40 + generator.unit() * 150, generator.unit() * 10 - 5)
            text += String(format: "<path d='M5 %.3fl%.3f %.3f'/>", 10 + Double(i) * 11, x, y)
        }
        return text + "</svg>"
    }

    /// Zigzags across three tiles.
    private static var tiles: String {
        var text = "<svg xmlns='http://www.w3.org/2000/svg' width='700mm' height='120mm' viewBox='0 0 700 120' "
        text += "fill='none' stroke='black'>"
        for i in 0..<48 { text += "<path d='M\(12 + i % 24 * 28) \(20 + i / 24 * 50)l9 7l6 -11l9 4'/>" }
        return text + "</svg>"
    }

    /// Layers of three pens, one of which asks for a person.
    private static var pens: String {
        var text = "<svg xmlns='http://www.w3.org/2000/svg' "
        text += "xmlns:inkscape='http://www.inkscape.org/namespaces/inkscape' "
        text += "width='200mm' height='150mm' viewBox='0 0 200 150' fill='none'>"
        for (number, layer) in [("1 black", "#000"), ("!2 red", "#c00"), ("3 blue", "#00c")].enumerated() {
            text += "<g inkscape:groupmode='layer' inkscape:label='\(layer.0)' stroke='\(layer.1)'>"
            for i in 0..<24 {
                text += "<path d='M\(10 + i % 8 * 20 + number * 3) \(10 + i / 8 * 40 + number * 5)l6 4l-3 7'/>"
            }
            text += "</g>"
        }
        return text + "</svg>"
    }

    /// Scribbles on a grid: lines, corners and curves of 2 to 8 mm, the same every time.
    private static var scribbles: String {
        var generator = SeededGenerator(seed: 300)
        var text = "<svg xmlns='http://www.w3.org/2000/svg' width='200mm' height='150mm' viewBox='0 0 200 150' "
        text += "fill='none' stroke='black'>"
        func number(_ range: Double) -> String { String(format: "%.3f", (generator.unit() * 2 - 1) * range) }
        for i in 0..<320 {
            text += String(format: "<path d='M%.2f %.2f", 10 + Double(i % 20) * 9, 8 + Double(i / 20) * 8.5)
            for _ in 0..<Int(1 + generator.unit() * 3) {
                text +=
                    generator.unit() < 0.5
                    ? "l\(number(4)) \(number(3))"
                    : "c\(number(3)) \(number(3)) \(number(4)) \(number(3)) \(number(4)) \(number(4))"
            }
            text += "'/>"
        }
        return text + "</svg>"
    }
}
