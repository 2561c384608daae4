extension SVG {
    /// Top left corners of boxes, to tell quickly that two shapes are not the same.
    struct BoxCorners {
        private struct Cell: Hashable {
            var x: Double
            var y: Double
        }

        private var cells: Set<Cell> = []
        /// mm.
        private static let cell = 0.1
        /// How far corners of one shape written twice may lie apart, mm.
        private static let slack = 0.008

        mutating func add(_ box: Box) {
            guard !box.isEmpty else { return }
            for across in [-Self.slack, Self.slack] {
                for down in [-Self.slack, Self.slack] { cells.insert(Self.cell(box.minX + across, box.minY + down)) }
            }
        }

        /// False when no box that was added has nearly the corner of this one.
        func mayHold(_ box: Box) -> Bool { !cells.isEmpty && cells.contains(Self.cell(box.minX, box.minY)) }

        private static func cell(_ x: Double, _ y: Double) -> Cell {
            // Adding zero makes −0 and 0 one.
            Cell(x: (x / cell).rounded(.down) + 0, y: (y / cell).rounded(.down) + 0)
        }
    }
}
