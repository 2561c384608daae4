internal import Foundation
internal import TestSupport
internal import Testing

/// `udev/70-axidraw.rules`: read, held to what it may say, and carried out on trees of devices as udev would.
struct UdevRulesTests {
    private static let rules = Result { try UdevRules(folder: "udev") }

    @Test func thereIsOneFileAndItSortsWhereItsTagCounts() throws {
        let rules = try Self.rules.get()
        // After 60-serial.rules, which finds name and path; before 73-seat-late.rules, which acts on the tag.
        #expect(rules.number > 60 && rules.number < 73)
        #expect(rules.fileName.hasSuffix(".rules"))
    }

    @Test func saysNothingThatIsUnknownOrHarmful() throws {
        let known = [
            "ACTION", "SUBSYSTEM", "ENV", "ATTR", "ATTRS", "GROUP", "MODE", "TAG", "SYMLINK", "LABEL", "GOTO",
        ]
        for rule in try Self.rules.get().rules {
            for term in rule {
                #expect(known.contains(term.key), "\(term)")
                if term.key == "MODE" { #expect(term.value == "0660") }
                if ["TAG", "SYMLINK"].contains(term.key) { #expect(term.operation == "+=") }
                if ["ACTION", "SUBSYSTEM", "ATTRS"].contains(term.key) { #expect(term.isMatch) }
            }
        }
    }

    /// All of a rule's matches of parents must hold on one and the same parent.
    @Test func vendorAndProductAreAskedForTogether() throws {
        for rule in try Self.rules.get().rules {
            let parents = rule.filter { $0.key == "ATTRS" && $0.isMatch }.compactMap(\.argument)
            #expect(parents.isEmpty || Set(parents) == ["idVendor", "idProduct"], "\(rule)")
        }
    }

    private static let hub = UdevDevice(
        subsystem: "usb", type: "usb_device", attributes: ["idVendor": "1d6b", "idProduct": "0002"])

    private static func board(vendor: String = "04d8", product: String = "fd92") -> UdevDevice {
        UdevDevice(
            subsystem: "usb", type: "usb_device",
            attributes: ["idVendor": vendor, "idProduct": product, "product": "EiBotBoard", "power/control": "auto"])
    }

    private static let interface = UdevDevice(
        subsystem: "usb", type: "usb_interface", attributes: ["bInterfaceNumber": "00"])

    private static func port(_ properties: [String: String]) -> UdevDevice {
        UdevDevice(subsystem: "tty", type: nil, properties: properties)
    }

    @Test func aNamedBoardGetsAccessNameAndItsService() throws {
        let path = "pci-0000:00:14.0-usb-0:2:1.0"
        let chain = [Self.port(["ID_SERIAL_SHORT": "East", "ID_PATH": path]), Self.interface, Self.board(), Self.hub]
        let done = try Self.rules.get().carriedOut(on: chain, action: "add")
        #expect(done.group == "dialout" && done.mode == "0660")
        #expect(done.tags == ["uaccess", "systemd"])
        #expect(done.links == ["axidraw/East"])
        #expect(done.properties["ID_MM_PORT_IGNORE"] == "1")
        #expect(done.properties["SYSTEMD_WANTS"] == "axidrawd.service")
        for action in ["change", "bind"] {
            #expect(try Self.rules.get().carriedOut(on: chain, action: action) == done)
        }
        #expect(try Self.rules.get().carriedOut(on: chain, action: "remove") == UdevRules.Outcome())
    }

    @Test func aBoardWithoutNameIsLinkedByItsSocket() throws {
        let chain = [Self.port(["ID_PATH": "usb-0:2"]), Self.interface, Self.board(), Self.hub]
        #expect(try Self.rules.get().carriedOut(on: chain, action: "add").links == ["axidraw/usb-0:2"])
        let bare = [Self.port([:]), Self.interface, Self.board(), Self.hub]
        #expect(try Self.rules.get().carriedOut(on: bare, action: "add").links == [])
    }

    @Test func theBoardItselfIsLeftAloneAndKeptAwake() throws {
        let done = try Self.rules.get().carriedOut(on: [Self.board(), Self.hub], action: "add")
        #expect(done.properties["ID_MM_DEVICE_IGNORE"] == "1")
        #expect(done.attributes == ["power/control": "on"])
        #expect(done.tags == [] && done.mode == nil)
    }

    @Test func otherDevicesAreNotTouched() throws {
        let name = Self.port(["ID_SERIAL_SHORT": "x", "ID_PATH": "y"])
        let chains = [
            [name, Self.interface, Self.board(product: "000a"), Self.hub],
            [name, Self.interface, Self.board(vendor: "2341"), Self.hub],
            // Vendor and product on two parents.
            [name, Self.interface, Self.board(vendor: "2341"), Self.board(product: "0002")],
            [name],
            [UdevDevice(subsystem: "usb", type: "usb_interface", attributes: [:]), Self.board(), Self.hub],
            [Self.hub],
        ]
        for chain in chains {
            #expect(try Self.rules.get().carriedOut(on: chain, action: "add") == UdevRules.Outcome())
        }
    }
}

/// One device and what its parents are asked for.
private struct UdevDevice: Equatable {
    var subsystem: String
    var type: String?
    var attributes: [String: String] = [:]
    var properties: [String: String] = [:]
}

/// A file of udev rules: the part of the language that ours uses.
private struct UdevRules {
    struct Misread: Error {
        var text: String
    }

    struct Term: Equatable {
        var key: String
        /// What stands in braces.
        var argument: String?
        var operation: String
        var value: String

        var isMatch: Bool { operation == "==" || operation == "!=" }
    }

    struct Outcome: Equatable {
        var group: String?
        var mode: String?
        var tags: [String] = []
        var links: [String] = []
        var properties: [String: String] = [:]
        var attributes: [String: String] = [:]
    }

    let fileName: String
    let number: Int
    let rules: [[Term]]

    init(folder: String) throws {
        let place = packageDirectory.appending(path: folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
        guard let name = names.first, names.count == 1, let number = Int(name.prefix { $0.isNumber }) else {
            throw Misread(text: "\(names)")
        }
        fileName = name
        self.number = number
        let text = try String(contentsOf: place.appending(path: name), encoding: .utf8)
        rules = try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { try Self.rule(String($0)) }
    }

    /// `KEY{argument}OP"value", …`
    private static func rule(_ line: String) throws -> [Term] {
        let term = /([A-Z]+)(?:\{([^}]+)\})?(==|!=|\+=|=)"([^"]*)"(?:, ?|$)/
        var rest = line[...]
        var terms: [Term] = []
        while !rest.isEmpty {
            guard let match = rest.prefixMatch(of: term) else { throw Misread(text: String(rest)) }
            terms.append(
                Term(
                    key: String(match.1), argument: match.2.map { String($0) }, operation: String(match.3),
                    value: String(match.4)))
            rest = rest[match.range.upperBound...]
        }
        return terms
    }

    /// What the rules do to the first device of a chain, whose parents are the others.
    func carriedOut(on chain: [UdevDevice], action: String) -> Outcome {
        var outcome = Outcome()
        var label: String?
        for rule in rules {
            if let wanted = label {
                guard rule.contains(where: { $0.key == "LABEL" && $0.value == wanted }) else { continue }
                label = nil
            }
            guard matches(rule, chain, action: action, outcome) else { continue }
            for term in rule where !term.isMatch {
                if term.key == "GOTO" { label = term.value } else { assign(term, chain[0], &outcome) }
            }
        }
        return outcome
    }

    private func matches(_ rule: [Term], _ chain: [UdevDevice], action: String, _ outcome: Outcome) -> Bool {
        func holds(_ term: Term, _ value: String?) -> Bool {
            let isSame = value.map { Self.glob(term.value, $0) } ?? false
            return term.operation == "==" ? isSame : !isSame
        }
        let device = chain[0]
        let own = rule.filter { $0.isMatch && $0.key != "ATTRS" }.allSatisfy { term in
            switch term.key {
            case "ACTION": holds(term, action)
            case "SUBSYSTEM": holds(term, device.subsystem)
            case "ATTR": holds(term, term.argument.flatMap { device.attributes[$0] })
            case "ENV":
                holds(
                    term,
                    term.argument == "DEVTYPE"
                        ? device.type : term.argument.flatMap { outcome.properties[$0] ?? device.properties[$0] })
            default: false
            }
        }
        let parents = rule.filter { $0.isMatch && $0.key == "ATTRS" }
        return own
            && (parents.isEmpty
                || chain.contains { parent in
                    parents.allSatisfy { term in holds(term, term.argument.flatMap { parent.attributes[$0] }) }
                })
    }

    /// `?*` is anything but nothing; nothing else of the pattern language is used.
    private static func glob(_ pattern: String, _ text: String) -> Bool {
        pattern == "?*" ? !text.isEmpty : pattern == text
    }

    private func assign(_ term: Term, _ device: UdevDevice, _ outcome: inout Outcome) {
        var value = term.value
        for name in ["ID_SERIAL_SHORT", "ID_PATH"] {
            value = value.replacing("$env{\(name)}", with: device.properties[name] ?? "")
        }
        switch (term.key, term.argument) {
        case ("GROUP", _): outcome.group = value
        case ("MODE", _): outcome.mode = value
        case ("TAG", _): outcome.tags.append(value)
        case ("SYMLINK", _): outcome.links.append(value)
        case ("ENV", .some(let name)): outcome.properties[name] = value
        case ("ATTR", .some(let name)): outcome.attributes[name] = value
        default: break
        }
    }
}
