internal import Motion
internal import Text

/// Strokes as lines of JSON, read as they come: `[[x,y],…]`, or an object with `points` and, while the stroke goes on with
/// the next line, `"more": true`. Places are mm of the machine, x to the right, y to the front.
///
/// A line that cannot be used is told with its number and passed over. What is held is bounded: one line, one stroke.
struct StrokeLines {
    /// Bytes of a line.
    static let longestLine = 1 << 20
    /// Points of a stroke; a longer one is drawn in parts that meet.
    static let mostPoints = 50_000
    /// Farther than any machine reaches, mm: a figure beyond is a mistake.
    static let farthest = 10_000.0

    /// Strokes that are whole and have not been taken.
    private(set) var strokes = Polylines()
    /// What there is to tell and has not been taken.
    private(set) var notes: [Diagnostic] = []
    /// Lines that could not be used.
    private(set) var refused = 0
    /// Lines that have come.
    private(set) var line = 0

    /// The first line that cannot be used ends all, and so does a place outside the machine.
    private let isStrict: Bool
    /// It has: nothing more is taken.
    private(set) var isStopped = false
    private let bed: Size
    private let origin: Point
    private var rest: [UInt8] = []
    private var isSkipping = false
    /// Points of a stroke that goes on.
    private var open: [Point] = []
    private var isOpen = false
    /// The stroke that goes on has been drawn in part.
    private var isPart = false

    /// - Parameters:
    ///   - bed: what the machine reaches; what lies outside is told.
    ///   - origin: added to every place.
    ///   - isStrict: the first line that cannot be used ends the stream, and a place outside the machine is one.
    init(bed: Size, origin: Point = Point(0, 0), isStrict: Bool = false) {
        self.bed = bed
        self.isStrict = isStrict
        self.origin = origin
    }

    /// Takes the next bytes, wherever they are cut. O(bytes).
    mutating func take(_ bytes: some Collection<UInt8>) {
        var bytes = Array(bytes)[...]
        while !isStopped, let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            add(bytes[..<end])
            endLine()
            bytes = bytes[(end + 1)...]
        }
        if !isStopped { add(bytes) }
    }

    /// Nothing more comes: what is whole is a stroke, and so is one that was to go on.
    ///
    /// - Parameter isBrokenOff: whether the end itself is missing.
    mutating func end(isBrokenOff: Bool = false) {
        if isStopped { return endStroke() }
        let isCut = !rest.isEmpty || isSkipping
        let before = refused
        if isCut { endLine() }
        if isCut, refused > before {
            note("stream-cut-off", "the stream ends in the middle of this line; what was whole before it is drawn")
        } else if isBrokenOff, !isOpen {
            note("stream-cut-off", "the stream broke off before its end: what had come by then is drawn")
        }
        guard isOpen else { return }
        note("stream-cut-off", "the stream ends in the middle of a stroke: it is drawn as far as it came")
        endStroke()
    }

    /// Takes up to so many points of the strokes that are whole, at least one stroke; nil when there is none.
    mutating func next(points: Int) -> Polylines? {
        guard strokes.count > 0 else { return nil }
        var taken = Polylines()
        var index = 0
        while index < strokes.count, index == 0 || taken.points.count + strokes[index].count <= points {
            taken.append(strokes[index])
            index += 1
        }
        var left = Polylines()
        for i in index..<strokes.count { left.append(strokes[i]) }
        strokes = left
        return taken
    }

    mutating func takeNotes() -> [Diagnostic] {
        defer { notes = [] }
        return notes
    }

    // MARK: Lines

    private mutating func add(_ bytes: ArraySlice<UInt8>) {
        guard !isSkipping else { return }
        guard rest.count + bytes.count <= Self.longestLine else {
            rest = []
            isSkipping = true
            return
        }
        rest += bytes
    }

    private mutating func endLine() {
        line += 1
        defer { (rest, isSkipping) = ([], false) }
        if isSkipping {
            return refuse(
                "line-too-long", "the line is longer than \(Self.longestLine) bytes: part the stroke with \"more\"")
        }
        guard rest.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return }
        let value: JSONValue
        do throws(JSONReader.Failure) { value = try JSONReader.read(rest) } catch {
            return refuse("line-no-json", "this is no JSON: \(error.reason), column \(error.column)")
        }
        do throws(Mistake) { try take(value) } catch { refuse(error.code, error.text) }
    }

    /// Why a line cannot be used.
    private struct Mistake: Error {
        var code: String
        var text: String
    }

    private mutating func take(_ value: JSONValue) throws(Mistake) {
        var isToGoOn = false
        var list = value
        if case .object(let members) = value {
            for (name, _) in members where name != "points" && name != "more" {
                throw Mistake(
                    code: "line-unknown-member", text: "unknown member \(quoted(name)): a line has points and more")
            }
            guard let points = value["points"] else {
                throw Mistake(code: "line-no-points", text: "the line has no points")
            }
            list = points
            switch value["more"] {
            case nil: break
            case .bool(let more)?: isToGoOn = more
            case .some: throw Mistake(code: "line-bad-more", text: "more must be true or false")
            }
        }
        guard case .array(let items) = list else {
            throw Mistake(
                code: "line-no-points", text: "a line is a list of points, [[x,y],…], or an object with points")
        }
        try add(items)
        isOpen = isToGoOn
        if !isToGoOn { endStroke() }
    }

    private mutating func add(_ items: [JSONValue]) throws(Mistake) {
        var points: [Point] = []
        points.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            guard case .array(let pair) = item, pair.count == 2, let x = Self.number(pair[0]),
                let y = Self.number(pair[1])
            else {
                throw Mistake(code: "line-bad-point", text: "point \(index + 1) is not two numbers, [x,y]")
            }
            guard abs(x) <= Self.farthest, abs(y) <= Self.farthest else {
                throw Mistake(
                    code: "line-bad-point",
                    text: "point \(index + 1) is farther away than \(Int(Self.farthest)) mm")
            }
            points.append(Point(x + origin.x, y + origin.y))
        }
        if points.isEmpty, open.isEmpty { throw Mistake(code: "line-no-points", text: "the stroke has no point") }
        let outside = points.count {
            !((-1e-9...bed.width + 1e-9).contains($0.x) && (-1e-9...bed.height + 1e-9).contains($0.y))
        }
        if outside > 0 {
            let text =
                "\(outside) of \(points.count) points lie outside the machine's \(brief(bed.width)) x \(brief(bed.height)) mm"
            if isStrict { throw Mistake(code: "clipped", text: text) }
            note("clipped", text + ": what is outside is not drawn")
        }
        for point in points {
            open.append(point)
            if open.count >= Self.mostPoints { endPart(at: point) }
        }
    }

    private static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .array, .object: nil
        }
    }

    private mutating func endPart(at point: Point) {
        if !isPart {
            note(
                "stroke-in-parts", "the stroke has more than \(Self.mostPoints) points: it is drawn in parts that meet")
        }
        isPart = true
        strokes.append(open)
        open = [point]
    }

    private mutating func endStroke() {
        if !open.isEmpty, !(isPart && open.count == 1) {
            strokes.append(open)
        }
        (open, isOpen, isPart) = ([], false, false)
    }

    private mutating func refuse(_ code: String, _ text: String) {
        refused += 1
        isStopped = isStrict
        note(code, text)
    }

    private mutating func note(_ code: String, _ text: String) {
        notes.append(Diagnostic(.warning, code: code, message: text, line: max(1, line)))
    }
}
