internal import Motion

/// What has been drawn, as an SVG, for readers without script.
enum DrawnSVG {
    static func bytes(_ trail: InkTrail?, bed: Size) -> [UInt8] {
        var output: [UInt8] = []
        output += "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(bed.width) \(bed.height)\" ".utf8
        output += "fill=\"none\" stroke=\"#111\" stroke-width=\"0.3\" stroke-linecap=\"round\" ".utf8
        output += "stroke-linejoin=\"round\"><path d=\"".utf8
        var isDown = false
        for point in trail?.points ?? [] {
            if point.isTouching || isDown {
                output.append(UInt8(ascii: isDown ? "L" : "M"))
                output += "\(number(point.x)) \(number(point.y))".utf8
            }
            isDown = point.isTouching
        }
        output += "\"/></svg>\n".utf8
        return output
    }

    private static func number(_ value: Float) -> String { String((Double(value) * 100).rounded() / 100) }
}
