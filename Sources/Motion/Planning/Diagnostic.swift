/// Something worth telling about a drawing that is drawn all the same.
public struct Diagnostic: Equatable, Sendable {
    public enum Severity: String, Sendable { case info, warning, error }

    public var severity: Severity
    /// Stable kebab-case kind, such as `unsupported-element` or `clipped`.
    public var code: String
    public var message: String
    /// Byte offset in the file; nil when it belongs to no place.
    public var offset: Int?
    /// 1-based.
    public var line: Int?
    /// 1-based, in bytes.
    public var column: Int?
    /// How often it occurred.
    public var count: Int

    public init(
        _ severity: Severity, code: String, message: String, offset: Int? = nil, line: Int? = nil, column: Int? = nil,
        count: Int = 1
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.offset = offset
        self.line = line
        self.column = column
        self.count = count
    }
}
