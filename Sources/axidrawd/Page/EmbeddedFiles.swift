internal import CAssets

/// The files of `Page/Assets` as the compiler put them into the binary.
enum EmbeddedFiles {
    /// By name, such as `page.css`.
    static let all: [String: [UInt8]] = {
        var files: [String: [UInt8]] = [:]
        for number in 0..<asset_count() {
            let asset = unsafe asset_at(number)
            let name = unsafe String(cString: asset.name)
            files[name] = unsafe Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
        }
        return files
    }()
}
