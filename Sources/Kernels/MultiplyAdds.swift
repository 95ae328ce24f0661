import Synchronization

/// How many products of two numbers, each added to a sum, kernels take: what the literature calls MACs, and now and then
/// FLOPs.
///
/// Matrix products, convolutions, attention and recurrent layers count, forward; what is done number by number does not.
/// A convolution's products with the zeros around its input count like the others.
public enum MultiplyAdds {
  /// A class, since what is called inside adds to it.
  private final class Counter: Sendable {
    let count = Atomic<Int>(0)
  }

  @TaskLocal private static var counter: Counter?

  /// What a function gives, and what its kernels on this thread counted.
  public static func counted<Result>(_ body: () throws -> Result) rethrows -> (result: Result, count: Int) {
    let counter = Counter()
    let result = try $counter.withValue(counter) { try body() }
    return (result, counter.count.load(ordering: .relaxed))
  }

  static func add(_ count: @autoclosure () -> Int) {
    guard let counter else { return }
    counter.count.add(count(), ordering: .relaxed)
  }
}
