internal import Foundation

/// A C library that is loaded into a program before everything else, built by the machine's compiler.
public enum PreloadedLibrary {
    /// Builds `source` in `folder` and gives the environment that preloads it.
    public static func environment(_ source: String, in folder: TemporaryFolder) throws -> [String: String] {
        try folder.write(source, to: "preloaded.c")
        let library = folder.path("preloaded.so")
        let made = try Tool.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, folder.path("preloaded.c")])
        guard made.code == 0 else { throw NotBuilt(words: made.errors) }
        return ["LD_PRELOAD": library]
    }

    /// The compiler refused.
    public struct NotBuilt: Error {
        public var words: String
    }
}
