internal import EBB
internal import Foundation
internal import Motion
internal import TestSupport
internal import Testing

/// Ordered, joined and with free starts, a drawing of a few strokes never takes longer than in its own order, by its commands:
/// there no luck of one stroke makes up for the bad luck of another.
struct OwnOrderTests {
    private static let page = Size(width: 200, height: 150)

    /// Seeds of drawings; each has settings of its own.
    @Test(arguments: 0..<24)
    func fullIsNeverSlowerThanTheOwnOrderOfAFewStrokes(_ part: Int) throws {
        for k in 0..<20 {
            let seed = UInt64(1000 + part * 20 + k)
            var random = SeededGenerator(seed: seed)
            let lines = Self.lines(&random)
            let (firmware, options, profile) = Self.settings(&random)
            func ticks(_ order: PlotOptions.Order) throws -> Int64 {
                var options = options
                options.order = order
                let drawing = FlatDrawing(
                    page: Self.page, layers: [DrawingLayer(name: nil)],
                    styles: [.init(layer: 0, stroke: .black, fill: nil)], polylines: lines,
                    styleOf: Array(repeating: 0, count: lines.count),
                    isClosed: Array(repeating: false, count: lines.count))
                let strokes = try drawing.planned(
                    options: options, profile: profile,
                    execution: .serial.comparing(profile: profile, options: options, firmware: firmware))
                return try Emitter.stream(for: strokes, profile: profile, options: options, firmware: firmware)
                    .durationTicks
            }
            let (full, own) = (try ticks(.full), try ticks(.none))
            #expect(
                full <= own,
                "seed \(seed), \(firmware), \(options.motion), jerk \(options.jerk ?? 0), \(lines.count) strokes")
        }
    }

    private static func settings(
        _ random: inout SeededGenerator
    ) -> (FirmwareVersion, PlotOptions, MachineProfile) {
        func one(_ choices: [Double?]) -> Double? { choices[Int(random.unit() * Double(choices.count))] }
        let firmware = random.unit() < 0.5 ? FirmwareVersion.v281 : .v303
        var options = PlotOptions()
        options.motion = random.unit() < 0.35 ? .junction : .physical
        options.jerk = one([nil, nil, 500_000, 50_000])
        options.liftTime = one([nil, nil, 0.02, 0.3])
        options.dropTime = one([nil, nil, 0.02, 0.4])
        options.overlapsPen = random.unit() < 0.8
        var profile = MachineProfile.builtIn[0]
        profile.penDown.acceleration = one([200, 762, 5000]) ?? 762
        return (firmware, options.driven(by: firmware), profile)
    }

    /// One to eight strokes: lines that meet or nearly meet, curves, rings large and tiny, dots, and copies.
    private static func lines(_ random: inout SeededGenerator) -> Polylines {
        var strokes: [[Point]] = []
        let spread = random.unit() < 0.5 ? 3.0 : 60
        func place() -> Point { Point(5 + random.unit() * spread, 5 + random.unit() * spread) }
        for _ in 0..<1 + Int(random.unit() * 8) {
            let from = strokes.last?.last.map { random.unit() < 0.4 ? $0 : place() } ?? place()
            switch random.unit() {
            case ..<0.3: strokes.append([from, place()])
            case ..<0.45: strokes.append([from, place(), place(), place()])
            case ..<0.8:
                let (radius, corners) = (0.05 + random.unit() * spread / 6, 3 + Int(random.unit() * 30))
                let turn = random.unit() * 6
                let ring = (0..<corners).map { k in
                    let angle = turn + Double(k) / Double(corners) * 2 * .pi
                    return Point(from.x + 4 + radius * cos(angle), from.y + 4 + radius * sin(angle))
                }
                strokes.append(ring + ring.prefix(1))
            case ..<0.88: strokes.append([from])
            case ..<0.94: strokes.append(strokes.last?.reversed() ?? [from, place()])
            default: strokes.append([from, from + Point(random.unit() * 0.3, 0.1), from + Point(0.1, 0.4)])
            }
        }
        var lines = Polylines()
        for stroke in strokes { lines.append(stroke) }
        return lines
    }
}
