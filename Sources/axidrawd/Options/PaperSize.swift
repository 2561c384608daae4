internal import Motion

/// Papers by name, in mm, portrait (ISO 216; ANSI for the American ones).
enum PaperSize {
    private static let table: [(name: String, width: Double, height: Double)] = [
        ("a0", 841, 1189), ("a1", 594, 841), ("a2", 420, 594), ("a3", 297, 420), ("a4", 210, 297),
        ("a5", 148, 210), ("a6", 105, 148), ("a7", 74, 105), ("a8", 52, 74),
        ("b4", 250, 353), ("b5", 176, 250), ("b6", 125, 176),
        ("letter", 215.9, 279.4), ("legal", 215.9, 355.6), ("tabloid", 279.4, 431.8),
    ]

    static let names = table.map(\.name)

    static func named(_ name: String) -> Size? {
        table.first { $0.name == name }.map { Size(width: $0.width, height: $0.height) }
    }
}
