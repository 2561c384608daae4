internal import Motion
internal import TestSupport
internal import Testing

@testable internal import Text
@testable internal import axidrawd

/// Profile files: every key, every range, and what is wrong in its own words.
struct ProfileFileTests {
    private func profile(_ text: String) throws(ProfileFile.Failure) -> MachineProfile {
        try ProfileFile.profile(from: Array(text.utf8), path: "m.json")
    }

    private func message(_ text: String) -> String {
        do {
            return "accepted as \(try profile(text).name)"
        } catch { return "\(error)" }
    }

    /// A key, the ends of its range, a value in between, and where it goes.
    struct Field: Sendable, CustomTestStringConvertible {
        var key: String
        var range: ClosedRange<Double>
        var value: Double
        var isWhole = false
        var read: @Sendable (MachineProfile) -> Double?

        var testDescription: String { key }
        /// As the refusal names the range.
        var expected: String {
            "a \(isWhole ? "whole number" : "number") from \(brief(range.lowerBound)) to \(brief(range.upperBound))"
        }
    }

    /// Ranges as in the contract, written out: not those of the code.
    private static let fields: [Field] = [
        Field(key: "travelXMillimetres", range: 1...10_000, value: 431.5) { $0.travel.width },
        Field(key: "travelYMillimetres", range: 1...10_000, value: 297.5) { $0.travel.height },
        Field(key: "stepsPerMillimetre", range: 1...1000, value: 40.5) { $0.stepsPerMillimetre },
        Field(key: "microstepMode", range: 1...5, value: 2, isWhole: true) { Double($0.microstepMode) },
        Field(key: "maximumStepsPerSecond", range: 100...25_000, value: 12_345.5) { $0.maximumStepRate },
        Field(key: "penDownMillimetresPerSecond", range: 0.1...400, value: 33.5) { $0.penDown.speed },
        Field(key: "penUpMillimetresPerSecond", range: 0.1...400, value: 44.5) { $0.penUp.speed },
        Field(key: "penDownMillimetresPerSecondSquared", range: 1...20_000, value: 333.5) { $0.penDown.acceleration },
        Field(key: "penUpMillimetresPerSecondSquared", range: 1...20_000, value: 444.5) { $0.penUp.acceleration },
        Field(key: "fullMillimetresPerSecond", range: 1...400, value: 222.5) { $0.fullSpeed },
        Field(key: "junctionDeviationMillimetres", range: 0.001...1, value: 0.25) { $0.junctionDeviation },
        Field(key: "penUpHeightPercent", range: 0...100, value: 77.5) { $0.penUpHeight },
        Field(key: "penDownHeightPercent", range: 0...100, value: 11.5) { $0.penDownHeight },
        Field(key: "paperHeightPercent", range: 0...100, value: 22.5) { $0.paperHeight },
        Field(key: "paperClearancePercent", range: 2...100, value: 11.5) { $0.paperClearance },
        Field(key: "servoLowestPulse", range: 1...65_535, value: 9000, isWhole: true) { Double($0.servo.lowestPulse) },
        Field(key: "servoHighestPulse", range: 1...65_535, value: 8000, isWhole: true) {
            Double($0.servo.highestPulse)
        },
        Field(key: "servoSweepMilliseconds", range: 1...10_000, value: 123.5) { $0.servo.sweepMilliseconds },
        Field(key: "servoMinimumMilliseconds", range: 0...10_000, value: 34.5) { $0.servo.minimumMilliseconds },
        Field(key: "servoMillisecondsPerPercent", range: 0...100, value: 3.25) { $0.servo.millisecondsPerPercent },
        Field(key: "servoPin", range: 0...7, value: 3, isWhole: true) { $0.servo.pin.map(Double.init) },
        Field(key: "servoChannels", range: 1...24, value: 4, isWhole: true) { Double($0.servo.channels) },
        Field(key: "servoRaisePercent", range: 1...200, value: 88.5) { $0.servo.raiseRate },
        Field(key: "servoLowerPercent", range: 1...200, value: 99.5) { $0.servo.lowerRate },
    ]

    @Test(arguments: fields)
    func changesItsFigureAlone(_ field: Field) throws {
        let changed = try profile("{\"\(field.key)\": \(field.value)}")
        #expect(field.read(changed) == field.value)
        for other in Self.fields where other.key != field.key {
            #expect(other.read(changed) == other.read(.standard), "\(other.key) stays")
        }
        #expect(changed.name == "m.json" && changed.servo.kind == .standard)
    }

