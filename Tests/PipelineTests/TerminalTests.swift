internal import EBB
internal import Foundation
internal import Motion
internal import Picture
internal import Simulator
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// The program's `plot` through a real pseudo-terminal: same driver, same ink as in process.
@Suite(.serialized) struct TerminalTests {
    private static let drawing = """
        <svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="40mm" viewBox="0 0 60 40" fill="none" stroke="black">\
        <path d="M5 5h8v6"/><circle cx="20" cy="12" r="5"/><path d="M30 6c4 8 8-8 12 6"/><path d="M8 20l6 9l6 -9z"/>\
        </svg>
        """

    @Test(arguments: ["2.8.1", "3.0.3"]) func plotDrawsTheSameThroughATerminal(_ firmware: String) throws {
        let request = try Fixture.request(["--firmware", firmware])
        let served = try ServedBoard(request.board)
        let file = try served.folder.write(Self.drawing, to: "drawing.svg")
        let outcome = try Executable.run(["plot", file, "--device", served.path])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let board = try served.board()

        let plot = try PreparedPlot(drawing: Array(Self.drawing.utf8), request: request, execution: .serial)
        let replayed = plot.replayed(request)
        #expect(PenSteps(board.trace.vertices) == PenSteps(replayed.trace.vertices))
        #expect(board.penLifts == replayed.penLifts && board.isPenUp)
        #expect(board.position == (0, 0))
        let sheet = Sheet(bedWidth: 60, bedHeight: 60, pixelsPerMillimetre: 5)
        let pictures = [board.trace, replayed.trace].map { Picture($0, sheet: sheet)?.png() }
        #expect(pictures[0] != nil && pictures[0] == pictures[1])
    }

    /// `plot --start button`, up to the moment when it waits.
    private func armed(_ served: ServedBoard) throws -> Process {
        let file = try served.folder.write(Self.drawing, to: "drawing.svg")
        // Pressed while nobody asked: it counts for nothing.
        served.press()
        let process = try Executable.start(
            ["plot", file, "--device", served.path, "--start", "button"], scratch: served.folder)
        let end = Date().addingTimeInterval(60)
        while process.isRunning, Date() < end, try !served.folder.text("errors").contains("press the board's button") {
            usleep(2_000)
        }
        #expect(process.isRunning)
        return process
    }

    @Test(arguments: ["2.8.1", "3.0.3"]) func theBoardsButtonBeginsIt(_ firmware: String) throws {
        let request = try Fixture.request(["--firmware", firmware])
        let served = try ServedBoard(request.board)
        let process = try armed(served)
        #expect(try served.look { $0.penLifts == 0 && $0.position == (0, 0) && $0.trace.vertices.count <= 1 })
        served.press()
        process.waitUntilExit()
        let errors = try served.folder.text("errors")
        #expect(process.terminationStatus == 0, "\(errors)")
        let board = try served.board()
        let plot = try PreparedPlot(drawing: Array(Self.drawing.utf8), request: request, execution: .serial)
        #expect(PenSteps(board.trace.vertices) == PenSteps(plot.replayed(request).trace.vertices))
        #expect(board.penLifts == plot.strokeCount)
    }

    @Test func nothingMovesWithoutAPress() throws {
        let served = try ServedBoard(try Fixture.request([]).board)
        let process = try armed(served)
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(try served.folder.text("errors").contains("nothing moved"))
        let board = try served.board()
        #expect(board.penLifts == 0 && board.position == (0, 0))
        let refused = try Executable.run(["plot", served.folder.path("drawing.svg"), "--simulate", "--start", "button"])
        #expect(refused.code == 64 && refused.errors.contains("--device"))
    }
}
