internal import CAssets

/// Files as the compiler put them into the binary.
enum EmbeddedFiles {
    /// The files of `Page/Assets` by name, such as `page.css`.
    static let all: [String: [UInt8]] = unsafe files(asset_count()) { unsafe asset_at($0) }
    /// What `axidrawd install` writes, by name, such as `axidrawd.service`.
    static let deploy: [String: [UInt8]] = unsafe files(deploy_count()) { unsafe deploy_at($0) }

    private static func files(_ count: Int, _ asset: (Int) -> Asset) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for number in 0..<count {
            let asset = unsafe asset(number)
            let name = unsafe String(cString: asset.name)
            files[name] = unsafe Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
        }
        return files
    }
}
