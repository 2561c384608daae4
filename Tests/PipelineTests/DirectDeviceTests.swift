internal import EBB
internal import Foundation
internal import Simulator
internal import TestSupport
internal import Testing

/// The verbs of `device` without a daemon: on a port, here a pseudo-terminal, and on a board of their own.
@Suite(.serialized) struct DirectDeviceTests {
    /// What `--json` tells of the board.
    private struct Told: Decodable {
        struct Position: Decodable {
            var xMillimetres: Double
            var yMillimetres: Double
            var penUp: Bool
        }

        var name: String
        var simulated: Bool
        var firmware: String
        var motorsOn: Bool?
        var position: Position
        var place: [Double] { [position.xMillimetres, position.yMillimetres] }
    }

    private static func told(_ words: [String], on place: [String]) throws -> Told {
        let outcome = try Executable.run(["device"] + words + place + ["--json"])
        try #require(outcome.code == 0, "\(words): \(outcome.errors)")
        return try JSONDecoder().decode(Told.self, from: Data(outcome.output.utf8))
    }

    @Test(arguments: ["2.8.1", "3.0.3"]) func everyVerbWorksOnAPort(_ firmware: String) throws {
        let version = try #require(FirmwareVersion(firmware))
        let served = try ServedBoard(BoardConfiguration(firmware: version), isOnce: false)
        defer { served.stop() }
        func device(_ words: String...) throws -> Told { try Self.told(words, on: ["--device", served.path]) }

        let first = try device("show")
        #expect(first.firmware == firmware && !first.simulated && first.motorsOn == false && first.name.isEmpty)
        #expect(try device("motors", "on").motorsOn == true)
        #expect(try device("walk", "10", "5").place == [10, 5])
        // Each verb is a process of its own; the board keeps where it is.
        #expect(try device("move", "3", "4").place == [3, 4])
        let carriage = try served.look { [$0.carriage.xMillimetres, $0.carriage.yMillimetres] }
        #expect(carriage == [3, 4])
        #expect(try device("pen", "down").position.penUp == false)
        #expect(try served.look { $0.isPenTouching })
        #expect(try device("pen", "toggle").position.penUp)
        #expect(try device("pen", "down").position.penUp == false)
        let walked = try device("walk", "-1", "0")
        #expect(walked.place == [2, 4] && walked.position.penUp)
        #expect(try device("pen", "cycle").position.penUp)
        #expect(try device("home").place == [0, 0])
        #expect(try served.look { $0.penLifts } == 3)
        // Moves by hand are short and end without a ramp; nothing else is amiss.
        #expect(try served.look { board in board.incidents.allSatisfy { $0.kind == .starved } })
        let aligned = try device("align")
        #expect(aligned.motorsOn == false && aligned.position.penUp)
        #expect(try device("motors", "off").motorsOn == false)

        let reply = try Executable.run(["device", "send", "V", "--device", served.path])
        #expect(reply.code == 0 && reply.output.hasSuffix(" \(firmware)\n"), "\(reply.output)\(reply.errors)")
        let named = try Executable.run(["device", "name", "studio 2", "--device", served.path])
        #expect(named.code == 0, "\(named.errors)")
        #expect(try device("show").name == "studio 2")
        #expect(try Executable.run(["device", "show", "--device", served.path]).output.contains("\"studio 2\""))
    }

    @Test func anOldBoardComesHomeToo() throws {
        let served = try ServedBoard(BoardConfiguration(firmware: FirmwareVersion(2, 5, 3)), isOnce: false)
        defer { served.stop() }
        let walked = try Self.told(["walk", "4", "2"], on: ["--device", served.path])
        // It cannot tell whether its motors are on, nor its name.
        #expect(walked.place == [4, 2] && walked.motorsOn == nil && walked.name.isEmpty)
        #expect(try Self.told(["home"], on: ["--device", served.path]).place == [0, 0])
        #expect(try served.look { $0.motors.motor1 == 0 && $0.motors.motor2 == 0 })
    }

    @Test func aBoardOfItsOwnNeedsNoPort() throws {
        let told = try Self.told(["walk", "10", "5"], on: ["--simulate"])
        #expect(told.simulated && told.place == [10, 5] && told.position.penUp && told.motorsOn == true)
        #expect(
            try Self.told(["pen", "down"], on: ["--simulate", "--profile", "nextdraw-1117"]).position.penUp == false)
    }

    @Test func aPortInUseIsRefusedInWords() throws {
        let served = try ServedBoard(BoardConfiguration(), isOnce: false)
        defer { served.stop() }
        let verb = [Executable.place.path, "device", "home", "--device", served.path]
        let outcome = try Tool.run(["flock", "--nonblock", served.path] + verb)
        #expect(outcome.code == 75 && outcome.errors.contains("another program holds it"), "\(outcome)")
        #expect(try served.look { $0.commandCount } == 0)
    }

    @Test func motorsWithoutPowerDoNotMove() throws {
        var configuration = BoardConfiguration()
        configuration.supplyCounts = 20
        let served = try ServedBoard(configuration, isOnce: false)
        defer { served.stop() }
        for words in [["home"], ["walk", "1", "1"], ["move", "1", "1"], ["motors", "on"]] {
            let outcome = try Executable.run(["device"] + words + ["--device", served.path])
            #expect(outcome.code == 69 && outcome.errors.contains("motor power is off"), "\(words): \(outcome)")
        }
        #expect(try Self.told(["show"], on: ["--device", served.path]).motorsOn == false)
    }

    @Test(arguments: [
        (["walk", "1", "x"], "DY"), (["walk", "1", "9999"], "DY"), (["move", "500", "1"], "outside the machine"),
        (["move", "1", "-1"], "outside the machine"), (["name", "a,b"], "NAME"), (["name", ""], "NAME"),
        (["pen", "sideways"], "pen"), (["motors", "maybe"], "motors"), (["send", "V\rV"], "COMMAND"),
        (["home", "--device", "/dev/null"], "exclude"), (["home", "--url", "http://localhost:1"], "--url"),
    ])
    func nonsenseIsAWrongCommandLine(_ words: [String], _ part: String) throws {
        let outcome = try Executable.run(["device"] + words + ["--simulate"])
        #expect(outcome.code == 64 && outcome.errors.contains(part), "\(outcome)")
    }

    @Test func whatIsNoBoardIsToldInWords() throws {
        let missing = try Executable.run(["device", "show", "--device", "/dev/no-such-board"])
        #expect(missing.code == 69 && missing.errors.contains("/dev/no-such-board"), "\(missing)")
        let profile = try Executable.run(["device", "show", "--device", "plot1", "--profile", "axidraw-v3"])
        #expect(profile.code == 64 && profile.errors.contains("--profile"), "\(profile)")
        let refused = try Executable.run(["device", "send", "XX", "--simulate"])
        #expect(refused.code == 1 && refused.errors.contains("XX"), "\(refused)")
    }
}
