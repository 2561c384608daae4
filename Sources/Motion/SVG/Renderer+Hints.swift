extension SVG.Renderer {
    /// Papers in points, as programs that count 72 to the inch write them: ISO A and American sizes.
    private static let papersInPoints: [(width: Double, height: Double)] = [
        (2383.94, 3370.39), (1683.78, 2383.94), (1190.55, 1683.78), (841.89, 1190.55), (595.28, 841.89),
        (419.53, 595.28),
        (297.64, 419.53), (612, 792), (612, 1008), (792, 1224),
    ]

    /// Tells when the drawing's user units are probably not 96 to the inch: nothing in the file says so for certain, and
    /// nobody's size is changed unasked.
    ///
    /// - Parameter size: of the page in px; nil where the drawing gives none.
    mutating func noteResolution(_ size: (width: Double?, height: Double?)) {
        guard options.dpi == 96 else { return }
        let root = SVG.Document.root
        let isInPixels = isSizeInPixels
        let hasBox = document.viewBox(of: root) != nil
        // With a size in mm and a viewBox the units are what the file says.
        if let version = oldInkscape(), isInPixels || !hasBox {
            tell("Inkscape \(version)", dpi: 90, isInPixels)
        } else if isInPixels, isFromIllustrator {
            tell("Adobe Illustrator", dpi: 72, isInPixels)
        } else if isInPixels, let width = size.width, let height = size.height,
            let dpi = Self.paperResolutions.first(where: { Self.isPaper(width, height, dpi: $0) })
        {
            let units = dpi == 72 ? "points, 72" : "pixels, \(dpi)"
            log.add(
                .warning, "resolution",
                "the size is that of a paper in \(units) to the inch; --dpi \(dpi) draws it in its own size",
                at: document.offset(of: root))
        }
    }

    private mutating func tell(_ program: String, dpi: Int, _ isInPixels: Bool) {
        let what = isInPixels ? "draws it in its own size" : "gives what is drawn its own size on the page"
        log.add(
            .warning, "resolution",
            "written by \(program), which counts \(dpi) units to the inch; --dpi \(dpi) \(what)",
            at: document.offset(of: SVG.Document.root))
    }

    /// No side of the root has a unit of length.
    private var isSizeInPixels: Bool {
        for name in [SVG.Name.width, .height] {
            guard let value = document.value(name, of: SVG.Document.root) else { continue }
            guard let last = document.store.cursor(document.store.trimmed(value)).remaining.last else { continue }
            if !last.isDigit, last != UInt8(ascii: "x"), last != UInt8(ascii: "%"), last != UInt8(ascii: ".") {
                return false
            }
        }
        return true
    }

    /// The version of an Inkscape before 0.92, when it changed from 90 px an inch to 96.
    private func oldInkscape() -> String? {
        guard let value = document.value(.version, of: SVG.Document.root) else { return nil }
        var cursor = document.store.cursor(value)
        cursor.skipSpace()
        let start = cursor.i
        guard cursor.take(UInt8(ascii: "0")), cursor.take(UInt8(ascii: ".")) else { return nil }
        var minor = 0
        while cursor.byte.isDigit, minor < 1000 {
            minor = minor * 10 + Int(cursor.byte & 15)
            cursor.i += 1
        }
        while cursor.byte.isDigit || cursor.byte == UInt8(ascii: ".") { cursor.i += 1 }
        return minor < 92 ? String(decoding: cursor.bytes[start..<cursor.i], as: UTF8.self) : nil
    }

    /// Whether a comment before the root names the program.
    private var isFromIllustrator: Bool {
        let head = SVG.Slice(0, min(document.offset(of: SVG.Document.root), 4096))
        return document.store.contains(head, Array("Adobe Illustrator".utf8))
    }

    /// What programs count to the inch where the page says so: points, and what artists set for print.
    private static let paperResolutions = [72, 300, 150, 600]

    private static func isPaper(_ width: Double, _ height: Double, dpi: Int) -> Bool {
        let scale = 72 / Double(dpi)
        let slack = 0.55 * max(scale, 0.5)
        let (short, long) = (min(width, height) * scale, max(width, height) * scale)
        // Whole points are common.
        return papersInPoints.contains { (short - $0.width).magnitude < slack && (long - $0.height).magnitude < slack }
    }

    /// Tells of rules whose selectors are not understood.
    mutating func noteSkippedRules() {
        guard let first = cascade.rules.skipped.first else { return }
        // A rule may stand in text that was put together: then the sheet is its place.
        let place = first < document.store.source.count ? first : document.sheets.first?.offset ?? 0
        for _ in cascade.rules.skipped {
            log.add(
                .warning, "unsupported-selector", "rules whose selectors are not understood do not count", at: place)
        }
    }
}
