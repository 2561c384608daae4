internal import EBB
internal import Testing

struct VersionTests {
    @Test func knowsTheFirmwareItSpeaks() {
        #expect(FirmwareVersion.v303.description == "3.0.3")
    }
}
