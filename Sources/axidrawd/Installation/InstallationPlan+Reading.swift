internal import Foundation
internal import Text

extension InstallationPlan {
    typealias Failure = ConfigurationFailure

    /// Why a member cannot be used.
    private struct Reason: Error {
        /// JSON pointer.
        var pointer: String
        var text: String
    }

    /// Reads an installation file: JSON with comments; what is unknown is refused with its line.
    ///
    /// - Parameter history: reads the file of a history by its path as written.
    init(
        _ bytes: [UInt8], path: String, history: (String) throws(DesignError) -> CommitHistory
    ) throws(Failure) {
        let document: JSONValue
        let lines: [String: Int]
        do { (document, lines) = try JSONReader.readWithLines(bytes) } catch {
            throw Failure(source: path, line: error.line, reason: "\(error.reason) (column \(error.column))")
        }
        do throws(Reason) {
            self = try Self.plan(document, history)
        } catch {
            throw Failure(source: path, line: Self.line(of: error.pointer, lines), reason: error.text)
        }
    }

    /// Of a member, of the first one inside it, or of what it is in.
    private static func line(of pointer: String, _ lines: [String: Int]) -> Int {
        if let line = lines[pointer] { return line }
        if let line = lines.filter({ $0.key.hasPrefix(pointer + "/") }).values.min() { return line }
        guard let slash = pointer.lastIndex(of: "/") else { return 1 }
        return line(of: String(pointer[..<slash]), lines)
    }

    /// The file at a path, its histories beside it.
    static func file(_ path: String) throws(Failure) -> InstallationPlan {
        if InputFile.isTooLarge(path) { throw Failure(source: path, line: nil, reason: InputFile.tooLargeReason) }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(source: path, line: nil, reason: "it cannot be opened")
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        return try InstallationPlan(Array(data), path: path) { name throws(DesignError) in
            let place = URL(fileURLWithPath: name, relativeTo: folder).path
            if InputFile.isTooLarge(place) {
                throw .badHistory(reason: "\(quoted(place)): \(InputFile.tooLargeReason)")
            }
            guard let data = FileManager.default.contents(atPath: place) else {
                throw .badHistory(reason: "\(quoted(place)) cannot be opened")
            }
            return try CommitHistory.read(Array(data))
        }
    }

    private static func plan(
        _ document: JSONValue, _ history: (String) throws(DesignError) -> CommitHistory
    ) throws(Reason) -> InstallationPlan {
        var plan = InstallationPlan()
        var cycle: [String]?
        var names: Set<String> = []
        for (name, value) in try members(document, "", ["products", "cycle", "buttons", "places", "paper", "press"]) {
            switch name {
            case "products":
                for (place, item) in try list(value, "/products").enumerated() {
                    let product = try product(item, "/products/\(place)", history)
                    guard names.insert(product.name).inserted else {
                        throw Reason(
                            pointer: "/products/\(place)/name", text: "\(quoted(product.name)) is there already")
                    }
                    plan.products.append(product)
                }
            case "cycle":
                cycle = try list(value, "/cycle").map { item throws(Reason) in try text(item, "/cycle") }
            case "buttons":
                for (place, item) in try list(value, "/buttons").enumerated() {
                    plan.buttons.append(try button(item, "/buttons/\(place)"))
                }
            case "places":
                guard case .integer(let count) = value, (1...100).contains(count) else {
                    throw Reason(pointer: "/places", text: "places must be a whole number from 1 to 100")
                }
                plan.places = count
            case "press":
                guard let press = PressMeaning(rawValue: try text(value, "/press")) else {
                    throw Reason(pointer: "/press", text: "press must be \"draws\" or \"machine\"")
                }
                plan.press = press
            default:
                guard let paper = Paper(rawValue: try text(value, "/paper")) else {
                    throw Reason(pointer: "/paper", text: "paper must be \"sheets\" or \"endless\"")
                }
                plan.paper = paper
            }
        }
        plan.cycle = cycle ?? plan.products.map(\.name)
        if let unknown = plan.cycle.first(where: { !names.contains($0) }) {
            throw Reason(pointer: "/cycle", text: "there is no product \(quoted(unknown))")
        }
        return plan
    }

    private static func product(
        _ value: JSONValue, _ pointer: String, _ history: (String) throws(DesignError) -> CommitHistory
    ) throws(Reason) -> Product {
        var product = Product(name: "", kind: "")
        for (name, value) in try members(value, pointer, ["name", "kind", "parameters", "history"]) {
            let place = pointer + "/" + name
            switch name {
            case "name": product.name = try text(value, place)
            case "kind": product.kind = try text(value, place)
            case "parameters":
                guard case .object(let parameters) = value else {
                    throw Reason(pointer: place, text: "parameters must be an object { … }")
                }
                for (name, value) in parameters { product.parameters[name] = try number(value, place + "/" + name) }
            default:
                let file = try text(value, place)
                do throws(DesignError) { product.history = try history(file) } catch {
                    throw Reason(pointer: place, text: "\(error)")
                }
            }
        }
        guard !product.name.isEmpty else { throw Reason(pointer: pointer, text: "a product needs a name") }
        guard !product.kind.isEmpty else { throw Reason(pointer: pointer, text: "a product needs a kind") }
        do throws(DesignError) { try product.check() } catch { throw Reason(pointer: pointer, text: "\(error)") }
        return product
    }

    private static func button(_ value: JSONValue, _ pointer: String) throws(Reason) -> Button {
        var button = Button(device: "", plotter: "")
        for (name, value) in try members(value, pointer, ["source", "device", "plotter"]) {
            let text = try text(value, pointer + "/" + name)
            switch name {
            case "source":
                guard ButtonDecoder.isSource(text) else {
                    throw Reason(pointer: pointer + "/source", text: "a source is 1 to 64 letters, digits or hyphens")
                }
                button.source = text
            case "device": button.device = text
            default: button.plotter = text
            }
        }
        guard !button.device.isEmpty, !button.plotter.isEmpty else {
            throw Reason(pointer: pointer, text: "a button needs a device and a plotter")
        }
        return button
    }

    private static func members(
        _ value: JSONValue, _ pointer: String, _ known: [String]
    ) throws(Reason) -> [(String, JSONValue)] {
        guard case .object(let members) = value else {
            throw Reason(pointer: pointer, text: "an object { … } is expected here")
        }
        for (name, _) in members where !known.contains(name) {
            let meant = nearest(name, in: known).map { ", did you mean \($0)?" } ?? ""
            throw Reason(pointer: pointer + "/" + name, text: "unknown member \(quoted(name))\(meant)")
        }
        return members
    }

    private static func list(_ value: JSONValue, _ pointer: String) throws(Reason) -> [JSONValue] {
        guard case .array(let items) = value else { throw Reason(pointer: pointer, text: "a list [ … ] is expected") }
        return items
    }

    private static func text(_ value: JSONValue, _ pointer: String) throws(Reason) -> String {
        guard case .string(let text) = value, !text.isEmpty, text.utf8.count <= 200 else {
            throw Reason(pointer: pointer, text: "a text is expected")
        }
        return text
    }

    private static func number(_ value: JSONValue, _ pointer: String) throws(Reason) -> Double {
        switch value {
        case .integer(let number): return Double(number)
        case .number(let number): return number
        case .null, .bool, .string, .array, .object: throw Reason(pointer: pointer, text: "a number is expected")
        }
    }
}
