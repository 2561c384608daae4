internal import Motion
internal import Testing

struct PolylinesTests {
    @Test func finishesOnlyWhatHasPoints() {
        var lines = Polylines()
        lines.finish()
        lines.append([Point(0, 0), Point(3, 4)])
        lines.append(Point(1, 1))
        lines.finish()
        #expect(lines.count == 2)
        #expect(lines.length(0) == 5)
        #expect(lines.range(1) == 2..<3)
    }
}
