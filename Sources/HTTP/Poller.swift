internal import CLinux
internal import Glibc

/// Readiness of many descriptors (epoll, level-triggered) and a way to wake the waiting thread.
@safe package final class Poller {
    /// One descriptor that has become ready.
    package struct Ready {
        package var token: UInt64
        package var canRead: Bool
        package var canWrite: Bool
        /// The connection is broken or both sides are shut.
        package var isBroken: Bool
        /// The peer sends nothing more; told only where it was asked for.
        package var hasLeft: Bool
    }

    /// Token of the waker.
    package static let wakeToken = UInt64.max
    private let raw: CInt
    private var events: [epoll_event]

    package init(waker: Waker) throws(SocketError) {
        raw = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard raw >= 0 else { throw SocketError(call: "epoll_create1", code: errno) }
        unsafe events = [epoll_event](repeating: unsafe epoll_event(), count: 256)
        try add(waker.raw, token: Self.wakeToken, reads: true, writes: false)
    }

    deinit { _ = Glibc.close(raw) }

    package func add(_ descriptor: CInt, token: UInt64, reads: Bool, writes: Bool) throws(SocketError) {
        guard control(EPOLL_CTL_ADD, descriptor, token, reads, writes) else {
            throw SocketError(call: "epoll_ctl", code: errno)
        }
    }

    /// - Parameter leaves: also when the peer sends nothing more, while nothing is read.
    package func change(_ descriptor: CInt, token: UInt64, reads: Bool, writes: Bool, leaves: Bool = false) {
        _ = control(EPOLL_CTL_MOD, descriptor, token, reads, writes, leaves)
    }

    private func control(
        _ what: CInt, _ descriptor: CInt, _ token: UInt64, _ reads: Bool, _ writes: Bool, _ leaves: Bool = false
    ) -> Bool {
        var event = unsafe epoll_event()
        unsafe event.data.u64 = token
        unsafe event.events =
            (reads ? EPOLLIN.rawValue : 0) | (writes ? EPOLLOUT.rawValue : 0) | (leaves ? EPOLLRDHUP.rawValue : 0)
        return unsafe epoll_ctl(raw, what, descriptor, &event) == 0
    }

    /// Waits at most `milliseconds` (−1 = for ever) and hands over what is ready.
    package func wait(milliseconds: CInt, _ body: (Ready) -> Void) {
        let count = unsafe epoll_wait(raw, &events, CInt(events.count), milliseconds)
        guard count > 0 else { return }
        for i in 0..<Int(count) {
            let event = unsafe events[i]
            let bits = unsafe event.events
            body(
                Ready(
                    token: unsafe event.data.u64, canRead: bits & EPOLLIN.rawValue != 0,
                    canWrite: bits & EPOLLOUT.rawValue != 0,
                    isBroken: bits & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0,
                    hasLeft: bits & EPOLLRDHUP.rawValue != 0))
        }
    }
}

/// Wakes a waiting poller from any thread.
package final class Waker: Sendable {
    package let raw: CInt

    package init() throws(SocketError) {
        raw = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard raw >= 0 else { throw SocketError(call: "eventfd", code: errno) }
    }

    deinit { _ = Glibc.close(raw) }

    package func wake() {
        var one: UInt64 = 1
        _ = unsafe Glibc.write(raw, &one, 8)
    }

    package func clear() {
        var count: UInt64 = 0
        _ = unsafe Glibc.read(raw, &count, 8)
    }
}
