internal import Synchronization

/// The body of a request that is worked on while it comes: the loop puts bytes in, the handler takes them out.
///
/// Beyond a bound nothing more is read from the connection, so that the client waits.
package final class BodyIntake: Sendable {
    /// What comes next of a body.
    package enum Piece: Equatable, Sendable {
        case bytes([UInt8])
        case end
        /// The client is gone, or what it sent was no body any more.
        case brokenOff
    }

    private struct State {
        var bytes: [UInt8] = []
        var end: Piece?
        var isClosed = false
        var taker: CheckedContinuation<Piece, Never>?
        var waker: Waker?

        /// Bytes first, then how it ends.
        mutating func take() -> Piece? {
            guard bytes.isEmpty else {
                defer { bytes = [] }
                return .bytes(bytes)
            }
            return end
        }
    }

    /// With so many bytes that nobody has taken, no more are read.
    package static let mostBytes = 64 * 1024

    private let state = Mutex(State())

    package init() {}

    // MARK: For the handler

    /// What has come since the last call, else what comes next; one caller at a time.
    package func next() async -> Piece {
        await withCheckedContinuation { continuation in
            let (piece, waker) = state.withLock { state -> (Piece?, Waker?) in
                if let piece = state.take() { return (piece, state.waker) }
                state.taker = continuation
                return (nil, nil)
            }
            guard let piece else { return }
            // There is room again.
            waker?.wake()
            continuation.resume(returning: piece)
        }
    }

    /// The handler wants no more: whoever waits is told the end.
    package func close() { finish(.end, closes: true) }

    // MARK: For the loop

    package func attach(_ waker: Waker) { state.withLock { $0.waker = waker } }

    package var hasRoom: Bool { state.withLock { $0.isClosed || $0.bytes.count < Self.mostBytes } }

    package func put(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        let taker = state.withLock { state -> CheckedContinuation<Piece, Never>? in
            guard !state.isClosed, state.end == nil else { return nil }
            guard let taker = state.taker else {
                state.bytes += bytes
                return nil
            }
            state.taker = nil
            return taker
        }
        taker?.resume(returning: .bytes(bytes))
    }

    /// The body is complete, or never will be.
    package func finish(_ end: Piece) { finish(end, closes: false) }

    private func finish(_ end: Piece, closes: Bool) {
        let taker = state.withLock { state -> CheckedContinuation<Piece, Never>? in
            if state.end == nil { state.end = end }
            if closes { (state.isClosed, state.bytes) = (true, []) }
            defer { state.taker = nil }
            return state.taker
        }
        taker?.resume(returning: end)
    }
}
