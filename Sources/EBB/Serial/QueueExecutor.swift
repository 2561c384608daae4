public import Dispatch
internal import Glibc
internal import Synchronization

/// Runs an actor on a Dispatch queue of its own, where its descriptors are heard of too.
///
/// A continuation that is resumed goes by way of the process's common pool of threads before it is back on its actor.
/// An actor that must not depend on that pool runs its work within `withTaskExecutorPreference` of an executor with
/// `keepsTasks`: then everything stays on the queue.
public final class QueueExecutor: SerialExecutor, TaskExecutor {
    public let queue: DispatchQueue
    private let keepsTasks: Bool
    private let waiting = Atomic(0)

    /// - Parameter keepsTasks: whether all work is done with a preference for this executor; without one it would be put
    ///   on the queue anew after every call.
    /// - Parameter isUrgent: whether its thread goes before all others of the process, where the system lets it.
    public init(label: String, keepsTasks: Bool = false, isUrgent: Bool = false) {
        // Where it may not, Dispatch would complain to the system's log each time that it makes a thread.
        queue = DispatchQueue(label: label, qos: isUrgent && Self.mayRaise ? .userInteractive : .unspecified)
        self.keepsTasks = keepsTasks
    }

    /// Whether threads of this process may be raised above the usual precedence. Tried on the calling thread, which keeps
    /// the one it has.
    private static let mayRaise: Bool = {
        let thread = __priority_which_t(PRIO_PROCESS.rawValue)
        errno = 0
        let present = getpriority(thread, 0)
        // −1 is an answer as well as an error.
        guard errno == 0, setpriority(thread, 0, present - 10) == 0 else { return false }
        return setpriority(thread, 0, present) == 0
    }()

    /// Whether a piece of the actor, or what was given to `async`, waits for its turn: simulated time stands still
    /// until it has had it.
    public var hasWaiting: Bool { waiting.load(ordering: .acquiring) > 0 }

    /// Runs a piece of the actor on the queue.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        async { [self] in
            if keepsTasks {
                unsafe job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            } else {
                unsafe job.runSynchronously(on: asUnownedSerialExecutor())
            }
        }
    }

    /// Runs `work` on the queue, after everything that was put there before.
    public func async(_ work: @escaping @Sendable () -> Void) {
        waiting.add(1, ordering: .releasing)
        queue.async { @Sendable [self] in
            waiting.subtract(1, ordering: .releasing)
            work()
        }
    }

    /// A reference for the runtime; the actor keeps the executor alive.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    /// Stops a caller that claims isolation from another queue.
    public func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}

/// An actor that lives on a queue.
public protocol QueueActor: Actor {
    nonisolated var executor: QueueExecutor { get }
}

extension QueueActor {
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }
}
