internal import Foundation
internal import Text

/// The time of day as `Date` writes it, made once a second.
package struct HTTPDate {
    private var second = 0
    private var written = ""

    package init() {}

    /// Now, as `Sun, 06 Nov 1994 08:49:37 GMT`.
    package var text: String {
        mutating get {
            let now = Int(Date().timeIntervalSince1970)
            if now != second {
                second = now
                written = DateText.http(unixSeconds: now)
            }
            return written
        }
    }
}
