internal import Glibc

/// The process's own streams: writing all of a buffer, and what kind of thing is connected.
enum Terminal {
    /// Why a stream took no more.
    enum StreamError: Error, Equatable {
        /// The reader has gone: not worth a word.
        case closed
        case failed(errno: Int32)
    }

    static let standardInput: Int32 = 0
    static let standardOutput: Int32 = 1
    static let standardError: Int32 = 2

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Whether the process belongs to a terminal, which sends SIGHUP when it is closed.
    static var controlsProcess: Bool {
        let descriptor = unsafe open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        _ = close(descriptor)
        return true
    }

    /// Whether standard error is the stream that systemd names in `JOURNAL_STREAM`: its device and inode.
    static func isJournal(_ named: String?) -> Bool {
        var status = stat()
        guard let named, unsafe fstat(standardError, &status) == 0 else { return false }
        return named == "\(status.st_dev):\(status.st_ino)"
    }

    /// A broken pipe becomes an error of `write` instead of the end of the process.
    static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Writes everything, however often the system takes only a part.
    static func write(_ bytes: some Collection<UInt8>, to descriptor: Int32) throws(StreamError) {
        let buffer = ContiguousArray(bytes)
        var done = 0
        while done < buffer.count {
            let count = unsafe buffer.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
            }
            if count > 0 {
                done += count
                continue
            }
            let code = errno
            if code == EINTR { continue }
            if code == EAGAIN {
                var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&poller, 1, -1)
                continue
            }
            throw code == EPIPE ? .closed : .failed(errno: code)
        }
    }

    /// The system's words for an error number.
    static func text(errno code: Int32) -> String {
        unsafe String(cString: strerror(code))
    }
}
