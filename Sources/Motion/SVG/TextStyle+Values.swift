extension TextStyle {
    /// Height of a line in font sizes, for shifts in percent.
    private static let lineHeight = 1.2

    /// Takes a length; what cannot be read counts for nothing.
    mutating func apply(_ name: SVG.Name, _ cursor: SVG.Cursor, _ units: SVG.Units, fontSize: Double) {
        var word = cursor
        let base = name == .baselineShift ? Self.lineHeight * fontSize : fontSize
        var value = units.length(cursor)?.resolved(base: base, fontSize: fontSize)
        switch (name, word.keyword()) {
        case (.letterSpacing, "normal"), (.wordSpacing, "normal"): value = 0
        case (.baselineShift, "super"): value = fontSize / 3
        case (.baselineShift, "sub"): value = -fontSize / 5
        default: break
        }
        guard let value, value.isFinite else { return }
        switch name {
        case .letterSpacing: letterSpacing = value
        case .wordSpacing: wordSpacing = value
        default: shift += value
        }
    }

    mutating func apply(_ name: SVG.Name, keyword cursor: SVG.Cursor) {
        var cursor = cursor
        switch (name, cursor.keyword()) {
        case (.textAnchor, "start"): anchor = .start
        case (.textAnchor, "middle"): anchor = .middle
        case (.textAnchor, "end"): anchor = .end
        case (.whiteSpace, "normal"), (.whiteSpace, "nowrap"), (.whiteSpace, "pre-line"): preservesSpace = false
        case (.whiteSpace, "pre"), (.whiteSpace, "pre-wrap"), (.whiteSpace, "break-spaces"): preservesSpace = true
        case (.dominantBaseline, "middle"): baseline = .middle
        case (.dominantBaseline, "central"), (.dominantBaseline, "mathematical"): baseline = .central
        case (.dominantBaseline, "hanging"): baseline = .hanging
        case (.dominantBaseline, "text-before-edge"), (.dominantBaseline, "text-top"): baseline = .top
        case (.dominantBaseline, "text-after-edge"), (.dominantBaseline, "text-bottom"),
            (.dominantBaseline, "ideographic"):
            baseline = .bottom
        case (.dominantBaseline, "auto"), (.dominantBaseline, "alphabetic"): baseline = .alphabetic
        default: break
        }
    }
}
