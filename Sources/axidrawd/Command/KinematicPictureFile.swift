/// A file for the picture of the record, opened before the work.
struct KinematicPictureFile {
    private let file: OutputFile
    private let isVector: Bool

    init?(_ invocation: Invocation) throws {
        guard let path = invocation.text("kinematics-image") else { return nil }
        let name = path.lowercased()
        guard name.hasSuffix(".png") || name.hasSuffix(".svg") || path == "-" else {
            throw UsageError.badValue(
                name: "--kinematics-image", value: path, expected: "a name that ends in .png or .svg")
        }
        isVector = name.hasSuffix(".svg")
        file = try OutputFile(path)
    }

    func write(_ record: KinematicRecord) throws {
        let chart = record.chart()
        try file.write(isVector ? chart.svg() : chart.png())
        try file.commit()
    }
}
