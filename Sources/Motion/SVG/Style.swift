extension SVG {
    /// The properties that an element hands on to its children.
    struct Style {
        var fill: Paint = .colour(.black)
        var stroke: Paint = .none
        var strokeWidth: Length = .units(1)
        /// Index into the cascade's table of dash patterns; −1 = solid.
        var dashes: Int32 = -1
        var dashOffset: Length = .units(0)
        var hasRoundOrSquareCaps = false
        var isStrokeTransparent = false
        var isFillTransparent = false
        /// An opacity of the fill between nothing and all.
        var isFillTranslucent = false
        var color: Colour = .black
        var isVisible = true
        var clipsEvenOdd = false
        var fillsEvenOdd = false
        /// Elements that `marker-start`, `-mid`, `-end` name; −1 = none.
        var markerStart: Int32 = -1
        var markerMid: Int32 = -1
        var markerEnd: Int32 = -1
        /// In user units.
        var fontSize = 16.0
        /// How text is set, and `font-family` as written.
        var text = TextStyle()
        var family = Slice.none
        /// The scope of custom properties; −1 = none around.
        var variables: Int32 = -1

        var hasMarkers: Bool { markerStart >= 0 || markerMid >= 0 || markerEnd >= 0 }
    }

    /// The properties of one element that its children only take by `inherit`.
    struct LocalStyle {
        var isDisplayed = true
        var isTransparent = false
        /// `clip-path` as written.
        var clipPath: Slice = .none
        /// `transform` as written, and whether by CSS.
        var transform: Slice = .none
        var isTransformCSS = false
        var transformOrigin: Slice = .none
        var transformBox = TransformBox.view
        /// `mask` as written.
        var mask: Slice = .none
        /// `mask-type` of a mask: what is painted shows, however bright it is.
        var masksByAlpha = false
        /// `width` and `height` as a style gives them.
        var width: Slice = .none
        var height: Slice = .none
        /// What else a style gives of sizes, places and parts of the transform: an index into the cascade's table;
        /// −1 = nothing.
        var geometry: Int32 = -1
        /// The element that it is of.
        var node: Int32 = -1
        /// Opacity between nothing and all.
        var isTranslucent = false
        /// What overflows the viewport is shown.
        var showsOverflow = false
        var stopColor: Slice = .none
        var hasTransparentStop = false
        /// A stop whose opacity is less than all.
        var hasTranslucentStop = false
        /// `mix-blend-mode` other than normal: what lies under it shines through.
        var isBlended = false
    }

    /// What `transform` and `transform-origin` refer to.
    enum TransformBox { case view, fill, stroke }

    /// Finds what applies to an element: presentation attributes, style sheets, `style`.
    struct Cascade {
        var rules: RuleIndex
        var units: Units
        /// Dash patterns by index, as written.
        private(set) var dashPatterns: [[Length]] = []
        private var dashIndex: [UInt64: Int32] = [:]
        /// Sizes, places and parts of transforms that styles give, by index; each list ascending by name.
        private(set) var geometries: [[(name: Name, value: Slice)]] = []
        private var geometryIndex: [UInt64: Int32] = [:]
        /// The strongest declaration of each property of the element in hand.
        private var winners = [Declaration?](repeating: nil, count: Name.propertyCount)
        private var touched: [Name] = []
        /// The strongest declaration of each custom property of the element in hand.
        private var customs: [Declaration] = []
        /// What the element in hand says about its white space by `xml:space`.
        private var preservesSpace: Bool?
        private var variables: Variables
        private let usesVariables: Bool

        init(_ document: inout Document, units: Units, _ meter: Meter) throws(Fault) {
            rules = try RuleIndex(&document, units: units, meter)
            self.units = units
            variables = Variables(meter)
            usesVariables = document.usesVariables
        }

        var heldBytes: Int { rules.heldBytes + variables.heldBytes }

        /// Keeps the stronger of two declarations of a property; one that is invalid is as if not given.
        private mutating func offer(_ declaration: Declaration, _ document: Document) {
            if declaration.custom != 0 {
                guard usesVariables else { return }
                if let k = customs.firstIndex(where: { $0.custom == declaration.custom }) {
                    if declaration.priority >= customs[k].priority { customs[k] = declaration }
                } else {
                    customs.append(declaration)
                }
                return
            }
            let k = Int(declaration.name.rawValue)
            if let winner = winners[k] {
                let isStronger = declaration.priority >= winner.priority
                let (strong, weak) = isStronger ? (declaration, winner) : (winner, declaration)
                winners[k] = Self.isValid(strong.name, strong.value, units, document) ? strong : weak
            } else {
                winners[k] = declaration
                touched.append(declaration.name)
            }
        }

        /// Collects the element's winning declarations.
        private mutating func collect(_ node: Int, _ document: inout Document) throws(Fault) {
            for name in touched { winners[Int(name.rawValue)] = nil }
            touched.removeAll(keepingCapacity: true)
            customs.removeAll(keepingCapacity: true)
            preservesSpace = nil
            var styleText: Slice?
            let first = Int(document.nodes[node].firstAttribute)
            for k in first..<first + Int(document.nodes[node].attributeCount) {
                let attribute = document.attributes[k]
                if attribute.name.isProperty, !attribute.name.isOfStyleOnly {
                    offer(
                        Declaration(name: attribute.name, value: attribute.value, priority: Priority.attribute),
                        document)
                } else if attribute.name == .style {
                    styleText = attribute.value
                } else if attribute.name == .space {
                    preservesSpace = document.store.equal(attribute.value, "preserve")
                }
            }
            if !rules.isEmpty {
                for declaration in try rules.matches(node, in: document) { offer(declaration, document) }
            }
            guard let styleText else { return }
            let clean = document.store.withoutComments(styleText)
            var parser = StyleParser(clean, in: document.store)
            while let (next, isImportant) = parser.nextDeclaration() {
                var declaration = next
                declaration.priority = isImportant ? Priority.importantStyle : Priority.styleAttribute
                offer(declaration, document)
            }
        }

        /// The element's style, from that of the element it inherits from.
        mutating func style(
            of node: Int, in document: inout Document, parent: Style, parentLocal: LocalStyle
        ) throws(Fault) -> (Style, LocalStyle) {
            try collect(node, &document)
            var style = parent
            var local = LocalStyle()
            local.node = Int32(node)
            local.showsOverflow = !document.nodes[node].tag.hidesOverflow || node == Document.root
            if !customs.isEmpty { style.variables = variables.scope(inside: parent.variables, declaring: customs) }
            if let preservesSpace { style.text.preservesSpace = preservesSpace }
            if touched.isEmpty { return (style, local) }
            if usesVariables { try replaceReferences(style.variables, &document) }
            // What others are relative to comes first.
            for name in [Name.font, .fontSize] {
                if let winner = winners[Int(name.rawValue)] { applyFont(winner, &style, parent, document) }
            }
            var hasColour = false
            if let own = winners[Int(Name.color.rawValue)].map({ document.store.trimmed($0.value) }),
                document.store.cssWide(own) == .none
            {
                hasColour = true
                apply(.color, own, 0, &style, &local, document)
            }
            for name in touched {
                guard let declaration = winners[Int(name.rawValue)] else { continue }
                let value = document.store.trimmed(declaration.value)
                if name == .color, hasColour { continue }
                switch document.store.cssWide(value) {
                case .inherit: Self.inherit(name, &local, parentLocal)
                case .initial: Self.reset(name, &style, parent)
                case .unset: break  // inherited ones are the parent's, the others initial already
                case .none: apply(name, value, declaration.priority, &style, &local, document)
                }
            }
            local.geometry = geometry(document)
            return (style, local)
        }

        /// Puts what custom properties stand for in their place; a reference without a value makes a paint unreadable and
        /// any other declaration void.
        private mutating func replaceReferences(_ scope: Int32, _ document: inout Document) throws(Fault) {
            for name in touched {
                let k = Int(name.rawValue)
                guard let value = winners[k]?.value, Variables.isUsed(in: value, document.store) else { continue }
                if let replaced = try variables.replaced(value, in: scope, &document.store) {
                    winners[k]?.value = replaced
                } else if name != .fill, name != .stroke {
                    winners[k] = nil
                }
            }
        }

        /// The list of what the element's style gives of sizes, places and parts of its transform.
        private mutating func geometry(_ document: Document) -> Int32 {
            guard touched.contains(where: { $0.isOfStyleOnly && $0 != .marker && $0 != .font }) else { return -1 }
            var list: [(name: Name, value: Slice)] = []
            var hash: UInt64 = 0
            for name in touched.sorted(by: { $0.rawValue < $1.rawValue }) where name.isOfStyleOnly {
                guard name != .marker, name != .font, let winner = winners[Int(name.rawValue)] else { continue }
                let value = document.store.trimmed(winner.value)
                if document.store.cssWide(value) != .none { continue }
                list.append((name, value))
                hash = (hash ^ document.store.hash(value)) &* 0x100_0000_01B3 &+ UInt64(name.rawValue)
            }
            if list.isEmpty { return -1 }
            if let known = geometryIndex[hash] { return known }
            geometryIndex[hash] = Int32(geometries.count)
            geometries.append(list)
            return Int32(geometries.count - 1)
        }

        // MARK: keywords that all properties take

        private static func inherit(_ name: Name, _ local: inout LocalStyle, _ parent: LocalStyle) {
            switch name {
            case .clipPath: local.clipPath = parent.clipPath
            case .transform:
                local.transform = parent.transform
                local.isTransformCSS = parent.isTransformCSS
            case .transformOrigin: local.transformOrigin = parent.transformOrigin
            case .overflow: local.showsOverflow = parent.showsOverflow
            case .opacity:
                local.isTransparent = parent.isTransparent
                local.isTranslucent = parent.isTranslucent
            case .stopColor: local.stopColor = parent.stopColor
            default: break  // `display` cannot be none on a parent; the others are inherited already
            }
        }

        private static func reset(_ name: Name, _ style: inout Style, _ parent: Style) {
            let initial = Style()
            switch name {
            case .fill: style.fill = initial.fill
            case .stroke: style.stroke = initial.stroke
            case .strokeWidth: style.strokeWidth = initial.strokeWidth
            case .strokeDasharray: style.dashes = -1
            case .strokeDashoffset: style.dashOffset = initial.dashOffset
            case .strokeLinecap: style.hasRoundOrSquareCaps = false
            case .strokeOpacity: style.isStrokeTransparent = false
            case .fillOpacity:
                style.isFillTransparent = false
                style.isFillTranslucent = false
            case .color: style.color = .black
            case .visibility: style.isVisible = true
            case .clipRule: style.clipsEvenOdd = false
            case .fillRule: style.fillsEvenOdd = false
            case .markerStart: style.markerStart = -1
            case .markerMid: style.markerMid = -1
            case .markerEnd: style.markerEnd = -1
            case .fontFamily: style.family = initial.family
            case .textAnchor: style.text.anchor = initial.text.anchor
            case .letterSpacing: style.text.letterSpacing = 0
            case .wordSpacing: style.text.wordSpacing = 0
            case .whiteSpace: style.text.preservesSpace = false
            case .dominantBaseline: style.text.baseline = initial.text.baseline
            default: break
            }
        }

        // MARK: values

        private func applyFont(_ declaration: Declaration, _ style: inout Style, _ parent: Style, _ document: Document)
        {
            let value = document.store.trimmed(declaration.value)
            var words = Words(document.store.cursor(value))
            while let word = words.next() {
                // `font: italic 12px/1.5 serif`: the size is the first word that is a length
                var cursor = Cursor(bytes: Array(word), i: 0, end: word.count)
                guard let length = units.prefix(&cursor) else {
                    if let size = Self.namedFontSize(cursor, parent.fontSize) { style.fontSize = size }
                    continue
                }
                if declaration.name == .font, case .units = length, cursor.isAtEnd, word.last?.isDigit ?? false {
                    continue  // a weight
                }
                let size = length.resolved(base: parent.fontSize, fontSize: parent.fontSize)
                if size >= 0 { style.fontSize = size }
                if declaration.name == .font { style.family = words.rest(of: value, document.store) }
                return
            }
        }

        /// What cannot be read counts for nothing where another paint is inherited; where there is none it is ink of a colour
        /// not known, so that no line is lost.
        private static func apply(_ value: Slice, to paint: inout Paint, _ style: Style, _ document: Document) {
            if let own = Self.paint(value, document, current: style.color) {
                paint = own
            } else if paint == .none || paint == .missing, !value.isEmpty {
                paint = .unreadable
            }
        }

        private static func namedFontSize(_ cursor: Cursor, _ parent: Double) -> Double? {
            var cursor = cursor
            switch cursor.keyword() {
            case "xx-small": return 9
            case "x-small": return 10
            case "small": return 13
            case "medium": return 16
            case "large": return 18
            case "x-large": return 24
            case "xx-large": return 32
            case "xxx-large": return 48
            case "larger": return parent * 1.2
            case "smaller": return parent / 1.2
            default: return nil
            }
        }

        private mutating func apply(
            _ name: Name, _ value: Slice, _ priority: UInt64, _ style: inout Style, _ local: inout LocalStyle,
            _ document: Document
        ) {
            let store = document.store
            switch name {
            case .fill:
                var paint = style.fill
                Self.apply(value, to: &paint, style, document)
                style.fill = paint
            case .stroke:
                var paint = style.stroke
                Self.apply(value, to: &paint, style, document)
                style.stroke = paint
            case .color:
                if let colour = SVG.colour(store.cursor(value), current: style.color) { style.color = colour }
            case .strokeWidth:
                if let width = units.length(store.cursor(value)), !width.isNegative { style.strokeWidth = width }
            case .strokeDashoffset: if let offset = units.length(store.cursor(value)) { style.dashOffset = offset }
            case .strokeDasharray: applyDashes(value, &style, store)
            case .strokeOpacity:
                if let alpha = Self.opacity(store.cursor(value)) { style.isStrokeTransparent = alpha <= 0 }
            case .fillOpacity:
                if let alpha = Self.opacity(store.cursor(value)) {
                    style.isFillTransparent = alpha <= 0
                    style.isFillTranslucent = alpha > 0 && alpha < 1
                }
            case .stopOpacity:
                if let alpha = Self.opacity(store.cursor(value)) {
                    local.hasTransparentStop = alpha <= 0
                    local.hasTranslucentStop = alpha < 1
                }
            case .opacity:
                if let alpha = Self.opacity(store.cursor(value)) {
                    local.isTransparent = alpha <= 0
                    local.isTranslucent = alpha > 0 && alpha < 1
                }
            case .markerStart: style.markerStart = Self.reference(value, document)
            case .markerMid: style.markerMid = Self.reference(value, document)
            case .markerEnd: style.markerEnd = Self.reference(value, document)
            case .marker: applyMarker(Self.reference(value, document), priority, &style)
            case .clipPath: local.clipPath = value
            case .transform:
                local.transform = value
                local.isTransformCSS = priority >= Priority.sheet
            case .transformOrigin: local.transformOrigin = value
            case .stopColor: local.stopColor = value
            case .mask:
                var word = store.cursor(value)
                local.mask = word.keyword() == "none" && word.isAtEnd ? .none : value
            case .width: local.width = value
            case .height: local.height = value
            case .fontFamily: style.family = value
            case .letterSpacing, .wordSpacing, .baselineShift:
                style.text.apply(name, store.cursor(value), units, fontSize: style.fontSize)
            case .textAnchor, .whiteSpace, .dominantBaseline:
                style.text.apply(name, keyword: store.cursor(value))
            default: applyKeyword(name, store.cursor(value), &style, &local)
            }
        }

        private func applyKeyword(
            _ name: Name, _ cursor: Cursor, _ style: inout Style, _ local: inout LocalStyle
        ) {
            var cursor = cursor
            switch (name, cursor.keyword()) {
            case (.display, let word): local.isDisplayed = word != "none"
            case (.overflow, let word): local.showsOverflow = word == "visible" || word == "auto"
            case (.mixBlendMode, let word): local.isBlended = word != "normal"
            case (.maskType, let word): local.masksByAlpha = word == "alpha"
            case (.transformBox, "fill-box"), (.transformBox, "content-box"): local.transformBox = .fill
            case (.transformBox, "stroke-box"), (.transformBox, "border-box"): local.transformBox = .stroke
            case (.transformBox, "view-box"): local.transformBox = .view
            case (.visibility, "visible"): style.isVisible = true
            case (.visibility, "hidden"), (.visibility, "collapse"): style.isVisible = false
            case (.clipRule, "evenodd"): style.clipsEvenOdd = true
            case (.clipRule, "nonzero"): style.clipsEvenOdd = false
            case (.fillRule, "evenodd"): style.fillsEvenOdd = true
            case (.fillRule, "nonzero"): style.fillsEvenOdd = false
            case (.strokeLinecap, "round"), (.strokeLinecap, "square"): style.hasRoundOrSquareCaps = true
            case (.strokeLinecap, "butt"): style.hasRoundOrSquareCaps = false
            default: break
            }
        }

        /// The shorthand sets what no stronger declaration sets.
        private func applyMarker(_ marker: Int32, _ priority: UInt64, _ style: inout Style) {
            func isStronger(_ name: Name) -> Bool { priority >= winners[Int(name.rawValue)]?.priority ?? 0 }
            if isStronger(.markerStart) { style.markerStart = marker }
            if isStronger(.markerMid) { style.markerMid = marker }
            if isStronger(.markerEnd) { style.markerEnd = marker }
        }

        private mutating func applyDashes(_ value: Slice, _ style: inout Style, _ store: TextStore) {
            let hash = store.hash(value)
            if let known = dashIndex[hash] {
                style.dashes = known
                return
            }
            style.dashes = -1
            if let lengths = dashLengths(store.cursor(value)) {
                style.dashes = Int32(dashPatterns.count)
                dashPatterns.append(lengths)
            }
            dashIndex[hash] = style.dashes
        }

        /// nil for `none` and for everything that is to be drawn solid.
        private func dashLengths(_ cursor: Cursor) -> [Length]? {
            var cursor = cursor
            var lengths: [Length] = []
            cursor.skipSpace()
            while !cursor.isAtEnd {
                guard let length = units.prefix(&cursor) else { return nil }
                lengths.append(length)
                cursor.skipSpaceAndComma()
            }
            return lengths.isEmpty ? nil : lengths
        }
    }
}
