/// A place between two strokes at which a plot waits for a person.
public struct PlotStop: Equatable, Sendable {
    /// What it waits for.
    public enum Kind: String, Sendable, CaseIterable {
        /// Another pen is to be put in.
        case pen
        /// A layer's name asks for it (`!`).
        case layer
        /// The pen wants ink, or to be shaken or cleaned.
        case ink
        /// The paper is to be moved for the next tile of a drawing that is larger than the machine.
        case tile
    }

    /// The tile that follows.
    public struct Tile: Equatable, Sendable {
        /// From 1, and how many there are.
        public var number: Int
        public var count: Int
        /// By how much the paper is moved, mm: x to the right, y to the front; nothing where it lies right already.
        public var paperMove: Point

        /// What is to be done with the paper.
        var prompt: String {
            let ways = [(paperMove.x, "left", "right"), (paperMove.y, "back", "front")]
                .filter { $0.0.magnitude > 0.001 }
                .map { length, back, on in "\(Self.text(length.magnitude)) mm to the \(length < 0 ? back : on)" }
            guard !ways.isEmpty else {
                return number == 1 ? "new paper, where the first one lay" : "its paper must lie as it did for this tile"
            }
            let edge =
                paperMove.x.magnitude > 0.001
                ? (paperMove.x < 0 ? "right" : "left") : (paperMove.y < 0 ? "front" : "back")
            return
                "move the paper \(ways.joined(separator: " and ")), until the cross at the \(edge) edge of what is drawn"
                + " lies under the pen"
        }

        /// mm to a tenth.
        static func text(_ value: Double) -> String {
            let tenths = (value * 10).rounded() / 10
            return tenths == tenths.rounded() ? String(Int(tenths)) : String(tenths)
        }
    }

    public var kind: Kind
    /// It waits before this stroke, counted from 0 among the pen-downs of the plot.
    public var stroke: Int
    /// The pen that draws on.
    public var pen: PlotPen?
    /// Name of the layer that follows.
    public var layer: String?
    /// Of a stop of the kind `tile`.
    public var tile: Tile?

    public init(_ kind: Kind, beforeStroke stroke: Int, pen: PlotPen? = nil, layer: String? = nil) {
        self.kind = kind
        self.stroke = stroke
        self.pen = pen
        self.layer = layer
    }

    /// What a person is asked for.
    public var prompt: String {
        switch kind {
        case .pen: (pen?.text ?? "another pen") + ": put it in"
        case .layer: "before the layer " + (layer ?? "that follows")
        case .tile:
            "tile \(tile?.number ?? 0) of \(tile?.count ?? 0): \(tile?.prompt ?? "move the paper")"
                + (pen.map { "; \($0.text): put it in" } ?? "")
        case .ink: (pen?.text ?? "the pen") + ": give it ink, or clean it"
        }
    }
}

/// A pen as a drawing tells it.
public struct PlotPen: Equatable, Sendable {
    /// The number with which its layer's name begins.
    public var number: Int?
    public var colour: PenColour?
    /// The layer's name without its codes.
    public var label: String?

    public init(number: Int? = nil, colour: PenColour? = nil, label: String? = nil) {
        self.number = number
        self.colour = colour
        self.label = label
    }

    /// The pen that draws a layer.
    public init(_ layer: PlannedStrokes.Layer) {
        number = layer.codes.number
        colour = layer.colour
        label = layer.name.flatMap { LayerCodes.label(in: $0) }
    }

    /// `pen 2, red`, as far as it is known.
    public var text: String {
        let words = label ?? colour?.plainName
        guard let number else { return words.map { "pen " + $0 } ?? "another pen" }
        return "pen \(number)" + (words.map { ", " + $0 } ?? "")
    }

    /// Whether both are drawn with one pen, as far as a drawing by layers tells: numbers decide, else colours.
    func isSame(as other: PlotPen) -> Bool {
        if let number, let other = other.number { return number == other }
        if let colour, let other = other.colour { return colour == other }
        return true
    }
}

