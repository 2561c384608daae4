extension Workshop {
    /// Starts nothing more, brings what is under way to rest and waits until everything stands with the pen up, at most
    /// so many seconds. A job that is cut off is interrupted and can go on after the next start.
    func bringToRest(seconds: Int) async {
        roster.withLock { $0.table.isClosing = true }
        for device in roster.devices where device.state.job != nil {
            // Not as a person's cancel, which would be for good. Refused means that it is stopping already.
            guard let station = try? roster.station(device.name) else { continue }
            try? await station.plotter.order(.cancel)
        }
        // A plotter is at rest a moment before the end of its job is told and written down.
        await roster.wait(seconds: seconds) { table in
            !table.devices.values.contains { $0.state.job != nil }
                && !table.jobs.values.contains { $0.state.isUnderWay }
        }
        // What was asked of the disk before this is done when it returns.
        _ = try? await keeper.perform { _ in }
    }

    /// Waits until a plotter has no job, at most so many seconds.
    func rest(of name: String, seconds: Int) async {
        await roster.wait(seconds: seconds) { $0.devices[name]?.state.job == nil }
    }
}
