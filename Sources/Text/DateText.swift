/// Moments as people and protocols write them, in UTC.
package enum DateText {
    /// Any moment since 1970 in the form of RFC 9110 §5.6.7.
    package static func http(unixSeconds: Int) -> String {
        let (date, time) = parts(unixSeconds)
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(unixSeconds / 86400) % 7]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekday), \(two(date.day)) \(months[date.month - 1]) \(date.year) \(time) GMT"
    }

    /// RFC 3339 in UTC with milliseconds.
    package static func stamp(unixMilliseconds: Int) -> String {
        let (date, time) = parts(unixMilliseconds / 1000)
        let milliseconds = String(unixMilliseconds % 1000 + 1000).dropFirst()
        return "\(date.year)-\(two(date.month))-\(two(date.day))T\(time).\(milliseconds)Z"
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// Civil date (days since 1970 in eras of 400 years) and time of day.
    private static func parts(_ seconds: Int) -> (date: (year: Int, month: Int, day: Int), time: String) {
        let shifted = seconds / 86400 + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let second = seconds % 86400
        return ((year, month, day), "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))")
    }
}
