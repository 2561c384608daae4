internal import Foundation
internal import TestSupport
internal import Testing

/// Every command of the cookbook makes the picture that stands below it.
struct CookbookTests {
    /// Commands of `docs/cookbook-areas.md` that make a picture: their words, and where the picture stands.
    static let recipes: [[String]] = {
        let page = packageDirectory.appendingPathComponent("docs/cookbook-areas.md")
        let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { $0.hasPrefix("axidrawd ") && $0.contains(" -o docs/pictures/") }
            .map { $0.split(separator: " ").dropFirst().map(String.init) }
    }()

    @Test func thereAreRecipes() { #expect(Self.recipes.count >= 4) }

    @Test(arguments: recipes) func makesItsPicture(_ words: [String]) throws {
        let place = try #require(words.firstIndex(of: "-o")) + 1
        let folder = try TemporaryFolder()
        var arguments = words
        arguments[place] = folder.path("picture.png")
        let outcome = try Executable.run(arguments + ["--quiet"])
        try #require(outcome.code == 0, "\(outcome.errors)")
        let picture = [UInt8](try Data(contentsOf: folder.url("picture.png")))
        // The last digit of a sine may differ between machines.
        try expectGoldenImage(picture, at: packageDirectory.appendingPathComponent(words[place]), differingPixels: 50)
    }
}
