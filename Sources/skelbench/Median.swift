/// The middle one of some numbers.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// The middle ones of some times, by the clock and by processors.
func median(_ values: [Seconds]) -> Seconds {
  Seconds(clock: median(values.map(\.clock)), processor: median(values.map(\.processor)))
}
