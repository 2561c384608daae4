internal import CLinux
internal import Glibc

/// A pseudo-terminal whose far end looks like a board's serial port: `/dev/pts/N`, raw, open to any program.
///
/// It outlives its clients: we keep the far end open ourselves, else reading fails whenever nobody else does. Openings
/// and closings by others are counted by inotify.
final class PseudoTerminal {
    /// What clients open.
    let path: String
    /// Programs that have the far end open now.
    private(set) var clientCount = 0

    private let near: LinkDescriptor
    private let far: LinkDescriptor
    private let watch: LinkDescriptor

    /// ioctl numbers of Linux; the macros carry a size and are not imported (asm-generic/ioctls.h).
    private static let unlock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    init() throws(LinkFailure) {
        let near = LinkDescriptor(
            owning: try Self.checked("open", path: "/dev/ptmx", unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC))
        )
        var lock: Int32 = 0
        _ = try Self.checked("ioctl TIOCSPTLCK", unsafe ioctl(near.raw, Self.unlock, &lock))
        var number: UInt32 = 0
        _ = try Self.checked("ioctl TIOCGPTN", unsafe ioctl(near.raw, Self.getNumber, &number))
        path = "/dev/pts/\(number)"
        far = LinkDescriptor(
            owning: try Self.checked("open", path: path, unsafe open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)))
        watch = LinkDescriptor(
            owning: try Self.checked("inotify_init1", inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))))
        let events = UInt32(IN_OPEN | IN_CLOSE_WRITE | IN_CLOSE_NOWRITE)
        _ = try Self.checked("inotify_add_watch", path: path, unsafe inotify_add_watch(watch.raw, path, events))
        self.near = near
        makeRaw()
    }

    private static func checked(_ call: String, path: String? = nil, _ result: Int32) throws(LinkFailure) -> Int32 {
        if result < 0 { throw LinkFailure(call, path: path) }
        return result
    }

    /// No echo, no line editing, no translation of line ends: what a client that sets nothing needs.
    private func makeRaw() {
        var settings = termios()
        guard unsafe tcgetattr(far.raw, &settings) == 0 else { return }
        unsafe cfmakeraw(&settings)
        _ = unsafe tcsetattr(far.raw, TCSANOW, &settings)
    }

    /// Descriptors to wait on: bytes from clients, and clients coming and going.
    var readable: (bytes: Int32, clients: Int32) { (near.raw, watch.raw) }

    func read(upTo limit: Int) -> LinkRead { near.read(upTo: limit) }
    func write(_ bytes: ArraySlice<UInt8>) -> Int? { near.write(bytes) }

    /// Brings `clientCount` up to date; true when somebody has closed since the last call.
    func noticeClients() -> Bool {
        guard case .bytes(let bytes) = watch.read(upTo: 4096) else { return false }
        var hasClosed = false
        var position = 0
        // struct inotify_event: wd, mask, cookie, len, then len bytes of name.
        while position + 16 <= bytes.count {
            let mask = Self.word(bytes, position + 4)
            if mask & UInt32(IN_OPEN) != 0 { clientCount += 1 }
            if mask & UInt32(IN_CLOSE_WRITE | IN_CLOSE_NOWRITE) != 0 {
                clientCount = max(0, clientCount - 1)
                hasClosed = true
            }
            position += 16 + Int(Self.word(bytes, position + 12))
        }
        // Who was killed cannot give its claim to be alone back, and our far end keeps the terminal from forgetting it.
        // Not only after the last: two closings at once may be told as one.
        if hasClosed { _ = ioctl(far.raw, UInt(TIOCNXCL)) }
        return hasClosed
    }

    private static func word(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        // Linux on x86-64 and arm64 is little-endian.
        UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
    }

    /// After the last client: what it has not read is gone, and the next one finds the line raw again.
    func refresh() {
        _ = tcflush(far.raw, TCIFLUSH)
        makeRaw()
    }

    /// Lets `link` point to `path`, replacing a symbolic link of that name but nothing else.
    static func point(_ link: String, to path: String) throws(LinkFailure) {
        var status = stat()
        let exists = unsafe lstat(link, &status) == 0
        if exists && status.st_mode & S_IFMT != S_IFLNK { throw LinkFailure("symlink", code: EEXIST, path: link) }
        let temporary = link + ".\(getpid()).partial"
        _ = unsafe unlink(temporary)
        if unsafe symlink(path, temporary) != 0 { throw LinkFailure("symlink", path: link) }
        if unsafe rename(temporary, link) != 0 {
            let failure = LinkFailure("rename", path: link)
            _ = unsafe unlink(temporary)
            throw failure
        }
    }

    /// Removes a link or named pipe of ours.
    static func remove(_ path: String) { _ = unsafe unlink(path) }
}
