internal import EBB
internal import Foundation
internal import Motion
internal import Simulator
internal import TestSupport

@testable internal import axidrawd

/// One folder of fixtures/plots: a drawing with its options and the goldens of every stage.
struct Fixture {
    let name: String
    let folder: URL
    let drawing: [UInt8]
    /// Flags of `plan` for the stage goldens.
    let flags: [String]

    /// Every folder that holds a drawing.
    static let names: [String] = {
        let root = packageDirectory.appendingPathComponent("fixtures/plots")
        let all = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return all.filter {
            FileManager.default.fileExists(atPath: root.appendingPathComponent("\($0)/input.svg").path)
        }.sorted()
    }()

    init(_ name: String) throws {
        self.name = name
        folder = packageDirectory.appendingPathComponent("fixtures/plots/\(name)")
        drawing = [UInt8](try Data(contentsOf: folder.appendingPathComponent("input.svg")))
        let options = try JSONDecoder().decode(
            [String: [String]].self, from: Data(contentsOf: folder.appendingPathComponent("options.json")))
        flags = options["flags"] ?? []
    }

    func golden(_ file: String) -> URL { folder.appendingPathComponent(file) }

    /// What the flags mean, read by the program's own parser.
    static func request(_ flags: [String]) throws -> PlotRequest {
        let parser = ArgumentParser(table: Verb.all, standard: Verb.standard)
        guard case .run(let invocation) = try parser.parse(["plan", "input.svg"] + flags) else {
            throw ExitCode.usage
        }
        return try invocation.plotRequest()
    }

    func prepared(_ request: PlotRequest) throws -> PreparedPlot {
        try PreparedPlot(drawing: drawing, request: request, execution: .serial)
    }
}

extension PreparedPlot {
    /// What a virtual board makes of the stream.
    func replayed(_ request: PlotRequest) -> Replay.Summary {
        Replay(request.board).run(bytes(lineEnd: UInt8(ascii: "\r")))
    }
}
