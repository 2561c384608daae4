extension SVG {
    /// A document resolved to outlines on the page: curves still curves, each with its pen, what cuts it and its dashes.
    public struct Drawing: Sendable {
        /// A run of segments of `outlines` that belong to one shape.
        public struct StyledPath: Sendable {
            /// Index into `styles`.
            public var style: Int32
            /// Its segments in `outlines.verbs`.
            public var verbs: Range<Int32>
            /// Where its points begin in `outlines.points`.
            public var firstPoint: Int32
            /// Innermost of its clips, an index into `clips`; −1 = not clipped.
            public var clip: Int32
            /// Index into `dashes`; −1 = solid.
            public var dash: Int32
            /// Subpaths without length are drawn as dots.
            public var drawsDots: Bool
            /// Only filled: clips cut it as an area, not as lines.
            var isArea = false
            /// The style of its fill alone, where that may be seen without the stroke; −1 = never.
            var fillStyle: Int32 = -1
            /// The rule by which it is filled.
            var fillsEvenOdd = false
            /// Where the element stands in the decoded text, for complaints.
            var offset: UInt32 = 0
            /// Its outline is drawn; else only what it paints counts.
            var isDrawn = true
            /// How its area is painted, an index into `paints`; −1 = not at all, or nobody asks.
            var paint: Int32 = -1
        }

        /// How an area is painted.
        struct AreaPaint: Equatable, Sendable {
            /// Index into `styles`.
            var style: Int32
            /// Nothing that lies under it shines through.
            var isOpaque: Bool
        }

        /// One link of a chain of clips; all of the chain cut.
        public struct Clip: Sendable {
            /// The next clip outwards; −1 = none.
            public var outer: Int32
            /// Index into `regions`.
            public var region: Int32
            /// Links from here outwards.
            public var depth: Int32
        }

        /// Where a clip path's shapes lie on the page.
        public struct Region: Sendable {
            /// Index into `sources`; −1 = nothing, which clips all away.
            public var source: Int32
            /// From the shapes' space to the page, mm.
            public var map: Transform
            /// A region that cuts this one; −1 = none.
            public var within: Int32
        }

        /// The shapes of a clip path; a point belongs to it when it belongs to any of them.
        public struct ClipSource: Sendable {
            /// One shape and what cuts it.
            public struct Shape: Sendable {
                /// Its segments in `clipOutlines`.
                public var verbs: Range<Int>
                public var firstPoint: Int
                public var isEvenOdd: Bool
                /// What cuts this shape, and how its space lies in that of the source; −1 = nothing.
                public var within: Int32
                public var withinMap: Transform
                /// Takes away what the shapes before it have shown, as black in a mask does.
                public var hides = false
            }

            public var shapes: [Shape] = []
            /// Points of all shapes.
            public var points = 0
        }

        /// A dash pattern as it lies on a path.
        public struct Dash: Sendable {
            /// Dash, gap, dash, … in user units; an even count, not all zero.
            public var lengths: [Double]
            /// Where in the pattern the path begins, user units.
            public var offset: Double
            /// From the page to user units: only its linear part counts.
            public var metric: Transform
            /// What the author says the path's length is; nil = what it is.
            public var pathLength: Double?
            /// Dashes of no length are dots.
            public var drawsDots: Bool
            /// Where the element stands in the file, for diagnostics.
            public var offsetInFile: Int
        }

        /// mm.
        public var page: Size
        public var layers: [DrawingLayer]
        public var styles: [FlatDrawing.Style]
        /// All segments on the page, mm.
        public var outlines: PathBuffer
        public var paths: [StyledPath]
        public var clips: [Clip]
        public var regions: [Region]
        public var sources: [ClipSource]
        public var clipOutlines: PathBuffer
        public var dashes: [Dash]
        public var diagnostics: [Diagnostic]
        /// What reading and flattening together may cost, and how many steps reading has taken of it.
        var budget: DrawingBudget
        var steps: Int
        /// Colours of the paper: a rectangle of one of them under everything is the paper. None where it is to be drawn.
        var paperColours: [PenColour] = []
        /// What was left out without a word, to be told when nothing at all is drawn.
        var unseen: [String] = []
        /// How areas are painted; empty unless hatching or hidden lines are asked for.
        var paints: [AreaPaint] = []
        /// The document, to find places in; it shares its bytes with the file where that is UTF-8.
        var text: DecodedText

        /// Bytes that it takes.
        var heldBytes: Int {
            text.bytes.count + outlines.heldBytes + clipOutlines.heldBytes
                + paths.capacity * MemoryLayout<StyledPath>.stride + clips.capacity * MemoryLayout<Clip>.stride
                + regions.capacity * MemoryLayout<Region>.stride + sources.count * 64 + dashes.count * 128
        }
    }
}
