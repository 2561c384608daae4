/// The colour spaces of CSS Color 4, as far as a pen needs them: each to sRGB, 0…1 a channel, clipped to what a screen has.
///
/// Matrices and curves: CSS Color Module Level 4, sections 10 and 17; Oklab: Ottosson 2020.
enum ColourSpaces {
    typealias Triple = SIMD3<Double>

    /// A space that `color()` and `color-mix()` name.
    enum Space: String {
        case srgb
        case srgbLinear = "srgb-linear"
        case displayP3 = "display-p3"
        case a98 = "a98-rgb"
        case prophoto = "prophoto-rgb"
        case rec2020
        case xyz
        case xyzD50 = "xyz-d50"
        case xyzD65 = "xyz-d65"
        case lab, lch, oklab, oklch, hsl, hwb

        /// Which channel is a hue in degrees.
        var hue: Int? {
            switch self {
            case .lch, .oklch: 2
            case .hsl, .hwb: 0
            default: nil
            }
        }
    }

    // MARK: to sRGB

    /// A colour of a space as sRGB.
    static func srgb(_ c: Triple, from space: Space) -> Triple {
        switch space {
        case .srgb: c
        case .srgbLinear: encoded(c)
        case .hsl: rgb(hue: c.x, saturation: c.y, lightness: c.z)
        case .hwb: rgb(hue: c.x, whiteness: c.y, blackness: c.z)
        case .oklab: encoded(linear(oklab: c))
        case .oklch: encoded(linear(oklab: rectangular(c)))
        case .lab: encoded(linear(xyz: adapted(xyzD50(lab: c))))
        case .lch: encoded(linear(xyz: adapted(xyzD50(lab: rectangular(c)))))
        case .xyz, .xyzD65: encoded(linear(xyz: c))
        case .xyzD50: encoded(linear(xyz: adapted(c)))
        case .displayP3:
            encoded(
                linear(
                    xyz: product(
                        decoded(c), Triple(0.4865709486, 0.2656676932, 0.1982172852),
                        Triple(0.2289745641, 0.6917385218, 0.0792869141), Triple(0, 0.0451133819, 1.0439443689))))
        case .a98:
            encoded(
                linear(
                    xyz: product(
                        powered(c, 563.0 / 256), Triple(0.5766690429, 0.1855582379, 0.1882286462),
                        Triple(0.2973449753, 0.6273635663, 0.0752914585),
                        Triple(0.0270313614, 0.0706888525, 0.9913375368))))
        case .prophoto:
            encoded(
                linear(
                    xyz: adapted(
                        product(
                            powered(c, 1.8), Triple(0.7977604896, 0.1351791871, 0.0313493495),
                            Triple(0.2880711282, 0.7118432178, 0.0000856540), Triple(0, 0, 0.8251046025)))))
        case .rec2020:
            encoded(
                linear(
                    xyz: product(
                        powered(c, 2.4), Triple(0.6369580483, 0.1446169036, 0.1688809752),
                        Triple(0.2627002120, 0.6779980715, 0.0593017165),
                        Triple(0, 0.0280726930, 1.0609850577))))
        }
    }

    // MARK: from sRGB, for mixing

    /// An sRGB colour in a space to mix in; nil where mixing is not offered.
    static func converted(_ c: Triple, to space: Space) -> Triple? {
        switch space {
        case .srgb: c
        case .srgbLinear: decoded(c)
        case .oklab: oklab(linear: decoded(c))
        case .oklch: polar(oklab(linear: decoded(c)))
        case .hsl, .hwb: hueForm(c, space)
        case .xyz, .xyzD65: xyz(linear: decoded(c))
        case .xyzD50: adaptedToD50(xyz(linear: decoded(c)))
        case .lab: lab(xyzD50: adaptedToD50(xyz(linear: decoded(c))))
        case .lch: polar(lab(xyzD50: adaptedToD50(xyz(linear: decoded(c)))))
        case .displayP3, .a98, .prophoto, .rec2020: nil
        }
    }

    private static func hueForm(_ c: Triple, _ space: Space) -> Triple {
        let (high, low) = (c.max(), c.min())
        let range = high - low
        var hue = 0.0
        if range > 0 {
            if high == c.x {
                hue = (c.y - c.z) / range
            } else if high == c.y {
                hue = (c.z - c.x) / range + 2
            } else {
                hue = (c.x - c.y) / range + 4
            }
            hue = (hue * 60 + 360).truncatingRemainder(dividingBy: 360)
        }
        if space == .hwb { return Triple(hue, low, 1 - high) }
        let lightness = (high + low) / 2
        let saturation = range > 0 ? range / (1 - (2 * lightness - 1).magnitude) : 0
        return Triple(hue, saturation, lightness)
    }

    // MARK: parts

    static func rgb(hue: Double, saturation: Double, lightness: Double) -> Triple {
        let turn = hue.truncatingRemainder(dividingBy: 360) / 30
        let s = min(1, max(0, saturation))
        let l = min(1, max(0, lightness))
        func channel(_ n: Double) -> Double {
            let k = (n + turn + 12).truncatingRemainder(dividingBy: 12)
            return l - s * min(l, 1 - l) * max(-1, min(k - 3, 9 - k, 1))
        }
        return Triple(channel(0), channel(8), channel(4))
    }

    static func rgb(hue: Double, whiteness: Double, blackness: Double) -> Triple {
        let (w, b) = (min(1, max(0, whiteness)), min(1, max(0, blackness)))
        if w + b >= 1 { return Triple(repeating: w / (w + b)) }
        return rgb(hue: hue, saturation: 1, lightness: 0.5) * (1 - w - b) + w
    }

