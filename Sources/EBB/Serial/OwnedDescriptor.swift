internal import Glibc

/// A failed system call: its name and errno.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    public var call: String
    public var code: Int32

    public init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    public var description: String { "\(call): \(Self.text(code))" }

    /// The system's words for an errno.
    public static func text(_ code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}

/// Owns one open file descriptor: it is closed once, when its owner is gone.
public struct OwnedDescriptor: ~Copyable, Sendable {
    public let raw: Int32

    /// Takes over a descriptor that someone else has opened.
    public init(adopting raw: Int32) { self.raw = raw }

    /// Opens `path`; `O_CLOEXEC` is added.
    public init(opening path: String, flags: Int32) throws(SystemError) {
        raw = unsafe open(path, flags | O_CLOEXEC)
        if raw < 0 { throw SystemError(call: "open", code: errno) }
    }

    deinit { close(raw) }

    /// Reads what is there, `longest` bytes at most: empty = the other end is gone, nil = nothing yet (non-blocking).
    public func read(atMost longest: Int) throws(SystemError) -> [UInt8]? {
        while true {
            var code: Int32 = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: longest) { buffer, count in
                let got = unsafe Glibc.read(raw, buffer.baseAddress, longest)
                code = got < 0 ? errno : 0
                count = max(0, got)
            }
            switch code {
            case 0: return bytes
            case EINTR: continue
            case EAGAIN: return nil
            default: throw SystemError(call: "read", code: code)
            }
        }
    }

    /// Writes what fits; 0 = nothing at present (non-blocking).
    public func write(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
        while true {
            let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(raw, $0.baseAddress, $0.count) }
            if count >= 0 { return count }
            let code = errno  // first thing after the call, before anything can overwrite it
            if code == EAGAIN { return 0 }
            if code != EINTR { throw SystemError(call: "write", code: code) }
        }
    }
}
