/// Sets text as SVG has it: characters with the positions that their elements give them, in user units with y down.
///
/// Characters are added in document order; `place` then gives each its place.
struct TextLayout {
    /// What characters of one element share.
    struct Span {
        var font: PenFont
        /// User units.
        var size: Double
        var style: TextStyle
        /// Index into `paths`; −1 = along a straight line.
        var path: Int32
    }

    /// One character. A position that is not a number is not given.
    struct Character {
        var scalar: UInt32
        var span: Int32
        var x = Double.nan
        var y = Double.nan
        var dx = Double.nan
        var dy = Double.nan
        /// Degrees, from x towards y.
        var rotation = Double.nan
        /// Room behind it beside its advance.
        var extra = 0.0
        /// Factor on its width.
        var stretch = 1.0
        /// User units.
        var advance = 0.0
        /// Part of the glyph of the character before it.
        var isSwallowed = false
        /// It has no place, as beyond the end of a path.
        var isHidden = false
        /// It may be joined to the character before it.
        var follows = false
    }

    /// A stretch of characters that is to have a length.
    struct Fit {
        var range: Range<Int>
        /// User units.
        var length: Double
        /// Glyphs are stretched, not only the room between them.
        var stretchesGlyphs: Bool
    }

    var spans: [Span] = []
    var characters: [Character] = []
    private(set) var paths: [TextPath] = []
    private var pathBytes = 0
    /// What is kept beside a span: its element's style.
    private static let styleBytes = 512
    /// Inner ones first.
    var fits: [Fit] = []
    /// The text so far ends in a blank that swallows those after it.
    var endsInSpace = true

    /// Bytes held.
    var heldBytes: Int {
        characters.capacity * MemoryLayout<Character>.stride
            + spans.capacity * (MemoryLayout<Span>.stride + Self.styleBytes) + pathBytes
    }

    // MARK: adding

    /// Adds a path for spans to run along; gives its index.
    mutating func add(_ path: TextPath) -> Int32 {
        pathBytes += MemoryLayout<TextPath>.stride + 24 * path.count
        paths.append(path)
        return Int32(paths.count - 1)
    }

    /// Adds a character; white space is collapsed as the span says.
    mutating func add(_ scalar: UInt32, span: Int32) {
        let isBlank = scalar == 0x20 || (scalar >= 0x09 && scalar <= 0x0D)
        guard isBlank else {
            if let last = characters.last, let composed = Accents.composed(last.scalar, scalar) {
                characters[characters.count - 1].scalar = composed
            } else if !PenFont.isInvisible(scalar) {
                characters.append(Character(scalar: scalar, span: span))
            }
            endsInSpace = false
            return
        }
        let isKept = spans[Int(span)].style.preservesSpace
        if endsInSpace, !isKept { return }
        characters.append(Character(scalar: 0x20, span: span))
        endsInSpace = !isKept
    }

    /// Drops the blank at the end that is not kept.
    mutating func finish() {
        if endsInSpace, let last = characters.last, last.scalar == 0x20 { characters.removeLast() }
    }

    // MARK: placing

    /// Gives every character its place: `x`, `y`, `rotation` and `advance` are then as drawn.
    ///
    /// - Complexity: linear in the characters and in the ranges that are fitted.
    mutating func place() {
        measure()
        for fit in fits { apply(fit) }
        let (chunks, anchors) = flow()
        for (chunk, anchor) in zip(chunks, anchors) { self.anchor(chunk, at: anchor) }
        for i in characters.indices {
            let path = spans[Int(characters[i].span)].path
            if path >= 0 { bend(&characters[i], along: paths[Int(path)]) }
            if characters[i].rotation.isNaN { characters[i].rotation = 0 }
        }
    }

    /// Takes widths from the fonts.
    private mutating func measure() {
        var i = 0
        while i < characters.count {
            let span = spans[Int(characters[i].span)]
            let scale = span.size / span.font.unitsPerEm
            let (glyph, count) = span.font.glyph(at: i, of: characters)
            characters[i].advance = (glyph?.advance ?? PenFont.missingAdvance * span.font.unitsPerEm) * scale
            characters[i].extra = span.style.letterSpacing
            if characters[i].scalar == 0x20 { characters[i].extra += span.style.wordSpacing }
            if i + count < characters.count, characters[i + count].span == characters[i].span {
                let pair = UInt64(characters[i].scalar) << 32 | UInt64(characters[i + count].scalar)
                if let kern = span.font.kerning[pair] { characters[i].extra -= kern * scale }
            }
            for k in i + 1..<max(i + 1, i + count) { characters[k].isSwallowed = true }
            i += count
        }
    }

