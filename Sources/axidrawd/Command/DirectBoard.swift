internal import EBB
internal import Motion
internal import Simulator
internal import Text

/// A board that a verb of `device` drives by itself, without a daemon: a port, or a virtual one.
struct DirectBoard {
    typealias Work = @Sendable (DirectBoard) async throws -> ExitCode

    let invocation: Invocation
    let console: Console
    let profile: MachineProfile
    let identity: BoardIdentity
    let hand: Hand
    let isSimulated: Bool
    /// The virtual board; nil of a real one.
    let loopback: Loopback?

    /// Whether a command line means a board of its own: a path, or `--simulate`.
    static func isMeant(_ invocation: Invocation) throws(UsageError) -> Bool {
        let device = invocation.text("device")
        let isSimulated = invocation.isOn("simulate")
        if isSimulated, device != nil { throw .conflict("--device and --simulate exclude each other") }
        let isDirect = isSimulated || device?.contains("/") ?? false
        if isDirect, let flag = ["url", "key-file"].first(where: { invocation.isOn($0) }) {
            throw .conflict("--\(flag) is for a running daemon; a board of one's own has none")
        }
        if !isDirect, invocation.isOn("profile") {
            throw .conflict("--profile needs --simulate or the path of a port; a daemon's plotters have theirs")
        }
        return isDirect
    }

    /// Connects, does the work and lets the board go; the pen stays as the work leaves it.
    static func run(_ invocation: Invocation, _ console: Console, _ work: Work) async throws -> ExitCode {
        let profile = try invocation.text("profile").map { try ProfileFile.profile(named: $0) } ?? .standard
        let isSimulated = invocation.isOn("simulate")
        let transport: any Transport
        var loopback: Loopback?
        switch try BoardChoice(invocation) {
        case .device(let path): transport = SerialPort(path: path)
        case .simulated:
            var request = PlotRequest()
            request.profile = profile
            let made = Loopback(request.board, speed: .maximum)
            (loopback, transport) = (made, made)
        }
        let driver = Driver(transport: transport)
        do {
            let identity = try await driver.connect()
            let board = DirectBoard(
                invocation: invocation, console: console, profile: profile, identity: identity,
                hand: Hand(driver: driver, penPin: profile.servo.pin.map { UInt8(clamping: $0) }, profile: profile),
                isSimulated: isSimulated, loopback: loopback)
            let code = try await work(board)
            await driver.close()
            return code
        } catch {
            await driver.close()
            throw error
        }
    }

    /// Refuses what would move with motors that have no power.
    func requirePower() throws(DriverError) {
        guard identity.supplyCounts < DriverSettings().lowestSupplyCounts else { return }
        throw .motorPowerOff(volts: identity.motorVolts)
    }

    /// Waits until the board has done what was given to it before.
    func rest() async throws {
        guard try await hand.driver.standstill(after: 0) else {
            throw Fault(message: "the board still moves by what another program gave it; device send ES stops it")
        }
    }

    /// Makes the pen as high and quick as the profile has it.
    func setUpPen() async throws(DriverError) {
        for command in PenModel(profile: profile, options: PlotOptions()).configuration(of: profile) {
            _ = try await hand.driver.ask(command)
        }
    }

    // MARK: The verbs

    /// What the board says of itself.
    func show() async throws -> ExitCode {
        let place = try await hand.place()
        let isUp = try await hand.driver.ask(.isPenUp)
        let areOn = try await hand.driver.areMotorsOn()
        let volts = PlotSummary.rounded(identity.motorVolts)
        let document = JSONValue.object([
            ("name", .string(identity.name)), ("simulated", .bool(isSimulated)),
            ("firmware", .string(identity.firmware.description)), ("profile", .string(profile.name)),
            ("motorVolts", .number((identity.motorVolts * 10).rounded() / 10)),
            ("motorsOn", areOn.map { .bool($0) } ?? .null),
            (
                "position",
                DeviceRecord.Position(xMillimetres: place.x, yMillimetres: place.y, isPenUp: isUp).json
            ),
        ])
        let name = identity.name.isEmpty ? "no name" : "name \(quoted(identity.name))"
        let motors = areOn.map { $0 ? "on" : "off" } ?? "not told"
        let text =
            "firmware \(identity.firmware), \(name), motor supply \(volts) V, motors \(motors), pen \(isUp ? "up" : "down"), "
            + "at \(PlotSummary.rounded(place.x)), \(PlotSummary.rounded(place.y)) mm"
        try put(document, text)
        return .success
    }

