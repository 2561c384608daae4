extension Workshop {
    /// Cancels what is under way and waits until everything stands with the pen up, at most so many seconds.
    func bringToRest(seconds: Int) async {
        for device in devices where device.state.job != nil {
            // Refused means that it is stopping already.
            try? await act(onDevice: device.name, .cancel)
        }
        for _ in 0..<(seconds * 20) {
            guard devices.contains(where: { $0.state.job != nil }) else { return }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }
}
