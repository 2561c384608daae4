internal import EBB
internal import Foundation
internal import Simulator
internal import Synchronization
internal import TestSupport

/// A virtual board in real time on a pseudo-terminal, on a thread of its own.
final class ServedBoard: Sendable {
    private let folder: TemporaryFolder
    private let remote: BoardService.Remote
    private let announced = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let state = Mutex<VirtualBoard?>(nil)

    init(_ configuration: BoardConfiguration, seed: UInt64 = 1) throws {
        folder = try TemporaryFolder()
        remote = try BoardService.Remote()
        var options = BoardService.Options()
        options.link = folder.path("board")
        let given = options
        let thread = Thread { @Sendable [self] in
            defer { ended.signal() }
            var events = BoardService.Events()
            events.onPath = { [announced] _ in announced.signal() }
            let board = VirtualBoard(configuration)
            let faults = FaultInjector(seed: seed)
            guard let service = try? BoardService(board, faults: faults, options: given, events: events, remote: remote)
            else { return }
            try? service.run()
            state.withLock { $0 = service.board }
        }
        thread.stackSize = 1 << 20
        thread.start()
    }

    struct Unserved: Error {}

    /// Where it can be opened for the first time; waits for it.
    func path() throws -> String {
        _ = announced.wait(timeout: .now() + 60)
        guard let path = present else { throw Unserved() }
        return path
    }

    /// Where it can be opened now; nil while its cable is out.
    var present: String? { try? FileManager.default.destinationOfSymbolicLink(atPath: folder.path("board")) }

    /// Does something with the board and what goes wrong on its line, soon, on its thread.
    func perform(_ errand: @escaping BoardService.Remote.Errand) { remote.perform(errand) }

    /// Ends the service and gives its board.
    func end() -> VirtualBoard? {
        remote.stop()
        _ = ended.wait(timeout: .now() + 60)
        return state.withLock { $0 }
    }
}
