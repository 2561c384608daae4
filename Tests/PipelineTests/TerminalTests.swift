internal import EBB
internal import Foundation
internal import Motion
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
}
