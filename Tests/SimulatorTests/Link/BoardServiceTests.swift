internal import Dispatch
internal import EBB
internal import Foundation
internal import Synchronization
internal import Testing

@testable import Simulator

/// A board on a pseudo-terminal of this process, at the highest speed, on a thread of its own.
private final class Served: Sendable {
    let remote: BoardService.Remote
    /// Paths as they were announced.
    let paths = Mutex<[String]>([])
    private let announced = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let result = Mutex<VirtualBoard?>(nil)

    init(_ options: BoardService.Options, faults: String = "") throws {
        remote = try BoardService.Remote()
        let injector = FaultInjector(try FaultScript(faults))
        Thread.detachNewThread { @Sendable [self] in
            defer { ended.signal() }
            var events = BoardService.Events()
            events.onPath = { [self] path in
                paths.withLock { $0.append(path) }
                announced.signal()
            }
            var options = options
            options.speed = nil
            let board = VirtualBoard(BoardConfiguration(firmware: .v303))
            guard
                let service = try? BoardService(
                    board, faults: injector, options: options, events: events, remote: remote)
            else { return }
            try? service.run()
            result.withLock { $0 = service.board }
        }
    }

    /// The next path that the service announces.
    func path() throws -> String {
        _ = announced.wait(timeout: .now() + 180)
        return try #require(paths.withLock { $0.last })
    }

    /// The board after the service has ended.
    func board() throws -> VirtualBoard {
        _ = ended.wait(timeout: .now() + 180)
        return try #require(result.withLock { $0 })
    }
}

/// A client that reads until a line feed.
private func ask(_ client: FileHandle, _ text: String) throws -> String {
    try client.write(contentsOf: Data(text.utf8))
    var line = Data()
    while line.last != 10, let piece = try client.read(upToCount: 1), !piece.isEmpty { line += piece }
    return String(decoding: line, as: UTF8.self)
}

@Suite(.serialized) struct BoardServiceTests {
    @Test func servesAClientAndEndsWithIt() throws {
        var options = BoardService.Options()
        options.isOnce = true
        let served = try Served(options)
        let client = try #require(FileHandle(forUpdatingAtPath: try served.path()))
        #expect(try ask(client, "v\r").hasPrefix("EBBv13_and_above EB Firmware Version 3.0.3"))
        #expect(try ask(client, "SM,60000,800,400\r") == "OK\r\n")
        try client.close()
        let board = try served.board()
        #expect(board.commandCount == 2)
        // What was queued ran to its end though nobody listened.
        #expect(board.position == (800, 400))
        #expect(board.now >= 60_000 * 25)
    }

    @Test func staysWhenClientsCloseAndEndsWhenAsked() throws {
        let served = try Served(BoardService.Options())
        let path = try served.path()
        for _ in 0..<3 {
            let client = try #require(FileHandle(forUpdatingAtPath: path))
            #expect(try ask(client, "V\n").contains("3.0.3"))
            try client.close()
        }
        served.remote.stop()
        #expect(try served.board().commandCount == 3)
        #expect(!FileManager.default.fileExists(atPath: path) || served.paths.withLock { $0.count } == 1)
    }

    @Test func comesBackAtAnotherOpeningAfterReboot() throws {
        let served = try Served(BoardService.Options())
        let first = try #require(FileHandle(forUpdatingAtPath: try served.path()))
        #expect(try ask(first, "SL,9\r") == "OK\r\n")
        try first.write(contentsOf: Data("RB\r".utf8))
        let second = try #require(FileHandle(forUpdatingAtPath: try served.path()))
        #expect(try ask(second, "QL\r") == "0\r\n")
        #expect(served.paths.withLock { $0.count } == 2)
        served.remote.stop()
        _ = try served.board()
    }

    @Test func unplugsByScriptAndKeepsWhatTheBoardKnows() throws {
        let served = try Served(BoardService.Options(), faults: "command 1 unplug 100ms keep")
        let first = try #require(FileHandle(forUpdatingAtPath: try served.path()))
        #expect(try ask(first, "SL,9\r") == "OK\r\n")
        try first.write(contentsOf: Data("QL\r".utf8))
        let second = try #require(FileHandle(forUpdatingAtPath: try served.path()))
        #expect(try ask(second, "QL\r") == "9\r\n")
        served.remote.stop()
        _ = try served.board()
    }

    @Test func othersReachTheBoardWhileItRuns() throws {
        let served = try Served(BoardService.Options())
        let client = try #require(FileHandle(forUpdatingAtPath: try served.path()))
        let done = DispatchSemaphore(value: 0)
        served.remote.perform { board, injector in
            board.pressButton()
            if let script = try? FaultScript("now say hello\\n") { injector.add(script) }
            done.signal()
        }
        #expect(done.wait(timeout: .now() + 180) == .success)
        #expect(try ask(client, "") == "hello\n")
        #expect(try ask(client, "QB\r") == "1\r\n")
        served.remote.stop()
        _ = try served.board()
    }

    @Test func aLinkIsMovedAndRemovedButNeverPutOverAFile() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("link-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let link = folder.appendingPathComponent("ebb").path
        try PseudoTerminal.point(link, to: "/dev/pts/1")
        try PseudoTerminal.point(link, to: "/dev/pts/2")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "/dev/pts/2")
        PseudoTerminal.remove(link)
        try Data("precious".utf8).write(to: URL(fileURLWithPath: link))
        #expect(throws: LinkFailure.self) { try PseudoTerminal.point(link, to: "/dev/pts/1") }
        #expect(try String(contentsOfFile: link, encoding: .utf8) == "precious")
        #expect(throws: LinkFailure.self) { try PseudoTerminal.point("/nonexistent/ebb", to: "/dev/pts/1") }
    }
}
