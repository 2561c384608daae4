internal import CLinux

/// How the C library's allocator keeps memory that is no longer used.
enum Allocator {
    /// From this size on an array is mapped by itself and goes back to the system when it is let go, bytes.
    private static let mapped: CInt = 1 << 20
    /// So much may stay at the top of a heap, bytes.
    private static let kept: CInt = 4 << 20
    /// Heaps of their own that threads may have: each keeps what its largest drawing left.
    private static let heaps: CInt = 2

    /// Lets a process give back what large drawings took, stage by stage of planning and drawing by drawing.
    ///
    /// By itself the allocator moves its threshold up to 32 MiB with every large array that is freed, and keeps those below
    /// it in the heaps of eight threads a processor. `axidrawd-campaign load --row memory` draws four large drawings one
    /// after the other within 512 MiB.
    static func returnsMemory() {
        _ = mallopt(M_MMAP_THRESHOLD, mapped)
        _ = mallopt(M_TRIM_THRESHOLD, kept)
        _ = mallopt(M_ARENA_MAX, heaps)
    }
}
