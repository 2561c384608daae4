internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import HTTP
@testable internal import Text
@testable internal import axidrawd

/// `--copies endless`: again and again, until somebody cancels.
struct EndlessTests {
    private static let drawing =
        "<svg xmlns='http://www.w3.org/2000/svg' width='20mm' height='20mm' viewBox='0 0 20 20'><path d='M5 5h9' stroke='red'/></svg>"

    @Test func inTheForegroundUntilControlC() throws {
        let folder = try TemporaryFolder()
        try Data(Self.drawing.utf8).write(to: folder.url("line.svg"))
        let outcome = try Tool.run([
            "bash", "-c",
            """
            "$1" plot "$2" --simulate --copies endless --page-delay 0.05 </dev/null 2>"$3" &
            for i in {1..600}; do grep -q '3 sheets are drawn' "$3" && break; sleep 0.1; done
            kill -INT $!; wait $!; code=$?; cat "$3" >&2; exit $code
            """, "bash", Executable.place.path, folder.path("line.svg"), folder.path("told.txt"),
        ])
        #expect(outcome.code == 130 && outcome.errors.contains("1 sheet is drawn"), "\(outcome)")
        #expect(outcome.errors.contains("sheets and 0 of 1 strokes"), "\(outcome.errors)")
        let alone = try Executable.run(
            ["plot", folder.path("line.svg"), "--simulate", "--copies", "endless"], input: "")
        #expect(alone.code == 64 && alone.errors.contains("--page-delay"), "\(alone)")
        let wrong = try Executable.run(["plan", folder.path("line.svg"), "--copies", "forever"])
        #expect(wrong.code == 64 && wrong.errors.contains("endless"), "\(wrong)")
    }
}
