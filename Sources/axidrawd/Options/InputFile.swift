internal import Glibc

/// Reads whole files, with a limit, by the words of the command line.
enum InputFile {
    /// Why a file could not be read.
    enum Failure: Error, Equatable {
        case cannotRead(path: String, errno: Int32)
        case isDirectory(path: String)
        case empty(path: String)
        case tooLarge(path: String, limit: Int)
    }

    /// The largest drawing or stream that is read: 1 GiB.
    static let limit = 1 << 30

    private static let standardInput: Int32 = 0

    /// The bytes of a file; `-` is standard input.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        let descriptor = path == "-" ? standardInput : unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        if descriptor < 0 { throw .cannotRead(path: path, errno: errno) }
        defer { if descriptor != standardInput { _ = close(descriptor) } }
        let bytes = try readAll(descriptor, path)
        if bytes.isEmpty { throw .empty(path: path) }
        return bytes
    }

    /// The largest file of settings, keys or products: 16 MiB. Whoever reads one asks first: a program that tells a
    /// person what is wrong with a file must not die of its length.
    static let largestSmallFile = 16 << 20

    /// Whether a file is so large that it cannot be one of settings, keys or products; links are followed.
    static func isTooLarge(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_size > largestSmallFile
    }

    /// What is said of it.
    static let tooLargeReason = "it is larger than 16 MiB, which no such file is"

    /// A descriptor to read from as it comes; `-` is standard input. Folders are refused.
    static func opened(_ path: String) throws(Failure) -> Int32 {
        let descriptor = path == "-" ? standardInput : unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        if descriptor < 0 { throw .cannotRead(path: path, errno: errno) }
        var status = stat()
        if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw .isDirectory(path: path)
        }
        return descriptor
    }

    /// What a descriptor gives next, once there is something; empty at its end.
    static func readSome(_ descriptor: Int32, atMost count: Int) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { return Array(bytes[..<count]) }
            let code = errno
            if code != EINTR { throw .cannotRead(path: "-", errno: code) }
        }
    }

    /// Everything that a descriptor gives, up to the limit.
    private static func readAll(_ descriptor: Int32, _ path: String) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                if code == EISDIR { throw .isDirectory(path: path) }
                throw .cannotRead(path: path, errno: code)
            }
            if bytes.count + count > limit { throw .tooLarge(path: path, limit: limit) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}
