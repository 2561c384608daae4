internal import Motion
internal import TestSupport
internal import Testing
internal import Text

@testable import HTTP
@testable import axidrawd

/// Drawings that grow: by use, clips, curves, dashes, styles, compression. Each is read within its budget, or refused with
/// its place and what can be done about it; a small budget proves the rule with small files.
struct HostileDrawingTests {
    private static let root =
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='100mm' height='100mm' "
        + "viewBox='0 0 100 100' fill='none' stroke='black'>"

    /// A kind of growth, its size by the generator.
    private enum Kind: CaseIterable {
        case shapes, uses, clips, manyClipped, curves, dashes, rules, selectors, nesting, compressed

        func body(_ random: inout SeededGenerator) -> String {
            let many = Int.random(in: 50...400, using: &random)
            let place = { (random: inout SeededGenerator) in
                "cx='\(Int.random(in: 0...100, using: &random))' cy='\(Int.random(in: 0...100, using: &random))'"
            }
            switch self {
            case .shapes, .compressed:
                return (0..<many * 10).map { _ in "<circle \(place(&random)) r='3'/>" }.joined(separator: "\n")
            case .uses:
                var text = "<defs><path id='u0' d='M0 0L1 1'/>"
                let depth = Int.random(in: 8...24, using: &random)
                for k in 1...depth {
                    text += "<g id='u\(k)'><use xlink:href='#u\(k - 1)'/><use xlink:href='#u\(k - 1)' x='1'/></g>"
                }
                return text + "</defs><use xlink:href='#u\(depth)'/>"
            case .clips:
                var text = "<clipPath id='c0'><circle cx='50' cy='50' r='40'/></clipPath>"
                let depth = Int.random(in: 4...24, using: &random)
                for k in 1...depth {
                    text += "<clipPath id='c\(k)'>"
                    for side in 0...1 {
                        text += "<rect x='\(side)' width='90' height='90' clip-path='url(#c\(k - 1))'/>"
                    }
                    text += "</clipPath>"
                }
                return text + "<path d='M0 0L100 100' clip-path='url(#c\(depth))'/>"
            case .manyClipped:
                let circles = (0..<many).map { _ in "<circle \(place(&random)) r='9'/>" }.joined()
                return "<clipPath id='c'>\(circles)</clipPath><g clip-path='url(#c)'>\(circles)</g>"
            case .curves:
                let size = Int.random(in: 3...6, using: &random)
                return "<path d='M0 0" + String(repeating: "C9e\(size) 0 0 9e\(size) 9e\(size) 9e\(size)", count: many)
                    + "'/>"
            case .dashes: return "<path stroke-dasharray='0.0001' d='M0 0H100V100H0Z'/>"
            case .rules:
                let rules = (0..<many).map { "g>path:nth-child(\($0))~.a\($0) *{stroke:red}" }.joined()
                return "<style>\(rules)</style><g>"
                    + String(repeating: "<path class='a1' d='M0 0L1 1'/>", count: many * 4)
                    + "</g>"
            case .selectors:
                let rules = (0..<many).map { "[d*='x\($0)']{stroke:red}" }.joined()
                return "<style>\(rules)</style><path d='M0 0" + String(repeating: "L1 1", count: many * 20) + "'/>"
            case .nesting: return String(repeating: "<g transform='scale(1.01)'>", count: many * 20)
            }
        }
    }

