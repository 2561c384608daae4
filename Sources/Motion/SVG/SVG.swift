/// The SVG reader: bytes to styled outlines on the page. What is drawn and where is `SVG.read`'s promise; what is
/// not understood comes back as diagnostics.
public enum SVG {
    /// Why a document was refused, and where.
    public struct ParseError: Error, Equatable, Sendable, CustomStringConvertible {
        /// What kind of thing is wrong; the text is for people.
        public enum Reason: Equatable, Sendable {
            /// No byte at all, or white space only.
            case empty
            /// Bytes that are not the encoding they claim, or an encoding that is not read.
            case encoding(String)
            /// Not well-formed XML.
            case malformed(String)
            /// Well-formed, but the root is not `svg`, or its size is nonsense.
            case unusable(String)
            /// A bound on untrusted input was passed.
            case limit(String)
            /// A `.svgz` file that does not inflate.
            case compressed(String)
            /// The memory budget, in bytes; `needed` is what was asked for when it was passed.
            case memory(needed: Int, allowed: Int)
            /// The work budget; the text says what costs so much.
            case work(String)
            /// Nobody waits for the drawing any more.
            case cancelled
        }

        /// Byte offset in the file.
        public var offset: Int
        /// 1-based.
        public var line: Int
        /// 1-based, in bytes.
        public var column: Int
        public var reason: Reason

        public init(offset: Int, line: Int, column: Int, reason: Reason) {
            self.offset = offset
            self.line = line
            self.column = column
            self.reason = reason
        }

        init(_ fault: Fault, in text: DecodedText) {
            var places = LineCounter(text)
            (line, column) = places.place(of: fault.offset)
            offset = text.fileOffset(fault.offset)
            reason = fault.reason
        }

        public var description: String {
            let what =
                switch reason {
                case .empty: "the file is empty"
                case .encoding(let text): text
                case .malformed(let text): "not well-formed XML: \(text)"
                case .unusable(let text): text
                case .limit(let text): text
                case .compressed(let text): "not readable as .svgz: \(text)"
                case .memory(let needed, let allowed):
                    "the drawing needs more than \(needed >> 20) MiB to read, \(allowed >> 20) MiB are allowed; simplify or"
                        + " split it, or raise the memory budget"
                case .work(let text): "\(text) cost too much to work out; simplify them or turn them into plain paths"
                case .cancelled: "reading was cancelled"
                }
            return "line \(line), column \(column): \(what)"
        }
    }

    /// An error on its way out, before its place is turned into line and column.
    struct Fault: Error, Equatable {
        /// Offset in the decoded text.
        var offset: Int
        var reason: ParseError.Reason

        static func malformed(_ text: String, at offset: Int) -> Fault {
            Fault(offset: offset, reason: .malformed(text))
        }

        static func limit(_ text: String, at offset: Int) -> Fault { Fault(offset: offset, reason: .limit(text)) }
    }

    /// Bounds on untrusted input.
    enum Limit {
        /// Bytes of a file, also after inflating.
        static let bytes = 256 << 20
        /// Open elements.
        static let depth = 10_000
        /// Attributes of one element.
        static let attributes = 4_096
        /// Bytes that all entity references together may expand to.
        static let entityBytes = 1 << 20
        /// Elements visited while drawing, copies by `use` and markers counted.
        static let visits = 5_000_000
        /// Points of one drawing, before and after flattening; the size of the file adds to it.
        static let points = 10_000_000
        /// Points of a path that text runs along.
        static let textPathPoints = 500_000
        /// Nesting of clip paths and of markers, each.
        static let nesting = 32
        /// Distance from the page in mm beyond which nothing good comes of a drawing.
        static let reach = 100_000.0
        /// Diagnostics kept one by one; more are counted by kind.
        static let diagnostics = 100
    }
}
