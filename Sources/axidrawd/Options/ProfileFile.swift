internal import Foundation
internal import Motion
internal import Text

/// Reads machine profiles: a built-in one by name, or a JSON file that changes some figures of one.
///
/// The file is one object; each key carries its unit, `base` names the built-in profile that the rest comes from.
enum ProfileFile {
    /// Why a profile cannot be used.
    enum Failure: Error, Equatable {
        case unknownName(String, nearest: String?)
        case notAnObject(path: String, reason: String)
        case unknownKey(path: String, key: String, nearest: String?)
        case badValue(path: String, key: String, expected: String)
    }

    /// The profile of `--profile NAME|FILE`.
    static func profile(named name: String) throws -> MachineProfile {
        if let profile = MachineProfile.builtIn.first(where: { $0.name == name }) { return profile }
        guard name.contains("/") || name.hasSuffix(".json") || name == "-" else {
            throw Failure.unknownName(name, nearest: nearest(name, in: MachineProfile.builtIn.map(\.name)))
        }
        return try profile(from: try InputFile.read(name), path: name)
    }

    /// The profile that the bytes of a file describe.
    static func profile(from bytes: [UInt8], path: String) throws(Failure) -> MachineProfile {
        let values = try object(bytes, path: path)
        var profile = MachineProfile.standard
        profile.name = path
        if let base = values["base"] {
            guard case .text(let name) = base, let known = MachineProfile.builtIn.first(where: { $0.name == name })
            else {
                let names = MachineProfile.builtIn.map(\.name).joined(separator: ", ")
                throw .badValue(path: path, key: "base", expected: "one of " + names)
            }
            profile = known
        }
        // The servo first: other keys change single figures of it.
        let keys = values.keys.sorted { ($0 == "servo" ? 0 : 1, $0) < ($1 == "servo" ? 0 : 1, $1) }
        for key in keys where key != "base" {
            guard let field = Self.fields[key] else {
                throw .unknownKey(path: path, key: key, nearest: nearest(key, in: Array(Self.fields.keys).sorted()))
            }
            guard let value = values[key], field.set(&profile, value) else {
                throw .badValue(path: path, key: key, expected: field.expected)
            }
        }
        if profile.penUpHeight <= profile.penDownHeight {
            throw .badValue(path: path, key: "penUpHeightPercent", expected: "above penDownHeightPercent")
        }
        return profile
    }

