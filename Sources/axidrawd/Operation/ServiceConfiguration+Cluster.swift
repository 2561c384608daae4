internal import HTTP
internal import Text

/// The member `cluster`: the Consul that is told of this daemon, and the Nomad that draws what its buttons ask for.
extension ServiceConfiguration {
    private static let consulNames = [
        "url", "tokenFile", "datacenter", "service", "id", "address", "tags", "ttlSeconds", "prefix", "cycle",
    ]
    private static let nomadNames = ["url", "tokenFile", "namespace", "region", "job", "jobs"]

    static func clusterPlan(_ value: JSONValue) throws(Reason) -> ClusterPlan {
        var plan = ClusterPlan()
        for (name, value) in try members(value, "cluster", known: ["consul", "nomad", "keyFile"]) {
            // As it is shown where nothing is set.
            if case .null = value { continue }
            let pointer = "cluster/" + name
            switch name {
            case "consul": plan.consul = try consul(value, pointer)
            case "nomad": plan.nomad = try nomad(value, pointer)
            default: plan.keyFile = try path(value, pointer, "keyFile", credential: ClusterPlan.credential)
            }
        }
        return plan
    }

    // MARK: Consul

    private static func consul(_ value: JSONValue, _ pointer: String) throws(Reason) -> ConsulPlan {
        let members = try members(value, pointer, known: consulNames).filter {
            if case .null = $0.1 { false } else { true }
        }
        var plan = ConsulPlan(location: try server(members, pointer, example: "http://127.0.0.1:8500"))
        for (name, value) in members {
            let place = "\(pointer)/\(name)"
            switch name {
            case "tokenFile": plan.tokenFile = try path(value, place, credential: ConsulPlan.credential)
            case "datacenter": plan.datacenter = try word(value, place)
            case "service": plan.service = try serviceName(value, place)
            case "id": plan.id = try word(value, place)
            case "address": plan.address = try base(value, place)
            case "tags":
                guard case .array(let items) = value, items.count <= 32 else {
                    throw Reason(pointer: place, text: "tags must be a list of at most 32 texts")
                }
                plan.tags = try texts(items, place)
            case "ttlSeconds":
                guard case .integer(let number) = value, ConsulPlan.ttlRange.contains(number) else {
                    let range = ConsulPlan.ttlRange
                    throw Reason(
                        pointer: place,
                        text: "ttlSeconds must be a whole number from \(range.lowerBound) to \(range.upperBound)")
                }
                plan.ttlSeconds = number
            case "prefix":
                guard case .string(let text) = value, isKeyPart(text) else {
                    throw Reason(
                        pointer: place,
                        text: "prefix must be what keys begin with, such as \"studio/\": at most 128 letters, digits "
                            + "and - _ . /, not beginning with /")
                }
                plan.prefix = text
            case "cycle":
                guard case .string(let text) = value, ["shared", "own"].contains(text) else {
                    throw Reason(pointer: place, text: "cycle must be \"shared\" or \"own\"")
                }
                plan.sharesCycle = text == "shared"
            default: break  // url, which has been read
            }
        }
        return plan
    }

    // MARK: Nomad

    private static func nomad(_ value: JSONValue, _ pointer: String) throws(Reason) -> NomadPlan {
        let members = try members(value, pointer, known: nomadNames).filter {
            if case .null = $0.1 { false } else { true }
        }
        var plan = NomadPlan(location: try server(members, pointer, example: "http://127.0.0.1:4646"))
        for (name, value) in members {
            let place = "\(pointer)/\(name)"
            switch name {
            case "tokenFile": plan.tokenFile = try path(value, place, credential: NomadPlan.credential)
            case "namespace": plan.namespace = try word(value, place)
            case "region": plan.region = try word(value, place)
            case "job": plan.job = try job(value, place)
            case "jobs":
                guard case .object(let jobs) = value else {
                    throw Reason(
                        pointer: place, text: "jobs must be an object such as { \"plot1\": \"plotter1\" }")
                }
                for (plotter, value) in jobs { plan.jobs[plotter] = try job(value, "\(place)/\(plotter)") }
            default: break  // url, which has been read
            }
        }
        guard plan.job != nil || !plan.jobs.isEmpty else {
            throw Reason(
                pointer: pointer,
                text: "nomad needs the job that a press dispatches: job, or jobs with one for each plotter")
        }
        return plan
    }

