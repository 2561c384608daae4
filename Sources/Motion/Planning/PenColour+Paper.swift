extension PenColour {
    /// The colour as pictures show it on white paper: pale ink darkened, its hue kept, until it can be seen.
    ///
    /// Contrast by WCAG 2.2: (1 + 0.05) / (luminance + 0.05) is at least 1.8 afterwards.
    public var onWhitePaper: PenColour {
        func linear(_ channel: UInt8) -> Double {
            let x = Double(channel) / 255
            return x <= 0.04045 ? x / 12.92 : power((x + 0.055) / 1.055, 2.4)
        }
        func channel(_ linear: Double) -> UInt8 {
            let x = linear <= 0.0031308 ? 12.92 * linear : 1.055 * power(linear, 1 / 2.4) - 0.055
            return UInt8((min(1, max(0, x)) * 255).rounded())
        }
        let (r, g, b) = (linear(red), linear(green), linear(blue))
        let luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b
        let most = 1.05 / 1.8 - 0.05
        guard luminance > most else { return self }
        let share = most / luminance
        return PenColour(red: channel(r * share), green: channel(g * share), blue: channel(b * share))
    }
}
