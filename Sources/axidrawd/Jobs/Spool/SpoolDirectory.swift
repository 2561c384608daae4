internal import Glibc

/// The spool on a real disk: every path is opened below one folder descriptor, links are never followed.
final class SpoolDirectory: SpoolStorage {
    private let root: CInt
    private let path: String

    /// Opens the folder, making it (mode 0700) where it is missing.
    init(path: String) throws(SpoolError) {
        self.path = path
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw Self.failure("mkdir", path)
        }
        root = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if root < 0 { throw Self.failure("open", path) }
    }

    deinit { Glibc.close(root) }

    /// Takes the one lock of the spool, held until the process ends; writes the process number for people.
    func lock() throws(SpoolError) {
        let descriptor = unsafe openat(root, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor < 0 { throw Self.failure("openat", "lock") }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            Glibc.close(descriptor)
            if code == EWOULDBLOCK { throw .locked }
            throw .inputOutput(call: "flock", path: "lock", code: code)
        }
        let text = Array("\(getpid())\n".utf8)
        // Only people read it: a full disk must not keep the daemon from starting.
        _ = ftruncate(descriptor, 0)
        _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    func makeDirectory(_ path: String) throws(SpoolError) {
        if unsafe mkdirat(root, path, 0o700) != 0 { throw Self.failure("mkdir", path) }
    }

    func create(_ path: String) throws(SpoolError) -> any SpoolFile {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = unsafe openat(root, path, flags, 0o600)
        if descriptor < 0 { throw Self.failure("create", path) }
        return DescriptorFile(descriptor: descriptor, path: path)
    }

    func open(_ path: String) throws(SpoolError) -> any SpoolFile {
        let descriptor = unsafe openat(root, path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        if descriptor < 0 { throw Self.failure("open", path) }
        return DescriptorFile(descriptor: descriptor, path: path)
    }

    func syncDirectory(_ path: String) throws(SpoolError) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let descriptor = unsafe openat(root, path.isEmpty ? "." : path, flags)
        if descriptor < 0 { throw Self.failure("open", path) }
        let failed = fsync(descriptor) != 0
        let code = errno
        Glibc.close(descriptor)
        if failed { throw Self.failure("fsync", path, code) }
    }

    func rename(_ path: String, to other: String) throws(SpoolError) {
        if unsafe renameat(root, path, root, other) != 0 { throw Self.failure("rename", path) }
    }

    func list(_ path: String) throws(SpoolError) -> [String] {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let descriptor = unsafe openat(root, path.isEmpty ? "." : path, flags)
        if descriptor < 0 { throw Self.failure("open", path) }
        guard let stream = unsafe fdopendir(descriptor) else {
            let code = errno
            Glibc.close(descriptor)
            throw Self.failure("fdopendir", path, code)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    func read(_ path: String, limit: Int) throws(SpoolError) -> [UInt8] {
        let descriptor = unsafe openat(root, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 { throw Self.failure("open", path) }
        defer { Glibc.close(descriptor) }
        var status = stat()
        if unsafe fstat(descriptor, &status) != 0 { throw Self.failure("fstat", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notFound(path: path) }
        guard status.st_size <= limit else { throw .tooLarge(path: path, limit: limit) }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw Self.failure("read", path) }
            if count == 0 { break }
            done += count
        }
        bytes.removeLast(bytes.count - done)
        return bytes
    }

    func readPart(_ path: String, at offset: Int, count: Int) throws(SpoolError) -> [UInt8] {
        let descriptor = unsafe openat(root, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 { throw Self.failure("open", path) }
        defer { Glibc.close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = unsafe bytes.withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
            }
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw Self.failure("read", path) }
            if got == 0 { break }
            done += got
        }
        bytes.removeLast(count - done)
        return bytes
    }

    func removeFile(_ path: String) throws(SpoolError) {
        if unsafe unlinkat(root, path, 0) != 0 { throw Self.failure("unlink", path) }
    }

    func removeDirectory(_ path: String) throws(SpoolError) {
        if unsafe unlinkat(root, path, AT_REMOVEDIR) != 0 { throw Self.failure("rmdir", path) }
    }

    func freeBytes() throws(SpoolError) -> Int64 {
        var (opened, present) = (stat(), stat())
        // A folder that was removed or moved takes no more files, or where nobody looks for them after a restart.
        guard unsafe fstat(root, &opened) == 0, unsafe stat(path, &present) == 0,
            (opened.st_dev, opened.st_ino) == (present.st_dev, present.st_ino)
        else { throw .notFound(path: "") }
        var status = statvfs()
        if unsafe fstatvfs(root, &status) != 0 { throw Self.failure("fstatvfs", "") }
        let free = status.f_bavail.multipliedReportingOverflow(by: status.f_frsize)
        return free.overflow ? .max : Int64(clamping: free.partialValue)
    }

    /// The system's words for an error number.
    static func words(_ code: CInt) -> String { unsafe String(cString: strerror(code)) }

    // MARK: Owners

    /// Who owns a file, and its permission bits; nil if there is none.
    static func ownership(ofFile path: String) -> (user: UInt32, group: UInt32, mode: UInt32)? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return (status.st_uid, status.st_gid, status.st_mode & 0o7777)
    }

    /// Makes a new file belong to whom another one in the folder belongs, or, without that, the folder. Only root can give
    /// files away; everybody else's belong to them already.
    func give(_ path: String, toOwnerOf other: String) throws(SpoolError) {
        guard geteuid() == 0 else { return }
        var status = stat()
        if unsafe fstatat(root, other, &status, AT_SYMLINK_NOFOLLOW) != 0, unsafe fstat(root, &status) != 0 {
            throw Self.failure("fstat", other)
        }
        if unsafe fchownat(root, path, status.st_uid, status.st_gid, AT_SYMLINK_NOFOLLOW) != 0 {
            throw Self.failure("chown", path)
        }
    }

    /// Keeps other processes and threads from changing the small files of a folder together with this one.
    ///
    /// The folder itself is locked: a lock file would have an owner, whom others might not be.
    final class FolderLock {
        private let descriptor: CInt

        /// Waits for its turn.
        init(_ path: String) throws(SpoolError) {
            descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            if descriptor < 0 { throw SpoolDirectory.failure("open", path) }
            while flock(descriptor, LOCK_EX) != 0 {
                let code = errno
                guard code == EINTR else {
                    Glibc.close(descriptor)
                    throw SpoolDirectory.failure("flock", path, code)
                }
            }
        }

        deinit { Glibc.close(descriptor) }
    }

    fileprivate static func failure(_ call: String, _ path: String, _ code: Int32 = errno) -> SpoolError {
        // After a failed sync or close nobody knows what is on disk, whatever the reason.
        if ["fsync", "fdatasync", "close"].contains(call) {
            return .inputOutput(call: call, path: path, code: code)
        }
        return switch code {
        case ENOSPC, EDQUOT: .noSpace(path: path)
        case EEXIST, ENOTEMPTY: .alreadyExists(path: path)
        case ENOENT: .notFound(path: path)
        default: .inputOutput(call: call, path: path, code: code)
        }
    }
}

/// An open file by its descriptor, closed once.
private final class DescriptorFile: SpoolFile {
    private var descriptor: CInt
    private let path: String

    init(descriptor: CInt, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    func write(_ bytes: [UInt8], at offset: Int) throws(SpoolError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe pwrite(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done, off_t(offset + done))
            }
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw SpoolDirectory.failure("write", path) }
            if count == 0 { throw .noSpace(path: path) }
            done += count
        }
    }

    func reserve(_ size: Int) throws(SpoolError) {
        let code = posix_fallocate(descriptor, 0, off_t(size))
        if code != 0 { throw SpoolDirectory.failure("posix_fallocate", path, code) }
    }

    func sync() throws(SpoolError) {
        if fdatasync(descriptor) != 0 { throw SpoolDirectory.failure("fdatasync", path) }
    }

    func close() throws(SpoolError) {
        let taken = descriptor
        descriptor = -1
        if Glibc.close(taken) != 0 { throw SpoolDirectory.failure("close", path) }
    }
}
