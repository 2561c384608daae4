import EBB
import Foundation
import Motion
import Simulator
import Synchronization
import TestSupport
import Testing

@testable import axidrawd

/// Taking a board into service over a real serial line (a pseudo-terminal).
struct AttachTests {
    /// A virtual board served in real time on a thread of its own until the last reference goes.
    private final class Served {
        let path: String
        private let folder: TemporaryFolder
        private let remote: BoardService.Remote

        init() throws {
            folder = try TemporaryFolder()
            path = folder.url("board").path
            remote = try BoardService.Remote()
            var options = BoardService.Options()
            options.link = path
            let given = options
            let remote = remote
            let thread = Thread {
                let board = VirtualBoard(BoardConfiguration(firmware: .v303, name: "served"))
                try? BoardService(board, options: given, remote: remote).run()
            }
            thread.start()
            let end = Date().addingTimeInterval(180)
            while !FileManager.default.fileExists(atPath: path), Date() < end { usleep(2_000) }
        }

        deinit { remote.stop() }
    }

    @Test("however many ask at once to take a board into service, it is connected once and in service for all")
    func concurrent() async throws {
        let board = try Served()
        let words = Mutex<[String]>([])
        let plotter = Plotter(name: "plot1", transport: SerialPort(path: board.path)) { notice in
            words.withLock { words in
                switch notice {
                case .attached: words.append("attached")
                case .state(let state): words.append(state.publicName)
                case .progressed: break
                case .ended, .withheld, .unproven, .changed, .kept, .grew: words.append("ended")
                }
            }
        }
        for _ in 0..<2 {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { await plotter.attach() } }
            }
            #expect(await plotter.state.publicName == "raised")
        }
        let told = words.withLock { $0 }
        #expect(!told.contains("faulted"), "\(told)")
        #expect(told.filter { $0 == "attached" }.count < 16, "\(told)")
    }
}
