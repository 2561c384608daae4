internal import EBB
internal import Foundation
internal import Glibc
internal import Motion
internal import TestSupport

/// The daemon is killed where a plot waits for a person or fetches ink: at the stop for a pen, on the way to dip, and at a
/// layer's own pause. It comes back, is told to go on, asks again for what nobody has answered, and every mark is on the
/// paper once.
struct StopsRow {
    /// Where it is killed, in the order in which the plot comes by.
    enum Moment: String, CaseIterable { case pen, ink, layer }

    private let motion: PlotOptions.Motion
    private var random: SeededGenerator
    /// What is done to the spool between an end and the next start.
    private let tampering: (@Sendable (URL) throws -> Void)?

    init(seed: UInt64, motion: PlotOptions.Motion, tampering: (@Sendable (URL) throws -> Void)? = nil) {
        self.motion = motion
        self.tampering = tampering
        random = SeededGenerator(seed: seed &+ 0x570F5)
    }

    mutating func run(_ firmware: FirmwareVersion) throws -> CampaignReport.Verdict {
        let daemon = try KilledDaemon(firmware: firmware, motion: motion)
        try daemon.start()
        var wanted: [String] = []
        let before = try submit("undisturbed", daemon)
        guard Self.comes(before, daemon, &wanted, to: nil) else { return .broken("the undisturbed plot does not end") }
        guard wanted.count == 2 else { return .broken("the plot has the stops \(wanted)") }
        let undisturbed = daemon.vertices()
        StepRow.press(daemon)
        let id = try submit("disturbed", daemon)
        var asked: [String] = []
        var unproven = 0
        for moment in Moment.allCases {
            guard Self.comes(id, daemon, &asked, to: moment) else {
                return .broken("it does not come to \(moment.rawValue): \(daemon.log.suffix(400))")
            }
            usleep(UInt32.random(in: 0...300_000, using: &random))
            daemon.kill()
            try tampering?(daemon.spool)
            try daemon.start()
            let state = daemon.client.ask("GET", "/v1/jobs/\(id)")?.object["state"] as? String
            guard state == "interrupted" else {
                return .broken("killed at \(moment.rawValue) it is \(state ?? "gone")")
            }
            try StepRow.resume(id, daemon)
            if let (isExact, _) = StepRow.beginning(daemon), !isExact { unproven += 1 }
        }
        guard Self.comes(id, daemon, &asked, to: nil) else {
            return .broken("the plot does not end: \(daemon.log.suffix(400))")
        }
        // What was asked when the daemon died had no answer: it is asked again, and nothing else is.
        for stop in wanted where asked.count(where: { $0 == stop }) != 2 {
            return .broken("asked \(asked), where each of \(wanted) was due, and once more after a kill")
        }
        let all = daemon.vertices()
        let (want, have) = (Ink(undisturbed), Ink(Array(all[(undisturbed.count - 1)...])))
        let (more, less) = have.difference(to: want)
        guard less == 0 else { return .broken("\(less) steps are missing, \(more) are too many") }
        if unproven > 0 { return .held("with a stroke drawn again") }
        guard more == 0, have.isSame(as: want) else { return .broken("\(more) steps are drawn twice") }
        return .held("every mark once, every stop asked again")
    }

    private func submit(_ name: String, _ daemon: KilledDaemon) throws -> String {
        try StepRow.submit(Self.drawing, name + "&order=none&re-ink=200,150&re-ink-distance=70&re-ink-wipe=6,0", daemon)
    }

    /// Goes on wherever a person is asked, until the plot is at `moment`, or done.
    private static func comes(
        _ id: String, _ daemon: KilledDaemon, _ asked: inout [String], to moment: Moment?
    ) -> Bool {
        let end = Date().addingTimeInterval(180)
        var answered: String?
        while Date() < end {
            guard let job = daemon.client.ask("GET", "/v1/jobs/\(id)")?.object else { return false }
            if job["isFinal"] as? Bool == true { return moment == nil && job["state"] as? String == "done" }
            if let stop = job["stop"] as? [String: Any], let kind = stop["kind"] as? String {
                let word = "\(kind) before \(stop["stroke"] ?? "")"
                if answered != word { asked.append(word) }
                if kind == moment?.rawValue { return true }
                _ = daemon.client.ask("POST", "/v1/jobs/\(id)/resume")
                answered = word
            } else {
                answered = nil
                if moment == .ink, isFetchingInk(daemon) { return true }
            }
            usleep(15_000)
        }
        return false
    }

    /// Nothing of the drawing lies so far to the right.
    private static func isFetchingInk(_ daemon: KilledDaemon) -> Bool {
        let device = daemon.client.ask("GET", "/v1/devices/plot1")?.object
        let place = device?["position"] as? [String: Any]
        return (place?["xMillimetres"] as? Double ?? 0) > 125
    }

    /// Three layers, two pens, one pause of its own. Strokes before the stops are closed, so that the place alone does not
    /// tell whether they are drawn; those about the ink are not, because a kill in motion may cost a closed one twice.
    private static var drawing: String {
        func ring(_ x: Int, _ y: Int) -> String { "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"6\"/>" }
        func zigzag(_ x: Int, _ y: Int) -> String { "<path d=\"M\(x) \(y)l9 2 1 3 9 2 -8 3 9 2\"/>" }
        let rings = ring(15, 15) + ring(37, 15)
        let open = (0..<4).map { zigzag(12 + $0 * 24, 30) }.joined()
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"270mm\" height=\"210mm\" viewBox=\"0 0 270 210\" "
            + "fill=\"none\"><g data-name=\"1 black\" stroke=\"black\">\(rings)</g>"
            + "<g data-name=\"2 red\" stroke=\"red\">\(open)\(ring(112, 60))</g>"
            + "<g data-name=\"!2 red too\" stroke=\"red\">\(ring(15, 80))</g></svg>"
    }
}
