extension PlannedStrokes {
    /// A part of a drawing that is larger than the machine, drawn after the paper was moved.
    public struct Tile: Equatable, Sendable {
        /// Strokes of this tile, as indexes into `polylines`.
        public var strokes: Range<Int>
        /// From 1, and how many there are.
        public var number: Int
        public var count: Int
        /// What is added to a place of the machine to have it on the sheet, mm.
        public var shift: Point
        /// By how much the paper is moved before it, mm: x to the right, y to the front.
        public var paperMove: Point

        /// The stop before it.
        func stop(pen: PlotPen?, layer: String?) -> PlotStop {
            var stop = PlotStop(.tile, beforeStroke: strokes.lowerBound, pen: pen, layer: layer)
            stop.tile = PlotStop.Tile(number: number, count: count, paperMove: paperMove)
            return stop
        }
    }
}

extension FlatDrawing {
    /// Size of the crosses at the corners of tiles where none is asked for, mm.
    static let usualCross = 6.0

    /// Plans a page that the machine does not reach, tile by tile.
    ///
    /// The whole is placed, cut at the page, hatched, simplified and joined as on a machine that reaches all of it; then each
    /// stroke is parted where it crosses from one tile to another, so that the tiles' ink is the whole drawing's.
    consuming func spliced(
        options: PlotOptions, profile: MachineProfile, execution: PlanExecution
    ) throws(PlanError) -> PlannedStrokes {
        var (large, whole) = (profile, options)
        large.travel = Size(width: PlanRange.travel.upperBound, height: PlanRange.travel.upperBound)
        (whole.isSpliced, whole.care, whole.origin) = (false, InkCare(), Point(0, 0))
        if whole.pageIsMachine { (whole.pageIsMachine, whole.page) = (false, profile.travel) }
        switch options.order {
        case .none, .sort: whole.order = .none
        case .join, .full: whole.order = .join
        }
        let planned = try self.planned(options: whole, profile: large, execution: execution)
        try execution.require(bytes: PlanMemory.joining(planned.polylines) + PlanMemory.ordering(planned.polylines))
        let cross = options.care.marks ?? Self.usualCross
        try PlanError.require("marks", cross, PlanRange.marks)
        guard let grid = TileGrid(page: planned.page, travel: profile.travel, cross: cross) else {
            throw .tooLarge("it would take more than \(TileGrid.mostTiles) tiles of this machine")
        }
        var writer = SpliceWriter(planned, grid, cross: cross, options: options, profile: profile)
        return try writer.written(execution)
    }
}

/// Writes the strokes of a whole drawing tile by tile.
private struct SpliceWriter {
    let source: PlannedStrokes
    let grid: TileGrid
    let cross: Double
    let options: PlotOptions
    let profile: MachineProfile
    private var result: PlannedStrokes
    private var tiles: [PlannedStrokes.Tile] = []
    private var stops: [PlotStop] = []

    init(
        _ source: PlannedStrokes, _ grid: TileGrid, cross: Double, options: PlotOptions, profile: MachineProfile
    ) {
        (self.source, self.grid, self.cross, self.profile) = (source, grid, cross, profile)
        var options = options
        options.care.marks = nil
        self.options = options
        result = PlannedStrokes(
            polylines: Polylines(), layers: [], pageOrigin: grid.corner, page: grid.tile,
            diagnostics: source.diagnostics)
        (result.offered, result.lost) = (source.offered, source.lost)
    }

    /// Pieces of the strokes of one layer in one tile.
    private struct Part {
        var lines = Polylines()
        /// Stroke of the whole drawing that each is of.
        var sources: [Int] = []
    }

    mutating func written(_ execution: PlanExecution) throws(PlanError) -> PlannedStrokes {
        let parts = try parts(execution)
        // Tiles without ink at either end are left out; one between others leads from one to the other by its crosses.
        let order = grid.order
        guard let first = order.firstIndex(where: { parts[$0] != nil }),
            let last = order.lastIndex(where: { parts[$0] != nil })
        else { throw .nothingToDraw }
        let drawn = Array(order[first...last])
        let isOne = drawn.count == 1 && grid.columns * grid.rows == 1
        for (k, tile) in drawn.enumerated() {
            try execution.checkCancellation()
            execution.progress("order", Double(k) / Double(drawn.count))
            let (before, next) = (k > 0 ? drawn[k - 1] : nil, k + 1 < drawn.count ? drawn[k + 1] : nil)
            var planned = try arranged(parts[tile] ?? [:], tile, execution)
            if !isOne { mark(&planned, tile, before, next) }
            append(planned, tile, before, number: k + 1, of: drawn.count)
        }
        result.tiles = isOne ? [] : tiles
        result.sheet = isOne ? nil : source.page
        let layers = result.layerStops(options: options)
        let taken = Set(layers.map(\.stroke))
        result.stops = (layers + stops.filter { !taken.contains($0.stroke) }).sorted { $0.stroke < $1.stroke }
        result.diagnostics.append(isOne ? Self.fits : note(tiles: drawn.count))
        return result
    }

    private static let fits = Diagnostic(
        .info, code: "splice", message: "the page lies within the machine's reach: it is drawn in one, without tiles")

    private func note(tiles count: Int) -> Diagnostic {
        func text(_ value: Double) -> String { PlotStop.Tile.text(value) }
        return Diagnostic(
            .info, code: "splice",
            message: "\(count) of \(grid.columns) x \(grid.rows) tiles of \(text(grid.tile.width)) x "
                + "\(text(grid.tile.height)) mm; the paper is moved before each but the first")
    }

