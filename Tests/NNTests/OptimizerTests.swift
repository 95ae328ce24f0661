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
  @Test func continuesFromItsState() {
    func gradient(_ step: Int) -> [Float] { sample("gradient \(step)", [3]).values }
    func run(_ steps: Range<Int>, _ parameter: Parameter, _ optimizer: inout SGD) {
      for step in steps {
        optimizer.step(
          parameters: [parameter], gradients: OptimizerTests.linearGradients(gradient(step), of: parameter))
      }
    }
    let straight = OptimizerTests.parameter([1, 2, 3])
    var optimizer = SGD(learningRate: 0.1)
    run(0..<5, straight, &optimizer)

    let first = OptimizerTests.parameter([1, 2, 3])
    var before = SGD(learningRate: 0.1)
    run(0..<3, first, &before)
    let saved = before.momentumBuffers.mapValues { ($0.values, $0.shape) }
    let second = OptimizerTests.parameter(first.value.values)
    var after = SGD(learningRate: 0.1)
    after.momentumBuffers = saved.mapValues { Tensor($0.0, shape: $0.1) }
    run(3..<5, second, &after)
    #expect(second.value.values == straight.value.values)
    #expect(after.momentumBuffers["p"]?.values == optimizer.momentumBuffers["p"]?.values)
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
