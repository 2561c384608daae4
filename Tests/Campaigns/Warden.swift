internal import Foundation
internal import Glibc
internal import Synchronization

/// Sees to it that no program started by a campaign outlives it, however the campaign ends: a small shell on the other
/// end of a pipe kills what is left when the pipe is closed, which the system does in every case.
final class Warden: Sendable {
    static let shared = Warden()

    private static let script = """
        trap '' INT TERM HUP
        live=
        while read -r word pid; do
            case $word in
            born) live="$live $pid" ;;
            dead)
                rest=
                for other in $live; do
                    [ "$other" = "$pid" ] || rest="$rest $other"
                done
                live=$rest
                ;;
            esac
        done
        [ -z "$live" ] || kill -9 $live
        """

    /// The end that is written to; nil where the shell could not be started.
    private let line: Mutex<FileHandle?>

    private init() {
        let pipe = Pipe()
        // A program that inherited this end would keep the shell waiting for itself.
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", Self.script]
        shell.standardInput = pipe.fileHandleForReading
        do {
            try shell.run()
            line = Mutex(pipe.fileHandleForWriting)
        } catch {
            complain("programs that are started may outlive the campaign: \(error)")
            line = Mutex(nil)
        }
        try? pipe.fileHandleForReading.close()
    }

    /// A program was started.
    func watch(_ process: Process) { tell("born \(process.processIdentifier)\n") }

    /// Its end has been seen; the number may be another's from now on.
    func forget(_ process: Process) { tell("dead \(process.processIdentifier)\n") }

    private func tell(_ text: String) {
        line.withLock { try? $0?.write(contentsOf: Data(text.utf8)) }
    }
}
