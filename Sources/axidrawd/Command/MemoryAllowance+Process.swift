internal import Foundation
internal import Text

extension MemoryAllowance {
    /// Of a verb: by the environment, else by what the process may have.
    static func ofProcess(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(UsageError) -> MemoryAllowance {
        guard let text = environment[variable] else { return MemoryAllowance(settingMebibytes: nil) }
        guard let chosen = ASCII.decimal(text.utf8), settable.contains(chosen) else {
            throw .badValue(name: variable, value: text, expected: expected)
        }
        return MemoryAllowance(settingMebibytes: chosen)
    }
}
