internal import EBB
internal import Foundation
internal import Motion

/// Asks a person at the terminal what a plot in the foreground waits for.
struct StopPrompt: Sendable {
    let console: Console
    let requests: RunRequests
    let isSimulated: Bool
    /// Whether somebody may type: standard input is a terminal, and the drawing does not come from it.
    let isInteractive: Bool

    /// - Parameter path: of the drawing.
    init(console: Console, requests: RunRequests, path: String, isSimulated: Bool) {
        self.console = console
        self.requests = requests
        self.isSimulated = isSimulated
        isInteractive = path != "-" && Terminal.isTerminal(Terminal.standardInput)
    }

    /// The plot stands; returns at once, and it goes on when somebody has answered.
    func ask(_ stop: PlotStop) {
        guard isInteractive else {
            if isSimulated {
                console.note("\(stop.prompt); goes on: nobody is at a terminal, and the board is a virtual one")
                return requests.resume()
            }
            return console.warn("\(stop.prompt), then press the board's button to go on")
        }
        let way = isSimulated ? "press Enter to go on" : "press Enter, or the board's button, to go on"
        console.prompt("\(stop.prompt), then \(way) ")
        let requests = requests
        Thread.detachNewThread {
            // The end of input is no answer: then only the board's button is.
            while let byte = (try? FileHandle.standardInput.read(upToCount: 1))?.first {
                if byte == UInt8(ascii: "\n") { return requests.resume() }
            }
        }
    }
}
