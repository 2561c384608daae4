internal import EBB
internal import Foundation
internal import Motion
internal import Picture
internal import Simulator
internal import Text

extension Verb {
    static let deviceCalibrate = Verb(
        "device calibrate", "draw tests, ask what they show, and write a profile of this machine",
        examples: [
            Example("axidrawd device calibrate --device /dev/ttyACM0 -o mine.json", "with a sheet of A5 at home"),
            Example("axidrawd plot drawing.svg --device /dev/ttyACM0 --profile ./mine.json", "then draw with it"),
        ],
        groups: [
            FlagGroup(
                "Plotter",
                [
                    Flag("device", .text("NAME|PATH"), "plotter; no daemon may hold it"),
                    Flag("simulate", .on, "a virtual board, as it is after power-on"),
                    Flag(
                        "profile", .suggested("NAME", MachineProfile.builtIn.map(\.name)),
                        "built-in profile to begin with", standard: "axidraw-v3"),
                ]),
            FlagGroup(
                "Result",
                [
                    Flag(
                        "output", short: "o", .output("FILE"), "profile file to write",
                        standard: "./PROFILE-calibrated.json"),
                    Flag("json", .on, "the profile on standard output too"),
                    Flag("picture", .output("IMAGE"), "with --simulate: write what the tests drew, as .png or .svg"),
                ]),
        ]
    ) { invocation, console in
        if invocation.isOn("json"), invocation.text("output") == "-" {
            throw UsageError.severalStandardOutputs(["--json", "--output"])
        }
        if invocation.isOn("picture"), !invocation.isOn("simulate") {
            throw UsageError.conflict("--picture shows what a virtual board drew: it needs --simulate")
        }
        return try await DirectBoard.run(invocation, console) { try await CalibrateCommand($0).run() }
    }
}

/// One run of `device calibrate`: draws, asks, writes.
private struct CalibrateCommand {
    let console: Console
    let invocation: Invocation
    let board: DirectBoard
    let path: String
    let watch: InterruptWatch
    let calibration: Calibration

    init(_ board: DirectBoard) throws {
        guard MachineProfile.builtIn.contains(board.profile) else {
            throw UsageError.conflict("calibrate begins with a built-in profile, not with a file")
        }
        (console, invocation, self.board) = (board.console, board.invocation, board)
        path = invocation.text("output") ?? "./\(board.profile.name)-calibrated.json"
        let watch = InterruptWatch()
        self.watch = watch
        calibration = Calibration(base: board.profile, hand: board.hand) { try watch.check() }
    }

    func run() async throws -> ExitCode {
        try board.requirePower()
        try await board.rest()
        // Opened now, so that a bad name shows before the work; it appears only when it is complete.
        let file = try OutputFile(path)
        let picture = try PictureFile(invocation, flag: "picture", travel: board.profile.travel)
        let answers: Calibration.Answers
        do {
            answers = try await ask()
        } catch {
            // What hinders this has been told already, or is the error itself.
            try? await calibration.putAway()
            throw error
        }
        let text = calibration.profile(answers).text + "\n"
        _ = try ProfileFile.profile(from: Array(text.utf8), path: path)
        try file.write(text.utf8)
        try file.commit()
        if let picture, let loopback = board.loopback {
            let seen = loopback.snapshot(since: 0)
            var trace = Trace()
            trace.vertices = seen.vertices + [seen.live]
            try picture.write(
                trace, travel: board.profile.travel, stepsPerMillimetre: board.profile.finestStepsPerMillimetre)
        }
        if invocation.isOn("json") {
            try console.result(text)
        } else if path != "-" {
            let name = path.contains("/") ? path : "./" + path
            try console.result("\(path) is written; use it with --profile \(name)\n")
        }
        return .success
    }

