/// The inherited properties that set text.
struct TextStyle: Equatable {
    enum Anchor: UInt8 { case start, middle, end }
    enum Baseline: UInt8 { case alphabetic, middle, central, hanging, top, bottom }

    var anchor = Anchor.start
    var baseline = Baseline.alphabetic
    /// Blanks are kept as they are written.
    var preservesSpace = false
    /// User units.
    var letterSpacing = 0.0
    var wordSpacing = 0.0
    /// How far letters are raised, user units; shifts within shifts add up.
    var shift = 0.0
}

extension PenFont {
    /// How far below the alphabetic baseline the line lies that a text is hung on, in units of the font.
    func drop(_ baseline: TextStyle.Baseline) -> Double {
        switch baseline {
        case .alphabetic: 0
        case .middle: xHeight / 2
        case .central: (capHeight + descender / 2) / 2
        case .hanging: capHeight
        case .top: ascender
        case .bottom: descender
        }
    }
}