    @Test(arguments: fields)
    func holdsItsRange(_ field: Field) throws {
        let (low, high) = (field.range.lowerBound, field.range.upperBound)
        // The raised pen must stay above the lowered one.
        let rest = field.key == "penUpHeightPercent" ? ", \"penDownHeightPercent\": 0" : ""
        let above = field.key == "penDownHeightPercent" ? ", \"penUpHeightPercent\": 100" : ""
        for value in [low, high] {
            let isEqual = value == (rest.isEmpty ? 100 : 0) && !(rest + above).isEmpty
            if isEqual { continue }
            #expect(field.read(try profile("{\"\(field.key)\": \(value)\(rest)\(above)}")) == value)
        }
        var bad = ["\(low - 1)", "\(high + 1)", "-1e9", "1e9", "1e300", "\"fast\""]
        if field.isWhole { bad.append("\(low + 0.5)") } else { bad.append("\(high.nextUp)") }
        for value in bad {
            let told = message("{\"\(field.key)\": \(value)}")
            #expect(told == "\"m.json\", key \(field.key): must be \(field.expected)", "\(value)")
        }
        for value in ["null", "true", "[1]", "{}"] {
            let told = message("{\"\(field.key)\": \(value)}")
            #expect(told.contains(field.key) || told.contains("not JSON"), "\(value): \(told)")
            #expect(!told.contains("accepted"), "\(value): \(told)")
        }
    }

    @Test func baseAndServoComeFirst() throws {
        let a3 = try profile("{\"base\": \"axidraw-v3-a3\", \"name\": \"mine\"}")
        #expect(a3.name == "mine" && a3.travel == Size(width: 430, height: 297))
        // Whatever the order of the keys: single figures of the servo win.
        for text in [
            "{\"servo\": \"brushless\", \"servoPin\": 5}", "{\"servoPin\": 5, \"servo\": \"brushless\"}",
        ] {
            let machine = try profile(text)
            #expect(machine.servo.kind == .brushless && machine.servo.pin == 5)
            #expect(machine.servo.lowestPulse == MachineProfile.Servo.brushless.lowestPulse)
        }
        #expect(try profile("{}").travel == MachineProfile.standard.travel)
    }

    @Test func aReversedServoIsOneWhoseHighestPulseIsLower() throws {
        let machine = try profile("{\"servoLowestPulse\": 20000, \"servoHighestPulse\": 10000}")
        #expect(machine.servo.lowestPulse > machine.servo.highestPulse)
    }

    @Test func saysWhatIsWrong() {
        #expect(message("{\"penDownSpeed\": 5}").hasPrefix("\"m.json\" has the unknown key \"penDownSpeed\""))
        #expect(
            message("{\"servoChanels\": 5}")
                == "\"m.json\" has the unknown key \"servoChanels\", did you mean servoChannels?")
        #expect(message("{\"base\": \"axidraw\"}").contains("key base: must be one of axidraw-v3, "))
        #expect(message("{\"base\": 3}").contains("key base: must be one of"))
        #expect(message("{\"servo\": \"fast\"}").contains("key servo: must be standard or brushless"))
        #expect(message("{\"name\": \"\"}").contains("key name: must be a text"))
        #expect(message("{\"name\": 3}").contains("key name: must be a text"))
        #expect(
            message("{\"penUpHeightPercent\": 20, \"penDownHeightPercent\": 20}")
                .contains("key penUpHeightPercent: must be above penDownHeightPercent"))
        for text in ["", "[]", "3", "{", "{\"name\": }", "nonsense", "{} {}"] {
            #expect(message(text).hasPrefix("\"m.json\" is no profile: it is not"), "\(text): \(message(text))")
        }
    }

    /// Through the program: the file, the code, nothing written.
    @Test func theProgramUsesItAndRefusesIt() throws {
        let folder = try TemporaryFolder()
        let drawing = try folder.write(
            "<svg xmlns='http://www.w3.org/2000/svg' width='50mm' height='30mm' viewBox='0 0 50 30' stroke='red'>"
                + "<path d='M1 1h40'/></svg>", to: "in.svg")
        let good = try folder.write("{\"travelXMillimetres\": 30}", to: "small.json")
        let cut = try Executable.run(["plan", drawing, "--profile", good])
        #expect(cut.code == 0)
        #expect(cut.errors.contains("11.0 mm lost beyond the right side of the reach of the machine"), "\(cut.errors)")
        let bad = try folder.write("{\"stepsPerMillimetre\": 0}", to: "bad.json")
        let refused = try Executable.run(["plan", drawing, "--profile", bad])
        #expect(refused.code == 78)
        #expect(refused.errors.contains("key stepsPerMillimetre: must be a number from 1 to 1000"))
        #expect(try Executable.run(["plan", drawing, "--profile", folder.path("none.json")]).code == 66)
    }

    @Test(arguments: MachineProfile.builtIn.map(\.name))
    func everyBuiltInProfileIsInRange(_ name: String) throws {
        let machine = try ProfileFile.profile(named: name)
        #expect(machine.name == name)
        #expect(throws: Never.self) { try machine.check() }
        for field in Self.fields {
            if let value = field.read(machine) { #expect(field.range.contains(value), "\(field.key)") }
        }
    }
}
