internal import Foundation
internal import Glibc
internal import Text

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

    /// The bytes of a file; `-` is standard input.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        let descriptor = path == "-" ? Terminal.standardInput : unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        if descriptor < 0 { throw .cannotRead(path: path, errno: errno) }
        defer { if descriptor != Terminal.standardInput { _ = close(descriptor) } }
        let bytes: [UInt8]?
        do {
            bytes = try Terminal.readAll(descriptor, limit: limit)
        } catch {
            guard case .failed(let code) = error else { throw .cannotRead(path: path, errno: EIO) }
            if code == EISDIR { throw .isDirectory(path: path) }
            throw .cannotRead(path: path, errno: code)
        }
        guard let bytes else { throw .tooLarge(path: path, limit: limit) }
        if bytes.isEmpty { throw .empty(path: path) }
        return bytes
    }
}

extension MemoryAllowance {
    /// Of a verb: by the environment, else by what the process may have.
    static func ofProcess(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(UsageError) -> MemoryAllowance {
        guard let text = environment[variable] else { return MemoryAllowance(settingMebibytes: nil) }
        guard let chosen = ASCII.decimal(text.utf8), settable.contains(chosen) else {
            throw .badValue(name: variable, value: text, expected: expected)
        }
        return MemoryAllowance(settingMebibytes: chosen)
    }
}
