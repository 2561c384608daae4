internal import EBB
internal import Testing

struct CommandPipelineTests {
    @Test func appendsCommandsToOneBuffer() {
        var bytes: [UInt8] = []
        for command in [Command.clearSteps, .raw("V")] { command.write(to: &bytes) }
        #expect(String(decoding: bytes, as: UTF8.self) == "CS\rV\r")
    }
}
