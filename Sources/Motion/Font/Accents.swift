/// Letters that are a base and a mark: Latin-1 and Latin Extended-A.
enum Accents {
    /// Each composed letter, its base and the name of its mark.
    static let all: [(letter: Unicode.Scalar, base: Unicode.Scalar, mark: Character)] = {
        rows.flatMap { mark, row in
            row.split(separator: " ").compactMap { pair in
                let scalars = Array(pair.unicodeScalars)
                return scalars.count == 2 ? (scalars[0], scalars[1], mark) : nil
            }
        }
    }()

    /// Marks that stand below the letter, or run through it.
    static let below: Set<Character> = ["¸", "˛", ","]

    private static let rows: [(Character, String)] = [
        ("`", "ÀA ÈE ÌI ÒO ÙU àa èe ìi òo ùu ǸN ǹn"),
        ("´", "ÁA ÉE ÍI ÓO ÚU ÝY áa ée íi óo úu ýy ĆC ćc ĹL ŃN ńn ŔR ŕr ŚS śs ŹZ źz"),
        ("^", "ÂA ÊE ÎI ÔO ÛU âa êe îi ôo ûu ĈC ĉc ĜG ĝg ĤH ĴJ ĵj ŜS ŝs ŴW ŵw ŶY ŷy"),
        ("~", "ÃA ÑN ÕO ãa ñn õo ĨI ĩi ŨU ũu"),
        ("¨", "ÄA ËE ÏI ÖO ÜU äa ëe ïi öo üu ÿy ŸY"),
        ("˚", "ÅA åa ŮU ůu"),
        ("¸", "ÇC çc ĢG ĶK ķk ĻL ļl ŅN ņn ŖR ŗr ŞS şs ŢT ţt"),
        ("ˇ", "ČC čc ĎD ĚE ěe ŇN ňn ŘR řr ŠS šs ŤT ŽZ žz"),
        ("˘", "ĂA ăa ĔE ĕe ĞG ğg ĬI ĭi ŎO ŏo ŬU ŭu"),
        ("¯", "ĀA āa ĒE ēe ĪI īi ŌO ōo ŪU ūu"),
        ("˙", "ĊC ċc ĖE ėe ĠG ġg İI ŻZ żz"),
        ("˛", "ĄA ąa ĘE ęe ĮI įi ŲU ųu"),
        ("˝", "ŐO őo ŰU űu"),
    ]

    /// Combining marks by the name of the mark.
    private static let combining: [UInt32: Character] = [
        0x300: "`", 0x301: "´", 0x302: "^", 0x303: "~", 0x308: "¨", 0x30A: "˚", 0x327: "¸", 0x30C: "ˇ", 0x306: "˘",
        0x304: "¯", 0x307: "˙", 0x328: "˛", 0x30B: "˝",
    ]

    private static let composed: [UInt64: UInt32] = {
        var result: [UInt64: UInt32] = [:]
        let codes = Dictionary(uniqueKeysWithValues: combining.map { ($0.value, $0.key) })
        for (letter, base, mark) in all {
            if let code = codes[mark] { result[UInt64(base.value) << 32 | UInt64(code)] = letter.value }
        }
        return result
    }()

    /// The one character that a letter and a combining mark behind it come to; nil = none known.
    static func composed(_ base: UInt32, _ mark: UInt32) -> UInt32? {
        guard mark >= 0x300, mark < 0x370 else { return nil }
        return composed[UInt64(base) << 32 | UInt64(mark)]
    }
}
