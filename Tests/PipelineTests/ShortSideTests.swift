internal import EBB
internal import Foundation
internal import Motion
internal import Testing

/// Paths that commands have trouble to follow at usual limits: short sides, slow pens, polygons of many corners.
struct ShortSideTests {
    private static let limits = MachineProfile.builtIn[0].penDown

    private func plan(
        _ line: [Point], _ firmware: FirmwareVersion, speed: Double = limits.speed,
        acceleration: Double = limits.acceleration
    ) throws -> LimitPlan {
        let plan = try LimitPlan([line], firmware, speed: speed, acceleration: acceleration)
        #expect(plan.incidents == [] && plan.isExact && plan.shortestTicks >= 100)
        #expect(plan.strayed <= plan.bound)
        return plan
    }

    /// A command rounds a corner and half of the lines beside it. In commands of their own those lines took 1.8 times as long.
    @Test func shortSidesAreAsQuickOnOldBoards() throws {
        let zigzag = (0...60).map { k -> Point in Point(10 + Double(k), 50 + 0.2 * Double(k % 2)) }
        let comb = (0..<40).map { k -> Point in
            let isUp = (k + 1) / 2 % 2 != 0
            return Point(10 + 0.4 * Double(k / 2), isUp ? 51.5 : 50)
        }
        for line in [zigzag, comb] {
            let old = try plan(line, FirmwareVersion(2, 8, 1)).seconds
            let new = try plan(line, FirmwareVersion(3, 0, 3)).seconds
            #expect(old <= new * 1.1, "\(old) s for \(new)")
        }
    }

    /// The first command from rest was as long as any, and ended at half as much again as its mean speed.
    @Test(arguments: [FirmwareVersion(2, 8, 1), FirmwareVersion(3, 0, 3)], [1.0, 2, 5])
    func slowPensStaySlow(_ firmware: FirmwareVersion, _ speed: Double) throws {
        let triangle = [Point(20, 20), Point(60, 25), Point(40, 60), Point(20, 20)]
        let fastest = try plan(triangle, firmware, speed: speed).fastest
        #expect(fastest <= speed * 1.2, "\(fastest) mm/s")
    }

    /// More corners turn by less. Below 10° they were taken for chords of a curve, and passed at half the speed.
    @Test(arguments: [FirmwareVersion(2, 8, 1), FirmwareVersion(3, 0, 3)])
    func polygonsOfManyCornersAreNoSlower(_ firmware: FirmwareVersion) throws {
        let seconds = try [34, 40, 48].map { count in
            try plan(ring(count), firmware, speed: 50, acceleration: 200).seconds
        }
        #expect(seconds[1] <= seconds[0] && seconds[2] <= seconds[1], "\(seconds) s")
    }

    private func ring(_ count: Int) -> [Point] {
        (0...count).map { k -> Point in
            let angle: Double = 2 * Double.pi * Double(k % count) / Double(count)
            return Point(100 + 20 * cos(angle), 80 + 20 * sin(angle))
        }
    }
}
