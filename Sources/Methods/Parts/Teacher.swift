import NN
import TensorCore

/// A copy of a part of a method that follows it: the keys' side of contrast.
///
/// He et al., "Momentum contrast for unsupervised visual representation learning", 2020, section 3.2.
public struct Teacher<Module> {
  typealias Twins = (student: Parameter, teacher: Parameter)

  /// The copy; what it makes is a constant.
  public let module: Module
  /// The parameters that are followed, each with the one that follows it.
  private let twins: [Twins]

  init(module: Module, twins: [Twins]) {
    (self.module, self.twins) = (module, twins)
    for twin in twins {
      twin.teacher.isTrainable = false
      twin.teacher.value = twin.student.value.detached()
    }
  }

  /// Moves a little towards what it follows: t ← m · t + (1 − m) · s. Running statistics are its own.
  public func follow(_ momentum: Float) {
    for twin in twins { exponentialMovingAverage(of: twin.student, into: twin.teacher, momentum: momentum) }
  }
}
