internal import CLinux
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Waits for one open descriptor on a thread of its own and tells on a queue what it is ready for.
///
/// Dispatch's sources are not used for what can hang up: on Linux its epoll back end takes such a source apart on the
/// source's queue while its own thread walks the same lists (swift-corelibs-libdispatch issue 949). A cable that was
/// pulled could so end the process, or silence a board that had nothing to do with it.
final class DescriptorWatch: Sendable {
    /// What the descriptor is ready for.
    struct Readiness: Sendable {
        var hasBytes: Bool
        var hasRoom: Bool
        /// The other end is gone.
        var isHungUp: Bool

        fileprivate init(_ events: Int16) {
            hasBytes = events & Int16(POLLIN) != 0
            hasRoom = events & Int16(POLLOUT) != 0
            isHungUp = events & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
        }
    }

    private struct State {
        var wantsRoom = false
        var isOver = false
    }

    /// Closed when the last that holds the watch has let go, its thread among them.
    let descriptor: OwnedDescriptor
    private let bell: OwnedDescriptor
    private let state = Mutex(State())

    /// Takes over a descriptor that does not block.
    init(_ descriptor: consuming OwnedDescriptor) throws(SystemError) {
        let bell = OwnedDescriptor(adopting: eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)))
        if bell.raw < 0 { throw SystemError(call: "eventfd", code: errno) }
        self.descriptor = descriptor
        self.bell = bell
    }

    /// Begins to wait. `ready` runs on `queue`, one call at a time, and the descriptor is not asked again before it has
    /// returned; after `cancel` on that queue it is not called any more.
    func start(on queue: DispatchQueue, ready: @escaping @Sendable (Readiness) -> Void) {
        // A serial queue that blocks has its thread to itself; it takes nobody's place in the common pool.
        DispatchQueue(label: queue.label + " watch", qos: queue.qos).async { @Sendable [self] in
            watch(queue, ready)
        }
    }

    /// Whether room to write is waited for as well.
    func wantsRoom(_ wanted: Bool) {
        let hasChanged = state.withLock { state in
            defer { state.wantsRoom = wanted }
            return state.wantsRoom != wanted
        }
        if hasChanged { ring() }
    }

    /// Ends the wait.
    func cancel() {
        state.withLock { $0.isOver = true }
        ring()
    }

    private func ring() { _ = eventfd_write(bell.raw, 1) }

    private func watch(_ queue: DispatchQueue, _ ready: @escaping @Sendable (Readiness) -> Void) {
        let turn = DispatchSemaphore(value: 0)
        while true {
            let now = state.withLock { $0 }
            if now.isOver { return }
            guard let events = wait(forRoom: now.wantsRoom) else { continue }
            queue.async { @Sendable [self] in
                if !state.withLock({ $0.isOver }) { ready(Readiness(events)) }
                turn.signal()
            }
            turn.wait()
        }
    }

    /// What the descriptor is ready for; nil when the bell was rung or a signal came.
    private func wait(forRoom: Bool) -> Int16? {
        let both = [
            pollfd(fd: descriptor.raw, events: Int16(forRoom ? POLLIN | POLLOUT : POLLIN), revents: 0),
            pollfd(fd: bell.raw, events: Int16(POLLIN), revents: 0),
        ]
        var asked = both
        guard unsafe poll(&asked, nfds_t(asked.count), -1) > 0 else { return nil }
        if asked[1].revents != 0 {
            var count: eventfd_t = 0
            _ = unsafe eventfd_read(bell.raw, &count)
        }
        return asked[0].revents == 0 ? nil : asked[0].revents
    }
}
