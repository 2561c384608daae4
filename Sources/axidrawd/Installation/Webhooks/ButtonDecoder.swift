internal import HTTP
internal import Text

/// Reads what a sender of presses sends: a pure function from its message to a press, one for each vendor's format.
///
/// Whether a click was double or long is the device's decision; nothing is measured here.
struct ButtonDecoder: Sendable {
    /// As in the address: `/v1/webhooks/{source}`.
    var source: String
    var decode: @Sendable (ButtonMembers, _ now: Int) throws(Problem) -> ButtonMessage

    /// Senders with a format of their own; every other name speaks the plain one.
    static let all: [ButtonDecoder] = [
        .init(source: "aws-iot", decode: awsIoT), .init(source: "aws-1-click", decode: awsOneClick),
        .init(source: "flic", decode: flic), .init(source: "shelly", decode: shelly),
        .init(source: "home-assistant", decode: plain), .init(source: "esphome", decode: plain),
        .init(source: "plain", decode: plain),
    ]

    /// What a message of this source says.
    static func message(source: String, _ payload: ButtonPayload) throws(Problem) -> ButtonMessage {
        guard isSource(source) else {
            throw Problem(404, "unknown-source", "No such source", "A source is 1 to 64 letters, digits or hyphens.")
        }
        let decoder = all.first { $0.source == source }
        let members = try ButtonMembers(payload)
        return try (decoder?.decode ?? plain)(members, payload.now)
    }

