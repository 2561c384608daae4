internal import Testing

@testable internal import Text

/// FIPS 180-4 examples and lengths around a block.
struct SHA256Tests {
    static let vectors: [(String, String)] = [
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ]

    @Test(arguments: vectors) func agreesWithThePublishedExamples(_ text: String, _ digest: String) {
        #expect(SHA256.hexadecimal(text.utf8) == digest)
    }

    @Test func agreesOnAMillionLetters() {
        let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(SHA256.hexadecimal(letters) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func givesTheSameHoweverTheBytesAreCut() {
        let bytes = (0..<200).map { UInt8($0) }
        let whole = SHA256.digest(bytes)
        for cut in 0...200 {
            var hash = SHA256()
            hash.update(Array(bytes[..<cut]))
            hash.update(Array(bytes[cut...]))
            #expect(hash.finish() == whole, "cut at \(cut)")
        }
    }

    @Test func comparesWholeDigests() {
        let digest = SHA256.digest("a".utf8)
        #expect(SHA256.isEqual(digest, digest))
        for i in digest.indices {
            var other = digest
            other[i] ^= 1
            #expect(!SHA256.isEqual(digest, other))
        }
        #expect(!SHA256.isEqual(digest, []))
    }
}
