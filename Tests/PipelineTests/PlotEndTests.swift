internal import Foundation
internal import Glibc
internal import Motion
internal import Simulator
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// `plot --device` that is ended before its time says how the machine is left, and shows what is on the paper.
@Suite(.serialized) struct PlotEndTests {
    private static let drawing = """
        <svg xmlns="http://www.w3.org/2000/svg" width="120mm" height="80mm" viewBox="0 0 120 80" fill="none" stroke="black">\
        <path d="\((0..<20).map { "M15 \($0 * 3 + 15) h100" }.joined())"/></svg>
        """

    /// A plot under way; returns when it has drawn a stroke and a part of the next.
    private func plotting(_ served: ServedBoard) throws -> Process {
        let file = try served.folder.write(Self.drawing, to: "drawing.svg")
        let process = try Executable.start(
            [
                "plot", file, "--device", served.path, "-o", served.folder.path("drawn.svg"), "--pen-down-speed", "60",
            ], scratch: served.folder)
        let end = Date().addingTimeInterval(120)
        while process.isRunning, Date() < end,
            try !served.look({ $0.penLifts >= 1 && $0.isPenTouching && abs($0.carriage.xMillimetres - 60) < 30 })
        {
            usleep(2_000)
        }
        #expect(process.isRunning)
        return process
    }

    /// Black lines of the picture; its page is grey.
    private func drawnMillimetres(_ served: ServedBoard) throws -> Double {
        struct Flat: Decodable {
            struct Path: Decodable {
                var stroke: String?
                var points: [[Double]]
            }
            var paths: [Path]
        }
        let again = try Executable.run(["flatten", served.folder.path("drawn.svg"), "--json"])
        let flat = try JSONDecoder().decode(Flat.self, from: Data(again.output.utf8))
        return flat.paths.filter { $0.stroke == "#000000" }.reduce(0) { sum, path in
            zip(path.points, path.points.dropFirst()).reduce(sum) { $0 + hypot($1.0[0] - $1.1[0], $1.0[1] - $1.1[1]) }
        }
    }

    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143)), (SIGHUP, Int32(129))])
    func anEndTellsPlacePenAndInk(_ number: Int32, _ code: Int32) throws {
        let served = try ServedBoard(try Fixture.request([]).board)
        let process = try plotting(served)
        kill(process.processIdentifier, number)
        process.waitUntilExit()
        let errors = try served.folder.text("errors")
        #expect(process.terminationReason == .exit && process.terminationStatus == code, "\(errors)")
        let board = try served.board()
        #expect(board.isPenUp && board.carriage.xMillimetres > 10)
        let place =
            "at \(PlotSummary.rounded(board.carriage.xMillimetres)), "
            + "\(PlotSummary.rounded(board.carriage.yMillimetres)) mm"
        #expect(errors.contains("pen up, \(place)"), "\(errors), but \(place)")
        #expect(errors.contains("axidrawd device home --device \(served.path)"), "\(errors)")
        // Only what was drawn, and all of it.
        let drawn = try drawnMillimetres(served)
        #expect(abs(drawn - board.penDownMillimetres) < 1, "\(drawn) instead of \(board.penDownMillimetres)")
        #expect(board.penDownMillimetres < 1900)
    }

    @Test func aBoardThatIsGoneIsAnywhere() throws {
        let served = try ServedBoard(try Fixture.request([]).board)
        let process = try plotting(served)
        served.stop()
        let board = try served.board()
        let end = Date().addingTimeInterval(120)
        while process.isRunning, Date() < end, try !served.folder.text("errors").contains("the link was lost") {
            usleep(5_000)
        }
        process.interrupt()
        process.waitUntilExit()
        let errors = try served.folder.text("errors")
        #expect(process.terminationStatus == 130, "\(errors)")
        #expect(errors.contains("the pen's state unknown, the carriage's place unknown"), "\(errors)")
        #expect(errors.contains("pen up --device") && errors.contains("align --device"), "\(errors)")
        #expect(try drawnMillimetres(served) < board.penDownMillimetres + 1)
    }
}
