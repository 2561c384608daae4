extension PathBuffer {
    /// The outline that path data describes, up to its first fault.
    init(pathData text: String) {
        var reader = SVG.PathReader(SVG.Cursor(text), map: .identity, into: PathBuffer())
        _ = reader.read()
        self = reader.out
    }
}
