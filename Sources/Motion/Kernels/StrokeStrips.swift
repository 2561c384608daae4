/// Strokes in strips across the sheet, along each strip from one side to the other: what is near lies near in memory.
///
/// Of a million strokes in the order of a document nearly every end that is looked up is a miss of the cache. Along a curve
/// that turns everywhere more of them would be near; but what lies regularly is met in the same sequence everywhere only so,
/// and of a lattice, whose gaps are all equal, fewer trails are left.
enum StrokeStrips {
    /// Fewer fit the cache as they come.
    static let fewest = 200_000
    /// Strokes of a strip are about so many times the strips.
    private static let share = 32.0

    /// The members, which ascend, by the strips that their first points lie in; nil where those have no extent, or none that is
    /// finite.
    ///
    /// - Complexity: O(n).
    static func sorted(_ members: [Int32], of lines: Polylines) -> [Int32]? {
        var box = Box()
        for member in members { box.include(lines.points[lines.range(Int(member)).lowerBound]) }
        let size = box.size
        guard size.width > 0, size.height > 0, size.width.isFinite, size.height.isFinite else { return nil }
        let strips = max(1, min(StripKey.lastStrip, (Double(members.count) / share).squareRoot()))
        let (across, down) = (StripKey.lastPlace / size.width, strips / size.height)
        var keys: [UInt64] = []
        keys.reserveCapacity(members.count)
        for member in members {
            let place = lines.points[lines.range(Int(member)).lowerBound] - box.minimum
            keys.append(StripKey.of(strip: place.y * down, along: place.x * across, item: member))
        }
        keys.sortByUpperHalf()
        return keys.map { Int32(truncatingIfNeeded: $0) }
    }
}

extension Trails {
    /// The same trails by their lowest strokes, each turned so that this one is drawn forwards, closed ones begin with it.
    ///
    /// - Complexity: O(n log n).
    func inOrderOfFirstStrokes() -> Trails {
        var firsts: [(stroke: Int32, trail: Int32, place: Int32)] = []
        firsts.reserveCapacity(count)
        for k in 0..<count {
            var place = starts[k]
            for i in starts[k]..<starts[k + 1] where items[i] >> 1 < items[place] >> 1 { place = i }
            firsts.append(
                (items[place] >> 1, Int32(truncatingIfNeeded: k), Int32(truncatingIfNeeded: place - starts[k])))
        }
        firsts.sort { $0.stroke < $1.stroke }
        var result = Trails()
        result.items.reserveCapacity(items.count)
        result.starts.reserveCapacity(starts.count)
        result.isClosed.reserveCapacity(count)
        for first in firsts {
            let k = Int(first.trail)
            let (range, place) = (starts[k]..<starts[k + 1], starts[k] + Int(first.place))
            let isForwards = items[place] & 1 == 0
            switch (isClosed[k], isForwards) {
            case (false, true): result.items += items[range]
            case (false, false): for i in range.reversed() { result.items.append(items[i] ^ 1) }
            case (true, true): result.items += items[place..<range.upperBound] + items[range.lowerBound..<place]
            case (true, false):
                for i in (range.lowerBound...place).reversed() { result.items.append(items[i] ^ 1) }
                for i in (place + 1..<range.upperBound).reversed() { result.items.append(items[i] ^ 1) }
            }
            result.starts.append(result.items.count)
            result.isClosed.append(isClosed[k])
        }
        result.links = links
        return result
    }
}
