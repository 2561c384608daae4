internal import EBB
internal import Testing

struct VersionTests {
    @Test func knowsTheFirmwareItSpeaks() {
        #expect(FirmwareVersion.v3_0_3.description == "3.0.3")
    }
}