    func move(_ move: HandMove) async throws -> ExitCode {
        if move != .cycle { try requirePower() }
        if case .to(let x, let y) = move {
            let travel = profile.travel
            guard (0...travel.width).contains(x), (0...travel.height).contains(y) else {
                throw UsageError.conflict(
                    "\(brief(x)), \(brief(y)) is outside the machine of \(brief(travel.width)) x \(brief(travel.height)) mm"
                )
            }
        }
        try await rest()
        try await setUpPen()
        try await hand.carry(out: move)
        return try await told()
    }

    func pen() async throws -> ExitCode {
        try await rest()
        try await setUpPen()
        switch invocation.positionals[0] {
        case "up": try await hand.pen(isUp: true)
        case "down": try await hand.pen(isUp: false)
        case "cycle": try await hand.carry(out: .cycle)
        case "toggle": try await hand.pen(isUp: !(try await hand.driver.ask(.isPenUp)))
        case let other: throw UsageError.badValue(name: "pen", value: other, expected: "up, down, toggle or cycle")
        }
        return try await told()
    }

    func motors() async throws -> ExitCode {
        switch invocation.positionals[0] {
        case "on":
            try requirePower()
            try await hand.engage()
        case "off": try await release()
        case let other: throw UsageError.badValue(name: "motors", value: other, expected: "on or off")
        }
        return try await told()
    }

    func align() async throws -> ExitCode {
        try await rest()
        try await setUpPen()
        try await hand.pen(isUp: true)
        try await release()
        return try await told()
    }

    private func release() async throws(DriverError) {
        _ = try await hand.driver.ask(.enableMotors(0, 0))
        // A plot that was cut off stands nowhere from now on.
        try await hand.driver.forgetSession()
    }

    func send(_ text: String) async throws -> ExitCode {
        guard RawCommand.isGood(text) else {
            throw UsageError.badValue(name: "COMMAND", value: text, expected: "1 to 250 visible characters")
        }
        guard invocation.isOn("force") || !RawCommand.endsConversation(text) else {
            throw UsageError.conflict(
                "after \(text.prefix(20)) the board cannot be used until it is plugged in anew; if that is meant, add --force"
            )
        }
        return try await pass(text)
    }

    /// Hands a command on as it is, and tells the reply.
    private func pass(_ text: String) async throws -> ExitCode {
        let reply = try await hand.driver.ask(.raw(text))[...].trimmingBlanks
        try put(.object([("reply", .string(reply))]), reply)
        return .success
    }

    func name(_ wanted: String) async throws -> ExitCode {
        guard RawCommand.isGoodName(wanted) else {
            throw UsageError.badValue(
                name: "NAME", value: wanted, expected: "1 to 16 letters, digits, spaces, hyphens or underscores")
        }
        return try await pass("ST,\(wanted)")
    }

    /// How the board stands after a move.
    private func told() async throws -> ExitCode {
        let settled = try await hand.driver.standstill(after: Int64(Hand.penMilliseconds) * 25)
        guard settled else { throw Fault(message: "the board still moves") }
        return try await show()
    }

    private func put(_ document: JSONValue, _ text: String) throws {
        try console.result(invocation.isOn("json") ? document.text + "\n" : text + "\n")
    }
}

extension PenModel {
    /// Settings of the board for the pen, as a plot makes them.
    func configuration(of profile: MachineProfile) -> [Command] {
        [
            .configure(.penUp, upPulse), .configure(.penDown, downPulse), .configure(.raiseRate, raiseRegister),
            .configure(.lowerRate, lowerRegister), .configure(.channels, UInt16(clamping: profile.servo.channels)),
        ]
    }
}
