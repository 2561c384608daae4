internal import Synchronization

/// The body of an answer that is too large to be held: read in pieces as the client takes them.
package final class BodyStream: Sendable, Equatable {
    /// Reads so many bytes from an offset and hands them over, nil where they cannot be had; returns at once.
    package typealias Source =
        @Sendable (
            _ offset: Int, _ count: Int, _ done: @escaping @Sendable ([UInt8]?) -> Void
        ) -> Void

    private struct State {
        var offset = 0
        var piece: [UInt8]?
        var isReading = false
        var hasFailed = false
        var isClosed = false
        var waker: Waker?
    }

    /// Bytes of one piece.
    package static let pieceBytes = 128 * 1024
    package let length: Int
    private let source: Source
    private let state = Mutex(State())

    package init(length: Int, source: @escaping Source) {
        self.length = length
        self.source = source
    }

    package static func == (a: BodyStream, b: BodyStream) -> Bool { a === b }

    // MARK: For the loop

    package enum Step: Sendable {
        case wait
        case piece([UInt8])
        /// What was promised cannot be had.
        case failed
    }

    /// Wakes this loop when a piece has come.
    package func attach(_ waker: Waker) { state.withLock { $0.waker = waker } }

    /// Has the next piece read, if none is under way or waits to be taken.
    package func ask() {
        let wanted = state.withLock { state -> (offset: Int, count: Int)? in
            guard !state.isReading, state.piece == nil, !state.hasFailed, !state.isClosed, state.offset < length else {
                return nil
            }
            state.isReading = true
            return (state.offset, min(Self.pieceBytes, length - state.offset))
        }
        guard let wanted else { return }
        source(wanted.offset, wanted.count) { [self] bytes in
            let waker = state.withLock { state -> Waker? in
                state.isReading = false
                if let bytes, bytes.count == wanted.count {
                    state.offset += bytes.count
                    if !state.isClosed { state.piece = bytes }
                } else {
                    state.hasFailed = true
                }
                return state.waker
            }
            waker?.wake()
        }
    }

    package func take() -> Step {
        state.withLock { state in
            if let piece = state.piece {
                state.piece = nil
                return .piece(piece)
            }
            return state.hasFailed ? .failed : .wait
        }
    }

    /// The connection is gone.
    package func close() {
        state.withLock { state in
            state.isClosed = true
            state.piece = nil
        }
    }
}
