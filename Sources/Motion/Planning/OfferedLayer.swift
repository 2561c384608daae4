/// A layer of the drawing that a person may choose, whether it is in the plan or not.
public struct OfferedLayer: Equatable, Sendable {
    /// As the file names it.
    public var name: String
    /// The number that its name begins with.
    public var number: Int?
    /// Of all that is in it; nil where colours differ or none is given.
    public var colour: PenColour?

    public init(name: String, number: Int?, colour: PenColour?) {
        self.name = name
        self.number = number
        self.colour = colour
    }
}

extension FlatDrawing {
    /// Layers with a name that hold something and are not set apart as documentation, in their order; groups that are mere
    /// structure are none. O(styles + layers).
    public var offeredLayers: [OfferedLayer] {
        var colours = [Set<PenColour?>](repeating: [], count: layers.count)
        for style in styles where layers.indices.contains(style.layer) {
            colours[style.layer].insert(style.stroke ?? style.fill)
        }
        return layers.indices.compactMap { i in
            let layer = layers[i]
            guard let name = layer.name, !colours[i].isEmpty, !layer.isStructure, !layer.codes.isDocumentation else {
                return nil
            }
            let only = colours[i].count == 1 ? colours[i].first ?? nil : nil
            return OfferedLayer(name: name, number: layer.codes.number, colour: only)
        }
    }
}
