/// Polylines of a drawing that are drawn with one pen without a person in between.
struct StrokeGroup: Equatable {
    var name: String?
    var codes: LayerCodes
    var colour: PenColour?
    /// Indexes into the drawing's polylines, in document order.
    var members: [Int32]
}

extension FlatDrawing {
    /// What `--layers` and `--by` ask for, in drawing order; documentation layers are never in it.
    ///
    /// By layer: the drawing's layers in their order. By stroke: in order of first use. By pen: pens with a number in the
    /// order of their numbers, then layers without one, each with a pen of its own, in order of first use. With
    /// `--layers` in the order of that list.
    ///
    /// - Parameter omitted: polylines that are not drawn, ascending.
    func groups(options: PlotOptions, omitting omitted: [Int32] = []) -> [StrokeGroup] {
        let isChosen = chosenLayers(options)
        var nextOmitted = 0
        // For each layer the first of the neighbours that it is structure with; what is in no layer parts none.
        var runs: [Int] = []
        var open = -1
        for (i, layer) in layers.enumerated() {
            if layer.isStructure {
                if open < 0 { open = i }
                runs.append(open)
            } else {
                if layer.name != nil { open = -1 }
                runs.append(i)
            }
        }
        var groups: [StrokeGroup] = []
        var groupOfKey: [GroupKey: Int] = [:]
        var groupOfStyle = [Int](repeating: -1, count: styles.count)
        // Of each group, the place in the list of layers asked for that it is drawn for.
        var wishes: [Int] = []
        for i in 0..<min(polylines.count, styleOf.count) {
            if nextOmitted < omitted.count, omitted[nextOmitted] == i {
                nextOmitted += 1
                continue
            }
            let style = Int(styleOf[i])
            guard styles.indices.contains(style) else { continue }
            let layer = styles[style].layer
            let isKnown = layers.indices.contains(layer)
            guard isKnown ? isChosen[layer] : options.layers == nil else { continue }
            if groupOfStyle[style] < 0 {
                let key = key(style: styles[style], grouping: options.grouping, runs: runs)
                if groupOfKey[key] == nil {
                    groupOfKey[key] = groups.count
                    groups.append(emptyGroup(style: styles[style], key: key))
                    wishes.append(Int.max)
                }
                let group = groupOfKey[key] ?? -1
                groupOfStyle[style] = group
                if isKnown { wishes[group] = min(wishes[group], wish(layers[layer], options)) }
            }
            groups[groupOfStyle[style]].members.append(Int32(truncatingIfNeeded: i))
        }
        let order = groupOfKey.sorted {
            (wishes[$0.value], $0.key.index, $0.value) < (wishes[$1.value], $1.key.index, $1.value)
        }
        return order.map { groups[$0.value] }
    }

    /// The place in `--layers` that a layer is drawn for; the same for all where nobody has asked.
    private func wish(_ layer: DrawingLayer, _ options: PlotOptions) -> Int {
        options.layers?.firstIndex(where: layer.answers) ?? Int.max
    }

    /// Whether what has each style is drawn.
    func chosenStyles(options: PlotOptions) -> [Bool] {
        let isChosen = chosenLayers(options)
        return styles.map { layers.indices.contains($0.layer) ? isChosen[$0.layer] : options.layers == nil }
    }

    /// Whether each layer is drawn.
    private func chosenLayers(_ options: PlotOptions) -> [Bool] {
        layers.map { layer in
            !layer.codes.isDocumentation && (options.layers.map { $0.contains(where: layer.answers) } ?? true)
        }
    }

