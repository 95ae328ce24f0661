import Foundation
import NN
import TensorCore
import Testing

@Suite struct OptimizerTests {
  private static func parameter(_ values: [Float]) -> Parameter {
    ParameterStore(seed: 1).parameter("p", shape: [values.count]) { _, _ in values }
  }

  /// The gradients of Σ c p, which are c.
  private static func linearGradients(_ c: [Float], of parameter: Parameter) -> Gradients {
    gradients(of: (parameter.value * Tensor(c, shape: [c.count])).sum())
  }

  @Test(arguments: [false, true])
  func threeStepsByHand(nesterov: Bool) {
    let parameter = OptimizerTests.parameter([1, -2])
    var optimizer = SGD(learningRate: 0.1, momentum: 0.9, weightDecay: 0.01, nesterov: nesterov)
    var p: [Double] = [1, -2]
    var m: [Double] = [0, 0]
    for (step, (c, rate)) in [([3, 4], 0.1), ([-1, 2], 0.1), ([0, 5], 0.02)].enumerated() {
      let found = OptimizerTests.linearGradients(c.map(Float.init), of: parameter)
      optimizer.step(parameters: [parameter], gradients: found, rate: Float(rate))
      for i in 0..<2 {
        let d = Double(c[i]) + 0.01 * p[i]
        m[i] = step == 0 ? d : 0.9 * m[i] + d
        p[i] -= rate * (nesterov ? d + 0.9 * m[i] : m[i])
      }
      #expect(relativeDifference(parameter.value.values, p.map(Float.init)) < 1e-6)
      #expect(relativeDifference(optimizer.momentumBuffers["p"]?.values ?? [], m.map(Float.init)) < 1e-6)
    }
  }

  /// Adam with L2 and with decoupled decay against PyTorch's documented algorithm in double precision.
  @Test(arguments: [false, true], [0, 0.1])
  func fourStepsOfAdamByHand(isDecoupled: Bool, decay: Double) {
    let parameter = OptimizerTests.parameter([1, -2, 0.5])
    var optimizer = Adam(
      beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: Float(decay), isDecoupled: isDecoupled)
    var p: [Double] = [1, -2, 0.5]
    var m: [Double] = [0, 0, 0]
    var v: [Double] = [0, 0, 0]
    let steps: [([Double], Double, Double)] = [
      ([3, 4, 0.001], 0.1, 1), ([-1, 2, 0], 0.1, 0.5), ([0, 5, -0.002], 0.02, 1), ([2, -1, 0.1], 0.3, 0.25),
    ]
    for (step, (c, rate, scale)) in steps.enumerated() {
      let found = OptimizerTests.linearGradients(c.map(Float.init), of: parameter)
      optimizer.step(parameters: [parameter], gradients: found, rate: Float(rate), scale: Float(scale))
      for i in 0..<3 {
        var d = c[i] * scale
        if isDecoupled { p[i] -= rate * decay * p[i] } else { d += decay * p[i] }
        m[i] = 0.8 * m[i] + 0.2 * d
        v[i] = 0.95 * v[i] + 0.05 * d * d
        let mean = m[i] / (1 - pow(0.8, Double(step + 1)))
        let square = v[i] / (1 - pow(0.95, Double(step + 1)))
        p[i] -= rate * mean / (square.squareRoot() + 1e-3)
      }
      #expect(relativeDifference(parameter.value.values, p.map(Float.init)) < 2e-6)
      #expect(relativeDifference(optimizer.state["first.p"]?.values ?? [], m.map(Float.init)) < 2e-6)
      #expect(relativeDifference(optimizer.state["second.p"]?.values ?? [], v.map(Float.init)) < 2e-6)
      #expect(optimizer.state["steps.p"]?.values == [Float(step + 1)])
    }
  }

  /// The first step of Adam goes by the rate against the gradient's sign, whatever its size.
  @Test func theFirstStepOfAdamHasTheRatesLength() {
    let parameter = OptimizerTests.parameter([1, 1, 1])
    var optimizer = Adam()
    optimizer.step(
      parameters: [parameter], gradients: OptimizerTests.linearGradients([1000, -0.01, 0], of: parameter),
      rate: 0.25)
    #expect(relativeDifference(parameter.value.values, [0.75, 1.25, 1]) < 1e-5)
  }

  @Test func whatHasNoGradientStays() {
    let store = ParameterStore(seed: 1)
    let (used, unused, frozen) = (
      store.parameter("used", shape: [2], initialise: constant(1)),
      store.parameter("unused", shape: [2], initialise: constant(1)),
      store.parameter("frozen", shape: [2], initialise: constant(1))
    )
    frozen.isTrainable = false
    let found = gradients(of: (used.value * frozen.value).sum())
    var optimizer = SGD(learningRate: 0.5, weightDecay: 0)
    optimizer.step(parameters: store.parameters, gradients: found)
    #expect(used.value.values == [0.5, 0.5])
    #expect(unused.value.values == [1, 1])
    #expect(frozen.value.values == [1, 1])
    #expect(optimizer.momentumBuffers.keys.sorted() == ["used"])
    #expect(used.value.isVariable && !frozen.value.isVariable)
  }

