internal import Motion

/// Writes a drawing in mm, coordinates to 0.1 µm, a path of its own for every stroke.
struct SampleWriter {
    private var bytes = Array(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="297mm" height="210mm" viewBox="0 0 297 210" fill="none" \
        stroke="black">

        """.utf8)

    /// The whole file.
    var document: [UInt8] { bytes + Array("</svg>\n".utf8) }

    mutating func polyline(_ points: [Point]) {
        begin()
        for (k, point) in points.enumerated() {
            text(k == 0 ? "M" : "L")
            pair(point)
        }
        end()
    }

    /// A smooth curve through places with given derivatives, each step of the parameter as long as `step`.
    mutating func curve(_ places: [(at: Point, slope: Point)], step: Double, isClosed: Bool) {
        guard let first = places.first else { return }
        begin()
        text("M")
        pair(first.at)
        for k in 1..<places.count + (isClosed ? 1 : 0) {
            let (from, to) = (places[k - 1], places[k % places.count])
            text("C")
            pair(from.at + from.slope * (step / 3))
            text(" ")
            pair(to.at - to.slope * (step / 3))
            text(" ")
            pair(to.at)
        }
        if isClosed { text("Z") }
        end()
    }

    mutating func circle(_ middle: Point, radius: Double) {
        text("<circle cx=\"")
        number(middle.x)
        text("\" cy=\"")
        number(middle.y)
        text("\" r=\"")
        number(radius)
        text("\"/>\n")
    }

    mutating func beginGroup() { text("<g>\n") }
    mutating func endGroup() { text("</g>\n") }

    private mutating func begin() { text("<path d=\"") }
    private mutating func end() { text("\"/>\n") }
    private mutating func text(_ words: StaticString) { bytes.append(contentsOf: words.description.utf8) }

    private mutating func pair(_ p: Point) {
        number(p.x)
        bytes.append(UInt8(ascii: ","))
        number(p.y)
    }

    private mutating func number(_ value: Double) {
        let units = Int((value * 10_000).rounded())
        if units < 0 { bytes.append(UInt8(ascii: "-")) }
        let (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: 10_000)
        bytes.append(contentsOf: String(whole).utf8)
        if rest == 0 { return }
        bytes.append(UInt8(ascii: "."))
        var place: UInt = 1000
        while place > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(rest / place % 10))
            place /= 10
        }
    }
}
