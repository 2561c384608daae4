internal import Motion

/// A drawing that comes with the program, for the first press of a button.
enum SampleDrawing {
    static let name = "Sample: rosette and waves"

    /// A rosette of arcs in a frame, with waves below: lines, arcs, cubics and two layers on a page of A5.
    static let bytes: [UInt8] = Array(text.utf8)

    private static let text: String = {
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" \
            width="210mm" height="148mm" viewBox="0 0 210 148" fill="none" stroke="black">
            <g inkscape:groupmode="layer" inkscape:label="1 frame"><rect x="8" y="8" width="194" height="132" rx="6"/></g>
            <g inkscape:groupmode="layer" inkscape:label="2 rosette" stroke="#1f4e8c">

            """
        for turn in 0..<24 {
            svg +=
                "<ellipse cx=\"105\" cy=\"64\" rx=\"46\" ry=\"15\" transform=\"rotate(\(Double(turn) * 7.5) 105 64)\"/>\n"
        }
        svg += "</g><g inkscape:groupmode=\"layer\" inkscape:label=\"3 waves\" stroke=\"#a03020\">\n"
        for row in 0..<5 {
            let y = 116 + row * 4
            svg += "<path d=\"M20 \(y)c10-6 16-6 24 0s16 6 24 0 16-6 24 0 16 6 24 0 16-6 24 0 16 6 24 0 16-6 26 0\"/>\n"
        }
        return svg + "</g></svg>\n"
    }()
}