    private mutating func apply(_ fit: Fit) {
        let range = fit.range.clamped(to: characters.indices)
        guard let last = range.last else { return }
        var natural = 0.0
        for i in range {
            natural += characters[i].advance * characters[i].stretch
            if i != last { natural += characters[i].extra }
            if i != range.lowerBound, !characters[i].dx.isNaN { natural += characters[i].dx }
        }
        guard natural > 0 else { return }
        if fit.stretchesGlyphs {
            let factor = fit.length / natural
            for i in range {
                characters[i].stretch *= factor
                characters[i].extra *= factor
            }
        } else if range.count > 1 {
            let each = (fit.length - natural) / Double(range.count - 1)
            for i in range.dropLast() { characters[i].extra += each }
        }
    }

    /// Sets the characters one after the other, and finds the chunks that are anchored each for itself.
    private mutating func flow() -> (chunks: [Range<Int>], anchors: [TextStyle.Anchor]) {
        var chunks: [Range<Int>] = []
        var anchors: [TextStyle.Anchor] = []
        var (x, y) = (0.0, 0.0)
        var first = 0
        var path: Int32 = -1
        func end(_ i: Int) {
            guard i > first else { return }
            chunks.append(first..<i)
            anchors.append(spans[Int(characters[first].span)].style.anchor)
        }
        for i in characters.indices {
            var c = characters[i]
            let own = spans[Int(c.span)].path
            c.follows = i > 0 && c.x.isNaN && c.y.isNaN && c.dx.isNaN && c.dy.isNaN && c.rotation.isNaN && own == path
            if own != path || !c.x.isNaN || !c.y.isNaN {
                end(i)
                first = i
            }
            if own != path {
                if own >= 0 {
                    (x, y) = (0, 0)
                } else if path >= 0, let last = paths[Int(path)].end {
                    (x, y) = (last.x, last.y)
                }
                path = own
            }
            if !c.isSwallowed {
                if !c.x.isNaN { x = c.x }
                if !c.y.isNaN { y = own >= 0 ? 0 : c.y }
                if !c.dx.isNaN { x += c.dx }
                if !c.dy.isNaN { y += c.dy }
            }
            (c.x, c.y) = (x, y)
            x += c.advance * c.stretch + c.extra
            characters[i] = c
        }
        end(characters.count)
        return (chunks, anchors)
    }

    private mutating func anchor(_ chunk: Range<Int>, at anchor: TextStyle.Anchor) {
        guard anchor != .start, let first = chunk.first else { return }
        var (low, high) = (Double.infinity, -Double.infinity)
        for i in chunk where !characters[i].isSwallowed {
            let (left, right) = (characters[i].x, characters[i].x + characters[i].advance * characters[i].stretch)
            low = min(low, left, right)
            high = max(high, left, right)
        }
        let shift = characters[first].x - (anchor == .middle ? (low + high) / 2 : high)
        guard shift.isFinite else { return }
        for i in chunk { characters[i].x += shift }
    }

    /// Moves a character from a straight line onto a path, by the middle of its width.
    private func bend(_ c: inout Character, along path: TextPath) {
        let half = c.advance * c.stretch / 2
        guard let (place, direction) = path.place(at: path.start + c.x + half) else {
            c.isHidden = true
            return
        }
        let across = Point(-direction.y, direction.x)
        let (along, aside) = (-half, c.y)
        c.x = place.x + direction.x * along + across.x * aside
        c.y = place.y + direction.y * along + across.y * aside
        c.rotation = arcTangent(direction.y, direction.x) * (180 / .pi) + (c.rotation.isNaN ? 0 : c.rotation)
    }
}

extension PenFont {
    /// The glyph for the character at an index, and how many characters it takes; nil = the font has none.
    func glyph(at i: Int, of text: [TextLayout.Character]) -> (glyph: Glyph?, count: Int) {
        let first = text[i].scalar
        for ligature in ligatures[first] ?? [] {
            let end = i + 1 + ligature.rest.count
            guard end <= text.count else { continue }
            // Before they are placed, characters with a place of their own stand alone; after that it is known which do.
            let isHere = (i + 1..<end).allSatisfy { k in
                text[k].scalar == ligature.rest[k - i - 1] && text[k].span == text[i].span
                    && (text[k].isSwallowed || (text[k].x.isNaN && text[k].y.isNaN))
            }
            if isHere { return (ligature.glyph, 1 + ligature.rest.count) }
        }
        return (glyphs[first] ?? missing, 1)
    }
}
