internal import CLinux
internal import Glibc

/// A system call of the link that failed.
public struct LinkFailure: Error, Hashable, Sendable {
    public var call: String
    /// An errno.
    public var code: Int32
    /// The file it was about, if any.
    public var path: String?

    init(_ call: String, path: String? = nil) {
        code = errno
        self.call = call
        self.path = path
    }

    init(_ call: String, code: Int32, path: String?) {
        (self.call, self.code, self.path) = (call, code, path)
    }
}

/// What a descriptor gave without waiting.
enum LinkRead: Equatable {
    case bytes([UInt8])
    /// Nothing there now.
    case nothing
    /// The other side has gone for good.
    case ended
}

/// A descriptor that never waits; closes with its owner unless it was lent.
struct LinkDescriptor: ~Copyable {
    let raw: Int32
    private let isOwned: Bool
    /// As they were, for the one who lent it.
    private let flags: Int32

    /// Takes over an open descriptor.
    init(owning raw: Int32) { self.init(raw, isOwned: true) }

    /// Uses a descriptor that stays open afterwards, such as standard input.
    init(borrowing raw: Int32) { self.init(raw, isOwned: false) }

    private init(_ raw: Int32, isOwned: Bool) {
        self.raw = raw
        self.isOwned = isOwned
        flags = fcntl(raw, F_GETFL)
        if flags >= 0 { _ = fcntl(raw, F_SETFL, flags | O_NONBLOCK) }
    }

    /// A named pipe that exists as long as this does; read and written by us, so that it never ends.
    static func namedPipe(_ path: String) throws(LinkFailure) -> LinkDescriptor {
        if unsafe mkfifo(path, 0o600) != 0 { throw LinkFailure("mkfifo", path: path) }
        let raw = unsafe open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        if raw < 0 { throw LinkFailure("open", path: path) }
        return LinkDescriptor(owning: raw)
    }

    deinit {
        if isOwned {
            _ = close(raw)
        } else if flags >= 0 {
            _ = fcntl(raw, F_SETFL, flags)
        }
    }

    /// At most `limit` bytes of what is there.
    func read(upTo limit: Int) -> LinkRead {
        guard limit > 0 else { return .nothing }
        var buffer = [UInt8](repeating: 0, count: limit)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(raw, $0.baseAddress, $0.count) }
            if count > 0 {
                buffer.removeLast(limit - count)
                return .bytes(buffer)
            }
            if count == 0 { return .ended }
            let code = errno
            if code == EINTR { continue }
            // EIO: a pseudo-terminal whose other end nobody has open; we keep it open ourselves, so it is passing.
            return code == EAGAIN || code == EIO ? .nothing : .ended
        }
    }

    /// How many of the bytes were taken; nil when the other side has gone.
    func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        while true {
            let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(raw, $0.baseAddress, $0.count) }
            if count >= 0 { return count }
            let code = errno
            if code == EINTR { continue }
            return code == EAGAIN || code == EIO ? 0 : nil
        }
    }
}

/// Waits for descriptors, a time, or a call from another thread.
final class LinkWaiter: Sendable {
    private let timer: Int32
    private let bell: Int32

    init() throws(LinkFailure) {
        timer = timerfd_create(Int32(CLOCK_MONOTONIC), Int32(O_NONBLOCK | O_CLOEXEC))
        if timer < 0 { throw LinkFailure("timerfd_create") }
        bell = eventfd(0, Int32(O_NONBLOCK | O_CLOEXEC))
        if bell < 0 {
            let failure = LinkFailure("eventfd")
            _ = close(timer)
            throw failure
        }
    }

    deinit {
        _ = close(timer)
        _ = close(bell)
    }

    /// Ends the present or next `wait`; from any thread.
    func ring() {
        var one: UInt64 = 1
        _ = unsafe write(bell, &one, 8)
    }

    /// Returns when a descriptor is ready, the host's monotonic clock shows `deadline`, or somebody rings.
    func wait(readable: [Int32], writable: [Int32], until deadline: UInt64?) {
        var time = itimerspec()
        if let deadline {
            // All zero would mean no alarm at all.
            let nanoseconds = max(1, deadline)
            time.it_value = timespec(
                tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        }
        _ = unsafe timerfd_settime(timer, 1, &time, nil)  // 1: absolute
        var entries = [pollfd(fd: bell, events: Int16(POLLIN), revents: 0)]
        if deadline != nil { entries.append(pollfd(fd: timer, events: Int16(POLLIN), revents: 0)) }
        entries += readable.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        entries += writable.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) }
        _ = unsafe poll(&entries, nfds_t(entries.count), -1)
        var count: UInt64 = 0
        if entries[0].revents != 0 { _ = unsafe read(bell, &count, 8) }
    }
}
