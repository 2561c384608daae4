// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: warnings fail the build, unsafe code must say so.
let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "axidrawd",
    products: [
        .executable(name: "axidrawd", targets: ["Program"]),
        .executable(name: "axidrawd-bench", targets: ["axidrawd-bench"]),
        .executable(name: "axidrawd-campaign", targets: ["axidrawd-campaign"]),
    ],
    targets: [
        .systemLibrary(name: "CUdev", pkgConfig: "libudev", providers: [.apt(["libudev-dev"])]),
        .systemLibrary(name: "CLinux"),
        .target(name: "Motion", swiftSettings: settings),
        .target(name: "EBB", dependencies: ["Motion", "CUdev", "CLinux"], swiftSettings: settings),
        .target(name: "Simulator", dependencies: ["EBB", "CLinux"], swiftSettings: settings),
        .target(
            name: "axidrawd", dependencies: ["EBB", "Motion", "Simulator", "CLinux"], exclude: ["main.swift"],
            swiftSettings: settings),
        .executableTarget(
            name: "Program", dependencies: ["axidrawd"], path: "Sources/axidrawd",
            exclude: [
                "API", "Client", "Command", "Devices", "Drawn", "HTTP", "Installation", "Jobs", "Operation", "Options",
                "Page",
                "Planning", "Plotter", "Text",
            ], sources: ["main.swift"],
            swiftSettings: settings),
        .executableTarget(
            name: "axidrawd-bench", dependencies: ["EBB", "Motion", "Simulator", "TestSupport"],
            path: "Tests/Benchmarks", swiftSettings: settings),
        .executableTarget(
            name: "axidrawd-campaign",
            dependencies: ["EBB", "Motion", "Simulator", "TestSupport", "QueueSupport", "axidrawd"],
            path: "Tests/Campaigns", swiftSettings: settings),
        .target(
            name: "QueueSupport", dependencies: ["TestSupport", "axidrawd"], path: "Tests/Queue",
            swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: ["EBB", "Motion", "Simulator"], path: "Tests/Support",
            swiftSettings: settings),
        .testTarget(name: "MotionTests", dependencies: ["Motion", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "EBBTests", dependencies: ["EBB", "Motion", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "SimulatorTests", dependencies: ["Simulator", "EBB", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "axidrawdTests",
            dependencies: ["axidrawd", "EBB", "Motion", "Simulator", "TestSupport", "QueueSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "PipelineTests", dependencies: ["axidrawd", "EBB", "Motion", "Simulator", "TestSupport"],
            swiftSettings: settings),
        .testTarget(name: "TidyTests", dependencies: ["TestSupport"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
