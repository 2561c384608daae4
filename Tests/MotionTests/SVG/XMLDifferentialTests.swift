internal import Foundation
internal import FoundationXML
internal import TestSupport
internal import Testing

@testable internal import Motion

/// Our XML reader against libxml2's through `XMLParser(stream:)`: the same verdict on well-formedness and the same tags.
///
/// Where the two may differ is listed in `differences`; everything else, seeded damage included, must agree.
struct XMLDifferentialTests {
    private static let seed: UInt64 = 4_711

    /// What one reader made of a document: its tags, or nil when it is refused.
    private func ours(_ bytes: [UInt8]) -> [String]? {
        guard let text = try? SVG.decoded(bytes).bytes else { return nil }
        var reader = SVG.XMLReader(text)
        var tags: [String] = []
        do {
            while true {
                switch try reader.next() {
                case .start(let name, _): tags.append(reader.store.string(name))
                case .end: tags.append("/")
                case .text: break
                case .finished: return tags.isEmpty ? nil : tags
                }
            }
        } catch {
            return nil
        }
    }

    private final class Listener: NSObject, XMLParserDelegate {
        var tags: [String] = []
        var depth = 0
        func parser(
            _: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            tags.append(name)
            depth += 1
        }
        func parser(_: XMLParser, didEndElement: String, namespaceURI: String?, qualifiedName: String?) {
            tags.append("/")
            depth -= 1
        }
    }

    private func theirs(_ bytes: [UInt8]) -> [String]? {
        let parser = XMLParser(stream: InputStream(data: Data(bytes)))
        let listener = Listener()
        parser.delegate = listener
        guard parser.parse(), listener.depth == 0, !listener.tags.isEmpty else { return nil }
        // An undeclared prefix is delivered all the same, and is no fault of ours either.
        if let error = parser.parserError as NSError?, error.code != 201 { return nil }
        return listener.tags
    }

    private static let documents = [
        "<a/>", "<a b='1' c=\"2\"><d/></a>", "<a>text &amp; &#65; &#x42;</a>", "<a><![CDATA[ <b> ]]></a>",
        "<!-- c --><a/><!-- d -->", "<?xml version='1.0'?><?pi x?><a/>", "<a b = '1'  ></a >",
        "<a xmlns:x='y'><x:b x:c='1'/></a>",
        "<!DOCTYPE a [<!ENTITY e 'v'>]><a b='&e;'/>", "<!DOCTYPE a><a/>", "<a>]]</a>", "<a b='&lt;>'/>",
        "<a\n\tb='1'\r\n/>",
        "", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a b=1/>", "<a b/>", "<a b='1' b='2'/>", "<a b='1'c='2'/>",
        "<a>&none;</a>",
        "<a>&#0;</a>", "<a>&#xFFFF;</a>", "<a b='<'/>", "<a><!-- -- --></a>", "<a><!-- x</a>", "<a><![CDATA[x</a>",
        "< a/>",
        "<1/>", "<a/>x", "x<a/>", "<a>]]></a>", "<a><?xml version='1.0'?></a>", "<a b='1", "<a><b></a></b>",
        "<a>& b</a>",
        "<a>&amp</a>", "<!DOCTYPE a [<!ENTITY e '&e;'>]><a>&e;</a>",
    ]

    @Test(arguments: documents) func agrees(_ document: String) {
        #expect(ours(Array(document.utf8)) == theirs(Array(document.utf8)))
    }

    @Test func readsEveryFixtureTheSame() throws {
        let root = packageDirectory.appendingPathComponent("fixtures/plots")
        let names = try FileManager.default.contentsOfDirectory(atPath: root.path)
        for name in names where !name.contains(".") {
            let bytes = [UInt8](try Data(contentsOf: root.appendingPathComponent("\(name)/input.svg")))
            #expect(ours(bytes) == theirs(bytes), "\(name)")
        }
    }

    /// Damaged documents: a byte changed, dropped or doubled.
    @Test func agreesOnDamage() {
        var random = SeededGenerator(seed: Self.seed)
        let base = Array(
            """
            <?xml version="1.0"?><!-- c --><svg xmlns="http://u/" a='1' b="x&amp;y"><g id="q"><path d="M0 0"/>t&#65;x</g>\
            <![CDATA[z<]]><e></e></svg>
            """.utf8)
        for round in 0..<3000 {
            var bytes = base
            let at = Int(random.next() % UInt64(bytes.count))
            switch random.next() % 3 {
            case 0: bytes[at] = "<>&'\"/= x;!-?".utf8.randomElement(using: &random) ?? 32
            case 1: bytes.remove(at: at)
            default: bytes.insert(bytes[at], at: at)
            }
            let (a, b) = (ours(bytes), theirs(bytes))
            guard a != b, !isListedDifference(bytes, a, b) else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            Issue.record("round \(round) of seed \(Self.seed): \(text), ours \(a != nil), theirs \(b != nil)")
        }
    }

    /// Places in which the two may differ: names of processing instructions and of the declaration, which we skip
    /// without reading them, and namespaces, which libxml2 checks and we resolve only for the elements we draw.
    private func isListedDifference(_ bytes: [UInt8], _ a: [String]?, _ b: [String]?) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        let isDeclarationWhole = text.hasPrefix("<?xml version=\"1.0\"?>")
        let isNamespaceWhole = text.contains("xmlns=\"http://u/\"")
        return !isDeclarationWhole || !isNamespaceWhole
    }
}
