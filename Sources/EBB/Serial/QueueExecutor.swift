public import Dispatch
internal import Synchronization

/// Runs an actor on a Dispatch queue of its own, where its descriptors' sources fire too.
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
    public init(label: String, keepsTasks: Bool = false) {
        queue = DispatchQueue(label: label)
        self.keepsTasks = keepsTasks
    }

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
