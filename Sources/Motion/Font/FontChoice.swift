/// Which font draws which family, and what characters fonts were found to lack.
struct FontChoice {
    /// Characters that one font lacks.
    struct Lack {
        var font: String
        /// In the order in which they were met; the first few.
        var named: [UInt32]
        var count: Int
        /// Where the first text stands that has one.
        var offset: Int

        /// Characters named one by one.
        static let most = 12
    }

    /// Fonts of the document by family, in lower case; nil = not looked for yet.
    var families: [String: PenFont]?
    /// By the hash of a list of families.
    var chosen: [UInt64: PenFont] = [:]
    private(set) var lacking: [Lack] = []
    private var seen: Set<UInt64> = []

    mutating func lacks(_ scalar: UInt32, _ font: String, at offset: Int) {
        let k = lacking.firstIndex { $0.font == font } ?? lacking.count
        guard seen.insert(UInt64(k) << 32 | UInt64(scalar)).inserted else { return }
        if k == lacking.count { lacking.append(Lack(font: font, named: [], count: 0, offset: offset)) }
        lacking[k].count += 1
        if lacking[k].named.count < Lack.most { lacking[k].named.append(scalar) }
    }
}

extension FontChoice.Lack {
    var sentence: String {
        let names = named.map { code in
            let number = String(code, radix: 16, uppercase: true)
            let plain = "U+" + String(repeating: "0", count: max(0, 4 - number.count)) + number
            // What is no sign of its own would spoil the line it stands in.
            guard let scalar = Unicode.Scalar(code), Self.isPrintable(scalar) else { return plain }
            return "\(scalar) (\(plain))"
        }
        let more = count > named.count ? " and \(count - named.count) more" : ""
        return "the font \(font) has no \(names.joined(separator: ", "))\(more): their places stay empty"
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .nonspacingMark,
            .enclosingMark, .spacingMark, .spaceSeparator:
            false
        default: true
        }
    }
}
