import Skeleton

/// Prints a result for people: what it holds of other people's texts cannot act on the terminal, see `String.visible`.
///
/// JSON, which is for programs, is printed as it is.
public func printVisible(_ text: some CustomStringConvertible) { print("\(text)".visible) }
