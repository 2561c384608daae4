internal import HTTP
internal import Text

/// The members of a button's message, wherever they were sent: in a JSON body, a form or the query.
///
/// Members that nobody asks for are of no interest; texts are cut to what a name may be.
struct ButtonMembers: Sendable {
    private let document: JSONValue

    /// Longest text that is taken from a message.
    static let textLimit = 200

    init(_ document: JSONValue) { self.document = document }

    /// A JSON object or form in the body, over it the query.
    init(_ payload: ButtonPayload) throws(Problem) {
        var members: [(String, JSONValue)] = payload.query.map { ($0.name, .string($0.value)) }
        if payload.contentType == "application/x-www-form-urlencoded" {
            members += try Self.form(payload.body)
        } else if !payload.body.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) {
            let document: JSONValue
            do { document = try JSONReader.read(payload.body) } catch {
                throw .malformed("The body is no JSON: \(error).")
            }
            guard case .object(let sent) = document else { throw .malformed("The body must be one JSON object { … }.") }
            members += sent
        }
        document = .object(members)
    }

    private static func form(_ body: [UInt8]) throws(Problem) -> [(String, JSONValue)] {
        guard let target = try? RequestTarget(ArraySlice(Array("/?".utf8) + body), method: "POST") else {
            throw .malformed("The body is no form.")
        }
        return target.query.map { ($0.name, .string($0.value)) }
    }

    subscript(name: String) -> JSONValue? { document[name] }

    /// The object inside under this name.
    func inner(_ name: String) -> ButtonMembers? {
        guard let value = document[name], case .object = value else { return nil }
        return ButtonMembers(value)
    }

    /// The first of these members that is a text with something in it, or a number.
    func text(_ names: String...) -> String? {
        for name in names {
            switch document[name] {
            case .string(let text)? where !text.isEmpty: return String(text.prefix(Self.textLimit))
            case .integer(let number)?: return String(number)
            default: continue
            }
        }
        return nil
    }

    /// The first of these members that is a finite number, or the text of one.
    func number(_ names: String...) -> Double? {
        for name in names {
            switch document[name] {
            case .integer(let number)?: return Double(number)
            case .number(let number)? where number.isFinite: return number
            case .string(let text)?: if let number = NumberText.number(text), number.isFinite { return number }
            default: continue
            }
        }
        return nil
    }

    /// Whether a member is true, also as a word.
    func isTrue(_ name: String) -> Bool {
        switch document[name] {
        case .bool(let value)?: value
        case .string(let text)?: text.lowercased() == "true"
        default: false
        }
    }

    /// A moment as Unix milliseconds: RFC 3339, or a number of seconds or milliseconds.
    func time(_ names: String...) -> Int? {
        for name in names {
            if case .string(let text)? = document[name], let time = Timestamp.unixMilliseconds(text) { return time }
            // Up to the year 5138 seconds are below this, and milliseconds since 1973 above.
            if let number = number(name), number >= 0, number < 1e14 {
                return Int(number < 1e11 ? number * 1000 : number)
            }
        }
        return nil
    }
}

/// Moments as RFC 3339 writes them.
enum Timestamp {
    /// `2018-05-04T23:26:33.747Z`, also with an offset; nil for anything else.
    static func unixMilliseconds(_ text: String) -> Int? {
        var rest = Array(text.utf8)[...]
        func digits(_ count: Int) -> Int? {
            guard rest.count >= count, let value = ASCII.decimal(rest.prefix(count)) else { return nil }
            rest = rest.dropFirst(count)
            return value
        }
        func take(_ characters: String) -> Bool {
            guard let first = rest.first, characters.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2), take("Tt "),
            let hour = digits(2), take(":"), let minute = digits(2), take(":"), let second = digits(2),
            (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        var milliseconds = 0
        if take(".") {
            let fraction = rest.prefix(while: ASCII.isDigit)
            guard !fraction.isEmpty, fraction.count <= 9 else { return nil }
            rest = rest.dropFirst(fraction.count)
            let three = Array(fraction.prefix(3)) + [UInt8](repeating: 0x30, count: max(0, 3 - fraction.count))
            milliseconds = ASCII.decimal(three) ?? 0
        }
        var offset = 0
        if !take("Zz") {
            let isWest = rest.first == UInt8(ascii: "-")
            guard take("+-"), let hours = digits(2), take(":"), let minutes = digits(2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (isWest ? -60 : 60)
        }
        guard rest.isEmpty else { return nil }
        let seconds = days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
        return seconds * 1000 + milliseconds
    }

    /// Days since 1970 of a civil date.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
