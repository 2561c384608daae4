/// Decides what progress is worth showing: at most five redraws a second on a terminal, else a line per 10 %.
struct ProgressLine: Sendable {
    /// Least seconds between two redraws.
    static let interval = 0.2

    let redraws: Bool
    private var lastShown = -Double.infinity
    private var lastTenth = 0
    private var stage = ""

    init(redraws: Bool) { self.redraws = redraws }

    /// What to write to the terminal for this state; nil for nothing.
    ///
    /// - Parameters:
    ///   - stage: what is being done, such as `order`.
    ///   - fraction: 0…1.
    ///   - now: seconds of any steady clock.
    mutating func text(stage: String, fraction: Double, now: Double) -> String? {
        let bounded = fraction.isFinite ? min(max(fraction, 0), 1) : 0
        let percent = Int(bounded * 100)
        if redraws {
            guard now - lastShown >= Self.interval || (bounded == 1 && lastShown > -.infinity) else { return nil }
            lastShown = now
            return "\r\u{1b}[K\(stage) \(percent) %"
        }
        if stage != self.stage {
            self.stage = stage
            lastTenth = 0
        }
        guard percent / 10 > lastTenth else { return nil }
        lastTenth = percent / 10
        return "\(stage) \(lastTenth * 10) %\n"
    }

    /// What removes the line again; nil when none was drawn.
    func end() -> String? { redraws && lastShown > -.infinity ? "\r\u{1b}[K" : nil }
}
