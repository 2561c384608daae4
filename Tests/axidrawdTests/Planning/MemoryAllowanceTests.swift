internal import Foundation
internal import HTTP
internal import TestSupport
internal import Testing

@testable import axidrawd

/// What a process may have, by the files of the system.
struct MemoryAllowanceTests {
    private static let megabyte = 1 << 20

    private func limit(_ files: [String: String], physicalMegabytes: Int? = 8192) throws -> Int? {
        let root = try TemporaryFolder()
        for (path, text) in files {
            let folder = (root.path(path) as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try root.write(text, to: path)
        }
        return MemoryAllowance.limit(root: root.root.path, physical: physicalMegabytes.map { $0 * Self.megabyte })
            .map { $0 / Self.megabyte }
    }

    @Test func theTightestOfGroupGroupsAboveAndMachineCounts() throws {
        let unit = "sys/fs/cgroup/system.slice/axidrawd.service/memory.max"
        let group = ["proc/self/cgroup": "0::/system.slice/axidrawd.service\n"]
        #expect(try limit([:]) == 8192)
        #expect(try limit([:], physicalMegabytes: nil) == nil)
        #expect(try limit(group) == 8192)
        #expect(try limit(group.merging([unit: "536870912\n"]) { $1 }) == 512)
        #expect(try limit(group.merging([unit: "max\n"]) { $1 }) == 8192)
        #expect(
            try limit(group.merging([unit: "max\n", "sys/fs/cgroup/system.slice/memory.max": "268435456\n"]) { $1 })
                == 256)
        let high = "sys/fs/cgroup/system.slice/axidrawd.service/memory.high"
        #expect(try limit(group.merging([unit: "536870912\n", high: "134217728\n"]) { $1 }) == 128)
    }

    @Test func versionOneAndContainersAreRead() throws {
        let one = "9:name=systemd:/x\n4:cpu,memory:/box/1\n0::/\n"
        #expect(
            try limit(["proc/self/cgroup": one, "sys/fs/cgroup/memory/box/memory.limit_in_bytes": "268435456\n"]) == 256
        )
        let huge = "9223372036854771712\n"
        #expect(try limit(["proc/self/cgroup": one, "sys/fs/cgroup/memory/memory.limit_in_bytes": huge]) == 8192)
        #expect(try limit(["proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "1073741824"]) == 1024)
        for wrong in ["", "garbage", "0::/../../etc\n", "4:memory\n", "0::/a\n\u{0}"] {
            #expect(try limit(["proc/self/cgroup": wrong]) == 8192)
        }
    }

    @Test func drawingsGetWhatTheProgramDoesNotNeed() {
        func allowed(_ limit: Int?, setting: Int? = nil) -> Int {
            MemoryAllowance(settingMebibytes: setting, limit: limit.map { $0 << 20 }).mebibytes
        }
        #expect([8, 128, 512, 1024, 64_000].map { allowed($0) } == [16, 64, 320, 832, 4096])
        #expect(allowed(nil) == 4096)
        #expect(allowed(512, setting: 100) == 100)
    }

    /// What is drawn keeps its program, so the next plan has less.
    @Test func plansShareWithTheProgramThatIsDrawn() {
        let memory = MemoryAllowance(settingMebibytes: 320)
        #expect(memory.budget(.rest(beside: 0)) == memory.budget(.whole))
        #expect(memory.budget(.rest(beside: 120 << 20)).bytes == 200 << 20)
        #expect(memory.budget(.rest(beside: 1 << 40)).bytes == 16 << 20)
    }

    @Test func itIsASetting() throws {
        let file = try ServiceConfiguration(Array(#"{"limits":{"memoryMebibytes":64}}"#.utf8), path: "c")
        #expect(file.memoryMebibytes == 64)
        #expect(try ServiceConfiguration().overridden(by: ["AXIDRAWD_MEMORY": "32"]).memoryMebibytes == 32)
        for wrong in ["1", "x", "-64", ""] {
            #expect(throws: ServiceConfiguration.Failure.self) {
                try ServiceConfiguration().overridden(by: ["AXIDRAWD_MEMORY": wrong])
            }
        }
    }
}
