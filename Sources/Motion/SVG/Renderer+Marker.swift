extension SVG.Renderer {
    /// A vertex of a path for markers, in user units.
    struct Vertex {
        var place: Point
        /// Directions in and out in degrees; nil where there is none.
        var inward: Point?
        var outward: Point?
    }
    mutating func markerVertices(_ node: Int, _ path: Drawing.StyledPath, _ state: State) -> [Vertex] { [] }
    mutating func drawMarkers(
        _ vertices: [Vertex], _ node: Int, _ clip: Int32, _ state: State, strokeWidth: Double
    ) throws(SVG.Fault) {}
}
