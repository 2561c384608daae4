/// A text with holes, as the pages are written.
///
/// `{{name}}` is a value, escaped for text and attributes of HTML. `{{#name}}…{{/name}}` stands once for each item of a
/// list, or once if the value is true or a text that is not empty; `{{^name}}…{{/name}}` stands if it is none of these. Inside
/// a list the item's values come first, then those around it.
struct Template: Sendable {
    /// What fills a hole.
    enum Value: Sendable {
        case text(String)
        case flag(Bool)
        case list([Values])
        /// Another template, filled with the values that are known where it stands.
        case template(Template)
    }

    typealias Values = [String: Value]

    /// What is wrong with a text that is no template.
    struct Failure: Error, Equatable, CustomStringConvertible {
        /// Counted from 1.
        var line: Int
        var reason: String

        var description: String { "line \(line): \(reason)" }
    }

    private indirect enum Piece: Sendable {
        case plain(String)
        case value(String, line: Int)
        case section(String, isInverted: Bool, line: Int, [Piece])
    }

    private let pieces: [Piece]

    /// - Complexity: O(n).
    init(_ text: String) throws(Failure) {
        var parser = Parser(rest: text[...])
        pieces = try parser.pieces(until: nil)
    }

    /// The text with every hole filled.
    func filled(_ values: Values) throws(Failure) -> String {
        var output = ""
        try Self.write(pieces, [values], to: &output)
        return output
    }

    private static func write(_ pieces: [Piece], _ scopes: [Values], to output: inout String) throws(Failure) {
        for piece in pieces {
            switch piece {
            case .plain(let text): output += text
            case .value(let name, let line):
                switch lookUp(name, scopes) {
                case .text(let text)?: output += escaped(text)
                case .template(let other)?: try write(other.pieces, scopes, to: &output)
                default: throw Failure(line: line, reason: "there is no text \(name)")
                }
            case .section(let name, let isInverted, let line, let inner):
                guard let value = lookUp(name, scopes) else {
                    throw Failure(line: line, reason: "there is no value \(name)")
                }
                let items = items(of: value)
                if isInverted {
                    if items.isEmpty { try write(inner, scopes, to: &output) }
                } else {
                    for item in items { try write(inner, scopes + [item], to: &output) }
                }
            }
        }
    }

    private static func items(of value: Value) -> [Values] {
        switch value {
        case .text(let text): text.isEmpty ? [] : [[:]]
        case .flag(let flag): flag ? [[:]] : []
        case .list(let items): items
        case .template: [[:]]
        }
    }

    private static func lookUp(_ name: String, _ scopes: [Values]) -> Value? {
        scopes.reversed().lazy.compactMap { $0[name] }.first
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    private struct Parser {
        var rest: Substring
        var line = 1
        private static let depthLimit = 16
        private var depth = 0

        init(rest: Substring) { self.rest = rest }

        /// All pieces up to the end of the text or of the section.
        mutating func pieces(until name: String?) throws(Failure) -> [Piece] {
            let start = line
            var pieces: [Piece] = []
            while let hole = rest.firstRange(of: "{{") {
                let plain = rest[..<hole.lowerBound]
                pieces.append(.plain(String(plain)))
                line += plain.count { $0.isNewline }
                guard let end = rest.firstRange(of: "}}"), end.lowerBound >= hole.upperBound else {
                    throw Failure(line: line, reason: "}} is missing")
                }
                let tag = rest[hole.upperBound..<end.lowerBound]
                rest = rest[end.upperBound...]
                switch tag.first {
                case "/":
                    guard let name, tag.dropFirst() == name else {
                        throw Failure(line: line, reason: "{{\(tag)}} closes nothing here")
                    }
                    return pieces
                case "#", "^": pieces.append(try section(tag))
                default: pieces.append(.value(String(tag), line: line))
                }
            }
            if let name { throw Failure(line: start, reason: "{{/\(name)}} is missing") }
            pieces.append(.plain(String(rest)))
            return pieces
        }

        private mutating func section(_ tag: Substring) throws(Failure) -> Piece {
            let start = line
            let name = String(tag.dropFirst())
            guard depth < Self.depthLimit else { throw Failure(line: line, reason: "too many sections in sections") }
            depth += 1
            defer { depth -= 1 }
            return .section(name, isInverted: tag.first == "^", line: start, try pieces(until: name))
        }
    }
}
