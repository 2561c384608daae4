internal import Dispatch
internal import Foundation
internal import Synchronization
internal import Text

/// The daemon's log: one event a line on standard error, written from its own queue so that a full pipe delays nobody.
package final class Log: Sendable {
    package enum Level: Int, Comparable, Sendable {
        case error = 3
        case warning = 4
        case info = 6
        case debug = 7

        package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

        package var name: String {
            switch self {
            case .error: "error"
            case .warning: "warning"
            case .info: "info"
            case .debug: "debug"
            }
        }
    }

    package enum Form: String, Sendable, CaseIterable { case text, json }

    private let level: Level
    private let form: Form
    /// Under the journal lines begin with their priority.
    private let isJournal: Bool
    private let queue = DispatchQueue(label: "axidrawd.log")
    private let waiting = Mutex(0)
    private let sink: @Sendable (String) -> Void

    package init(
        level: Level = .info, form: Form = .text, isJournal: Bool = false,
        sink: @escaping @Sendable (String) -> Void = { FileHandle.standardError.write(Data($0.utf8)) }
    ) {
        self.level = level
        self.form = form
        self.isJournal = isJournal
        self.sink = sink
    }

    /// Says nothing; for tests.
    package static let silent = Log(level: .error, sink: { _ in })

    package func write(_ level: Level, _ message: String, _ values: [(String, String)] = []) {
        guard level <= self.level else { return }
        let line = text(level, message, values)
        // A reader that has stopped costs lines, not memory.
        let isRoom = waiting.withLock { count in
            guard count < 1000 else { return false }
            count += 1
            return true
        }
        guard isRoom else { return }
        queue.async { @Sendable [self] in
            sink(line)
            waiting.withLock { $0 -= 1 }
        }
    }

    /// Returns when everything so far is written.
    package func flush() { queue.sync {} }

    /// One line with its line end.
    package func text(_ level: Level, _ message: String, _ values: [(String, String)]) -> String {
        let cut = values.map { ($0.0, Self.cut($0.1)) }
        switch form {
        case .json:
            let members: [(String, JSONValue)] =
                [("level", .string(level.name)), ("message", .string(message))] + cut.map { ($0.0, .string($0.1)) }
            return JSONValue.object(members).text + "\n"
        case .text:
            let prefix = isJournal ? "<\(level.rawValue)>" : ""
            let pairs = cut.map { " \($0.0)=\(Self.quoted($0.1))" }.joined()
            return "\(prefix)\(level.name) \(Self.quoted(message, always: true))\(pairs)\n"
        }
    }

    /// Values from outside have at most 256 bytes.
    private static func cut(_ value: String) -> String {
        value.utf8.count <= 256 ? value : String(decoding: value.utf8.prefix(253), as: UTF8.self) + "…"
    }

    private static func quoted(_ value: String, always: Bool = false) -> String {
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3D }
        return isPlain && !always ? value : JSONValue.string(value).text
    }
}