    /// Names of jobs at Nomad: up to 128 bytes without blanks; a slash would name a dispatched child.
    private static func job(_ value: JSONValue, _ pointer: String) throws(Reason) -> String {
        guard case .string(let text) = value, (1...128).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != ASCII.slash })
        else {
            throw Reason(pointer: pointer, text: "a job's name must be 1 to 128 visible characters without a slash")
        }
        return text
    }

    // MARK: Both

    /// The member `url`: a server without a path, which everything else is asked of.
    private static func server(
        _ members: [(String, JSONValue)], _ pointer: String, example: String
    ) throws(Reason) -> HTTPLocation {
        guard let value = members.first(where: { $0.0 == "url" })?.1 else {
            throw Reason(pointer: pointer, text: "\(pointer) needs a url such as \(quoted(example))")
        }
        guard case .string(let text) = value, let location = HTTPLocation(text), ["", "/"].contains(location.target)
        else {
            throw Reason(
                pointer: pointer + "/url",
                text: "url must be a server without a path, such as \(quoted(example)), or unix:PATH")
        }
        return HTTPLocation(location.server, target: "")
    }

    /// Where others reach this daemon: a host they know, a path where a proxy adds one, no query.
    private static func base(_ value: JSONValue, _ pointer: String) throws(Reason) -> HTTPLocation {
        guard case .string(let text) = value, isWebAddress(text), let location = HTTPLocation(text),
            !location.target.contains("?")
        else {
            throw Reason(
                pointer: pointer,
                text: "address must be where others reach this daemon, such as \"http://plotter.local:8080\"")
        }
        return HTTPLocation(
            location.server,
            target: location.target.hasSuffix("/") ? String(location.target.dropLast()) : location.target)
    }

    private static func path(_ value: JSONValue, _ pointer: String, _ name: String = "tokenFile", credential: String)
        throws(Reason) -> String
    {
        guard case .string(let text) = value, text.hasPrefix("/"), !text.utf8.contains(0) else {
            throw Reason(
                pointer: pointer,
                text: "\(name) must be the whole path of a file that only this user may read; without it the "
                    + "credential \(credential) is used, if there is one")
        }
        return text
    }

    private static func word(_ value: JSONValue, _ pointer: String) throws(Reason) -> String {
        guard case .string(let text) = value, (1...128).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw Reason(pointer: pointer, text: "it must be a text of 1 to 128 visible characters without blanks")
        }
        return text
    }

    /// A name that is one in DNS too, with `-plotter` behind it.
    private static func serviceName(_ value: JSONValue, _ pointer: String) throws(Reason) -> String {
        guard case .string(let text) = value, (1...50).contains(text.utf8.count), !text.hasPrefix("-"),
            text.utf8.allSatisfy({
                ASCII.isDigit($0) || (0x61...0x7A).contains(ASCII.lowercased($0)) || $0 == UInt8(ascii: "-")
            })
        else {
            throw Reason(
                pointer: pointer, text: "service must be 1 to 50 letters, digits or hyphens, as a name in DNS is")
        }
        return text
    }

    private static func isKeyPart(_ text: String) -> Bool {
        text.utf8.count <= 128 && !text.hasPrefix("/")
            && text.utf8.allSatisfy {
                ASCII.isDigit($0) || (0x61...0x7A).contains(ASCII.lowercased($0)) || "-_./".utf8.contains($0)
            }
    }
}
