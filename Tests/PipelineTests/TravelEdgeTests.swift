internal import EBB
internal import Foundation
internal import Motion
internal import Simulator
internal import Testing

@testable internal import axidrawd

/// Lines along the ends of the machine's travel, as frames are: a large tolerance lets moves pass beside a line, but not the
/// carriage beyond where it stops.
struct TravelEdgeTests {
    /// Of the standard machine, mm.
    private static let (width, height) = (300.0, 218.0)

    private static let shapes: [String] =
        [0, 0.2, 1, 5, 20, 109].map { radius in
            "<rect width='300' height='218' rx='\(radius)'/>"
        } + [
            "<ellipse cx='150' cy='109' rx='150' ry='109'/>",
            "<polyline points='\(wave)'/>",
        ]

    /// A wave that is cut off at both sides.
    private static var wave: String {
        (0...600).map { i in
            let y = 109 + min(109, max(-109, 130 * sin(0.1 * Double(i))))
            return "\(Double(i) / 2),\(y)"
        }.joined(separator: " ")
    }

    @Test(arguments: [FirmwareVersion.v281, .v303], ["0.05", "0.1", "0.2", "0.5"])
    func theCarriageStaysOnTheMachine(_ firmware: FirmwareVersion, _ tolerance: String) throws {
        let request = try Fixture.request(["--firmware", "\(firmware)", "--tolerance", tolerance])
        for shape in Self.shapes {
            let text = """
                <svg xmlns='http://www.w3.org/2000/svg' width='300mm' height='218mm' viewBox='0 0 300 218'
                    fill='none' stroke='black'>\(shape)</svg>
                """
            let plot = try PreparedPlot(drawing: [UInt8](text.utf8), request: request, execution: .serial)
            let summary = plot.replayed(request)
            #expect(summary.incidents.isEmpty, "\(shape.prefix(60))")
        }
    }
}
