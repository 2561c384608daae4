/// Text from outside in quotation marks, cut to 80 characters, without control characters.
package func quoted(_ text: String) -> String {
    var clean = ""
    for scalar in text.unicodeScalars.prefix(80) {
        if scalar.value < 32 || (127..<160).contains(scalar.value) {
            clean += "?"
        } else {
            clean.unicodeScalars.append(scalar)
        }
    }
    return "\"" + clean + (text.unicodeScalars.count > 80 ? "…" : "") + "\""
}
