internal import Motion

extension FlagReader {
    /// Flags of `PlotFlags.ink`.
    func applyInkFlags(to options: inout PlotOptions) throws(UsageError) {
        if let value = integer("multipass") { options.care.passes = value }
        if let value = number("overlap-ends") { options.care.overlap = value }
        if let value = integer("random-starts") { options.care.startSeed = UInt64(value) }
        if let value = number("dwell") { options.care.dwell = value }
        options.care.scribble = point("scribble")
        options.care.marks = number("marks")
        switch text("end") {
        case "stay": options.end = .stay
        case "home": options.end = .home
        default: if let place = point("end") { options.end = .place(place) }
        }
        try applyRefillFlags(to: &options.care)
    }

    private func applyRefillFlags(to care: inout InkCare) throws(UsageError) {
        care.refillDistance = number("re-ink-distance")
        care.refillSeconds = number("re-ink-time")
        care.wipe = point("re-ink-wipe")
        if text("re-ink") == "pause" { care.refill = .pause }
        if let place = point("re-ink") { care.refill = .dip(place) }
        let isDue = care.refillDistance != nil || care.refillSeconds != nil
        if care.refill != nil, !isDue {
            throw .conflict("--re-ink needs --re-ink-distance or --re-ink-time, which say when the pen wants ink")
        }
        if care.refill == nil, isDue {
            throw .conflict(
                "--re-ink-distance and --re-ink-time need --re-ink, which says what is done: pause, or X,Y to dip at")
        }
        guard care.wipe != nil else { return }
        guard case .dip? = care.refill else {
            throw .conflict("--re-ink-wipe needs --re-ink X,Y: the line is drawn after a dip")
        }
    }
}
