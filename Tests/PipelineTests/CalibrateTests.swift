internal import EBB
internal import Foundation
internal import Motion
internal import Simulator
internal import TestSupport
internal import Testing

@testable internal import axidrawd

/// `device calibrate`: what it draws, what it asks, what it writes.
@Suite(.serialized) struct CalibrateTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func calibrate(_ answers: String, _ flags: [String]) throws -> Executable.Outcome {
        try Executable.run(["device", "calibrate", "-o", folder.path("mine.json")] + flags, input: answers)
    }

    @Test func aFileThatProfileReads() throws {
        var configuration = BoardConfiguration()
        (configuration.travelX, configuration.travelY) = (160, 101.6)
        let served = try ServedBoard(configuration, isOnce: false, speed: 60)
        defer { served.stop() }
        // Nonsense is asked for again.
        let outcome = try calibrate(
            "\n\nfive\n5\n 1 \n50.5\n999\n50,5\n49.5\n4\n0\n5\n0\n",
            ["--device", served.path, "--profile", "axidraw-minikit"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("mine.json is written"))
        for part in [
            "\"five\" must be a whole number", "\"999\" must be", "\"50,5\" must be", "mean is used", "taken for none",
            "model of the servo",
        ] {
            #expect(outcome.errors.contains(part), "\(part)")
        }
        let profile = try ProfileFile.profile(named: folder.path("mine.json"))
        let base = try ProfileFile.profile(named: "axidraw-minikit")
        #expect(profile.travel == base.travel && profile.servo == base.servo)
        #expect(profile.paperHeight == 37.5 && profile.penDownHeight == 30 && profile.penUpHeight == 45.5)
        #expect(profile.stepsPerMillimetre == 80 && profile.backlash == Size(width: 0.3, height: 0))
        #expect(profile.liftTime == 0.13 && profile.dropTime == nil)
        #expect(try folder.names() == ["mine.json"])

        let carriage = try served.look { [$0.carriage.xMillimetres, $0.carriage.yMillimetres] }
        #expect(carriage == [0, 0])
        #expect(try served.look { $0.isPenUp && !$0.isPenTouching })
        #expect(
            try served.look { board in board.incidents.allSatisfy { $0.kind == .starved || $0.kind == .inkDragged } })

        let plan = try Executable.run(
            ["plan", "-", "--json", "--profile", folder.path("mine.json")],
            input:
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9mm\" height=\"9mm\"><path d=\"M1 1h9\" stroke=\"red\"/></svg>"
        )
        #expect(plan.code == 0, "\(plan.errors)")
    }

    @Test func theDashesBeginWhereThePaperIs() async throws {
        let loopback = Loopback(BoardConfiguration(), speed: .maximum)
        let driver = Driver(transport: loopback)
        _ = try await driver.connect()
        let calibration = Calibration(
            base: .standard, hand: Hand(driver: driver, penPin: nil, profile: .standard), check: {})
        func ink() -> Double { loopback.snapshot(since: 0).penDownMillimetres }
        try await calibration.setUp()
        try await calibration.begin()
        try await calibration.drawDashes()
        // The virtual paper is at 37 %: dashes at 35, 30, … 10 % of 8 mm each.
        #expect(abs(ink() - 6 * 8) < 0.1, "\(ink())")
        var before = ink()
        try await calibration.drawPairs(firstDash: 4)
        #expect(abs(ink() - before - 5 * 8) < 0.1, "\(ink() - before)")
        before = ink()
        try await calibration.drawSquare()
        #expect(calibration.side == 100 && abs(ink() - before - 400) < 0.1, "\(ink() - before)")
        // 30 % in 200 ms at 75 % of the rate: off the paper after some 70 ms, so that there are tails behind the first dashes.
        for isLift in [true, false] {
            before = ink()
            try await calibration.drawWaits(isLift: isLift, firstDash: 4, firstPair: 0)
            let drawn = ink() - before
            let whole = isLift ? 6 * 3.0 : 6 * (2.0 + 6)
            #expect(
                isLift ? drawn > whole + 0.1 && drawn < whole + 30 : drawn < whole - 0.5 && drawn > whole - 30,
                "\(drawn)"
            )
        }
        let end = loopback.snapshot(since: 0)
        #expect(end.isPenUp && abs(end.xMillimetres) < 0.01 && abs(end.yMillimetres) < 0.01)
        await driver.close()
    }

    @Test(arguments: [
        ("", "no answer"), ("\n", "no answer"), ("\n\n", "no answer"), ("\n\n5\n", "no answer"),
        ("\n\n5\n1\n100\n", "no answer"), ("\n\n5\n1\n100\n100\n2\n", "no answer"),
        ("\n\n5\n1\n100\n100\n2\n1\n3\n", "no answer"),
        ("\n\nx\n11\n1.5\n", "no usable answer"),
        ("\n\n5\n-1\n6\n\n", "no usable answer"),
    ])
    func whoDoesNotAnswerGetsNoFile(_ answers: String, _ part: String) throws {
        let outcome = try calibrate(answers, ["--simulate"])
        #expect(outcome.code == 65 && outcome.errors.contains(part), "\(outcome)")
        #expect(try folder.names().isEmpty && outcome.output.isEmpty)
    }

    @Test func thePenIsRaisedWhenTheInputEnds() throws {
        let served = try ServedBoard(BoardConfiguration(), isOnce: false)
        defer { served.stop() }
        // The holder is down then, for the pen to be put in.
        let outcome = try calibrate("\n", ["--device", served.path])
        #expect(outcome.code == 65, "\(outcome.errors)")
        #expect(try served.look { $0.isPenUp && $0.penHeight > 20_000 && $0.penLifts == 1 })
        #expect(try served.look { $0.position.motor1 == 0 && $0.position.motor2 == 0 })
    }

    @Test(arguments: [("\n\n0\n", "lower in its holder"), ("\n\n3\n0\n", "higher in its holder")])
    func aPenThatCannotDoItIsToldOf(_ answers: String, _ part: String) throws {
        let outcome = try calibrate(answers, ["--simulate"])
        #expect(outcome.code == 1 && outcome.errors.contains(part), "\(outcome)")
        #expect(try folder.names().isEmpty)
    }

    @Test func controlCEndsAQuestion() throws {
        let scratch = try TemporaryFolder()
        // Standard input is a pipe that says nothing; the signal comes when the question stands.
        let outcome = try Tool.run([
            "bash", "-c",
            """
            mkfifo "$1/silent" && exec 9<>"$1/silent"
            "$2" device calibrate --simulate -o "$3" <&9 2>"$1/errors" &
            for i in {1..600}; do grep -q Enter "$1/errors" && break; sleep 0.1; done
            kill -INT $!; wait $!; code=$?
            cat "$1/errors" >&2; exit $code
            """, "bash", scratch.root.path, Executable.place.path, folder.path("mine.json"),
        ])
        #expect(outcome.code == 130 && outcome.errors.contains("nothing was written"), "\(outcome)")
        #expect(try folder.names().isEmpty)
    }

    @Test func wrongCommandLinesAreRefused() throws {
        let drawn = try calibrate(
            "\n\n5\n1\n100\n100\n1\n1\n3\n4\n", ["--simulate", "--json", "--picture", folder.path("sheet.png")])
        let written = try folder.text("mine.json")
        #expect(drawn.code == 0 && drawn.output == written, "\(drawn)")
        #expect(written.contains("liftSeconds") && written.contains("0.07") && written.contains("0.1"), "\(written)")
        #expect(try folder.names().contains("sheet.png"))
        let real = try calibrate("", ["--device", "/dev/null", "--picture", folder.path("sheet.png")])
        #expect(real.code == 64 && real.errors.contains("--simulate"), "\(real)")
        let again = try calibrate("", ["--simulate", "--profile", folder.path("mine.json")])
        #expect(again.code == 64 && again.errors.contains("built-in"), "\(again)")
        let both = try Executable.run(["device", "calibrate", "--simulate", "--json", "-o", "-"])
        #expect(both.code == 64, "\(both)")
        let neither = try Executable.run(["device", "calibrate"])
        #expect(neither.code == 64 && neither.errors.contains("--device"), "\(neither)")
        let folderless = try Executable.run(["device", "calibrate", "--simulate", "-o", folder.path("no/such.json")])
        #expect(folderless.code == 73, "\(folderless)")
    }
}
