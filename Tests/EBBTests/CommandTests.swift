internal import EBB
internal import Testing

struct CommandTests {
    @Test(arguments: [
        (Command.enableMotors(1, 1), "EM,1,1"),
        (.move(milliseconds: 4_294_967_295, -2_147_483_648, 0), "SM,4294967295,-2147483648,0"),
        (
            .acceleratedMove(
                AxisMove(rate: 17_179_000, steps: 75, acceleration: -687),
                AxisMove(rate: 8_592_000, steps: 75, acceleration: 687), clear: 3),
            "LM,17179000,75,-687,8592000,75,687,3"
        ),
        (.pen(isUp: true, milliseconds: 130, pin: nil), "SP,1,130"),
        (.pen(isUp: false, milliseconds: 0, pin: 2), "SP,0,0,2"),
        (.emergencyStop(disablesMotors: false), "ES"),
    ])
    func writesTheBoardsText(_ command: Command, _ text: String) {
        #expect(command.text == text)
    }

    @Test func readsVersions() {
        #expect(FirmwareVersion("2.8.1") == .v281)
        #expect(FirmwareVersion("2.8") == nil)
        #expect(FirmwareVersion("2.8.+1") == nil)
        #expect(FirmwareVersion.v281 < .v303)
    }
}
