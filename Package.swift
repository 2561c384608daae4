// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: warnings fail the build, unsafe code must say so.
let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

/// Of what only computes: optimised in every build, since debug builds plan and execute whole plots.
let computing = settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

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
        .target(name: "CAssets"),
        .target(name: "Motion", swiftSettings: computing),
        .target(name: "EBB", dependencies: ["Motion", "CUdev", "CLinux"], swiftSettings: computing),
        .target(name: "Text", swiftSettings: settings),
        .target(name: "Picture", dependencies: ["Text"], swiftSettings: settings),
        .target(name: "HTTP", dependencies: ["Text", "CLinux"], swiftSettings: settings),
        .target(name: "Simulator", dependencies: ["EBB", "Picture", "CLinux"], swiftSettings: computing),
        .target(
            name: "axidrawd",
            dependencies: ["EBB", "HTTP", "Motion", "Picture", "Simulator", "Text", "CAssets", "CLinux"],
            exclude: ["main.swift", "Page/Assets"], swiftSettings: settings),
        .executableTarget(
            name: "Program", dependencies: ["axidrawd"], path: "Sources/axidrawd",
            exclude: [
                "API", "Client", "Cluster", "Command", "Devices", "Drawn", "Installation", "Jobs", "Operation",
                "Options",
                "Outbox",
                "Page", "Planning", "Plotter",
            ], sources: ["main.swift"],
            swiftSettings: settings),
        .executableTarget(
            name: "axidrawd-bench", dependencies: ["EBB", "Motion", "Picture", "Simulator", "TestSupport"],
            path: "Tests/Benchmarks", swiftSettings: settings),
        .executableTarget(
            name: "axidrawd-campaign",
            dependencies: [
                "EBB", "HTTP", "Motion", "Picture", "Simulator", "TestSupport", "Text", "QueueSupport", "axidrawd",
                "ClusterDoubles",
            ],
            path: "Tests/Campaigns", swiftSettings: settings),
        .target(
            name: "QueueSupport", dependencies: ["HTTP", "TestSupport", "Text", "axidrawd"], path: "Tests/Queue",
            swiftSettings: settings),
        .target(
            name: "ClusterDoubles", dependencies: ["HTTP", "Text"], path: "Tests/Doubles", swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: ["EBB", "Motion", "Picture", "Simulator"], path: "Tests/Support",
            swiftSettings: settings),
        .testTarget(name: "MotionTests", dependencies: ["Motion", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "EBBTests", dependencies: ["EBB", "Motion", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "SimulatorTests", dependencies: ["Simulator", "EBB", "Picture", "TestSupport", "Text"],
            swiftSettings: settings),
        .testTarget(
            name: "axidrawdTests",
            dependencies: [
                "axidrawd", "EBB", "HTTP", "Motion", "Picture", "Simulator", "TestSupport", "Text", "QueueSupport",
                "ClusterDoubles",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "PipelineTests",
            dependencies: ["axidrawd", "EBB", "HTTP", "Motion", "Picture", "Simulator", "TestSupport", "Text"],
            swiftSettings: settings),
        .testTarget(name: "TextTests", dependencies: ["Text", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "PictureTests", dependencies: ["Picture", "TestSupport", "Text"], swiftSettings: settings),
        .testTarget(name: "TidyTests", dependencies: ["TestSupport"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
