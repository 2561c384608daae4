internal import EBB
internal import Foundation
internal import Motion
internal import Synchronization
internal import Text

/// The paper of an endless plot in the foreground: waited for, or given a time.
struct NextSheet: Sendable {
    let console: Console
    /// Whether somebody may type: standard input is a terminal, and the drawing does not come from it.
    let isInteractive: Bool

    /// - Parameter path: of the drawing.
    init(console: Console, path: String) {
        self.console = console
        isInteractive = path != "-" && Terminal.isTerminal(Terminal.standardInput)
    }

    /// Returns when the next sheet is to be drawn; false once the end was asked for.
    ///
    /// - Parameter delay: s after which it begins by itself; 0 = a person, or the board's button, says so.
    func isIn(sheets: Int, delay: Double, _ driver: Driver, _ watch: InterruptWatch) async throws -> Bool {
        let told = sheets == 1 ? "1 sheet is drawn" : "\(sheets) sheets are drawn"
        if delay > 0 {
            console.note("\(told); the next begins in \(brief(delay)) s")
        } else {
            let way = isInteractive ? "press Enter, or the board's button," : "press the board's button"
            console.prompt("\(told): put in new paper, then \(way) to go on\n")
        }
        // The board remembers a press: one from before counts for nothing.
        _ = try await driver.ask(.wasButtonPressed)
        let isTyped = delay > 0 || !isInteractive ? nil : Self.entered()
        var left = delay
        while !watch.flag.isSet {
            if delay > 0, left <= 0 { return true }
            if let isTyped, isTyped() { return true }
            if try await driver.ask(.wasButtonPressed) { return true }
            let step = delay > 0 ? min(left, 0.1) : 0.1
            try await Task.sleep(for: .seconds(step))
            left -= step
        }
        return false
    }

    /// Reads a line on a thread of its own; tells whether it has come.
    private static func entered() -> @Sendable () -> Bool {
        let flag = Pressed()
        Thread.detachNewThread {
            while let byte = (try? FileHandle.standardInput.read(upToCount: 1))?.first {
                if byte == UInt8(ascii: "\n") { return flag.set() }
            }
        }
        return { flag.isSet }
    }

    private final class Pressed: Sendable {
        private let state = Mutex(false)

        var isSet: Bool { state.withLock { $0 } }

        func set() { state.withLock { $0 = true } }
    }
}
