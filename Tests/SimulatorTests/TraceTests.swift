internal import Simulator
internal import Testing

struct TraceTests {
    @Test func startsEmpty() {
        #expect(Trace().vertices.isEmpty)
    }
}
