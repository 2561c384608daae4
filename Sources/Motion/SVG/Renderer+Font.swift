extension SVG.Renderer {
    /// The font for a `font-family`: the document's own of that name, a built-in one, or the one that was asked for.
    mutating func font(of family: SVG.Slice) throws(SVG.Fault) -> PenFont {
        guard var standard = options.text else { return .plain }
        if family.isEmpty, !options.textIsOfDrawing { return standard }
        let hash = document.store.hash(family)
        if let known = fonts.chosen[hash] { return known }
        if fonts.families == nil { fonts.families = try document.fonts(meter) }
        let families = fonts.families ?? [:]
        if options.textIsOfDrawing, let own = families[PenFont.ofDrawing] { standard = own }
        var result = standard
        for name in SVG.families(document.store.string(family)) {
            if let own = families[name] ?? PenFont.builtIn(name) {
                result = own
                break
            }
        }
        fonts.chosen[hash] = result
        return result
    }
}

extension SVG {
    /// The names in a list of families, in lower case and without quotes.
    static func families(_ list: String) -> [String] {
        list.prefix(4096).lowercased().split(separator: ",").map { name in
            let trimmed = name.drop { $0.isWhitespace || $0 == "'" || $0 == "\"" }
            return String(trimmed.reversed().drop { $0.isWhitespace || $0 == "'" || $0 == "\"" }.reversed())
        }
    }
}