    /// Fill-only copies of shapes that are stroked elsewhere in what is drawn, ascending: they are drawn once, as strokes.
    func fillsDrawnAsStrokes(options: PlotOptions) -> [Int32] {
        if options.keepsDuplicates || !styles.contains(where: { !$0.isStroked }) { return [] }
        let isChosen = chosenLayers(options)
        func isStroked(_ i: Int, _ styleOf: [Int32]) -> Bool? {
            guard i < styleOf.count, styles.indices.contains(Int(styleOf[i])) else { return nil }
            let style = styles[Int(styleOf[i])]
            let isDrawn = layers.indices.contains(style.layer) ? isChosen[style.layer] : options.layers == nil
            return isDrawn ? style.isStroked : nil
        }
        return fillsOfStrokes(
            polylines, isStroked: (0..<polylines.count).map { isStroked($0, styleOf) }, parted: parted,
            isPartedDrawn: (0..<parted.count).map { isStroked($0, partedStyleOf) == true })
    }

    /// Layers whose name says that they are not to be drawn, as far as anything is in them.
    var documentationLayers: [String] {
        let used = Set(styles.map(\.layer))
        return layers.indices.filter { layers[$0].codes.isDocumentation && used.contains($0) }.map {
            layers[$0].name ?? ""
        }
    }

    /// What is to be told of layers whose pen would not be lowered by their `+H`.
    func heightsWithoutEffect(options: PlotOptions, profile: MachineProfile) -> [Diagnostic] {
        let isChosen = chosenLayers(options)
        let used = Set(styles.map(\.layer))
        return layers.indices.compactMap { i in
            guard isChosen[i], used.contains(i), let height = layers[i].codes.penDownHeightPercent,
                height >= profile.penUpHeight
            else { return nil }
            return Diagnostic(
                .warning, code: "layer-code",
                message: "+H\(Int(height)) in a layer's name is ignored: the raised pen is no higher than that")
        }
    }

    /// Layers asked for by `--layers` that the drawing does not have.
    func unknownLayers(options: PlotOptions) -> [String] {
        (options.layers ?? []).filter { wanted in !layers.contains { $0.answers(to: wanted) } }
    }

    private enum GroupKey: Hashable {
        case layer(Int)
        /// The first layer of a run of structure, and the colour.
        case structure(Int, PenColour?)
        case colour(PenColour?)
        case number(Int)
        /// A layer without a number, where pens are numbers.
        case ownPen(Int)

        /// Where it is drawn; those of one place in order of first use.
        var index: Int {
            switch self {
            case .layer(let index), .number(let index), .structure(let index, _): index
            case .ownPen: Int.max
            case .colour: 0
            }
        }
    }

    private func key(style: Style, grouping: PlotOptions.Grouping, runs: [Int]) -> GroupKey {
        switch grouping {
        case .layer:
            guard layers.indices.contains(style.layer), layers[style.layer].isStructure else {
                return .layer(style.layer)
            }
            return .structure(runs[style.layer], style.stroke ?? style.fill)
        case .stroke: return .colour(style.stroke ?? style.fill)
        case .pen:
            let number = layers.indices.contains(style.layer) ? layers[style.layer].codes.number : nil
            return number.map { .number($0) } ?? .ownPen(style.layer)
        }
    }

    private func emptyGroup(style: Style, key: GroupKey) -> StrokeGroup {
        let colour = style.stroke ?? style.fill
        let layer = layers.indices.contains(style.layer) ? layers[style.layer] : DrawingLayer(name: nil)
        switch key {
        case .layer, .number, .structure, .ownPen:
            return StrokeGroup(name: layer.name, codes: layer.codes, colour: colour, members: [])
        case .colour: return StrokeGroup(name: colour?.name, codes: LayerCodes(), colour: colour, members: [])
        }
    }
}

extension DrawingLayer {
    /// Whether `--layers` means this layer: its name, or the number that its name begins with.
    public func answers(to wanted: String) -> Bool {
        if name == wanted || aliases.contains(wanted) { return true }
        guard let number = codes.number else { return false }
        return Int(wanted) == number
    }
}

extension PenColour {
    /// As a stylesheet writes it, such as `#00ff7f`.
    public var name: String {
        "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
