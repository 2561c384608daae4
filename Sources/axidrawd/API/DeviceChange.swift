internal import HTTP
internal import Text

/// What may be set for a plotter; nil = it stays.
struct DeviceChange: Equatable, Sendable {
    private(set) var autoAdvance: Bool?
    /// In the place of all that were set before.
    private(set) var options: [String: String]?

    init(_ body: [UInt8]) throws(Problem) {
        let value: JSONValue
        do { value = try JSONReader.read(body) } catch {
            throw .malformed("Line \(error.line), column \(error.column): \(error.reason).")
        }
        guard case .object(let members) = value, !members.isEmpty else { throw Self.unusable }
        for (name, value) in members {
            switch (name, value) {
            case ("autoAdvance", .bool(let isOn)): autoAdvance = isOn
            case ("options", .object(let given)):
                var texts: [String: String] = [:]
                for (name, value) in given {
                    guard let text = value.optionText else { throw Self.unusable }
                    texts[name] = text
                }
                options = texts
            default: throw Self.unusable
            }
        }
    }

    private static let unusable = Problem(
        422, "settings", "Unusable settings",
        "Send {\"autoAdvance\": true} or false, or {\"options\": {\"fit\": \"page\"}}; nothing else can be set.")
}
