internal import Motion
internal import Text

/// Puts an SVG font into a drawing, so that both travel as one file: a daemon reads no file for others.
enum FontInDrawing {
    /// Why a font cannot travel with a drawing.
    enum Failure: Error, Equatable {
        /// The font's file has no plain `<font>` element to be taken out of it.
        case noPlainFont(path: String)
        /// The drawing is written so that nothing can be put into it.
        case closedDrawing(reason: String)
    }

    /// The drawing with the font of a file before its end.
    ///
    /// Its characters beyond ASCII become references, so that the drawing may have any encoding that contains ASCII.
    static func drawing(_ drawing: [UInt8], with font: [UInt8], path: String) throws(Failure) -> [UInt8] {
        guard let element = element(font) else { throw .noPlainFont(path: path) }
        if drawing.starts(with: [0x1F, 0x8B]) { throw .closedDrawing(reason: "it is compressed") }
        if drawing.prefix(4).contains(0) || drawing.starts(with: [0xFE, 0xFF]) || drawing.starts(with: [0xFF, 0xFE]) {
            throw .closedDrawing(reason: "it is written in UTF-16")
        }
        guard let end = endTag(drawing) else { throw .closedDrawing(reason: "it does not end with </svg>") }
        let whole = "<defs xmlns=\"http://www.w3.org/2000/svg\">".utf8 + element + "</defs>".utf8
        return drawing[..<end] + whole + drawing[end...]
    }

    /// The first `font` element, from tag to tag, in ASCII.
    private static func element(_ file: [UInt8]) -> [UInt8]? {
        guard let text = String(validating: file, as: UTF8.self),
            let start = ["<font ", "<font>", "<font\n", "<font\r", "<font\t"].compactMap({ text.firstRange(of: $0) })
                .map(
                    \.lowerBound
                ).min(),
            let end = text[start...].firstRange(of: "</font>")
        else { return nil }
        var result: [UInt8] = []
        for scalar in text[start..<end.upperBound].unicodeScalars {
            if scalar.isASCII { result.append(UInt8(scalar.value)) } else { result += "&#\(scalar.value);".utf8 }
        }
        return result
    }

    /// Where the last tag begins that ends an `svg` element, whatever its prefix.
    private static func endTag(_ drawing: [UInt8]) -> Int? {
        var i = drawing.count - 2
        while i >= 0 {
            if drawing[i] == UInt8(ascii: "<"), drawing[i + 1] == UInt8(ascii: "/") {
                let name = drawing[(i + 2)...].prefix { $0 != UInt8(ascii: ">") && $0 > 0x20 }
                let local = name.split(separator: UInt8(ascii: ":")).last ?? name
                return local.elementsEqual("svg".utf8) ? i : nil
            }
            i -= 1
        }
        return nil
    }
}

extension FontInDrawing.Failure: CustomStringConvertible {
    var description: String {
        switch self {
        case .noPlainFont(let path):
            "\(quoted(path)): its font cannot go along with the drawing; it needs a <font> element without prefix, in UTF-8"
        case .closedDrawing(let reason):
            "--text FILE goes along inside the drawing, and nothing can be put into this one: \(reason);"
                + " save it as plain SVG in UTF-8"
        }
    }
}
