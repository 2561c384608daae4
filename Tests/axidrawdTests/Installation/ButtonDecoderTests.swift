internal import TestSupport
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// Every sender's message, in and out.
struct ButtonDecoderTests {
    private static let now = 1_700_000_000_000

    private func message(
        _ source: String, _ body: String = "", query: [(name: String, value: String)] = [],
        type: String? = "application/json"
    ) throws(Problem) -> ButtonMessage {
        try ButtonDecoder.message(
            source: source,
            ButtonPayload(query: query, contentType: type, body: Array(body.utf8), now: Self.now))
    }

    private func status(_ source: String, _ body: String, query: [(name: String, value: String)] = []) -> Int {
        do throws(Problem) { _ = try message(source, body, query: query) } catch { return error.status }
        return 200
    }

    @Test func readsTheAWSIoTButton() throws {
        for (word, kind) in [("SINGLE", PenPress.single), ("DOUBLE", .double), ("LONG", .long)] {
            let found = try message(
                "aws-iot",
                #"{"serialNumber":"G030JF055364XVRB","batteryVoltage":"1615mV","clickType":"\#(word)"}"#)
            #expect(found.press == Press(button: "G030JF055364XVRB", kind: kind))
            #expect(found.battery == .millivolts(1615) && found.battery?.isLow == false)
        }
        let weak = try message("aws-iot", #"{"serialNumber":"G","batteryVoltage":"1100mV","clickType":"LONG","x":[]}"#)
        #expect(weak.battery?.isLow == true)
        let odd = try message("aws-iot", #"{"serialNumber":"G","batteryVoltage":"1e999mV","clickType":"LONG"}"#)
        #expect(odd.battery == nil && odd.press?.kind == .long)
        #expect(status("aws-iot", #"{"serialNumber":"G","clickType":"TRIPLE"}"#) == 422)
        #expect(status("aws-iot", #"{"clickType":"SINGLE"}"#) == 422)
    }

    @Test func readsAWSOneClick() throws {
        let envelope = #"""
            {"deviceEvent":{"buttonClicked":{"clickType":"SINGLE","reportedTime":"2018-05-04T23:26:33.747Z"}},
             "deviceInfo":{"attributes":{},"type":"button","deviceId":"G030PM0123456789","remainingLife":5.0},
             "placementInfo":{"projectName":"p","placementName":"q","attributes":{},"devices":{}}}
            """#
        let found = try message("aws-1-click", envelope)
        #expect(
            found.press
                == Press(
                    button: "G030PM0123456789", kind: .single, id: "2018-05-04T23:26:33.747Z",
                    time: 1_525_476_393_747))
        #expect(found.battery == .percent(5) && found.battery?.isLow == true)
        let health = try message(
            "aws-1-click",
            #"{"deviceEvent":{"deviceHealthMonitor":{"condition":"OK"}},"deviceInfo":{"deviceId":"G","remainingLife":80}}"#
        )
        #expect(health == ButtonMessage(button: "G", press: nil, battery: .percent(80)))
        #expect(status("aws-1-click", #"{"deviceInfo":{"deviceId":"G"}}"#) == 422)
        #expect(status("aws-1-click", #"{"deviceEvent":{"buttonClicked":7},"deviceInfo":{"deviceId":"G"}}"#) == 422)
    }

    @Test func readsFlic() throws {
        let flags = [("isSingleClick", PenPress.single), ("isDoubleClick", .double), ("isHold", .long)]
        for (name, kind) in flags {
            let others = flags.filter { $0.0 != name }.map { "\"\($0.0)\":false" }.joined(separator: ",")
            let found = try message("flic", "{\"bdaddr\":\"80:e4:da:71:00:01\",\"\(name)\":true,\(others)}")
            #expect(found.press == Press(button: "80:e4:da:71:00:01", kind: kind))
        }
        #expect(status("flic", #"{"bdaddr":"a","isSingleClick":false,"isHold":false}"#) == 422)
        #expect(status("flic", #"{"bdaddr":"a","isSingleClick":true,"isHold":true}"#) == 422)
        let queued = try message(
            "flic", #"{"bdaddr":"a","clickType":"ButtonHold","wasQueued":true,"timeDiff":45.5}"#)
        #expect(queued.press == Press(button: "a", kind: .long, time: Self.now - 45_500))
        let written = try message("flic", query: [("press", "double"), ("device", "a")], type: nil)
        #expect(written.press == Press(button: "a", kind: .double))
    }

    @Test func readsShelly() throws {
        let events: [(String, PenPress)] = [
            ("S", .single), ("SS", .double), ("L", .long), ("shortpush", .single), ("double_shortpush", .double),
            ("longpush", .long), ("input.button_push", .single), ("input.button_doublepush", .double),
            ("input.button_longpush", .long), ("button.single_push", .single), ("button.double_push", .double),
            ("button.long_push", .long), ("single", .single),
        ]
        for (event, kind) in events {
            let found = try message("shelly", query: [("device", "k"), ("event", event)], type: nil)
            #expect(found.press == Press(button: "k", kind: kind), "\(event)")
        }
        // The capability address says which button it is.
        #expect(try message("shelly", query: [("press", "long")], type: nil).press == Press(kind: .long))
        for event in ["SSS", "triple_shortpush", "input.button_triplepush", "button.triple_push", ""] {
            #expect(status("shelly", "", query: [("event", event)]) == 422, "\(event)")
        }
    }

    @Test func readsHomeAssistantESPHomeAndAnythingElse() throws {
        for source in ["home-assistant", "esphome", "plain", "my-own-thing"] {
            let found = try message(
                source,
                #"{"press":"Single","device":"door","at":"2023-11-14T22:13:20Z","battery":9,"id":"x1","more":{"a":1}}"#)
            #expect(found.press == Press(button: "door", kind: .single, id: "x1", time: 1_700_000_000_000))
            #expect(found.battery?.isLow == true)
        }
        let form = try message("plain", "press=long&device=a+b", type: "application/x-www-form-urlencoded")
        #expect(form.press == Press(button: "a b", kind: .long))
        #expect(try message("plain", #"{"press":"hold","at":1700000000}"#).press?.time == 1_700_000_000_000)
        #expect(try message("plain", #"{"press":"hold","at":"yesterday"}"#).press?.time == nil)
    }

    @Test func saysWhatIsWrong() {
        #expect(status("plain", "") == 422)
        #expect(status("plain", "{") == 400)
        #expect(status("plain", "[1]") == 400)
        #expect(status("plain", #"{"press":"treble"}"#) == 422)
        #expect(status("plain", #"{"press":7}"#) == 422)
        #expect(status("a/b", "{}") == 404)
        #expect(status("", "{}") == 404)
        do throws(Problem) { _ = try message("plain", #"{"press":"treble"}"#) } catch {
            #expect(error.detail.contains("treble") && error.detail.contains("single, double, long"))
        }
    }

    @Test func readsMoments() {
        let known: [(String, Int?)] = [
            ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:00:00.5Z", 951_825_600_500),
            ("2018-05-05T01:26:33.747123+02:00", 1_525_476_393_747), ("2018-05-04T23:26:33", nil),
            ("2018-13-04T23:26:33Z", nil), ("2018-05-04T23:26:33.Z", nil), ("2018-05-04T23:26:33Zx", nil), ("", nil),
        ]
        for (text, expected) in known { #expect(Timestamp.unixMilliseconds(text) == expected, "\(text)") }
        #expect(DateText.stamp(unixMilliseconds: 951_825_600_500) == "2000-02-29T12:00:00.500Z")
    }

    /// Nothing that is sent makes a decoder trap, and what it takes for a press is small.
    @Test func survivesAnything() {
        let seed: UInt64 = 9
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let words = [
            "press", "device", "clickType", "deviceEvent", "buttonClicked", "reportedTime", "batteryVoltage", "battery",
            "isHold", "timeDiff", "at", "serialNumber", "deviceInfo", "deviceId", "remainingLife", "event", "SINGLE",
            "single", "{", "}", "[", ":", ",", "\"", "1e308", "-1e-400", "99999999999999999999", "true", "null",
            "\\u0000",
            "2018-05-04T23:26:33.747Z", "1615mV", "\u{0}", "ä",
        ]
        let sources = ButtonDecoder.all.map(\.source)
        var presses = 0
        for _ in 0..<20_000 {
            var body: [UInt8] = []
            if random.unit() < 0.3 {
                body = (0..<Int(random.unit() * 80)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            } else if random.unit() < 0.5 {
                for _ in 0..<Int(random.unit() * 30) { body += words[Int(random.unit() * Double(words.count))].utf8 }
            } else {
                let members = (0..<1 + Int(random.unit() * 6)).map { _ in
                    let value = words[Int(random.unit() * Double(words.count))]
                    let isBare = random.unit() < 0.3
                    return "\"\(words[Int(random.unit() * 16)])\":" + (isBare ? value : "\"\(value)\"")
                }
                body = Array("{\(members.joined(separator: ","))}".utf8)
            }
            let source = sources[Int(random.unit() * Double(sources.count))]
            let type = random.unit() < 0.2 ? "application/x-www-form-urlencoded" : nil
            let payload = ButtonPayload(contentType: type, body: body, now: Self.now)
            do throws(Problem) {
                let found = try ButtonDecoder.message(source: source, payload)
                presses += found.press == nil ? 0 : 1
                #expect((found.press?.button?.count ?? 0) <= ButtonMembers.textLimit)
                _ = found.battery?.text
            } catch { #expect([400, 422].contains(error.status), "seed \(seed)") }
        }
        #expect(presses > 5, "seed \(seed)")
    }
}
