internal import EBB
internal import Motion

/// Flags of plotting, in the groups that help shows; ranges and defaults are the contract's.
enum PlotFlags {
    /// What `flatten` uses of them.
    static let drawing = FlagGroup(
        "Drawing",
        [
            Flag(
                "tolerance", .length(0.001...1),
                "largest distance between source and planned path, all stages together", standard: "0.02"),
            Flag(
                "layers", .text("LIST"), "layers to draw, by name or number, separated by commas, in this order",
                standard: "all, as they lie"),
            Flag(
                "outline", .choice(PlotOptions.Outline.allCases.map(\.rawValue)),
                "draw the outline of every visible shape, or only of stroked ones", standard: "all"),
            Flag("dpi", .number(1...10_000, "N"), "pixels per inch of a drawing made elsewhere", standard: "96"),
            Flag("solid", .on, "draw dashed lines solid"),
            Flag("hairlines", .on, "draw strokes of width 0, which browsers do not show"),
            Flag("keep-background", .on, "draw the rectangle of the paper's colour that covers the page"),
            Flag("page-number", .integer(1...100_000), "page of a drawing with several pages"),
            Flag(
                "text", .suggested("FONT|FILE", FontFile.names),
                "draw text with a single-line font: plain, script, the drawing's own last <font>, or an SVG font from a"
                    + " file; fonts that the drawing names win",
                standard: "none"),
        ])

    static let areas = FlagGroup(
        "Areas",
        [
            Flag("hatch", .hatch, "fill painted areas with lines that far apart, 45 degrees unless said otherwise"),
            Flag(
                "hatch-angle", .number(-360...360, "DEG"), "angle of the lines; wins over one in --hatch",
                standard: "45"),
            Flag(
                "hatch-pattern", .choice(Hatch.Pattern.allCases.map(\.rawValue)),
                "how the lines run; wins over a word in --hatch", standard: "parallel"),
            Flag("hatch-shade", .on, "with --hatch: paler fills get wider spacings, black gets the one given"),
            Flag("occlude", .on, "an opaque fill hides the lines that lie under it"),
            penWidth,
        ])

    /// Pictures are drawn with it as well.
    static let penWidth = Flag(
        "pen-width", .length(PlanRange.penWidth), "width of the pen's line: hatching keeps half of it from edges",
        standard: "0.3")

    static let placement = FlagGroup(
        "Placement",
        [
            Flag("page", .page, "paper", standard: "the drawing's own size"),
            Flag(
                "orientation", .choice(PlotOptions.Orientation.allCases.map(\.rawValue)),
                "how the paper lies; auto: a paper by name lies as the drawing, and a page higher than wide is turned",
                standard: "auto"),
            Flag("margin", .margin(0...10_000), "space kept free inside the page", standard: "0"),
            Flag(
                "fit", .choice(PlotOptions.Fit.allCases.map(\.rawValue)), "scale into the page less its margin",
                standard: "none"),
            Flag("rotate", .number(-360...360, "DEG"), "turn the drawing clockwise", standard: "0"),
            Flag("origin", .pair(-10_000...10_000), "where the page's top left corner lies on the machine"),
            Flag(
                "splice", .on,
                "a page beyond the machine's reach is drawn in tiles with crosses at their corners, the paper moved between"
            ),
        ])

    static let machine = FlagGroup(
        "Machine",
        [
            Flag(
                "profile", .suggested("NAME|FILE", MachineProfile.builtIn.map(\.name)),
                "machine: travel, steps per mm, servo, limits", standard: "axidraw-v3"),
            Flag(
                "preset", .choice(Preset.allCases.map(\.rawValue)),
                "the figures of another driver or way of drawing at once; single flags win"),
            Flag("firmware", .firmware, "emit commands for this firmware", standard: "3.0.3"),
            speed("pen-down-speed", "speed limit with the pen down"),
            speed("pen-up-speed", "speed limit with the pen up"),
            acceleration("pen-down-acceleration", "limit on the acceleration vector with the pen down"),
            acceleration("pen-up-acceleration", "limit on the acceleration vector with the pen up"),
            Flag(
                "junction-deviation", .length(0.001...1), "how far a corner is imagined rounded (junction)",
                standard: "profile"),
        ])

    static let pen = FlagGroup(
        "Pen",
        [
            Flag("pen-up-height", .number(0...100, "PERCENT"), "height of the raised pen", standard: "profile"),
            Flag("pen-down-height", .number(0...100, "PERCENT"), "height of the lowered pen", standard: "profile"),
            Flag("lift-time", .number(0...10, "S"), "time to raise the pen", standard: "servo model"),
            Flag("drop-time", .number(0...10, "S"), "time to lower the pen", standard: "servo model"),
            Flag("no-overlap", .on, "pen and travel one after the other; else at once, as long as it is off the paper"),
            Flag("overlap", .on, "pen and travel at once, also where a preset says otherwise"),
        ])

