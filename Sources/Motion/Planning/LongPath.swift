/// Very long paths in pieces: where a path turns sharply after some thousand vertices the pen stops, and what follows is
/// planned by itself. So planning holds a piece at a time, and what strays in one of them is mended there alone.
///
/// A stop at a sharp corner costs less than the pen's speed there over its acceleration, once in thousands of commands. A path
/// without sharp corners is one piece, however long.
package enum LongPath {
    /// Vertices of a piece at least, and up to which its sharpest corner is looked for; behind that the first is taken.
    private static let (least, usual) = (4096, 8192)
    /// Vertices after which a piece ends at the first corner where the pen stops anyway, and what its cosine is at most.
    private static let (leastToStop, stopCosine) = (1024, -0.9903)
    /// Cosine of the turn of a sharp corner, 60°: the chords of curves turn by less.
    private static let sharpCosine = 0.5
    /// Of a sharp corner that is no noise, the lines to what lies so far before and behind it, mm, turn as sharply; and in how many
    /// vertices either is looked for.
    private static let (base, reach) = (0.8, 32)

    /// The last vertex of the piece of `path` that begins at `first`, the first of the one behind it.
    ///
    /// - Complexity: O(piece).
    package static func end(of path: ArraySlice<Point>, from first: Int) -> Int {
        let last = path.endIndex - 1
        var best = (index: last, cosine: sharpCosine)
        var i = first + leastToStop
        while i <= last - leastToStop {
            if i > first + usual, best.index < last { break }
            let most = i < first + least || i > last - least ? stopCosine : best.cosine
            if cosine(path, i, reach: 0) < most {
                let found = cosine(path, i, reach: base)
                if found < stopCosine { return i }
                if found < most { best = (i, found) }
            }
            i += 1
        }
        return best.index
    }

    /// Cosine of the turn at a vertex, from a vertex that lies `way` before it to one that lies as far behind it, mm; 1 where
    /// there is none.
    private static func cosine(_ path: ArraySlice<Point>, _ i: Int, reach way: Double) -> Double {
        guard let before = vertex(of: path, from: i, by: -1, way), let after = vertex(of: path, from: i, by: 1, way)
        else { return 1 }
        let (into, out) = (path[i] - before, after - path[i])
        let scale = ((into.x * into.x + into.y * into.y) * (out.x * out.x + out.y * out.y)).squareRoot()
        return scale > 0 ? (into.x * out.x + into.y * out.y) / scale : 1
    }

    private static func vertex(of path: ArraySlice<Point>, from i: Int, by step: Int, _ way: Double) -> Point? {
        var k = i
        for _ in 0..<reach {
            k += step
            guard path.indices.contains(k) else { return nil }
            if path[k] != path[i], path[k].distance(to: path[i]) >= way { return path[k] }
        }
        return nil
    }
}
