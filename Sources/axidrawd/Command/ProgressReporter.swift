internal import Synchronization

/// Shows progress on standard error in the manner of the stream; safe to call from any thread.
final class ProgressReporter: Sendable {
    private let line: Mutex<ProgressLine>
    private let isShown: Bool
    private let start = ContinuousClock().now

    init(console: Console) {
        line = Mutex(ProgressLine(redraws: console.redraws))
        isShown = !console.isQuiet
    }

    func show(_ stage: String, _ fraction: Double) {
        guard isShown else { return }
        let now = (ContinuousClock().now - start) / .seconds(1)
        let text = line.withLock { $0.text(stage: stage, fraction: fraction, now: now) }
        if let text { write(text) }
    }

    /// Removes the line before other words are written.
    func end() {
        if isShown, let text = line.withLock({ $0.end() }) { write(text) }
    }

    private func write(_ text: String) {
        try? Terminal.write(text.utf8, to: Terminal.standardError)
    }
}
