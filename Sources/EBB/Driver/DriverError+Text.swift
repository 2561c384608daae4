extension LinkError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .openFailed(let path, let code): "\(path) cannot be opened (error \(code))"
        case .absent(let name): name.isEmpty ? "the board is not there" : "\(name) is not there"
        case .lost(let call, let code): "the link was lost (\(call), error \(code))"
        case .timedOut(let what): "no answer in time to \(what)"
        case .otherBoard(let name, let firmware):
            name.isEmpty
                ? "a board with firmware \(firmware) answers instead"
                : "another board answers: “\(QuotedBytes(name.utf8).text)”, firmware \(firmware)"
        }
    }
}

extension Trouble: CustomStringConvertible {
    var description: String {
        switch self {
        case .refused(let command, let answer): "the board refused \(command): “\(QuotedBytes(answer.utf8).text)”"
        case .unasked(let text): "the board said “\(QuotedBytes(text.utf8).text)”"
        case .silent(let command): "no answer to \(command)"
        case .link(let error): "\(error)"
        case .astray(let expected, let found): "the counters said “\(found)” instead of \(expected)"
        case .motorPower: "the motors have no power"
        case .beside(let found): "the counters said “\(QuotedBytes(found.utf8).text)”, which is beside the way"
        case .halted: "stopped"
        }
    }
}

extension DriverError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .link(let error): "\(error)"
        case .notAnEBB(let answer):
            answer.isEmpty
                ? "nothing answers as an EBB does" : "what answers is not an EBB: “\(answer)”"
        case .tooOld(let version):
            "firmware \(version) is older than \(Driver.oldestFirmware): update it with the maker's EBB firmware updater"
        case .refused(let command, let answer): "the board refused \(command): “\(answer)”"
        case .unexpected(let command, let answer): "the board answered “\(answer)” to \(command)"
        case .motorPowerOff(let volts):
            "motor power is off (\((volts * 10).rounded() / 10) V): plug in the plotter's own power supply"
        case .otherBoard(let name, let firmware):
            LinkError.otherBoard(name: name ?? "", firmware: firmware.description).description
        case .busy: "the plotter is busy with another run"
        case .halted: "stopped"
        }
    }
}
