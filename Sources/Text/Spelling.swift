/// The name that was probably meant; nil when none is near.
///
/// Near means at most a third of the letters wrong, a letter swapped with its neighbour counting as one.
package func nearest(_ word: String, in names: [String]) -> String? {
    let typed = Array(word.utf8.prefix(64))
    var best: (name: String, distance: Int)?
    for name in names {
        let distance = editDistance(typed, Array(name.utf8))
        if distance <= max(1, min(typed.count, name.utf8.count) / 3), distance < best?.distance ?? .max {
            best = (name, distance)
        }
    }
    return best?.name ?? names.first { !typed.isEmpty && $0.utf8.starts(with: typed) }
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1]
        for j in 0..<b.count {
            var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
            row.append(cost)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
