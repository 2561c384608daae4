/// How long daemons have run on one spool, by a clock that nobody can set.
struct RunningTime: Sendable {
    private let before: Int
    /// Stands still while the machine sleeps, as the daemon does.
    private let start = SuspendingClock.now

    /// - Parameter before: seconds that earlier daemons ran on it.
    init(before: Int) { self.before = before }

    /// Whole seconds, this daemon's among them.
    var seconds: @Sendable () -> Int {
        { [self] in before + Int((SuspendingClock.now - start) / .seconds(1)) }
    }
}
