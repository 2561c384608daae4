internal import HTTP
internal import Synchronization

/// Looks at the buttons of boards for which a job waits: one that is armed, or that waits for paper.
final class ButtonWatch: Sendable {
    private let roster: Roster
    /// Plotters whose button is looked at.
    private let watched = Mutex<Set<String>>([])

    init(_ roster: Roster) { self.roster = roster }

    /// Looks at the button of a plotter now and then while a job waits for it.
    ///
    /// - Parameter pressed: told of a press.
    func watch(_ name: String, _ pressed: @escaping @Sendable () async -> Void) {
        let isAwaited = roster.withLock { $0.table.awaitingButton(name) != nil }
        guard isAwaited, watched.withLock({ $0.insert(name).inserted }) else { return }
        Task { [weak self] in
            // The board remembers a press: one from before the job was there counts for nothing.
            var isFresh = true
            while let self, isWatching(name) {
                let isPressed = await (try? roster.station(name))?.plotter.wasButtonPressed()
                if isPressed == true, !isFresh { await pressed() }
                isFresh = isPressed == nil
                try? await Task.sleep(for: Plotter.lookInterval)
            }
        }
    }

    /// Whether a job still waits for the button; if not, the watch is over.
    private func isWatching(_ name: String) -> Bool {
        watched.withLock { watched in
            // Under the lock of the watch: a job that comes now either is seen here, or begins a watch of its own.
            if roster.withLock({ $0.table.awaitingButton(name) != nil && !$0.table.isClosing }) { return true }
            watched.remove(name)
            return false
        }
    }
}

extension Workshop {
    func watchButton(_ name: String) {
        buttons.watch(name) { [weak self] in await self?.pressed(name) }
    }

    private func pressed(_ name: String) async {
        // Whoever presses it has not said that the plotter may go on after a stop.
        let waiting = roster.withLock { $0.table.devices[name]?.stoppedAt == nil ? $0.table.awaitingButton(name) : nil }
        guard let id = waiting else { return }
        log.write(.info, "button pressed", [("device", name), ("job", id)])
        do throws(JobError) { try await go(try roster.job(id), asOf: nil) } catch {
            roster.report(name, id, error.sentence)
        }
    }
}
