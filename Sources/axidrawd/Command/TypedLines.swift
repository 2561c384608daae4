internal import Foundation
internal import Synchronization

/// Lines that a person types, read on a thread of its own: Ctrl-C is heard meanwhile.
enum TypedLines {
    /// Longer lines are cut, bytes.
    private static let longest = 1_000

    /// The next line of standard input without its end; nil at the end of input, or as soon as `flag` is pressed.
    static func next(_ flag: InterruptFlag) async -> String? {
        let line = await withCheckedContinuation { continuation in
            let slot = Slot(continuation)
            flag.tell { _ in slot.give(nil) }
            Thread.detachNewThread { slot.give(read()) }
        }
        flag.tell(nil)
        return flag.isSet ? nil : line
    }

    private static func read() -> String? {
        var bytes: [UInt8] = []
        while let byte = (try? FileHandle.standardInput.read(upToCount: 1))?.first {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            if bytes.count < longest { bytes.append(byte) }
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Whoever comes first answers.
    private final class Slot: Sendable {
        private let continuation: Mutex<CheckedContinuation<String?, Never>?>

        init(_ continuation: CheckedContinuation<String?, Never>) { self.continuation = Mutex(continuation) }

        func give(_ line: String?) {
            let waiting = continuation.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            waiting?.resume(returning: line)
        }
    }
}
