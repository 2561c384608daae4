extension SVG.Renderer {
    /// White, and what the file says its page is coloured; none where backgrounds are to be drawn.
    var paperColours: [PenColour] {
        if options.keepsBackground { return [] }
        var colours = [PenColour(red: 255, green: 255, blue: 255)]
        func add(_ colour: SVG.Colour?) { if let colour, !colour.isTransparent { colours.append(colour.pen) } }
        document.forEachChild(of: SVG.Document.root) { node in
            guard document.nodes[node].tag == .namedview, let cursor = document.cursor(.pagecolor, of: node) else {
                return
            }
            add(SVG.colour(cursor))
        }
        if let style = document.value(.style, of: SVG.Document.root) {
            backgrounds(document.store.string(style)).forEach(add)
        }
        for sheet in document.sheets {
            // Rules of the root alone; what is nested or chosen otherwise is no paper.
            for rule in document.store.string(sheet.text).split(separator: "}").prefix(1000) {
                guard let brace = rule.firstIndex(of: "{") else { continue }
                let selector = rule[..<brace].filter { !$0.isWhitespace }.lowercased()
                guard selector == "svg" || selector == ":root" || selector == "svg:root" else { continue }
                backgrounds(String(rule[rule.index(after: brace)...])).forEach(add)
            }
        }
        return colours
    }

    /// The colours that declarations give a background.
    private func backgrounds(_ declarations: String) -> [SVG.Colour] {
        declarations.split(separator: ";").compactMap { declaration in
            guard let colon = declaration.firstIndex(of: ":") else { return nil }
            let name = declaration[..<colon].filter { !$0.isWhitespace }.lowercased()
            guard name == "background" || name == "background-color" else { return nil }
            let value = String(declaration[declaration.index(after: colon)...])
            if let whole = SVG.colour(SVG.Cursor(value)) { return whole }
            // A colour among the other words of the shorthand.
            return value.split(whereSeparator: \.isWhitespace).lazy.compactMap {
                SVG.colour(SVG.Cursor(String($0)))
            }.first
        }
    }
}

extension SVG.Drawing {
    /// How far a background may stop short of the page's edge, mm.
    private static let backgroundSlack = 0.25

    /// Whether a path is a rectangle of the paper's colour that covers the page.
    func isPaper(_ path: StyledPath) -> Bool {
        guard path.isArea, let fill = styles[Int(path.style)].fill, paperColours.contains(where: { isNearly($0, fill) })
        else { return false }
        let verbs = outlines.verbs[Int(path.verbs.lowerBound)..<Int(path.verbs.upperBound)]
        guard verbs.count <= 6, verbs.allSatisfy({ $0 == .move || $0 == .line || $0 == .close }) else { return false }
        let first = Int(path.firstPoint)
        let count = verbs.reduce(0) { $0 + $1.pointCount }
        let corners = outlines.points[first..<first + count]
        guard count == 4 || (count == 5 && corners.first == corners.last) else { return false }
        var box = Box()
        for corner in corners { box.include(corner) }
        for k in 0..<4 {
            let (a, b) = (corners[first + k], corners[first + (k + 1) % 4])
            guard (a.x - b.x).magnitude < 1e-6 || (a.y - b.y).magnitude < 1e-6 else { return false }
        }
        return box.expanded(by: Self.backgroundSlack).contains(pageBox)
    }

    /// CorelDRAW writes its white as #FEFEFE.
    private func isNearly(_ a: PenColour, _ b: PenColour) -> Bool {
        a == b || (min(a.red, a.green, a.blue) == 255 && min(b.red, b.green, b.blue) >= 254)
    }

    /// Whether a region shows all of the page.
    func showsPage(_ region: Motion.Region) -> Bool {
        region.rectangle?.expanded(by: Self.backgroundSlack).contains(pageBox) ?? false
    }

    private var pageBox: Box { Box(minX: 0, minY: 0, maxX: page.width, maxY: page.height) }
}
