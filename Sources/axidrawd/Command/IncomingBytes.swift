internal import Foundation
internal import Synchronization

/// Bytes of a descriptor as they come, read on a thread of its own so that everything else goes on meanwhile.
final class IncomingBytes: Sendable {
    private struct State {
        var waiting: CheckedContinuation<Incoming, Never>?
        var isClosed = false
    }

    /// Bytes that are read at once, at most.
    static let piece = 65_536

    private let state = Mutex(State())
    private let descriptor: Int32

    /// - Parameter path: of a file or pipe; `-` is standard input.
    init(_ path: String) throws(InputFile.Failure) {
        descriptor = try InputFile.opened(path)
    }

    /// What comes next; at once the end after `close()`.
    func next() async -> Incoming {
        await withCheckedContinuation { continuation in
            let isClosed = state.withLock { state in
                if !state.isClosed { state.waiting = continuation }
                return state.isClosed
            }
            if isClosed { return continuation.resume(returning: .end) }
            Thread.detachNewThread { @Sendable [self] in give(read()) }
        }
    }

    /// Whoever waits need not wait any longer; what comes is not read.
    func close() {
        state.withLock { $0.isClosed = true }
        give(.end)
    }

    private func give(_ incoming: Incoming) {
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: incoming)
    }

    private func read() -> Incoming {
        do throws(InputFile.Failure) {
            let bytes = try InputFile.readSome(descriptor, atMost: Self.piece)
            return bytes.isEmpty ? .end : .bytes(bytes)
        } catch { return .brokenOff }
    }
}