    /// A number or a text: all that profiles hold.
    enum Value: Decodable, Equatable {
        case number(Double)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .number(try container.decode(Double.self))
            }
        }
    }

    private static func object(_ bytes: [UInt8], path: String) throws(Failure) -> [String: Value] {
        do {
            return try JSONDecoder().decode([String: Value].self, from: Data(bytes))
        } catch DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty {
            let key = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .badValue(path: path, key: key, expected: "a number or a text")
        } catch DecodingError.typeMismatch {
            throw .notAnObject(path: path, reason: "it is not an object")
        } catch {
            throw .notAnObject(path: path, reason: "it is not JSON")
        }
    }

    /// How one key is checked and stored.
    private struct Field: Sendable {
        let expected: String
        let set: @Sendable (inout MachineProfile, Value) -> Bool
    }

    private static func number(
        _ range: ClosedRange<Double>, _ set: @escaping @Sendable (inout MachineProfile, Double) -> Void
    ) -> Field {
        Field(expected: "a number from \(brief(range.lowerBound)) to \(brief(range.upperBound))") { profile, value in
            guard case .number(let number) = value, range.contains(number) else { return false }
            set(&profile, number)
            return true
        }
    }

    private static func integer(
        _ range: ClosedRange<Int>, _ set: @escaping @Sendable (inout MachineProfile, Int) -> Void
    ) -> Field {
        Field(expected: "a whole number from \(range.lowerBound) to \(range.upperBound)") { profile, value in
            guard case .number(let number) = value, let whole = Int(exactly: number), range.contains(whole) else {
                return false
            }
            set(&profile, whole)
            return true
        }
    }

    private static let fields: [String: Field] = [
        "name": Field(expected: "a text") { profile, value in
            guard case .text(let text) = value, !text.isEmpty else { return false }
            profile.name = text
            return true
        },
        "servo": Field(expected: "standard or brushless") { profile, value in
            guard case .text(let text) = value, let kind = MachineProfile.Servo.Kind(rawValue: text) else {
                return false
            }
            profile.servo = kind == .standard ? .standard : .brushless
            return true
        },
        "travelXMillimetres": number(PlanRange.travel) { $0.travel.width = $1 },
        "travelYMillimetres": number(PlanRange.travel) { $0.travel.height = $1 },
        "stepsPerMillimetre": number(PlanRange.stepsPerMillimetre) { $0.stepsPerMillimetre = $1 },
        "microstepMode": integer(1...5) { $0.microstepMode = $1 },
        "maximumStepsPerSecond": number(PlanRange.stepRate) { $0.maximumStepRate = $1 },
        "penDownMillimetresPerSecond": number(PlanRange.speed) { $0.penDown.speed = $1 },
        "penUpMillimetresPerSecond": number(PlanRange.speed) { $0.penUp.speed = $1 },
        "penDownMillimetresPerSecondSquared": number(PlanRange.acceleration) { $0.penDown.acceleration = $1 },
        "penUpMillimetresPerSecondSquared": number(PlanRange.acceleration) { $0.penUp.acceleration = $1 },
        "fullMillimetresPerSecond": number(PlanRange.fullSpeed) { $0.fullSpeed = $1 },
        "junctionDeviationMillimetres": number(PlanRange.junctionDeviation) { $0.junctionDeviation = $1 },
        "penUpHeightPercent": number(PlanRange.height) { $0.penUpHeight = $1 },
        "penDownHeightPercent": number(PlanRange.height) { $0.penDownHeight = $1 },
        "paperHeightPercent": number(PlanRange.height) { $0.paperHeight = $1 },
        "paperClearancePercent": number(PlanRange.clearance) { $0.paperClearance = $1 },
        "liftSeconds": number(PlanRange.penSeconds) { $0.liftTime = $1 },
        "dropSeconds": number(PlanRange.penSeconds) { $0.dropTime = $1 },
        "backlashXMillimetres": number(PlanRange.backlash) { $0.backlash.width = $1 },
        "backlashYMillimetres": number(PlanRange.backlash) { $0.backlash.height = $1 },
        "servoLowestPulse": integer(PlanRange.pulse) { $0.servo.lowestPulse = $1 },
        "servoHighestPulse": integer(PlanRange.pulse) { $0.servo.highestPulse = $1 },
        "servoSweepMilliseconds": number(PlanRange.sweepMilliseconds) { $0.servo.sweepMilliseconds = $1 },
        "servoMinimumMilliseconds": number(PlanRange.minimumMilliseconds) { $0.servo.minimumMilliseconds = $1 },
        "servoMillisecondsPerPercent": number(PlanRange.millisecondsPerPercent) {
            $0.servo.millisecondsPerPercent = $1
        },
        "servoPin": integer(0...7) { $0.servo.pin = $1 },
        "servoChannels": integer(1...24) { $0.servo.channels = $1 },
        "servoRaisePercent": number(PlanRange.servoRate) { $0.servo.raiseRate = $1 },
        "servoLowerPercent": number(PlanRange.servoRate) { $0.servo.lowerRate = $1 },
    ]
}

extension ProfileFile.Failure: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknownName(let name, let nearest):
            "no profile is called \(quoted(name))" + (nearest.map { ", did you mean \($0)?" } ?? "")
                + "; a file is named with its path, such as ./machine.json"
        case .notAnObject(let path, let reason): "\(quoted(path)) is no profile: \(reason)"
        case .unknownKey(let path, let key, let nearest):
            "\(quoted(path)) has the unknown key \(quoted(key))" + (nearest.map { ", did you mean \($0)?" } ?? "")
        case .badValue(let path, let key, let expected): "\(quoted(path)), key \(key): must be \(expected)"
        }
    }
}
