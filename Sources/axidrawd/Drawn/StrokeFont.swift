internal import Foundation
internal import Motion

/// Letters of one line each, for captions: our own, drawn on a lattice 4 wide and 6 high.
enum StrokeFont {
    /// Strokes of each letter, separated by blanks; a stroke is pairs of digits x, y with y down, the baseline at 6.
    private static let glyphs: [Character: String] = [
        "A": "062046 1434", "B": "06003041423303 3344453606", "C": "41301001051636 3645", "D": "000626444220" + "00",
        "E": "40000646 0333", "F": "400006 0333", "G": "4130100105163645" + "4323", "H": "0006 4046 0343",
        "I": "1030 2026 1636", "J": "40453616" + "05", "K": "0006 4004 2246", "L": "000646", "M": "0600234046",
        "N": "06004640", "O": "1001051636454130" + "10", "P": "06003041423303", "Q": "1001051636454130" + "10 2446",
        "R": "06003041423303 2346", "S": "413010010213334445361605", "T": "0040 2026", "U": "000516364540",
        "V": "002640", "W": "0016233640", "X": "0046 4006", "Y": "002340 2326", "Z": "00400646",
        "0": "1001051636454130" + "10 4105", "1": "112026 1636", "2": "01103041420646",
        "3": "0110304142334445361605 2333",
        "4": "36300444", "5": "40000333" + "44453616" + "05", "6": "4130100105163645" + "443303", "7": "004016",
        "8": "13334241301001021304051636454433", "9": "05163645413010010213" + "43", ".": "1516",
        ",": "2517", ":": "2223 2526", "-": "1333", "+": "1333 2224", "/": "0640", "(": "3021" + "2536",
        ")": "1021" + "2516", "#": "1016 3036 0242 0444", "_": "0646", "'": "2021", "!": "2024 2526",
        "?": "011030414223" + "24 2526", "=": "0242 0444", "&": "4612" + "1020" + "310405162644",
        "@": "322213142433 32344441301001051646",
        "\"": "1011 3031", "$": "4111021333443505 2026", "%": "4006 0010110100 3545463635", "*": "2125 0244 0442",
        ";": "2223 2517", "<": "410345", ">": "014305", "[": "30101636", "\\": "0046", "]": "10303616", "^": "022042",
        "`": "1021", "{": "30212213242536", "|": "2026", "}": "10212233242516", "~": "03123443",
    ]

    /// Strokes of a line of text; lower-case letters are drawn as small capitals, accents left out, unknown letters as a
    /// blank.
    ///
    /// - Parameters:
    ///   - at: left end of the baseline, mm.
    ///   - height: of a capital, mm.
    static func strokes(_ text: String, at start: Point, height: Double) -> [[Point]] {
        let unit = height / 6
        var x = start.x
        var result: [[Point]] = []
        for character in text {
            let isSmall = character.isLowercase
            let size = isSmall ? unit * 0.78 : unit
            for stroke in glyph(character).split(separator: " ") {
                let digits = stroke.utf8.map { Double($0) - 48 }
                result.append(
                    stride(from: 0, to: digits.count - 1, by: 2).map {
                        Point(x + digits[$0] * size, start.y + (digits[$0 + 1] - 6) * size)
                    })
            }
            x += (isSmall ? 5.2 : 6) * size
        }
        return result
    }

    private static func glyph(_ character: Character) -> String {
        let scalars = character.uppercased().decomposedStringWithCanonicalMapping.unicodeScalars
        return scalars.first.flatMap { glyphs[Character($0)] } ?? ""
    }

    /// Width of a line of text as `strokes` draws it, mm.
    static func width(_ text: String, height: Double) -> Double {
        let unit = height / 6
        return text.reduce(0) { $0 + ($1.isLowercase ? 5.2 * 0.78 : 6) * unit } - 2 * unit
    }
}
