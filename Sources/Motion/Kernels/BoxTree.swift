/// Boxes, indexed so that a query meets only those near it: packed in tiles (Leutenegger, Lopez and Edgington 1997).
struct BoxTree {
    /// Boxes of all levels, finest first; the last is the root.
    private var boxes: [Box] = []
    /// What the boxes of the finest level stand for.
    private var items: [Int32] = []
    /// Where each level begins; one more than there are levels.
    private var starts: [Int] = [0]

    private static let fan = 8

    /// - Complexity: O(n log n).
    init(_ source: [Box]) {
        guard !source.isEmpty else { return }
        items = source.indices.map { Int32($0) }
        func middle(_ k: Int32) -> Point {
            let box = source[Int(k)]
            return Point(box.minX + box.maxX, box.minY + box.maxY)
        }
        items.sort { middle($0).x < middle($1).x }
        let leaves = (source.count + Self.fan - 1) / Self.fan
        let slab = Self.fan * max(1, Int(Double(leaves).squareRoot().rounded(.up)))
        for first in stride(from: 0, to: items.count, by: slab) {
            items[first..<min(first + slab, items.count)].sort { middle($0).y < middle($1).y }
        }
        boxes = items.map { source[Int($0)] }
        starts.append(boxes.count)
        while let first = starts.dropLast().last, let end = starts.last, end - first > 1 {
            for k in stride(from: first, to: end, by: Self.fan) {
                var box = Box()
                for child in k..<min(k + Self.fan, end) { box.include(boxes[child]) }
                boxes.append(box)
            }
            starts.append(boxes.count)
        }
    }

    var bounds: Box { boxes.last ?? Box() }

    /// Calls `body` with each box that meets a box, in no order of meaning, until it answers false.
    ///
    /// - Returns: how many boxes were looked at.
    func query(_ box: Box, _ body: (Int) -> Bool) -> Int {
        guard starts.count > 1 else { return 0 }
        var looked = 0
        var stack = [(level: starts.count - 2, k: boxes.count - 1)]
        while let (level, k) = stack.popLast() {
            looked += 1
            guard boxes[k].intersects(box) else { continue }
            if level == 0 {
                if !body(Int(items[k])) { return looked }
                continue
            }
            let first = starts[level - 1] + (k - starts[level]) * Self.fan
            for child in first..<min(first + Self.fan, starts[level]) { stack.append((level - 1, child)) }
        }
        return looked
    }
}