  /// Five steps at once equal three, a checkpoint, and two more from it.
  @Test(arguments: OptimizerSettings.Kind.allCases, [false, true])
  func continuesFromItsState(kind: OptimizerSettings.Kind, nesterov: Bool) {
    var settings = OptimizerSettings()
    settings.kind = kind
    settings.nesterov = nesterov
    func gradient(_ step: Int) -> [Float] { sample("gradient \(step)", [3]).values }
    func run(_ steps: Range<Int>, _ parameter: Parameter, _ optimizer: inout any Optimizer) {
      for step in steps {
        optimizer.step(
          parameters: [parameter], gradients: OptimizerTests.linearGradients(gradient(step), of: parameter),
          rate: 0.1, scale: 1)
      }
    }
    let straight = OptimizerTests.parameter([1, 2, 3])
    var optimizer = settings.optimizer()
    run(0..<5, straight, &optimizer)

    let first = OptimizerTests.parameter([1, 2, 3])
    var before = settings.optimizer()
    run(0..<3, first, &before)
    let saved = before.state.mapValues { ($0.values, $0.shape) }
    #expect(saved.count == (kind == .sgd ? 1 : 3))
    let second = OptimizerTests.parameter(first.value.values)
    var after = settings.optimizer()
    after.state = saved.mapValues { Tensor($0.0, shape: $0.1) }
    run(3..<5, second, &after)
    #expect(second.value.values == straight.value.values)
    #expect(after.state.mapValues(\.values) == optimizer.state.mapValues(\.values))
    // Without its state it goes elsewhere.
    let forgetful = OptimizerTests.parameter(first.value.values)
    var empty = settings.optimizer()
    run(3..<5, forgetful, &empty)
    #expect(forgetful.value.values != straight.value.values)
  }

  /// The gradients (3, 4) and 12 together have the length 13.
  @Test func clippingKeepsTheDirection() {
    let store = ParameterStore(seed: 1)
    let a = store.parameter("a", shape: [2]) { _, _ in [0, 0] }
    let b = store.parameter("b", shape: [1]) { _, _ in [0] }
    let other = store.parameter("other", shape: [1]) { _, _ in [0] }
    let loss =
      (a.value * Tensor([3, 4], shape: [2])).sum() + (b.value * Tensor([12], shape: [1])).sum()
      + (other.value * Tensor([1000], shape: [1])).sum()
    let found = gradients(of: loss)
    let clipped = [a, b]
    #expect(abs(gradientNorm(found, of: clipped) - 13) < 1e-5)
    #expect(clippingScale(found, of: clipped, to: 0) == 1)
    #expect(clippingScale(found, of: clipped, to: 20) == 1)
    let scale = clippingScale(found, of: clipped, to: 2.6)
    #expect(abs(scale - 0.2) < 1e-6)
    other.isTrainable = false
    #expect(abs(gradientNorm(found, of: store.parameters) - 13) < 1e-5, "what is frozen does not count")
    var optimizer = SGD(learningRate: 1, momentum: 0, weightDecay: 0)
    optimizer.step(parameters: clipped, gradients: found, rate: 1, scale: scale)
    #expect(relativeDifference(a.value.values + b.value.values, [-0.6, -0.8, -2.4]) < 1e-6)
  }

  @Test func aLongGradientIsMeasuredInBlocks() {
    let count = 200_001
    let parameter = ParameterStore(seed: 1).parameter("p", shape: [count], initialise: constant(0))
    let values = sample("long", [count]).values
    let expected = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    let found = OptimizerTests.linearGradients(values, of: parameter)
    #expect(abs(Double(gradientNorm(found, of: [parameter])) - expected) < 1e-5 * expected)
  }

  @Test func theCosineFallsAlongItsHalfWave() {
    let schedule = CosineSchedule(base: 3, final: 1)
    for (progress, rate) in [(0.0, 3.0), (1.0 / 3, 2.5), (0.5, 2), (2.0 / 3, 1.5), (1, 1), (2, 1), (-1, 3)] {
      #expect(abs(Double(schedule.rate(progress: progress)) - rate) < 1e-6)
    }
  }

  @Test func scheduleDropsAtItsMilestones() {
    let schedule = StepSchedule(base: 0.02, milestones: [2, 4], factor: 0.5)
    #expect((0..<6).map(schedule.rate) == [0.02, 0.02, 0.01, 0.01, 0.005, 0.005])
    #expect(StepSchedule(base: 0.02).rate(epoch: 1000) == 0.02)
  }

  @Test func teacherFollowsItsStudent() {
    let student = OptimizerTests.parameter([1, 2])
    let teacher = OptimizerTests.parameter([3, -2])
    teacher.isTrainable = false
    exponentialMovingAverage(of: student, into: teacher, momentum: 0.75)
    #expect(teacher.value.values == [2.5, -1])
    #expect(!teacher.value.isVariable)
    exponentialMovingAverage(of: student, into: teacher, momentum: 0)
    #expect(teacher.value.values == [1, 2])
  }
}
