internal import Simulator
internal import Text

extension Replay.Summary {
    /// The members of `replay --json`, in one line; also what `board --trace` ends with.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("firmware")
            json.value(firmware.description)
            json.key("commands")
            json.value(commands)
            json.key("errors")
            json.array { json in for error in errors { Self.write(error, to: &json) } }
            json.key("ticks")
            json.value(ticks)
            json.key("durationSeconds")
            json.value(durationSeconds, decimals: 6)
            writePlace(to: &json)
            json.key("penLifts")
            json.value(penLifts)
            json.key("penDownMillimetres")
            json.value(penDownMillimetres, decimals: 4)
            json.key("penUpMillimetres")
            json.value(penUpMillimetres, decimals: 4)
            json.key("incidents")
            json.array { json in for incident in incidents { incident.write(to: &json) } }
        }
    }

    private func writePlace(to json: inout JSONWriter) {
        json.key("position")
        json.object { json in
            json.key("motor1")
            json.value(motor1)
            json.key("motor2")
            json.value(motor2)
        }
        json.key("carriage")
        json.object { json in
            json.key("xMillimetres")
            json.value(xMillimetres, decimals: 5)
            json.key("yMillimetres")
            json.value(yMillimetres, decimals: 5)
        }
        json.key("penUp")
        json.value(penUp)
    }

    private static func write(_ error: Replay.ErrorLine, to json: inout JSONWriter) {
        json.object { json in
            json.key("command")
            json.value(error.command)
            json.key("text")
            json.value(error.text)
        }
    }

    /// A few lines for people.
    var text: String {
        var lines = [
            "\(commands) commands, \(penLifts) pen lifts, "
                + "\(rounded(durationSeconds, 2)) s (\(ticks) ticks) on firmware \(firmware)",
            "pen down \(rounded(penDownMillimetres, 1)) mm, pen up \(rounded(penUpMillimetres, 1)) mm",
            "ends at \(rounded(xMillimetres, 4)), \(rounded(yMillimetres, 4)) mm with the pen "
                + (penUp ? "up" : "down") + "; counters \(motor1), \(motor2)",
        ]
        lines += Self.listed("error", errors.map { "command \($0.command): \($0.text)" })
        lines += Self.listed(
            "incident",
            incidents.map { incident in
                "\(incident.kind.rawValue) at tick \(incident.tick), command \(incident.command), "
                    + "\(rounded(incident.xMillimetres, 2)), \(rounded(incident.yMillimetres, 2)) mm"
            })
        return lines.joined(separator: "\n") + "\n"
    }

    /// The first ten of a list under its count.
    private static func listed(_ name: String, _ items: [String]) -> [String] {
        guard !items.isEmpty else { return ["no \(name)s"] }
        let rest = items.count > 10 ? ["  … and \(items.count - 10) more"] : []
        return ["\(items.count) \(name)\(items.count == 1 ? "" : "s"):"] + items.prefix(10).map { "  " + $0 } + rest
    }
}

extension Incident {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("tick")
            json.value(tick)
            json.key("kind")
            json.value(kind.rawValue)
            json.key("command")
            json.value(command)
            json.key("xMillimetres")
            json.value(xMillimetres, decimals: 5)
            json.key("yMillimetres")
            json.value(yMillimetres, decimals: 5)
            if let gapTicks {
                json.key("gapTicks")
                json.value(gapTicks)
            }
        }
    }
}

/// A number for people with at most so many decimals.
private func rounded(_ value: Double, _ decimals: Int) -> String {
    var json = JSONWriter()
    json.value(value, decimals: decimals)
    return String(decoding: json.bytes, as: UTF8.self)
}
