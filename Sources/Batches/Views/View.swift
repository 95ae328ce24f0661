/// A part of every batch: what a ``ViewPlan`` makes under this name, of this type.
///
/// Only a plan gives one out, so what a method asks a batch for is there, and nothing else is computed.
public struct View<Value: Sendable>: Sendable {
  let index: Int
}
