internal import EBB
internal import Foundation
internal import Glibc
internal import Motion
internal import Simulator
internal import TestSupport

/// A plot of closed strokes whose daemon is ended three times, in the midst of it: by SIGTERM nothing is drawn twice, by
/// SIGKILL no more than the stroke in hand each time. A board that stands where such a stroke begins also stands where it
/// ends.
struct ClosedRow {
    private static let ends = 3
    private let motion: PlotOptions.Motion
    private let isKill: Bool
    private var random: SeededGenerator

    /// What is done to the spool between an end and the next start.
    private let tampering: (@Sendable (URL) throws -> Void)?

    init(seed: UInt64, motion: PlotOptions.Motion, isKill: Bool, tampering: (@Sendable (URL) throws -> Void)? = nil) {
        self.motion = motion
        self.isKill = isKill
        self.tampering = tampering
        random = SeededGenerator(seed: seed &* 2 &+ (isKill ? 1 : 0) &+ 0xC105ED)
    }

    mutating func run(_ firmware: FirmwareVersion) throws -> CampaignReport.Verdict {
        let daemon = try KilledDaemon(firmware: firmware, motion: motion)
        try daemon.start()
        let before = try StepRow.submit(Self.drawing, "undisturbed", daemon)
        guard StepRow.comes(before, daemon, "done", seconds: 180) else {
            return .broken("the undisturbed plot does not end")
        }
        let undisturbed = daemon.vertices()
        StepRow.press(daemon)
        let id = try StepRow.submit(Self.drawing, "disturbed", daemon)
        var ended = 0
        var begun: [String] = []
        for _ in 0..<Self.ends {
            guard StepRow.comes(id, daemon, "plotting", seconds: 60) else { break }
            usleep(UInt32.random(in: 50_000...900_000, using: &random))
            if isKill { daemon.kill() } else { daemon.terminate() }
            ended += 1
            try tampering?(daemon.spool)
            try daemon.start()
            guard let job = daemon.client.ask("GET", "/v1/jobs/\(id)")?.object, job["state"] as? String == "interrupted"
            else { break }
            try StepRow.resume(id, daemon)
            begun.append(StepRow.beginning(daemon)?.line ?? "not told")
        }
        guard StepRow.comes(id, daemon, "done", seconds: 180) else {
            return .broken("the plot does not end: \(daemon.log.suffix(600))")
        }
        let all = daemon.vertices()
        let (want, have) = (Ink(undisturbed), Ink(Array(all[(undisturbed.count - 1)...])))
        let (more, less) = have.difference(to: want)
        guard less == 0 else { return .broken("\(less) steps are missing, \(more) are too many") }
        let longest = Ink.strokes(undisturbed).map { $0.difference(to: Ink()).more }.max() ?? 0
        // A millimetre along x is 80 steps of each motor.
        let millimetres = Double(more) / 160
        let words = String(format: "%.0f mm twice after %d ends", millimetres, ended)
        guard more <= (isKill ? ended * longest : 0) else { return .broken("\(words); \(begun)") }
        return .held(more == 0 ? "nothing twice" : words)
    }

    /// Rings and squares, each begun where it ends.
    private static var drawing: String {
        var paths = ""
        for row in 0..<3 {
            for column in 0..<8 {
                let (x, y) = (12 + column * 20, 12 + row * 20)
                paths +=
                    (row + column) % 2 == 0
                    ? "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"7\"/>"
                    : "<path d=\"M\(x - 6) \(y - 6)h12v12h-12z\"/>"
            }
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"270mm\" height=\"210mm\" viewBox=\"0 0 270 210\">"
            + "<g fill=\"none\" stroke=\"black\">\(paths)</g></svg>"
    }
}
