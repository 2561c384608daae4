internal import Glibc

/// A file being written: it appears under its name only when it is complete.
///
/// A regular target is written beside itself and renamed over; a device, a pipe or `-` is written directly. What is
/// dropped without `commit()` leaves nothing behind.
final class OutputFile {
    /// Why a file could not be written.
    enum Failure: Error, Equatable {
        case cannotCreate(path: String, errno: Int32)
        case cannotWrite(path: String, errno: Int32)
        /// The reader of a pipe has gone.
        case closed
    }

    let path: String
    private let temporary: String?
    private var descriptor: Int32

    /// Opens for writing; this is when a missing folder or right shows.
    init(_ path: String) throws(Failure) {
        self.path = path
        if path == "-" {
            descriptor = Terminal.standardOutput
            temporary = nil
            return
        }
        var status = stat()
        let exists = unsafe stat(path, &status) == 0
        if exists && status.st_mode & S_IFMT != S_IFREG {
            temporary = nil
            descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
            if descriptor < 0 { throw .cannotCreate(path: path, errno: errno) }
            return
        }
        let isWritable = unsafe access(path, W_OK) == 0
        if exists && !isWritable { throw .cannotCreate(path: path, errno: errno) }
        // Over the target itself, not over a symbolic link to it.
        let target = exists ? Self.resolved(path) : path
        let name = target + ".\(getpid()).partial"
        temporary = name
        self.target = target
        let mode = exists ? status.st_mode & 0o777 : 0o666
        descriptor = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        if descriptor < 0 { throw .cannotCreate(path: path, errno: errno) }
    }

    private var target = ""

    deinit {
        if descriptor > Terminal.standardError { _ = close(descriptor) }
        if let temporary { _ = unsafe unlink(temporary) }
    }

    func write(_ bytes: some Collection<UInt8>) throws(Failure) {
        do {
            try Terminal.write(bytes, to: descriptor)
        } catch {
            switch error {
            case .closed: throw .closed
            case .failed(let code): throw .cannotWrite(path: path, errno: code)
            }
        }
    }

    /// Makes the file appear; call once, last.
    func commit() throws(Failure) {
        guard descriptor > Terminal.standardError else { return }
        let failed = close(descriptor) != 0
        let code = errno
        descriptor = -1
        if failed { throw .cannotWrite(path: path, errno: code) }
        guard let temporary else { return }
        let isRenamed = unsafe rename(temporary, target) == 0
        if !isRenamed { throw .cannotWrite(path: path, errno: errno) }
    }

    private static func resolved(_ path: String) -> String {
        guard let buffer = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(buffer) }
        return unsafe String(cString: buffer)
    }
}
