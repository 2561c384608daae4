extension SVG {
    /// The elements that mean something to the reader.
    enum Tag: UInt8 {
        /// Of the SVG namespace, but not known here.
        case unknown
        /// Of another namespace.
        case foreign
        case svg, g, a, `switch`, use, symbol, defs
        case path, rect, circle, ellipse, line, polyline, polygon
        case clipPath, mask, marker, pattern, linearGradient, radialGradient, stop, filter
        case style, text, tspan, textPath, image, foreignObject
        case font, glyph, missingGlyph, fontFace, hkern
        case namedview, page

        init(_ name: String) {
            self =
                switch name {
                case "svg": .svg
                case "g": .g
                case "a": .a
                case "switch": .switch
                case "use": .use
                case "symbol": .symbol
                case "defs": .defs
                case "path": .path
                case "rect": .rect
                case "circle": .circle
                case "ellipse": .ellipse
                case "line": .line
                case "polyline": .polyline
                case "polygon": .polygon
                case "clipPath": .clipPath
                case "mask": .mask
                case "marker": .marker
                case "pattern": .pattern
                case "linearGradient": .linearGradient
                case "radialGradient": .radialGradient
                case "stop": .stop
                case "filter": .filter
                case "style": .style
                case "text": .text
                case "tspan": .tspan
                case "textPath": .textPath
                case "font": .font
                case "glyph": .glyph
                case "missing-glyph": .missingGlyph
                case "font-face": .fontFace
                case "hkern": .hkern
                case "image": .image
                case "foreignObject": .foreignObject
                default: .unknown
                }
        }

        /// Has an outline of its own.
        var isShape: Bool {
            switch self {
            case .path, .rect, .circle, .ellipse, .line, .polyline, .polygon: true
            default: false
            }
        }

        /// An element that paints when `fill` or `stroke` names it.
        var isPaintServer: Bool { self == .pattern || self == .linearGradient || self == .radialGradient }
    }

    /// The attributes that mean something to the reader. Properties stand first, in cascade order of no matter.
    enum Name: UInt8, CaseIterable {
        // Presentation properties, which style sheets may set too.
        case fill, stroke, strokeWidth, strokeDasharray, strokeDashoffset, strokeLinecap
        case strokeOpacity, fillOpacity, opacity, color, visibility, display, clipPath, clipRule, fillRule
        case markerStart, markerMid, markerEnd, fontSize, transform, transformOrigin, overflow
        case stopColor, stopOpacity, transformBox, mask, maskType, mixBlendMode
        case fontFamily, textAnchor, letterSpacing, wordSpacing, whiteSpace, dominantBaseline, baselineShift
        // Those that count as properties only where a style gives them: the shorthands, the parts of a transform, and
        // sizes and places, which as attributes are read where they are needed.
        case marker, font, translate, rotate, scale
        case width, height, x, y, cx, cy, r, rx, ry, d
        // Plain attributes.
        case id, `class`, style, href, xlinkHref, viewBox, preserveAspectRatio
        case x1, y1, x2, y2, points, pathLength, clipPathUnits
        case refX, refY, markerWidth, markerHeight, markerUnits, orient
        case maskUnits, maskContentUnits
        case gradientUnits, patternUnits, offset, type, media
        case requiredExtensions, systemLanguage
        case groupmode, label, version, space, dataName, pagecolor
        case dx, dy, textLength, lengthAdjust, startOffset, side
        case unicode, glyphName, horizAdvX, unitsPerEm, ascent, descent, u1, u2, g1, g2, k
        /// Not known here; kept for attribute selectors.
        case other

        static let propertyCount = Int(Name.id.rawValue)
        var isProperty: Bool { Int(rawValue) < Name.propertyCount }

        /// Counts as a property only where a style gives it.
        var isOfStyleOnly: Bool { isProperty && rawValue >= Name.marker.rawValue }

        /// As the file writes it, without a prefix.
        var text: String {
            switch self {
            case .xlinkHref: return "xlink:href"
            case .space: return "xml:space"
            case .groupmode, .label, .version: return "inkscape:\(self)"
            default: break
            }
            let camelCase: Set<Name> = [
                .viewBox, .preserveAspectRatio, .pathLength, .clipPathUnits, .refX, .refY, .markerWidth,
                .markerHeight, .markerUnits, .gradientUnits, .maskUnits, .maskContentUnits, .patternUnits,
                .requiredExtensions, .systemLanguage, .textLength, .lengthAdjust, .startOffset,
            ]
            if camelCase.contains(self) { return "\(self)" }
            return "\(self)".reduce(into: "") { text, letter in
                text += letter.isUppercase ? "-" + letter.lowercased() : String(letter)
            }
        }
    }
}
