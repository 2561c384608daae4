extension SVG {
    /// The entities that a document declares for itself, and the budget of their expansion.
    ///
    /// External and parameter entities are noted and never read.
    struct Entities {
        private enum Declared {
            case text([UInt8])
            case external
        }

        private var declared: [String: Declared] = [:]
        private var open: Set<String> = []
        private var expandedBytes = 0
        private var references = 0
        private(set) var hasDoctype = false
        /// Some declarations were not read, so an unknown name may be one of them.
        private var mayBeIncomplete = false

        /// Begins to read an entity in element content.
        mutating func open(_ name: String, at offset: Int) throws(Fault) -> [UInt8] {
            let text = try spend(name, at: offset)
            guard open.insert(name).inserted else { throw .malformed("the entity \(name) contains itself", at: offset) }
            return text
        }

        mutating func close(_ name: String) { open.remove(name) }

        private mutating func spend(_ name: String, at offset: Int) throws(Fault) -> [UInt8] {
            references += 1
            switch declared[name] {
            case .text(let text):
                expandedBytes += text.count
                guard expandedBytes <= Limit.entityBytes, references <= Limit.entityBytes else {
                    throw .limit("entities expand to more than 1 MB", at: offset)
                }
                return text
            case .external: return []
            case nil:
                if mayBeIncomplete { return [] }
                throw .malformed("the entity \(name) is not declared", at: offset)
            }
        }

        /// An attribute's value with its references replaced.
        mutating func expanded(_ value: Cursor, at offset: Int) throws(Fault) -> [UInt8] {
            var result: [UInt8] = []
            var stack = [(cursor: value, name: "")]
            defer { for item in stack { open.remove(item.name) } }
            while var item = stack.popLast() {
                let start = item.cursor.i
                while !item.cursor.isAtEnd, item.cursor.byte != UInt8(ascii: "&") { item.cursor.i += 1 }
                result += item.cursor.bytes[start..<item.cursor.i]
                if item.cursor.isAtEnd {
                    open.remove(item.name)
                    continue
                }
                item.cursor.i += 1
                let reference = try XMLReader.reference(&item.cursor, at: offset)
                stack.append(item)
                switch reference {
                case .character(let scalar): result += Array(String(scalar).utf8)
                case .entity(let name):
                    let text = try open(name, at: offset)
                    guard !text.contains(UInt8(ascii: "<")) else {
                        throw .malformed("'<' in a value, by way of the entity \(name)", at: offset)
                    }
                    stack.append((Cursor(bytes: text, i: 0, end: text.count), name))
                }
            }
            return result
        }

        // MARK: document type

        /// Reads from behind `<!DOCTYPE` to behind its `>`.
        mutating func readDoctype(_ cursor: inout Cursor) throws(Fault) {
            hasDoctype = true
            let start = cursor.i
            while !cursor.isAtEnd {
                switch cursor.byte {
                case UInt8(ascii: ">"):
                    cursor.i += 1
                    return
                case UInt8(ascii: "["):
                    cursor.i += 1
                    try readSubset(&cursor)
                case UInt8(ascii: "\""), UInt8(ascii: "'"):
                    mayBeIncomplete = true
                    _ = try quoted(&cursor)
                case UInt8(ascii: "<"): throw .malformed("'<' in the document type", at: cursor.i)
                default: cursor.i += 1
                }
            }
            throw .malformed("the document type does not end", at: start)
        }

        private mutating func readSubset(_ cursor: inout Cursor) throws(Fault) {
            let start = cursor.i
            while !cursor.isAtEnd {
                cursor.skipSpace()
                if cursor.take(UInt8(ascii: "]")) { return }
                if cursor.takeWord("<!--") {
                    while !cursor.isAtEnd, !cursor.takeWord("--") { cursor.i += 1 }
                    guard cursor.take(UInt8(ascii: ">")) else {
                        throw .malformed("'--' inside a comment", at: cursor.i)
                    }
                } else if cursor.takeWord("<!entity") {
                    try readEntity(&cursor)
                } else if cursor.takeWord("<?") {
                    while !cursor.isAtEnd, !cursor.takeWord("?>") { cursor.i += 1 }
                } else if cursor.takeWord("<!") {
                    try skipDeclaration(&cursor)
                } else if cursor.take(UInt8(ascii: "%")) {
                    mayBeIncomplete = true
                    while XMLReader.isNameByte(cursor.byte) { cursor.i += 1 }
                    guard cursor.take(UInt8(ascii: ";")) else {
                        throw .malformed("'%' that begins no reference", at: cursor.i)
                    }
                } else {
                    throw .malformed("something unknown in the document type", at: cursor.i)
                }
            }
            throw .malformed("the document type does not end", at: start)
        }

        private func skipDeclaration(_ cursor: inout Cursor) throws(Fault) {
            let start = cursor.i
            while !cursor.isAtEnd {
                switch cursor.byte {
                case UInt8(ascii: ">"):
                    cursor.i += 1
                    return
                case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = try quoted(&cursor)
                default: cursor.i += 1
                }
            }
            throw .malformed("a declaration does not end", at: start)
        }

        private func quoted(_ cursor: inout Cursor) throws(Fault) -> ArraySlice<UInt8> {
            let quote = cursor.byte
            let start = cursor.i + 1
            cursor.i = start
            while !cursor.isAtEnd, cursor.byte != quote { cursor.i += 1 }
            guard !cursor.isAtEnd else { throw .malformed("a quoted text does not end", at: start) }
            cursor.i += 1
            return cursor.bytes[start..<cursor.i - 1]
        }

        /// `<!ENTITY name "text">` and its other forms; the first declaration of a name counts.
        private mutating func readEntity(_ cursor: inout Cursor) throws(Fault) {
            cursor.skipSpace()
            let isParameter = cursor.take(UInt8(ascii: "%"))
            cursor.skipSpace()
            let start = cursor.i
            while XMLReader.isNameByte(cursor.byte) { cursor.i += 1 }
            let name = String(decoding: cursor.bytes[start..<cursor.i], as: UTF8.self)
            guard !name.isEmpty, cursor.byte.isSpace else { throw .malformed("an entity without a name", at: start) }
            cursor.skipSpace()
            var value = Declared.external
            if cursor.byte == UInt8(ascii: "\"") || cursor.byte == UInt8(ascii: "'") {
                let offset = cursor.i
                value = .text(try literal(try quoted(&cursor), at: offset))
            }
            try skipDeclaration(&cursor)
            if !isParameter, declared[name] == nil { declared[name] = value }
        }

        /// The replacement text: character references are replaced at once, entities when they are used.
        private func literal(_ text: ArraySlice<UInt8>, at offset: Int) throws(Fault) -> [UInt8] {
            guard text.contains(UInt8(ascii: "&")) else { return Array(text) }
            var cursor = Cursor(bytes: Array(text), i: 0, end: text.count)
            var result: [UInt8] = []
            while !cursor.isAtEnd {
                if cursor.byte == UInt8(ascii: "&"), cursor.peek(1) == UInt8(ascii: "#") {
                    cursor.i += 1
                    if case .character(let scalar) = try XMLReader.reference(&cursor, at: offset) {
                        result += Array(String(scalar).utf8)
                    }
                } else {
                    result.append(cursor.byte)
                    cursor.i += 1
                }
            }
            return result
        }
    }
}