    /// Whether this can be the name of a source.
    static func isSource(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                ASCII.isDigit($0) || (0x61...0x7A).contains(ASCII.lowercased($0)) || $0 == UInt8(ascii: "-")
            }
    }

    /// A press that is none of ours.
    static func unusable(_ detail: String) -> Problem {
        Problem(422, "press", "No press that is known", detail)
    }

    /// The kind that one of the listed words names, or a refusal that lists them.
    static func kind(_ word: String?, member: String, _ words: [(String, PenPress)]) throws(Problem) -> PenPress {
        let known = words.map(\.0).joined(separator: ", ")
        guard let word else { throw unusable("\(member) is missing; it is one of \(known).") }
        guard let found = words.first(where: { $0.0.lowercased() == word.lowercased() }) else {
            throw unusable("\(member) is \(quoted(String(word.prefix(40)))); known are \(known).")
        }
        return found.1
    }

    // MARK: Plain

    /// `{"press": "single", "device": "…", "at": …, "battery": …, "id": "…"}`, or the same as query or form.
    static let plain: @Sendable (ButtonMembers, Int) throws(Problem) -> ButtonMessage = {
        (members, _) throws(Problem) in
        let words: [(String, PenPress)] = [
            ("single", .single), ("double", .double), ("long", .long), ("hold", .long),
        ]
        let button = members.text("device", "button")
        let kind = try kind(members.text("press"), member: "press", words)
        let press = Press(button: button, kind: kind, id: members.text("id"), time: members.time("at"))
        return ButtonMessage(button: button, press: press, battery: percent(members.number("battery")))
    }

    // MARK: Vendors

    /// The AWS IoT button of 2015, relayed: `{"serialNumber", "batteryVoltage": "1615mV", "clickType": "SINGLE"}`.
    static let awsIoT: @Sendable (ButtonMembers, Int) throws(Problem) -> ButtonMessage = {
        (members, _) throws(Problem) in
        let words: [(String, PenPress)] = [("SINGLE", .single), ("DOUBLE", .double), ("LONG", .long)]
        guard let serial = members.text("serialNumber") else { throw unusable("serialNumber is missing.") }
        let kind = try kind(members.text("clickType"), member: "clickType", words)
        let press = Press(button: serial, kind: kind, id: members.text("id"), time: members.time("at"))
        return ButtonMessage(button: serial, press: press, battery: voltage(members.text("batteryVoltage")))
    }

    /// `1615mV`; a voltage that cannot be read is no reason to lose a press.
    private static func voltage(_ text: String?) -> ButtonMessage.Battery? {
        guard let text, text.hasSuffix("mV") else { return nil }
        guard let number = NumberText.number(text.dropLast(2)), (0...100_000).contains(number) else { return nil }
        return .millivolts(number)
    }

    /// Charge of a battery; nonsense is nothing.
    private static func percent(_ number: Double?) -> ButtonMessage.Battery? {
        guard let number, (0...100).contains(number) else { return nil }
        return .percent(number)
    }

    /// AWS IoT 1-Click, relayed: `deviceEvent.buttonClicked` with `clickType` and `reportedTime`.
    static let awsOneClick: @Sendable (ButtonMembers, Int) throws(Problem) -> ButtonMessage = {
        (members, _) throws(Problem) in
        guard let event = members.inner("deviceEvent") else { throw unusable("deviceEvent is missing.") }
        let info = members.inner("deviceInfo")
        let battery = percent(info?.number("remainingLife"))
        guard let device = info?.text("deviceId") else { throw unusable("deviceInfo.deviceId is missing.") }
        // The same envelope carries reports of health.
        guard let clicked = event["buttonClicked"], clicked != .null else {
            return ButtonMessage(button: device, press: nil, battery: battery)
        }
        guard let click = event.inner("buttonClicked") else { throw unusable("buttonClicked is no object.") }
        let words: [(String, PenPress)] = [("SINGLE", .single), ("DOUBLE", .double), ("LONG", .long)]
        let kind = try kind(click.text("clickType"), member: "deviceEvent.buttonClicked.clickType", words)
        let press = Press(
            button: device, kind: kind, id: click.text("reportedTime"), time: click.time("reportedTime"))
        return ButtonMessage(button: device, press: press, battery: battery)
    }

    /// Flic: the hub's script (`bdaddr` with `isSingleClick`, `isDoubleClick`, `isHold`), its older clients
    /// (`clickType` with `wasQueued` and `timeDiff` in s), or a request written by the user (plain).
    static let flic: @Sendable (ButtonMembers, Int) throws(Problem) -> ButtonMessage = {
        (members, now) throws(Problem) in
        let button = members.text("bdaddr", "bdAddr", "bd_addr", "device", "button", "serialNumber")
        let kind: PenPress
        let flags: [(String, PenPress)] = [("isSingleClick", .single), ("isDoubleClick", .double), ("isHold", .long)]
        if flags.contains(where: { members[$0.0] != nil }) {
            let set = flags.filter { members.isTrue($0.0) }
            guard set.count == 1 else {
                throw unusable("Exactly one of isSingleClick, isDoubleClick and isHold must be true.")
            }
            kind = set[0].1
        } else {
            let words: [(String, PenPress)] = [
                ("ButtonSingleClick", .single), ("ButtonDoubleClick", .double), ("ButtonHold", .long),
                ("single", .single), ("double", .double), ("long", .long), ("hold", .long), ("click", .single),
            ]
            kind = try ButtonDecoder.kind(members.text("clickType", "press"), member: "clickType or press", words)
        }
        var time = members.time("at")
        if let age = members.number("timeDiff", "age"), age >= 0, age < 1e9 { time = now - Int(age * 1000) }
        let press = Press(button: button, kind: kind, id: members.text("id"), time: time)
        let battery = percent(members.number("batteryStatus", "battery"))
        return ButtonMessage(button: button, press: press, battery: battery)
    }

    /// Shelly, both generations: a request whose address was set per kind of push, the kind in `event` or `press`.
    static let shelly: @Sendable (ButtonMembers, Int) throws(Problem) -> ButtonMessage = {
        (members, _) throws(Problem) in
        let button = members.text("device", "button")
        let kind = try kind(members.text("event", "press"), member: "event or press", shellyWords)
        let press = Press(button: button, kind: kind, id: members.text("event_id"), time: members.time("at"))
        return ButtonMessage(button: button, press: press, battery: percent(members.number("battery")))
    }

    private static let shellyWords: [(String, PenPress)] = [
        ("single", .single), ("double", .double), ("long", .long), ("S", .single), ("SS", .double), ("L", .long),
        ("shortpush", .single), ("double_shortpush", .double), ("longpush", .long), ("shortpush_url", .single),
        ("double_shortpush_url", .double), ("longpush_url", .long), ("input.button_push", .single),
        ("input.button_doublepush", .double), ("input.button_longpush", .long), ("button.single_push", .single),
        ("button.double_push", .double), ("button.long_push", .long),
    ]
}