    private static func drawing(_ kind: Kind, _ random: inout SeededGenerator) -> [UInt8] {
        let bytes = Array((root + kind.body(&random) + "</svg>").utf8)
        guard kind == .compressed else { return bytes }
        return Gzip.bomb(head: bytes.dropLast(6), blanks: Int.random(in: 1_000_000...40_000_000, using: &random))
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func eachIsWithinItsBudgetOrRefusedWithPlaceAndRemedy(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for kind in Kind.allCases {
            let file = Self.drawing(kind, &random)
            do throws(Pipeline.Failure) {
                _ = try Pipeline.flatDrawing(
                    of: file, options: PlotOptions(), tolerance: 0.05,
                    budget: DrawingBudget(bytes: 12 << 20, steps: 3_000_000))
            } catch {
                guard case .unreadable(let fault) = error else {
                    Issue.record("seed \(seed), \(kind): \(error)")
                    continue
                }
                switch fault.reason {
                case .memory, .work:
                    #expect("\(fault)".contains("simplify"), "seed \(seed), \(kind): \(fault)")
                    #expect(fault.line >= 1 && fault.column >= 1)
                // Their own bounds: depth, copies, ends that are missing.
                case .limit, .malformed: break
                // Coordinates that no page can be meant for.
                case .unusable: break
                case .empty, .encoding, .compressed, .cancelled:
                    Issue.record("seed \(seed), \(kind): \(fault)")
                }
            }
        }
    }

    /// What a client is told, and what it can do.
    @Test func theDaemonAnswers422() {
        let planning = PlotPlanning.pipeline(Live(MemoryAllowance(settingMebibytes: 16)))
        let file = Gzip.bomb(head: Array((Self.root + "<path d='M0 0L9 9'/>").utf8)[...], blanks: 40_000_000)
        do throws(PlanningError) {
            _ = try planning.read(file, PlotOptions(), .whole) { false }
            Issue.record("a bomb of 40 MB is taken with 16 MiB")
        } catch {
            #expect(Problem(error).status == 422 && error.isOverBudget)
            #expect(error.sentence.contains("limits.memoryMebibytes"), "\(error.sentence)")
        }
    }

    /// Files as `gzip` makes them of a drawing with a very long comment.
    private enum Gzip {
        static func bomb(head: ArraySlice<UInt8>, blanks: Int) -> [UInt8] {
            let (open, close) = (Array(head) + Array("<!--".utf8), Array("--></svg>".utf8))
            let runs = blanks / 258
            var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
            for start in stride(from: 0, to: open.count, by: 65_535) {
                bytes.append(0)
                counted(open[start..<min(start + 65_535, open.count)], &bytes)
            }
            // A block of fixed codes (RFC 1951 §3.2.6): a blank, then the same 258 bytes again and again, then its end.
            var bits = Bits()
            bits.put(0b010, 3)
            bits.code(0x30 + 0x20, 8)
            for _ in 0..<runs {
                bits.code(0xC0 + 5, 8)
                bits.code(0, 5)
            }
            bits.code(0, 7)
            // Head of the last block, which is a stored one; its length stands at the next byte.
            bits.put(0b001, 3)
            bytes += bits.finished()
            counted(close[...], &bytes)
            var check = CRC32()
            check.update(open)
            let piece = [UInt8](repeating: 0x20, count: 258)
            check.update([0x20])
            for _ in 0..<runs { check.update(piece) }
            check.update(close)
            for value in [check.value, UInt32(truncatingIfNeeded: open.count + 1 + runs * 258 + close.count)] {
                for shift in stride(from: UInt32(0), to: 32, by: 8) {
                    bytes.append(UInt8(truncatingIfNeeded: value >> shift))
                }
            }
            return bytes
        }

        /// The rest of a block of bytes as they are: length, its complement, the bytes.
        private static func counted(_ part: ArraySlice<UInt8>, _ bytes: inout [UInt8]) {
            let count = UInt16(part.count)
            for value in [count, ~count] { bytes += [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }
            bytes += part
        }

        /// Bits from the lowest on; Huffman codes from their highest.
        private struct Bits {
            private var bytes: [UInt8] = []
            private var held: UInt32 = 0
            private var count = 0

            mutating func put(_ value: Int, _ width: Int) {
                held |= UInt32(value) << UInt32(count)
                count += width
                while count >= 8 {
                    bytes.append(UInt8(truncatingIfNeeded: held))
                    held >>= 8
                    count -= 8
                }
            }

            mutating func code(_ value: Int, _ width: Int) {
                for bit in (0..<width).reversed() { put((value >> bit) & 1, 1) }
            }

            func finished() -> [UInt8] { count > 0 ? bytes + [UInt8(truncatingIfNeeded: held)] : bytes }
        }
    }
}