    /// All strokes parted, by tile and layer.
    private func parts(_ execution: PlanExecution) throws(PlanError) -> [TileGrid.Tile: [Int: Part]] {
        var parts: [TileGrid.Tile: [Int: Part]] = [:]
        for (index, layer) in source.layers.enumerated() {
            try execution.checkCancellation()
            for stroke in layer.strokes {
                for (tile, points) in grid.pieces(of: source.polylines[stroke]) {
                    let shift = grid.shift(tile)
                    parts[tile, default: [:]][index, default: Part()].lines.append(points.map { $0 + shift })
                    parts[tile]?[index]?.sources.append(stroke)
                }
            }
        }
        return parts
    }

    /// The strokes of a tile in their order, with what ink care does to them.
    private func arranged(
        _ parts: [Int: Part], _ tile: TileGrid.Tile, _ execution: PlanExecution
    ) throws(PlanError) -> PlannedStrokes {
        var lines = Polylines()
        var sources: [Int] = []
        var (ranges, layers): ([Range<Int>], [PlannedStrokes.Layer]) = ([], [])
        for (index, layer) in source.layers.enumerated() {
            guard let part = parts[index] else { continue }
            let first = lines.count
            for i in 0..<part.lines.count { lines.append(part.lines[i]) }
            sources += part.sources
            ranges.append(first..<lines.count)
            layers.append(layer)
        }
        var made = result
        (made.polylines, made.layers, made.diagnostics) = (Polylines(), [], [])
        (made.isExact, made.colours) = ([], [])
        let isSorted = options.order == .sort || options.order == .full
        let orders = try StrokeOrder.groups(
            of: lines, ranges: ranges, codes: layers.map(\.codes), isOptimised: isSorted, options: options,
            profile: profile, execution: execution)
        for (layer, order) in zip(layers, orders) {
            let first = made.polylines.count
            order.write(to: &made.polylines)
            for piece in order.drawn {
                if !source.isExact.isEmpty { made.isExact.append(source.isExact[sources[piece]]) }
                if !source.colours.isEmpty { made.colours.append(source.colours[sources[piece]]) }
            }
            var shown = layer
            shown.strokes = first..<made.polylines.count
            made.layers.append(shown)
        }
        return try made.cared(options: options, profile: profile, execution: execution)
    }

    /// Adds the crosses of a tile: those of all corners but one before its strokes, that one behind them.
    private func mark(
        _ planned: inout PlannedStrokes, _ tile: TileGrid.Tile, _ before: TileGrid.Tile?, _ next: TileGrid.Tile?
    ) {
        let shift = grid.shift(tile)
        let crosses = grid.corners(tile, after: before, before: next).map { corner in
            grid.cross(column: corner.column, row: corner.row, size: cross).map { line in line.map { $0 + shift } }
        }
        let (ahead, behind) = (crosses.dropLast().flatMap { $0 }, crosses.last ?? [])
        if planned.layers.isEmpty {
            // Nothing but crosses: with the pen that is in.
            let layer = result.layers.last ?? source.layers[0]
            planned.layers = [
                PlannedStrokes.Layer(name: layer.name, strokes: 0..<0, colour: layer.colour, codes: layer.codes)
            ]
        }
        var lines = Polylines()
        for line in ahead { lines.append(line) }
        for i in 0..<planned.polylines.count { lines.append(planned.polylines[i]) }
        for line in behind { lines.append(line) }
        planned.polylines = lines
        if !source.isExact.isEmpty {
            let exact = { (lines: [[Point]]) in lines.map { _ in false } }
            planned.isExact = exact(ahead) + planned.isExact + exact(behind)
        }
        if !source.colours.isEmpty {
            let colours = { (lines: [[Point]], layer: PlannedStrokes.Layer?) in lines.map { _ in layer?.colour } }
            planned.colours =
                colours(ahead, planned.layers.first) + planned.colours + colours(behind, planned.layers.last)
        }
        planned.layers = planned.layers.enumerated().map { index, layer in
            var layer = layer
            let low = index == 0 ? 0 : layer.strokes.lowerBound + ahead.count
            let isLast = index == planned.layers.count - 1
            layer.strokes = low..<layer.strokes.upperBound + ahead.count + (isLast ? behind.count : 0)
            return layer
        }
        for k in planned.stops.indices where planned.stops[k].stroke > 0 { planned.stops[k].stroke += ahead.count }
    }

    private mutating func append(
        _ planned: PlannedStrokes, _ tile: TileGrid.Tile, _ before: TileGrid.Tile?, number: Int, of count: Int
    ) {
        let first = result.polylines.count
        for i in 0..<planned.polylines.count { result.polylines.append(planned.polylines[i]) }
        result.isExact += planned.isExact
        result.colours += planned.colours
        result.layers += planned.layers.map { layer in
            var layer = layer
            layer.strokes = layer.strokes.lowerBound + first..<layer.strokes.upperBound + first
            return layer
        }
        stops += planned.stops.filter { $0.kind == .ink }.map { stop in
            var stop = stop
            stop.stroke += first
            return stop
        }
        let (shift, last) = (grid.shift(tile), before.map(grid.shift))
        tiles.append(
            PlannedStrokes.Tile(
                strokes: first..<result.polylines.count, number: number, count: count,
                shift: Point(0, 0) - shift, paperMove: last.map { shift - $0 } ?? Point(0, 0)))
    }
}
