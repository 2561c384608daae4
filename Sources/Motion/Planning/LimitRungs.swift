/// Lower limits that a path is also planned at where its commands cannot follow, where a motor's rate would step too
/// far, or where jerk is limited.
///
/// They are the same for every limit, so that a higher one has all the choices of a lower one: what is quicker at a limit than
/// at a higher one is found at the higher one, too.
enum LimitRungs {
    /// mm/s², from the highest.
    static let accelerations: [Double] = [
        16_000, 12_000, 8000, 6000, 4000, 3000, 2000, 1500, 1000, 762, 500, 350, 250, 175, 150, 125,
    ]
    /// mm/s, from the lowest.
    static let speeds: [Double] = [10, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300]
}
