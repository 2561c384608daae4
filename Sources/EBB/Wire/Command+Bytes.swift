extension Command {
    /// Appends the command's bytes, ended by one CR.
    ///
    /// Decimal digits are written directly: no allocation beyond the buffer's own growth.
    public func write(to bytes: inout [UInt8]) {
        switch self {
        case .enableMotors(let first, let second):
            bytes.name("EM", Int64(first), Int64(second))
        case .move(let milliseconds, let steps1, let steps2):
            bytes.name("SM", Int64(milliseconds), Int64(steps1), Int64(steps2))
        case .acceleratedMove(let a, let b, let clear):
            bytes.name("LM", Int64(a.rate), Int64(a.steps), Int64(a.acceleration))
            bytes.fields(Int64(b.rate), Int64(b.steps), Int64(b.acceleration), Int64(clear))
        case .timedMove(let ticks, let a, let b, let clear):
            if a.jerk == 0, b.jerk == 0 {
                bytes.name("LT", Int64(ticks), Int64(a.rate), Int64(a.acceleration))
                bytes.fields(Int64(b.rate), Int64(b.acceleration), Int64(clear))
            } else {
                bytes.name("T3", Int64(ticks), Int64(a.rate), Int64(a.acceleration), Int64(a.jerk))
                bytes.fields(Int64(b.rate), Int64(b.acceleration), Int64(b.jerk), Int64(clear))
            }
        case .home(let rate, let steps1, let steps2):
            bytes.name("HM", Int64(rate), Int64(steps1), Int64(steps2))
        case .pen(let isUp, let milliseconds, let pin):
            bytes.name("SP", isUp ? 1 : 0, Int64(milliseconds))
            if let pin { bytes.fields(Int64(pin)) }
        case .configure(let register, let value):
            bytes.name("SC", Int64(register.rawValue), Int64(value))
        case .servoTimeout(let milliseconds):
            bytes.name("SR", Int64(milliseconds))
        case .setUp(let setting, let value):
            bytes.name("CU", Int64(setting.rawValue), Int64(value))
        case .setVariable(let value, let index):
            bytes.name("SL", Int64(value), Int64(index))
        case .emergencyStop(let disablesMotors):
            if disablesMotors { bytes.name("ES", 1) } else { bytes.name("ES") }
        case .clearSteps:
            bytes.name("CS")
        case .raw(let text):
            bytes.append(contentsOf: text.utf8)
        }
        bytes.append(UInt8(ascii: "\r"))
    }

    /// The command as text without line end.
    public var text: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        bytes.removeLast()
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    fileprivate mutating func name(_ name: StaticString, _ values: Int64...) {
        append(contentsOf: "\(name)".utf8)
        for value in values { field(value) }
    }

    fileprivate mutating func fields(_ values: Int64...) {
        for value in values { field(value) }
    }

    private mutating func field(_ value: Int64) {
        append(UInt8(ascii: ","))
        if value < 0 { append(UInt8(ascii: "-")) }
        let start = count
        var rest = value.magnitude
        repeat {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }
}
