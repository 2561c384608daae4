extension SVG {
    /// Regions that have been built, as far as there is room for them.
    struct RegionCache {
        private var flattener: Flattener
        private var built: [Int32: Region] = [:]
        private var edges = 0
        /// Parts of the regions by what they come from.
        private var builtSources: [Renderer.RegionKey: Region] = [:]

        private static let mostEdges = 500_000
        private static let mostRegions = 100_000
        /// Building an outline of a region, and each of its edges: time, and the memory that it is held in.
        private static let (stepsOfOutline, stepsOfEdge) = (200, 32)

        /// - Parameter tolerance: of the outlines that clip, mm.
        init(tolerance: Double) { flattener = Flattener(tolerance: tolerance, keepsOrigins: false) }

        /// A region of the drawing, built once as long as there is room.
        mutating func region(
            _ index: Int32, _ drawing: Drawing, _ meter: Meter, _ offset: Int
        ) throws(Fault) -> Region {
            if let known = built[index] { return known }
            let place = drawing.regions[Int(index)]
            var result = Region()
            if place.source >= 0 { result = try region(place.source, place.map, drawing, meter, offset) }
            if place.within >= 0 { result.within.append(try region(place.within, drawing, meter, offset)) }
            if built.count > Self.mostRegions { built = [:] }
            built[index] = result
            return result
        }

        private mutating func region(
            _ source: Int32, _ map: Transform, _ drawing: Drawing, _ meter: Meter, _ offset: Int
        ) throws(Fault) -> Region {
            let key = Renderer.RegionKey(source: source, map: map, within: -1)
            if let known = builtSources[key] { return known }
            var result = Region()
            for shape in drawing.sources[Int(source)].shapes {
                var part = Region.Part(
                    polygon: RegionPolygon(isEvenOdd: shape.isEvenOdd), order: result.parts.count, hides: shape.hides)
                var place = (verb: shape.verbs.lowerBound, point: shape.firstPoint)
                flattener.mostPoints = max(0, meter.budget.bytes - drawing.heldBytes) / 256
                while place.verb < shape.verbs.upperBound {
                    place = flattener.subpath(
                        of: drawing.clipOutlines, verb: place.verb, end: shape.verbs.upperBound, point: place.point,
                        map: map)
                    let edges = flattener.points.count
                    try meter.spendOnClips(
                        Self.stepsOfOutline + Self.stepsOfEdge * edges, at: offset)
                    if flattener.isFull { try meter.require(bytes: meter.budget.bytes + 1, at: offset) }
                    part.polygon.add(flattener.points)
                }
                part.polygon.finish()
                if shape.within >= 0 {
                    part.within.append(try region(shape.within, map * shape.withinMap, drawing, meter, offset))
                }
                result.parts.append(part)
            }
            result.finish()
            if edges > Self.mostEdges {
                (built, builtSources, edges) = ([:], [:], 0)
            }
            edges += result.edgeCount + 8
            builtSources[key] = result
            return result
        }
    }
}
