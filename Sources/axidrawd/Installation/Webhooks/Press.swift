/// A press of a button as every sender's message comes to it.
struct Press: Equatable, Sendable {
    /// The sender's own name of the button; nil where the address alone says which it is.
    var button: String?
    var kind: PenPress
    /// The sender's identity of this one press: a repeat of it is the same press.
    var id: String?
    /// When it was pressed, Unix time in ms; nil = now.
    var time: Int?
    /// What its message was signed as, where it was, and for how many seconds a copy is to be known.
    var signed: [String] = []
    var signedSeconds = 0
}

/// What a message of a button says; a report of its health alone has no press.
struct ButtonMessage: Equatable, Sendable {
    /// How full a battery is.
    enum Battery: Equatable, Sendable {
        case percent(Double)
        case millivolts(Double)

        /// Whether somebody should change it.
        var isLow: Bool {
            switch self {
            case .percent(let percent): percent < 10
            case .millivolts(let millivolts): millivolts < 1200
            }
        }

        /// As people read it.
        var text: String {
            switch self {
            case .percent(let percent): "\(Int(percent.rounded())) %"
            case .millivolts(let millivolts): "\(Int(millivolts.rounded())) mV"
            }
        }
    }

    var button: String?
    var press: Press?
    var battery: Battery?
}

/// A message as it came over HTTP.
struct ButtonPayload: Sendable {
    var query: [(name: String, value: String)] = []
    /// Media type without parameters, in lower case; nil where none was said.
    var contentType: String?
    var body: [UInt8] = []
    /// Receipt, Unix time in ms.
    var now: Int
}
