internal import Motion

/// What follows a flag on the command line.
indirect enum FlagKind: Sendable {
    /// Nothing: the flag is there or not.
    case on
    /// Any text; the word stands for it in help.
    case text(String)
    /// A file to read, `-` is standard input.
    case input(String)
    /// A file to write, `-` is standard output.
    case output(String)
    case choice([String])
    case integer(ClosedRange<Int>)
    /// A plain number; the word names its unit in help, such as `MM_S`.
    case number(ClosedRange<Double>, String)
    /// A length in mm, which may be written with mm, cm or in.
    case length(ClosedRange<Double>)
    /// Two lengths, `X,Y`.
    case pair(ClosedRange<Double>)
    /// A paper: a name, `machine`, or `WxH`.
    case page
    /// One length, or four as `TOP,RIGHT,BOTTOM,LEFT`.
    case margin(ClosedRange<Double>)
    /// A firmware version such as 3.0.3.
    case firmware
    /// Lines that fill areas: `SPACING[,ANGLE[,PATTERN]]`.
    case hatch
    /// Any text, of which some are known: help shows the first, completion offers the words and files.
    case suggested(String, [String])
    /// One of the words, or what the other kind takes.
    case wordOr([String], FlagKind)
    /// `--flag` alone means the second value, `--flag=N` says another.
    case optionalInteger(ClosedRange<Int>, Int)
}

/// One flag of the command line, as help, man page and completions show it.
struct Flag: Sendable {
    /// Long name without dashes.
    let name: String
    let short: Character?
    let kind: FlagKind
    /// One sentence without a full stop, for help and the man page.
    let help: String
    /// As help shows it; nil when there is none to tell.
    let standard: String?
    let isRepeatable: Bool

    init(
        _ name: String, short: Character? = nil, _ kind: FlagKind, _ help: String, standard: String? = nil,
        isRepeatable: Bool = false
    ) {
        self.name = name
        self.short = short
        self.kind = kind
        self.help = help
        self.standard = standard
        self.isRepeatable = isRepeatable
    }
}

/// Flags under one heading of the help text.
struct FlagGroup: Sendable {
    let title: String
    let flags: [Flag]

    init(_ title: String, _ flags: [Flag]) {
        self.title = title
        self.flags = flags
    }
}

extension FlagKind {
    /// How help writes the value: `MM`, `X,Y`, `none|join|sort|full`; empty for a plain switch.
    var placeholder: String {
        switch self {
        case .on: ""
        case .text(let word), .input(let word), .output(let word), .suggested(let word, _): word
        case .choice(let words): words.joined(separator: "|")
        case .integer: "N"
        case .number(_, let unit): unit
        case .length: "MM"
        case .pair: "X,Y"
        case .page: "NAME|WxH"
        case .margin: "MM|T,R,B,L"
        case .firmware: "V"
        case .hatch: "MM[,DEG[,\(Hatch.words.joined(separator: "|"))]]"
        case .wordOr(let words, let other): words.joined(separator: "|") + "|" + other.placeholder
        case .optionalInteger: "N"
        }
    }

    /// Words that completion offers.
    var words: [String] {
        switch self {
        case .choice(let words), .suggested(_, let words): words
        case .wordOr(let words, let other): words + other.words
        case .page: PaperSize.names + ["machine"]
        case .firmware: ["2.8.1", "3.0.3"]
        case .on, .text, .input, .output, .integer, .number, .length, .pair, .margin, .hatch, .optionalInteger: []
        }
    }

    /// Whether a file name may stand here.
    var takesFile: Bool {
        switch self {
        case .input, .output, .suggested: true
        case .wordOr(_, let other): other.takesFile
        case .on, .text, .choice, .integer, .number, .length, .pair, .page, .margin, .firmware, .hatch,
            .optionalInteger:
            false
        }
    }
}
