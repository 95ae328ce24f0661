import Kernels
import TensorCore

/// teacher = momentum teacher + (1 - momentum) student.
///
/// He et al., "Momentum contrast for unsupervised visual representation learning", 2020, equation 2.
public func exponentialMovingAverage(of student: Parameter, into teacher: Parameter, momentum: Float) {
  let shape = teacher.value.shape
  precondition(
    student.value.shape == shape,
    "\(teacher.name) of shape \(shape) cannot follow \(student.name) of shape \(student.value.shape)")
  let moved = Kernels.interpolate(teacher.value.storage, towards: student.value.storage, momentum: momentum)
  teacher.value = Tensor(moved, shape: shape)
}
