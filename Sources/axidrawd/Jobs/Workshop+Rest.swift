extension Workshop {
    /// Starts nothing more, brings what is under way to rest and waits until everything stands with the pen up, at most
    /// so many seconds. A job that is cut off is interrupted and can go on after the next start.
    func bringToRest(seconds: Int) async {
        state.withLock { $0.table.isClosing = true }
        for device in devices where device.state.job != nil {
            // Refused means that it is stopping already.
            try? await act(onDevice: device.name, .cancel)
        }
        for _ in 0..<(seconds * 20) {
            guard devices.contains(where: { $0.state.job != nil }) else { break }
            try? await Task.sleep(for: .milliseconds(50))
        }
        // A plotter is at rest a moment before the end of its job is told and written down.
        for _ in 0..<100 {
            guard state.withLock({ $0.table.jobs.values.contains { $0.state.isUnderWay } }) else { break }
            try? await Task.sleep(for: .milliseconds(20))
        }
        // What was asked of the disk before this is done when it returns.
        _ = try? await keeper.perform { _ in }
    }
}