    private func ask() async throws -> Calibration.Answers {
        try await calibration.setUp()
        say("Loosen the pen in its holder, put a sheet under it, and the carriage home (back left).")
        _ = try await line("Then press Enter. ")
        try await calibration.lowerHolder()
        say("The holder is down. Let the tip of the pen just touch the paper, and fasten it.")
        _ = try await line("Then press Enter. ")
        try await calibration.begin()
        try await calibration.drawDashes()
        let dashes = Calibration.dashHeights.count
        say("There was room for \(dashes) dashes in a row, each drawn with the pen lower than the one before.")
        let dash = try await count(
            "Which of the \(dashes) places, from the left, has the first dash without gaps", dashes)
        guard dash > 0 else {
            throw Fault(message: "the pen does not reach the paper: put it lower in its holder and calibrate again")
        }
        if dash == 1 { console.warn("the pen touches at once: put it higher in its holder and calibrate again") }
        try await calibration.drawPairs(firstDash: dash - 1)
        let pairs = Calibration.lifts.count
        say("There are \(pairs) pairs of short dashes; the pen was raised higher from pair to pair.")
        let pair = try await count("Which pair, from the left, is the first without a line between its dashes", pairs)
        guard pair > 0 else {
            throw Fault(message: "the pen is not lifted far enough: put it higher in its holder and calibrate again")
        }
        try await calibration.drawSquare()
        let side = calibration.side
        say("Measure the square; it should be \(brief(side)) mm wide and high.")
        let range = side * 0.8...side * 1.2
        let width = try await number("Its width, along the long side of the machine, in mm: ", range)
        let height = try await number("Its height, in mm: ", range)
        if abs(width - height) > 0.01 * side {
            console.warn("width and height differ by more than one part in a hundred; their mean is used")
        }
        let (playX, playY) = (try await play(isX: true), try await play(isX: false))
        var answers = Calibration.Answers(
            firstDash: dash - 1, firstPair: pair - 1, width: width, height: height, playX: playX, playY: playY)
        answers.lift = try await wait(isLift: true, answers)
        answers.drop = try await wait(isLift: false, answers)
        return answers
    }

    /// After which of ever longer waits the pen is off the paper, or on it; nil if after none.
    private func wait(isLift: Bool, _ answers: Calibration.Answers) async throws -> Int? {
        try await calibration.drawWaits(isLift: isLift, firstDash: answers.firstDash, firstPair: answers.firstPair)
        let count = Calibration.waits.count
        say(
            isLift
                ? "There are \(count) short dashes below the first row; behind each the carriage waited longer for the pen to rise."
                : "There are \(count) dashes with a tick at their beginning; before each the carriage waited longer for the pen to fall."
        )
        let place = try await self.count(
            isLift
                ? "Which, from the left, is the first without a tail"
                : "Which, from the left, is the first that begins at its tick",
            count)
        if place == 0 { console.warn("none of them: the time is taken from the model of the servo") }
        return place == 0 ? nil : place - 1
    }

    /// Which pair of ticks lies in one line; 0 means that there is no play.
    private func play(isX: Bool) async throws -> Int {
        try await calibration.drawTicks(isX: isX)
        let count = Calibration.plays.count
        say(
            "There are \(count) pairs of ticks \(isX ? "in a row at the back edge" : "in a column at the left edge"); "
                + "the halves of a pair are apart by ever more, or ever less.")
        let pair = try await self.count(
            "Which pair, from the \(isX ? "left" : "back"), lies in one line (the belts' play)", count)
        if pair == 0 { console.warn("no pair lies in one line: the play is taken for none") }
        return max(0, pair - 1)
    }

    // MARK: Questions

    private func say(_ text: String) { console.prompt(text + "\n") }

    private func line(_ prompt: String) async throws -> String {
        console.prompt(prompt)
        let line = await TypedLines.next(watch.flag)
        try watch.check()
        guard let line else {
            throw Interruption(exitCode: .unusableInput, message: "no answer on standard input; nothing was written")
        }
        return line
    }

    /// A whole number from 1 to `highest`, or 0 for none of them.
    private func count(_ question: String, _ highest: Int) async throws -> Int {
        let range = 0...Double(highest)
        return Int(try await number(question + "? (1 to \(highest), 0 = none) ", range, isWhole: true))
    }

    /// A number in a range; asked for three times.
    private func number(_ prompt: String, _ range: ClosedRange<Double>, isWhole: Bool = false) async throws -> Double {
        for _ in 0..<3 {
            let text = try await line(prompt)[...].trimmingBlanks
            if let value = NumberText.number(text), range.contains(value), !isWhole || value == value.rounded() {
                return value
            }
            let (low, high) = (brief(range.lowerBound), brief(range.upperBound))
            console.warn("\(quoted(text)) must be a \(isWhole ? "whole " : "")number from \(low) to \(high)")
        }
        throw Interruption(exitCode: .unusableInput, message: "no usable answer; nothing was written")
    }
}
