internal import EBB
internal import Simulator

/// Simulated hours per CPU second of the virtual board, command text parsed, trace kept.
let boardBenchmarks = [
    Benchmark(name: "board/hatch") { report in
        measureReplay(&report, "10000 strokes", BoardStreams.hatch(strokes: 10_000))
    },
    Benchmark(name: "board/spiral") { report in
        measureReplay(&report, "1 h, 200 commands/s", BoardStreams.spiral(seconds: 3600, ticksPerCommand: 125))
        measureReplay(&report, "1 h, 400 commands/s", BoardStreams.spiral(seconds: 3600, ticksPerCommand: 62))
    },
]

private func measureReplay(_ report: inout BenchmarkReport, _ label: String, _ stream: [UInt8]) {
    let commands = stream.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
    for firmware in [FirmwareVersion.v281, .v303] {
        let replay = Replay(BoardConfiguration(firmware: firmware))
        let start = processorSeconds()
        let summary = replay.run(stream)
        let seconds = processorSeconds() - start
        report.add(
            "\(label), \(firmware)", elements: commands, cpuSeconds: seconds,
            figures: [
                ("hours", summary.durationSeconds / 3600), ("hoursPerSecond", summary.durationSeconds / 3600 / seconds),
                ("commandsPerSimulatedSecond", Double(commands) / summary.durationSeconds),
                ("vertices", Double(summary.trace.vertices.count)), ("errors", Double(summary.errors.count)),
                ("incidents", Double(summary.incidents.count)),
            ])
    }
}

/// Command streams as a planner would make them, from integers only.
enum BoardStreams {
    private static let fullScale = 1 << 31

    /// Rate at which exactly `steps` are made in `ticks` with acceleration `a` from a cleared phase (docs/board.md §7.5).
    private static func rate(_ steps: Int, _ ticks: Int, _ a: Int) -> Int {
        let need = steps * fullScale - a * ticks * (ticks + 1) / 2
        return (need + ticks - 1) / ticks + a / 2
    }

    private static func move(_ text: inout [UInt8], _ steps: (Int, Int), _ ticks: Int, _ a: (Int, Int) = (0, 0)) {
        let first = steps.0 == 0 ? 0 : rate(abs(steps.0), ticks, a.0)
        let second = steps.1 == 0 ? 0 : rate(abs(steps.1), ticks, a.1)
        guard steps.0 != 0 || steps.1 != 0 else { return }
        text +=
            "LM,\(first),\(steps.0),\(steps.0 == 0 ? 0 : a.0),\(second),\(steps.1),\(steps.1 == 0 ? 0 : a.1),3\n".utf8
    }

    /// Accelerate, cruise, brake along a diagonal of both motors alike.
    private static func stroke(_ text: inout [UInt8], _ steps: (Int, Int)) {
        // 0.1 s from nearly rest to 8,000 steps/s on the longer axis: 400 steps.
        let ramp = 2500
        let long = max(abs(steps.0), abs(steps.1))
        func part(_ n: Int) -> (Int, Int) { (steps.0 * n / long, steps.1 * n / long) }
        let (a, b) = (part(400), part(long - 400))
        let slope = 274_877  // 8,000 steps/s over 2,500 ticks
        func slopes(_ sign: Int) -> (Int, Int) {
            (sign * slope * abs(steps.0) / long, sign * slope * abs(steps.1) / long)
        }
        move(&text, a, ramp, slopes(1))
        let cruise = (b.0 - a.0, b.1 - a.1)
        move(&text, cruise, max(1, (long - 800) * 25 / 8))
        move(&text, (steps.0 - b.0, steps.1 - b.1), ramp, slopes(-1))
    }

    /// Parallel strokes of 60 mm and the way back to the next.
    static func hatch(strokes: Int) -> [UInt8] {
        var text = Array("EM,1,1\nSC,4,20641\nSC,5,15248\nSC,11,1618\nSC,12,1079\nSP,1,150\n".utf8)
        for i in 0..<strokes {
            text += "SP,0,146\n".utf8
            let sign = i % 2 == 0 ? 1 : -1
            stroke(&text, (sign * 4800, sign * 4800))
            text += "SP,1,130\n".utf8
            move(&text, i / 1000 % 2 == 0 ? (8, -8) : (-8, 8), 200)
        }
        return text
    }

    /// A spiral of ever the same speed in short commands; the turn is made by whole-number rotation.
    static func spiral(seconds: Int, ticksPerCommand: Int) -> [UInt8] {
        var text = Array("EM,1,1\nSC,4,20641\nSC,5,15248\nSC,11,1618\nSC,12,1079\nSP,1,150\n".utf8)
        stroke(&text, (20_720, 3280))
        text += "SP,0,146\n".utf8
        let count = seconds * 25_000 / ticksPerCommand
        // Direction as a vector of length about 2^20, turned by a shrinking angle.
        var (x, y) = (1 << 20, 0)
        var (restX, restY) = (0, 0)
        for i in 0..<count {
            let radius = 400 + i / 64
            let turn = (32 << 12) / radius
            (x, y) = (x - y * turn / 4096, y + x * turn / 4096)
            let length = Int(Double(x * x + y * y).squareRoot())
            (x, y) =
                (x << 20) / length == 0 && (y << 20) / length == 0
                ? (1 << 20, 0) : ((x << 20) / length, (y << 20) / length)
            // 6,400 steps/s
            let reach = 6400 * ticksPerCommand / 25
            let (wantX, wantY) = (restX + x * reach / 1000, restY + y * reach / 1000)
            let steps = (wantX >> 20, wantY >> 20)
            (restX, restY) = (wantX - (steps.0 << 20), wantY - (steps.1 << 20))
            move(&text, steps, ticksPerCommand)
        }
        return text
    }
}
