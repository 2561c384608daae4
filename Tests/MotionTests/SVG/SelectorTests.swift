internal import TestSupport
internal import Testing

@testable internal import Motion

/// Selectors with combinators, against a matcher that tries everything.
struct SelectorTests {
    /// A tree of groups; leaves are paths.
    private final class Element {
        let type: String
        let parent: Element?
        var children: [Element] = []
        init(_ type: String, in parent: Element?) {
            self.type = type
            self.parent = parent
            parent?.children.append(self)
        }

        var earlier: [Element] { parent.map { Array($0.children.prefix { $0 !== self }) } ?? [] }
    }

    private static func grow(_ generator: inout SeededGenerator, _ element: Element, depth: Int) {
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let isLeaf = depth == 0 || Int.random(in: 0..<4, using: &generator) == 0
            let child = Element(isLeaf ? "path" : ["g", "a"].randomElement(using: &generator) ?? "g", in: element)
            if !isLeaf { grow(&generator, child, depth: depth - 1) }
        }
    }

    private static func text(_ element: Element, _ count: inout Int) -> String {
        if element.type == "path" {
            count += 1
            return "<path d='M\(count) 1V9'/>"
        }
        return "<\(element.type)>" + element.children.map { text($0, &count) }.joined() + "</\(element.type)>"
    }

    private static func leaves(_ element: Element) -> [Element] {
        element.type == "path" ? [element] : element.children.flatMap(leaves)
    }

    /// Whether the parts fit, the last of them at the element, by trying every way.
    private static func fits(_ parts: ArraySlice<(type: String, combinator: String)>, _ element: Element) -> Bool {
        guard let last = parts.last, last.type == "*" || last.type == element.type else { return false }
        let rest = parts.dropLast()
        guard let next = rest.last else { return true }
        var candidates: [Element] = []
        switch next.combinator {
        case ">": candidates = [element.parent].compactMap { $0 }
        case " ":
            var above = element.parent
            while let here = above {
                candidates.append(here)
                above = here.parent
            }
        case "+": candidates = Array(element.earlier.suffix(1))
        default: candidates = element.earlier
        }
        return candidates.contains { fits(rest, $0) }
    }

    @Test(arguments: [11, 12, 13, 14]) func matchesWhatTryingEverythingFinds(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var hits = 0
        for _ in 0..<100 {
            let root = Element("svg", in: nil)
            Self.grow(&generator, root, depth: 4)
            var parts: [(type: String, combinator: String)] = []
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                let type = ["g", "a", "*", "g", "a", "path"].randomElement(using: &generator) ?? "g"
                parts.append((type, [" ", ">", "+", "~"].randomElement(using: &generator) ?? " "))
            }
            parts.append(("path", ""))
            let selector = parts.map { "\($0.type)\($0.combinator)" }.joined()
            var count = 0
            let body = root.children.map { Self.text($0, &count) }.joined()
            let document =
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 200 10' width='200mm' height='10mm' fill='none'>"
                + "<style>\(selector){stroke:red}</style>\(body)</svg>"
            let expected = Self.leaves(root).filter { Self.fits(parts[...], $0) }.count
            // `style` stands before the first child and is a sibling of it too, for `*`.
            guard !selector.contains("*+"), !selector.contains("*~") else { continue }
            let flat = try Pipeline.flatDrawing(
                of: Array(document.utf8), options: PlotOptions(), tolerance: 0.01)
            #expect(flat.polylines.count == expected, "seed \(seed): \(document)")
            hits += expected
        }
        #expect(hits > 20)
    }

    /// Twenty groups asked for above a path in sixty, and above them one that is not there: no power of anything.
    @Test func whatIsNotThereIsMissedQuickly() throws {
        let document =
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9' width='9mm' height='9mm' stroke='#000'>"
            + "<style>.z" + String(repeating: " g", count: 20) + " path{stroke:red} .z > g"
            + String(repeating: " g > g", count: 9)
            + " path{stroke:red}</style>" + String(repeating: "<g>", count: 60) + "<path d='M1 1L8 8'/>"
            + String(repeating: "</g>", count: 60) + "</svg>"
        _ = try Pipeline.flatDrawing(
            of: Array(document.utf8), options: PlotOptions(), tolerance: 0.01,
            budget: DrawingBudget(bytes: 64 << 20, steps: 20_000))
    }
}