    /// Of a form with chroma and hue, in degrees.
    private static func rectangular(_ c: Triple) -> Triple {
        let angle = c.z * .pi / 180
        return Triple(c.x, c.y * cosine(angle), c.y * sine(angle))
    }

    private static func polar(_ c: Triple) -> Triple {
        let hue = arcTangent(c.z, c.y) * 180 / .pi
        return Triple(c.x, (c.y * c.y + c.z * c.z).squareRoot(), hue < 0 ? hue + 360 : hue)
    }

    private static func product(_ c: Triple, _ a: Triple, _ b: Triple, _ d: Triple) -> Triple {
        Triple((a * c).sum(), (b * c).sum(), (d * c).sum())
    }

    private static func powered(_ c: Triple, _ exponent: Double) -> Triple {
        func one(_ x: Double) -> Double { x < 0 ? -power(-x, exponent) : power(x, exponent) }
        return Triple(one(c.x), one(c.y), one(c.z))
    }

    /// Linear light to the screen's curve.
    private static func encoded(_ c: Triple) -> Triple {
        func one(_ x: Double) -> Double {
            let m = x.magnitude
            let y = m <= 0.0031308 ? 12.92 * m : 1.055 * power(m, 1 / 2.4) - 0.055
            return x < 0 ? -y : y
        }
        return Triple(one(c.x), one(c.y), one(c.z))
    }

    private static func decoded(_ c: Triple) -> Triple {
        func one(_ x: Double) -> Double {
            let m = x.magnitude
            let y = m <= 0.04045 ? m / 12.92 : power((m + 0.055) / 1.055, 2.4)
            return x < 0 ? -y : y
        }
        return Triple(one(c.x), one(c.y), one(c.z))
    }

    private static func linear(oklab c: Triple) -> Triple {
        let l = c.x + 0.3963377774 * c.y + 0.2158037573 * c.z
        let m = c.x - 0.1055613458 * c.y - 0.0638541728 * c.z
        let s = c.x - 0.0894841775 * c.y - 1.2914855480 * c.z
        return product(
            Triple(l * l * l, m * m * m, s * s * s), Triple(4.0767416621, -3.3077115913, 0.2309699292),
            Triple(-1.2684380046, 2.6097574011, -0.3413193965), Triple(-0.0041960863, -0.7034186147, 1.7076147010))
    }

    private static func oklab(linear c: Triple) -> Triple {
        let lms = powered(
            product(
                c, Triple(0.4122214708, 0.5363325363, 0.0514459929), Triple(0.2119034982, 0.6806995451, 0.1073969566),
                Triple(0.0883024619, 0.2817188376, 0.6299787005)), 1.0 / 3)
        return product(
            lms, Triple(0.2104542553, 0.7936177850, -0.0040720468), Triple(1.9779984951, -2.4285922050, 0.4505937099),
            Triple(0.0259040371, 0.7827717662, -0.8086757660))
    }

    private static func xyz(linear c: Triple) -> Triple {
        product(
            c, Triple(0.4123907993, 0.3575843394, 0.1804807884), Triple(0.2126390059, 0.7151686788, 0.0721923154),
            Triple(0.0193308187, 0.1191947798, 0.9505321522))
    }

    private static func linear(xyz c: Triple) -> Triple {
        product(
            c, Triple(3.2409699419, -1.5373831776, -0.4986107603), Triple(-0.9692436363, 1.8759675015, 0.0415550574),
            Triple(0.0556300797, -0.2039769589, 1.0569715142))
    }

    /// White D50 to D65 (Bradford).
    private static func adapted(_ c: Triple) -> Triple {
        product(
            c, Triple(0.9554734527, -0.0230985368, 0.0632593087), Triple(-0.0283697070, 1.0099954580, 0.0210413990),
            Triple(0.0123140017, -0.0205076964, 1.3303659366))
    }

    /// White D65 to D50 (Bradford).
    private static func adaptedToD50(_ c: Triple) -> Triple {
        product(
            c, Triple(1.0479298208, 0.0229467933, -0.0501922295), Triple(0.0296278156, 0.9904344846, -0.0170738250),
            Triple(-0.0092430581, 0.0150551448, 0.7518742814))
    }

    private static func lab(xyzD50 c: Triple) -> Triple {
        let (kappa, epsilon) = (24389.0 / 27, 216.0 / 24389)
        func one(_ x: Double) -> Double { x > epsilon ? power(x, 1.0 / 3) : (kappa * x + 16) / 116 }
        let (f0, f1, f2) = (one(c.x / 0.9642956764), one(c.y), one(c.z / 0.8251046025))
        return Triple(116 * f1 - 16, 500 * (f0 - f1), 200 * (f1 - f2))
    }

    private static func xyzD50(lab c: Triple) -> Triple {
        let f1 = (c.x + 16) / 116
        let (f0, f2) = (c.y / 500 + f1, f1 - c.z / 200)
        let (kappa, epsilon) = (24389.0 / 27, 216.0 / 24389)
        func one(_ f: Double) -> Double { f * f * f > epsilon ? f * f * f : (116 * f - 16) / kappa }
        let y = c.x > kappa * epsilon ? f1 * f1 * f1 : c.x / kappa
        return Triple(one(f0) * 0.9642956764, y, one(f2) * 0.8251046025)
    }
}
