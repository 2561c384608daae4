internal import HTTP

/// Jobs that are armed, or wait for paper, and begin when the button of their board is pressed.
extension Workshop {
    /// Looks at the button of a plotter now and then while a job waits for it.
    func watchButton(_ name: String) {
        let begins = state.withLock { state in
            state.table.awaitingButton(name) != nil && state.buttons.insert(name).inserted
        }
        guard begins else { return }
        Task { [weak self] in
            // The board remembers a press: one from before the job was there counts for nothing.
            var isFresh = true
            while let self, self.isWatching(name) {
                let isPressed = await (try? station(name))?.plotter.wasButtonPressed()
                if isPressed == true, !isFresh { await pressed(name) }
                isFresh = isPressed == nil
                try? await Task.sleep(for: Plotter.lookInterval)
            }
        }
    }

    /// Whether a job still waits for the button; if not, the watch is over.
    private func isWatching(_ name: String) -> Bool {
        state.withLock { state in
            if state.table.awaitingButton(name) != nil, !state.table.isClosing { return true }
            state.buttons.remove(name)
            return false
        }
    }

    private func pressed(_ name: String) async {
        // Whoever presses it has not said that the plotter may go on after a stop.
        let waiting = state.withLock { $0.table.devices[name]?.stoppedAt == nil ? $0.table.awaitingButton(name) : nil }
        guard let id = waiting else { return }
        log.write(.info, "button pressed", [("device", name), ("job", id)])
        do throws(JobError) { try await go(try job(id), asOf: nil) } catch { report(name, id, error.sentence) }
    }
}