extension PlannedStrokes {
    /// Where the plot waits for a person: before layers that ask for it, and where the next layer needs another pen.
    ///
    /// What makes a pen change is said by `--by`: with `stroke` and `pen` every group has its own.
    func layerStops(options: PlotOptions) -> [PlotStop] {
        var stops: [PlotStop] = []
        var last: PlotPen?
        for layer in layers where !layer.strokes.isEmpty {
            let pen = PlotPen(layer)
            let isOther = last.map { options.grouping != .layer || !$0.isSame(as: pen) } ?? false
            let first = layer.strokes.lowerBound
            if let tile = tiles.first(where: { $0.number > 1 && $0.strokes.lowerBound == first }) {
                stops.append(
                    tile.stop(pen: isOther && pen != last && !options.usesOnePen ? pen : nil, layer: layer.name))
            } else if isOther, !options.usesOnePen {
                stops.append(PlotStop(.pen, beforeStroke: layer.strokes.lowerBound, pen: pen, layer: layer.name))
            } else if layer.codes.pausesBefore {
                stops.append(PlotStop(.layer, beforeStroke: layer.strokes.lowerBound, pen: pen, layer: layer.name))
            }
            last = pen
        }
        return stops
    }

    /// Stops of all copies of the plot, counted through: a copy that begins with another pen than the last one ended with
    /// asks for it.
    public func stops(copies: Int) -> [PlotStop] {
        let count = polylines.count
        guard !stops.isEmpty, count > 0 else { return [] }
        var all = stops
        let first = layers.first { !$0.strokes.isEmpty }
        let changes = stops.contains { $0.kind == .pen }
        for copy in 1..<max(2, copies) where copy < copies {
            if var tile = tiles.first {
                (tile.strokes, tile.paperMove) = (copy * count..<copy * count, Point(0, 0))
                all.append(tile.stop(pen: changes ? first.map(PlotPen.init) : nil, layer: first?.name))
            } else if changes, stops.first?.stroke != 0, let first {
                all.append(
                    PlotStop(.pen, beforeStroke: copy * count, pen: PlotPen(first), layer: first.name))
            }
            all += stops.map { stop in
                var stop = stop
                if stop.stroke == 0, changes { stop.kind = .pen }
                stop.stroke += copy * count
                return stop
            }
        }
        return all
    }

    /// Stops of what is left from a stroke on. Who goes on in the middle is asked for the pen that is needed there: nobody
    /// knows which one is in.
    func stops(fromStroke first: Int) -> [PlotStop] {
        guard first > 0 else { return stops }
        var left = stops.filter { $0.stroke >= first }
        if left.first?.stroke != first, let needed = stops.needed(before: first - 1) {
            left.insert(needed, at: 0)
        }
        return left.map { stop in
            var stop = stop
            stop.stroke = max(0, stop.stroke - first)
            return stop
        }
    }
}

extension [PlotStop] {
    /// What somebody is to be asked for who goes on at a stroke, or behind it, whatever was answered before: the pen that is
    /// needed there, and whether the paper lies right.
    public func needed(before stroke: Int) -> PlotStop? {
        let past = filter { ($0.kind == .pen || $0.kind == .tile) && $0.stroke <= stroke }
        guard var needed = past.last else { return nil }
        needed.tile?.paperMove = Point(0, 0)
        needed.pen = past.last { $0.pen != nil }?.pen
        return needed
    }
}

extension PenColour {
    /// As people call it where it is one of a few plain ones, else as a stylesheet writes it.
    public var plainName: String { Self.plainNames[self] ?? name }

    private static let plainNames: [PenColour: String] = [
        PenColour(red: 0, green: 0, blue: 0): "black", PenColour(red: 255, green: 255, blue: 255): "white",
        PenColour(red: 128, green: 128, blue: 128): "grey", PenColour(red: 255, green: 0, blue: 0): "red",
        PenColour(red: 0, green: 128, blue: 0): "green", PenColour(red: 0, green: 255, blue: 0): "lime",
        PenColour(red: 0, green: 0, blue: 255): "blue", PenColour(red: 255, green: 255, blue: 0): "yellow",
        PenColour(red: 255, green: 165, blue: 0): "orange", PenColour(red: 128, green: 0, blue: 128): "purple",
        PenColour(red: 0, green: 255, blue: 255): "cyan", PenColour(red: 255, green: 0, blue: 255): "magenta",
        PenColour(red: 165, green: 42, blue: 42): "brown", PenColour(red: 255, green: 192, blue: 203): "pink",
    ]
}
