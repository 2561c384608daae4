internal import Foundation
internal import HTTP
internal import Simulator
internal import Synchronization
internal import TestSupport
internal import Testing

/// A virtual board served on a thread of its own, at a path in a folder of its own.
final class ServedBoard: Sendable {
    let folder: TemporaryFolder
    let path: String
    private let remote: BoardService.Remote
    private let ended = DispatchSemaphore(value: 0)
    private let result = Mutex<VirtualBoard?>(nil)

    /// - Parameters:
    ///   - isOnce: until its client has gone; else until `stop()`, any number of clients one after the other.
    ///   - speed: its seconds for each of the clock's; it is never too late for a host that keeps time.
    init(_ configuration: BoardConfiguration, isOnce: Bool = true, speed: Double = 1) throws {
        folder = try TemporaryFolder()
        path = folder.path("board")
        var options = BoardService.Options()
        options.isOnce = isOnce
        options.speed = speed
        options.link = path
        let given = options
        let remote = try BoardService.Remote()
        self.remote = remote
        Thread.detachNewThread { @Sendable [self] in
            defer { ended.signal() }
            guard let service = try? BoardService(VirtualBoard(configuration), options: given, remote: remote)
            else { return }
            try? service.run()
            result.withLock { $0 = service.board }
        }
        let end = Date().addingTimeInterval(180)
        while !FileManager.default.fileExists(atPath: path), Date() < end { usleep(2_000) }
    }

    func stop() { remote.stop() }

    /// Presses the board's button.
    func press() { remote.perform { board, _ in board.pressButton() } }

    /// What `question` says of the board at this moment of its service.
    func look<Answer: Sendable>(_ question: @escaping @Sendable (VirtualBoard) -> Answer) throws -> Answer {
        let answer = Box<Answer>()
        remote.perform { board, _ in answer.put(question(board)) }
        return try #require(answer.wait())
    }

    /// Hands a value over to another thread.
    private final class Box<Value: Sendable>: Sendable {
        private let value = Mutex<Value?>(nil)
        private let isFull = DispatchSemaphore(value: 0)

        func put(_ new: Value) {
            value.withLock { $0 = new }
            isFull.signal()
        }

        func wait() -> Value? {
            _ = isFull.wait(timeout: .now() + 180)
            return value.withLock { $0 }
        }
    }

    /// The board after its service has ended.
    func board() throws -> VirtualBoard {
        _ = ended.wait(timeout: .now() + 180)
        return try #require(result.withLock { $0 })
    }
}
