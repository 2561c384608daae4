internal import Text

/// Why the spool could not do what was asked.
enum SpoolError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The disk or quota is full.
    case noSpace(path: String)
    /// A system call failed: its name and errno.
    case inputOutput(call: String, path: String, code: Int32)
    /// A sync or close failed earlier: what is on disk is not known, so nothing more is acknowledged until a restart.
    case unsure
    /// Another daemon holds the spool.
    case locked
    /// The folder was written by a newer version.
    case version(found: String)
    case alreadyExists(path: String)
    case notFound(path: String)
    /// Larger than what may be read whole.
    case tooLarge(path: String, limit: Int)

    /// For people: paths are below the spool's folder.
    var description: String {
        switch self {
        case .noSpace: "the disk is full"
        case .inputOutput(let call, let path, let code):
            "\(call)\(path.isEmpty ? "" : " \(path)"): \(SpoolDirectory.words(code))"
        case .unsure: "an earlier write failed, so that nobody knows what is on the disk"
        case .locked: "another axidrawd holds it"
        case .version(let found):
            "its format is version \(quoted(Self.line(found))); this program writes \(Self.line(SpoolOpening.version)) and reads older ones; nothing was touched"
        case .alreadyExists(let path): "\(path) is there already"
        case .notFound(let path): path.isEmpty ? "the folder is not there any more" : "\(path) is not there"
        case .tooLarge(let path, let limit): "\(path) is larger than \(limit) bytes"
        }
    }

    private static func line(_ text: String) -> String { String(text.prefix { $0 != "\n" }) }

    /// What is on disk is not known from now on.
    var isFailedSync: Bool {
        if case .inputOutput(let call, _, _) = self { ["fsync", "fdatasync", "close"].contains(call) } else { false }
    }
}

/// The file operations that durability depends on, below one folder; paths are relative and made by us only.
///
/// A protocol so that tests can fail any single operation or cut the power between two of them.
protocol SpoolStorage: AnyObject {
    func makeDirectory(_ path: String) throws(SpoolError)
    /// Makes a file that must not exist yet.
    func create(_ path: String) throws(SpoolError) -> any SpoolFile
    /// Opens a file that must exist, for reading and writing.
    func open(_ path: String) throws(SpoolError) -> any SpoolFile
    /// Makes the names in a folder durable; "" is the spool itself.
    func syncDirectory(_ path: String) throws(SpoolError)
    /// Renames a file over another, or a folder to a free name.
    func rename(_ path: String, to other: String) throws(SpoolError)
    /// Names in a folder, unsorted, without `.` and `..`.
    func list(_ path: String) throws(SpoolError) -> [String]
    /// The whole file. Symbolic links are refused.
    func read(_ path: String, limit: Int) throws(SpoolError) -> [UInt8]
    /// A part of a file; shorter at its end.
    func readPart(_ path: String, at offset: Int, count: Int) throws(SpoolError) -> [UInt8]
    func removeFile(_ path: String) throws(SpoolError)
    func removeDirectory(_ path: String) throws(SpoolError)
    /// Bytes that may still be written.
    func freeBytes() throws(SpoolError) -> Int64
}

/// One open file of the spool.
protocol SpoolFile: AnyObject {
    func write(_ bytes: [UInt8], at offset: Int) throws(SpoolError)
    /// Takes disk space up to `size` bytes, so that later writes below it cannot fail for want of space.
    func reserve(_ size: Int) throws(SpoolError)
    /// Makes data and size durable.
    func sync() throws(SpoolError)
    func close() throws(SpoolError)
}

extension SpoolStorage {
    /// Writes a new file and makes its data (not yet its name) durable.
    /// For storage that has no better way.
    func readPart(_ path: String, at offset: Int, count: Int) throws(SpoolError) -> [UInt8] {
        Array(try read(path, limit: .max).dropFirst(offset).prefix(count))
    }

    func createSynced(_ path: String, _ bytes: [UInt8]) throws(SpoolError) {
        let file = try create(path)
        do {
            try file.write(bytes, at: 0)
            try file.sync()
        } catch {
            // The first failure is the one to report; the descriptor is given back in any case.
            try? file.close()
            throw error
        }
        try file.close()
    }
}
