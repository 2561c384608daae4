/// The version of the program: the only place where the number stands.
enum Version {
    static let number = "0.1.0"

    /// Version, compiler and target in one line.
    static var text: String { "axidrawd \(number) (Swift \(compiler), \(target))" }

    private static var compiler: String {
        #if compiler(>=6.4)
            "6.4 or newer"
        #elseif compiler(>=6.3)
            "6.3"
        #elseif compiler(>=6.2)
            "6.2"
        #else
            "older than 6.2"
        #endif
    }

    private static var target: String {
        #if arch(x86_64)
            "x86_64-linux"
        #elseif arch(arm64)
            "aarch64-linux"
        #else
            "other"
        #endif
    }
}
