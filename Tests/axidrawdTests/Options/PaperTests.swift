internal import Foundation
internal import Motion
internal import TestSupport
internal import Testing

@testable import Text
@testable internal import axidrawd

/// Which way a paper lies: by name as the drawing does, by size as it is written, or as `--orientation` says.
struct PaperTests {
    /// How the far corner of a drawing comes to lie on the machine, and the page.
    private func placed(_ drawing: Size, _ flags: [String]) throws -> (corner: Point, page: Size) {
        let parser = ArgumentParser(table: Verb.all, standard: Verb.standard)
        guard case .run(let invocation) = try parser.parse(["plan", "x.svg"] + flags) else { throw ExitCode.usage }
        let request = try invocation.plotRequest()
        let placement = Placement(drawingPage: drawing, options: request.options, profile: request.profile) { _ in Box()
        }
        return (placement(Point(drawing.width, drawing.height)), placement.page)
    }

    private static let a4 = Size(width: 210, height: 297)
    private static let lying = Size(width: 297, height: 210)

    @Test(arguments: ["a4", "A4"]) func aPaperByNameLiesAsTheDrawingDoes(_ name: String) throws {
        let lying = try placed(Self.lying, ["--page", name])
        #expect(lying.page == Self.lying && lying.corner == Point(297, 210))
        // A standing drawing on a standing paper: both are turned together, for the machine is wide.
        let standing = try placed(Self.a4, ["--page", name])
        #expect(standing.page == Self.lying && standing.corner == Point(297, 0))
        let kept = try placed(Self.a4, ["--page", name, "--rotate", "0"])
        #expect(kept.page == Self.a4 && kept.corner == Point(210, 297))
        let turned = try placed(Self.a4, ["--page", name, "--rotate", "90"])
        #expect(turned.page == Self.lying && turned.corner == Point(0, 210))
    }

    @Test func orientationForcesAPaper() throws {
        #expect(try placed(Self.lying, ["--page", "a4", "--orientation", "portrait"]).page == Self.a4)
        #expect(try placed(Self.lying, ["--page", "a4", "--orientation", "landscape"]).corner == Point(297, 210))
        #expect(try placed(Self.a4, ["--page", "a4", "--orientation", "portrait"]).corner == Point(210, 297))
    }

    @Test func aPaperBySizeIsTakenAsWritten() throws {
        #expect(try placed(Self.a4, ["--page", "297x210"]).page == Self.lying)
        #expect(try placed(Self.a4, ["--page", "297x210"]).corner == Point(210, 297))
    }

    @Test func nothingOfALyingDrawingIsLostOnAPaperByName() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="297mm" height="210mm" viewBox="0 0 297 210">\
            <rect x="10" y="10" width="277" height="190" stroke="black" fill="none"/></svg>
            """, to: "lying.svg")
        let outcome = try Executable.run(["plan", folder.path("lying.svg"), "--page", "a4", "--json", "--strict"])
        guard case .number(let length)? = try? JSONReader.read(Array(outcome.output.utf8))["penDownMillimetres"] else {
            Issue.record("\(outcome.errors)")
            return
        }
        // Corners are rounded a little.
        #expect(outcome.code == 0 && length < 934 && length > 933.5, "\(length)")
    }

    /// The client passes the name on, for the daemon to lay the paper.
    @Test func aPaperKeepsItsNameOnTheWayToTheDaemon() throws {
        #expect(try FlagKind.page.value(of: "Letter", flag: "page").fieldText == "letter")
        #expect(try FlagKind.page.value(of: "297x210", flag: "page").fieldText == "297.0x210.0")
    }
}
