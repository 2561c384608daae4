extension Driver {
    /// Waits until the motion commands given by hand have ended and nothing is queued, on the link's clock.
    ///
    /// - Parameter ticks: how long the motion is expected to take; the board is asked after that.
    /// - Returns: false if it still moves ten times as long after.
    public func standstill(after ticks: Int64) async throws(DriverError) -> Bool {
        try await onQueue { () throws(DriverError) in try await standstillHere(after: ticks) }
    }

    private func standstillHere(after ticks: Int64) async throws(DriverError) -> Bool {
        let pause: Int64 = 1_250
        await sleep(ticks: max(pause, ticks))
        for _ in 0...max(100, 10 * ticks / pause) {
            let status = try await ask(.raw("QM")).split { $0 == "," || $0.isWhitespace }.compactMap { Int($0) }
            // Executing, motor 1, motor 2, and from 2.4.4 on what waits.
            if status.first == 0, status.count < 4 || status[3] == 0 { return true }
            await sleep(ticks: pause)
        }
        return false
    }
}
