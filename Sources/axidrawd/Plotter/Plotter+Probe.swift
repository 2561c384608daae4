internal import EBB

extension Plotter {
    /// Returns once the plotter and its driver's queue have come round.
    func probe() async {
        await withCheckedContinuation { done in driver.executor.async { done.resume() } }
    }
}
