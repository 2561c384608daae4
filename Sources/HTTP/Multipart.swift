internal import Text

/// The parts of a multipart/form-data body (RFC 7578, RFC 2046).
package struct Multipart: Sendable {
    package struct Part: Equatable, Sendable {
        package var name: String
        /// A label for people, never a path; nil for plain form fields.
        package var filename: String?
        /// In lower case, without parameters.
        package var contentType: String?
        package var body: [UInt8]

        /// The body as text; nil if it is not UTF-8.
        package var text: String? { ASCII.text(body) }
    }

    package static let partLimit = 8
    package static let headLimit = 4 * 1024

    package var parts: [Part] = []

    /// - Parameter contentType: the whole `Content-Type` of the request.
    package init(_ body: [UInt8], contentType: String) throws(Problem) {
        guard let boundary = Self.boundary(contentType) else {
            throw .malformed("multipart/form-data needs a boundary of 1 to 70 characters.")
        }
        let delimiter: [UInt8] = [0x0D, 0x0A, 0x2D, 0x2D] + Array(boundary.utf8)
        // The first delimiter may stand at the very beginning, without its CRLF.
        var position = 0
        var partStart: Int?
        if body.starts(with: delimiter[2...]), let end = Self.delimiterEnd(body, after: delimiter.count - 2) {
            if end.isLast { return }
            (partStart, position) = (end.index, end.index - 2)
        }
        while let found = Self.find(delimiter, in: body, from: position) {
            if let start = partStart { try append(body, from: start, to: max(start, found.start)) }
            if found.isLast { return }
            // The CRLF of this delimiter's line may be the one before the next delimiter.
            (partStart, position) = (found.index, found.index - 2)
        }
        throw .malformed("The multipart body does not end with its boundary.")
    }

    package func first(_ name: String) -> Part? { parts.first { $0.name == name } }

    private mutating func append(_ body: [UInt8], from start: Int, to end: Int) throws(Problem) {
        guard parts.count < Self.partLimit else { throw .malformed("More than \(Self.partLimit) parts.") }
        parts.append(try Self.part(body[start..<end]))
    }

    // MARK: Delimiters

    /// The next whole delimiter line at or after `from`: where it begins and what follows it.
    private static func find(_ delimiter: [UInt8], in body: [UInt8], from: Int) -> (
        start: Int, index: Int, isLast: Bool
    )? {
        var at = from
        let last = body.count - delimiter.count
        while at <= last {
            guard body[at] == 0x0D else {
                at += 1
                continue
            }
            if body[at..<at + delimiter.count].elementsEqual(delimiter),
                let end = delimiterEnd(body, after: at + delimiter.count)
            {
                return (at, end.index, end.isLast)
            }
            at += 1
        }
        return nil
    }

    /// After the boundary: `--`, or blanks and CRLF; nil when it is neither and so belongs to the data.
    private static func delimiterEnd(_ body: [UInt8], after index: Int) -> (index: Int, isLast: Bool)? {
        var at = index
        if at + 1 < body.count, body[at] == 0x2D, body[at + 1] == 0x2D { return (at + 2, true) }
        while at < body.count, body[at] == ASCII.space || body[at] == ASCII.tab { at += 1 }
        guard at + 1 < body.count, body[at] == 0x0D, body[at + 1] == 0x0A else { return nil }
        return (at + 2, false)
    }

    /// `boundary=…`, quoted or not.
    package static func boundary(_ contentType: String) -> String? {
        guard let value = parameters(contentType)["boundary"] else { return nil }
        let isSafe = value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 || $0 == 0x20 }
        return (1...70).contains(value.utf8.count) && isSafe && value.last != " " ? value : nil
    }

    // MARK: Parts

    private static func part(_ bytes: ArraySlice<UInt8>) throws(Problem) -> Part {
        var fields: [RequestHead.Field] = []
        var position = bytes.startIndex
        // A part without a body may lend the end of its head to the delimiter.
        while position < bytes.endIndex || fields.isEmpty {
            guard let end = lineEnd(bytes, from: position), end - bytes.startIndex <= headLimit else {
                throw .malformed("The head of a part is broken or longer than \(headLimit) bytes.")
            }
            let line = Array(bytes[position..<end])
            position = end + 2
            if line.isEmpty { break }
            guard line.allSatisfy(ASCII.isField) else { throw .malformed("The head of a part is broken.") }
            do throws(HTTPError) { fields.append(try RequestParser.field(line)) } catch { throw error.problem }
        }
        let dispositions = fields.filter { $0.name == "content-disposition" }
        guard dispositions.count == 1, let value = dispositions.first?.value,
            value.prefix(while: { $0 != ";" }).lowercased() == "form-data"
        else { throw .malformed("A part needs Content-Disposition: form-data.") }
        let named = parameters(value)
        guard named["filename*"] == nil else { throw .malformed("filename* has no place in form data.") }
        guard let name = named["name"], !name.isEmpty else { throw .malformed("A part needs a name.") }
        let type = fields.first { $0.name == "content-type" }?.value.prefix { $0 != ";" }
        return Part(
            name: name, filename: named["filename"].map(unescaped), contentType: type.map { $0.lowercased() },
            body: Array(bytes[position...]))
    }

    private static func lineEnd(_ bytes: ArraySlice<UInt8>, from: Int) -> Int? {
        var at = from
        while at + 1 < bytes.endIndex, at - from <= headLimit {
            if bytes[at] == 0x0D, bytes[at + 1] == 0x0A { return at }
            at += 1
        }
        return nil
    }

    /// Browsers write a quotation mark as %22 and line ends as %0D, %0A.
    private static func unescaped(_ text: String) -> String {
        text.replacing("%22", with: "\"").replacing("%0D", with: "").replacing("%0A", with: " ")
    }

    /// `; name=value` and `; name="quoted"` after the first word; names in lower case, none if one is there twice.
    package static func parameters(_ value: String) -> [String: String] {
        var result: [String: String] = [:]
        var bytes = ArraySlice(value.utf8.drop { $0 != UInt8(ascii: ";") })
        while bytes.first == UInt8(ascii: ";") {
            bytes = ASCII.trimmed(bytes.dropFirst())
            let name = bytes.prefix { ASCII.isToken($0) }
            bytes = bytes.dropFirst(name.count)
            guard !name.isEmpty, bytes.first == UInt8(ascii: "=") else { return result }
            bytes = bytes.dropFirst()
            var text: [UInt8] = []
            if bytes.first == 0x22 {
                bytes = bytes.dropFirst()
                while let byte = bytes.first, byte != 0x22 {
                    bytes = bytes.dropFirst()
                    if byte == 0x5C, let next = bytes.first {
                        text.append(next)
                        bytes = bytes.dropFirst()
                    } else {
                        text.append(byte)
                    }
                }
                guard bytes.first == 0x22 else { return result }
                bytes = ASCII.trimmed(bytes.dropFirst())
            } else {
                text = Array(ASCII.trimmed(bytes.prefix { $0 != UInt8(ascii: ";") }))
                bytes = bytes.drop { $0 != UInt8(ascii: ";") }
            }
            let key = String(decoding: name.map(ASCII.lowercased), as: UTF8.self)
            guard result.updateValue(String(decoding: text, as: UTF8.self), forKey: key) == nil else { return [:] }
        }
        return result
    }
}
