internal import Motion
internal import Testing

@testable internal import axidrawd

/// `--preset` against the figures of the contract; profile first, then the preset, then single flags.
struct PresetTests {
    private func request(_ flags: String...) throws -> PlotRequest {
        let parser = ArgumentParser(table: Verb.all, standard: Verb.standard)
        guard case .run(let invocation) = try parser.parse(["plan", "x.svg"] + flags) else { throw ExitCode.usage }
        return try invocation.plotRequest()
    }

    @Test func saxiSetsEveryFigureOfItsRow() throws {
        let saxi = try request("--preset", "saxi")
        #expect(saxi.profile.penDown == .init(speed: 50, acceleration: 200))
        #expect(saxi.profile.penUp == .init(speed: 200, acceleration: 400))
        #expect(saxi.profile.junctionDeviation == 0.127)
        #expect(saxi.profile.liftTime == 0.12 && saxi.profile.dropTime == 0.12)
        #expect(!saxi.options.overlapsPen)
        // Its pulses on our scale of heights.
        let servo = saxi.profile.servo
        let range = Double(servo.highestPulse - servo.lowestPulse) / 100
        let (up, down) = (saxi.profile.penUpHeight * range, saxi.profile.penDownHeight * range)
        #expect(abs(Double(servo.lowestPulse) + up - 17_750) < 60)
        #expect(abs(Double(servo.lowestPulse) + down - 15_700) < 60)
    }

    @Test func axidrawIsTheMakersDefaultWithoutOverlap() throws {
        var plain = try request()
        plain.options.overlapsPen = false
        #expect(try request("--preset", "axidraw") == plain)
    }

    @Test func gentleSlowsInkAndNotTravel() throws {
        var plain = try request("--profile", "axidraw-se-a2")
        plain.profile.penDown = .init(speed: 50, acceleration: 500)
        plain.profile.penUp.speed = 200
        #expect(try request("--profile", "axidraw-se-a2", "--preset", "gentle") == plain)
    }

    @Test(arguments: [
        ("technical", 55.2, 165.7, 0.0508), ("sketch", 76.2, 228.6, 0.127), ("handwriting", 44.45, 228.6, 0.2032),
        ("constant", 19.05, 165.7, 0.0508),
    ])
    func modesSetSpeedsAndTolerance(_ name: String, _ down: Double, _ up: Double, _ tolerance: Double) throws {
        let mode = try request("--preset", name)
        #expect(mode.profile.penDown.speed == down && mode.profile.penUp.speed == up)
        #expect(mode.options.tolerance == tolerance)
        #expect(mode.options.overlapsPen)
    }

    @Test func singleFlagsWinWhereverTheyStand() throws {
        let mixed = try request("--overlap", "--pen-down-speed", "30", "--lift-time", "0.2", "--preset", "saxi")
        #expect(mixed.options.overlapsPen)
        #expect(mixed.profile.penDown == .init(speed: 30, acceleration: 200))
        #expect(mixed.options.liftTime == 0.2 && mixed.profile.dropTime == 0.12)
    }

    @Test func inkFlagsThatSayHalfAreRefused() throws {
        for flags in [
            ["--re-ink", "pause"], ["--re-ink-distance", "50"], ["--re-ink-time", "9"], ["--re-ink-wipe", "3,3"],
            ["--re-ink", "pause", "--re-ink-time", "9", "--re-ink-wipe", "3,3"], ["--re-ink", "never"],
            ["--multipass", "0"], ["--end", "away"], ["--dwell", "-1"],
        ] {
            let parser = ArgumentParser(table: Verb.all, standard: Verb.standard)
            #expect(throws: UsageError.self, "\(flags)") {
                if case .run(let invocation) = try parser.parse(["plan", "x.svg"] + flags) {
                    _ = try invocation.plotRequest()
                }
            }
        }
        let dip = try request("--re-ink", "20,5", "--re-ink-distance", "50", "--end", "stay", "--multipass", "3")
        #expect(dip.options.care.refill == .dip(Point(20, 5)) && dip.options.care.refillDistance == 50)
        #expect(dip.options.end == .stay && dip.options.care.passes == 3)
    }

    @Test func anUnknownPresetIsRefused() {
        #expect(throws: UsageError.self) { try request("--preset", "saxy") }
    }
}