    static let order = FlagGroup(
        "Order",
        [
            Flag(
                "order", .choice(PlotOptions.Order.allCases.map(\.rawValue)), "how much travel is optimised",
                standard: "full"),
            Flag(
                "order-seconds", .number(0...3600, "S"), "budget of the search, turned into a number of steps",
                standard: "0.5 per 10,000 strokes, at most 1"),
            Flag(
                "join", .wordOr(["none"], .length(0...100)),
                "largest gap that is drawn across to save a lift; 0: what coincides, none: nothing", standard: "0.15"),
            Flag("min-length", .length(0...10_000), "shorter paths are dropped", standard: "0"),
            Flag("keep-duplicates", .on, "draw exact duplicates again"),
            Flag(
                "by", .choice(PlotOptions.Grouping.allCases.map(\.rawValue)), "what makes a pen change",
                standard: "layer"),
            Flag("one-pen", .on, "draw everything with the pen that is in: no stop for another one"),
        ])

    static let plan = FlagGroup(
        "Plan",
        [
            Flag(
                "motion", .choice(PlotOptions.Motion.allCases.map(\.rawValue)), "speed model",
                standard: PlotOptions().motion.rawValue),
            Flag(
                "corner-tolerance", .length(0.001...1), "how far a corner is really rounded (physical)",
                standard: "0.05"),
            Flag(
                "jerk", .wordOr(["none"], .number(PlanRange.jerk, "MM_S3")),
                "limit on the change of the acceleration vector, as 20000 (physical, firmware 3): softer, slower",
                standard: "none"),
            Flag("strict", .on, "what would be cut, dropped or skipped is an error"),
            Flag(
                "copies", .wordOr(["endless"], .integer(1...1000)),
                "draw it several times, or again and again until it is cancelled", standard: "1"),
            Flag("page-delay", .number(0...86_400, "S"), "wait between copies", standard: "0"),
        ])

    static let ink = FlagGroup(
        "Ink",
        [
            Flag("multipass", .integer(1...20), "draw every stroke so often, back and forth", standard: "1"),
            Flag("overlap-ends", .length(0...100), "draw closed paths on past their beginning", standard: "0"),
            Flag(
                "random-starts", .integer(0...1_000_000_000),
                "begin closed paths anywhere, by this seed, for pens that blot"),
            Flag("dwell", .number(0...60, "S"), "rest with the pen down before each stroke", standard: "0"),
            Flag("scribble", .pair(0...10_000), "bring each new pen to write with a zigzag at this place"),
            Flag(
                "marks", .length(1...50),
                "crosses of this size in the corners of the page with each pen, to lay sheets and pens by"),
            Flag(
                "re-ink", .wordOr(["pause"], .pair(0...10_000)),
                "when the pen wants ink: wait for a person, or dip it at this place of the machine"),
            Flag("re-ink-distance", .length(1...10_000_000), "it wants ink after so much drawn, at the next lift"),
            Flag("re-ink-time", .number(1...1_000_000, "S"), "it wants ink after so long drawing, at the next lift"),
            Flag("re-ink-wipe", .pair(-1000...1000), "after a dip draw a line, so far from its place"),
            Flag("end", .wordOr(["home", "stay"], .pair(0...10_000)), "where the carriage ends", standard: "home"),
        ])

    /// Those that have nothing to act on where strokes are drawn as they come.
    static let ofWholeDrawings: Set<String> = [
        "layers", "outline", "dpi", "solid", "hairlines", "keep-background", "page-number", "text", "hatch",
        "hatch-angle", "hatch-pattern", "hatch-shade", "occlude", "page", "orientation", "margin", "fit", "rotate",
        "splice", "order", "order-seconds",
        "join",
        "min-length", "keep-duplicates", "by", "one-pen", "copies", "page-delay", "multipass", "overlap-ends",
        "random-starts", "dwell", "scribble", "marks", "re-ink", "re-ink-distance", "re-ink-time", "re-ink-wipe",
    ]

    /// Everything that `plot`, `plan` and `submit` share.
    static let all = [drawing, areas, placement, machine, pen, order, ink, plan]

    private static func speed(_ name: String, _ help: String) -> Flag {
        Flag(name, .number(0.1...400, "MM_S"), help, standard: "profile")
    }

    private static func acceleration(_ name: String, _ help: String) -> Flag {
        Flag(name, .number(1...20_000, "MM_S2"), help, standard: "profile")
    }
}
