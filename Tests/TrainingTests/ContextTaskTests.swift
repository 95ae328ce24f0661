import Batches
import Encoders
import Foundation
import NN
import Recipes
import Shards
import Skeleton
import TensorCore
import Testing

@testable import Methods
@testable import Training

/// Each question about clips against its equation written down again slowly, and its gradients against differences.
@Suite struct ContextTaskTests {
  private let gru = GRUEncoderSettings(hidden: 6)

  /// The draws of a sample for a view, as ``TasksAlone`` makes its batch.
  private func random(_ sample: String, _ view: String) -> KeyedRandom {
    KeyedRandom(seed: 5, epoch: 0, sample: sample, view: view)
  }

  @Test(arguments: OrderTask.Unit.allCases)
  func orderIsCrossEntropyOfTwoAnswers(unit: OrderTask.Unit) throws {
    var settings = OrderTask.Settings()
    settings.unit = unit
    let names = TasksAlone.names(12)
    let model = try TasksAlone([settings], gru, names: names)
    let step = model.step()
    let said = try model.answers(Slowly.rows(try #require(step.shown["order"])), "task.order.head")
    let labels = names.map { name -> Int in
      var random = random(name, "order.change")
      return random.unit() < 0.5 ? 1 : 0
    }
    #expect(Set(labels) == [0, 1])
    Slowly.expect(
      step.terms["order"], Slowly.mean(zip(said, labels).map { -log(Slowly.softmax($0)[$1]) }), "order")
    let right = zip(said, labels).count { ($0[1] > $0[0]) == ($1 == 1) }
    #expect(step.measures["accuracy_order"] == Float(right) / 12)
    model.expectGradients(below: "encoder_q")
    model.expectGradients(below: "task.order.head")
  }

  /// What changed places was at least so far apart, and everything else stays.
  @Test func ordersAreWhatTheyAreCalled() throws {
    var settings = OrderTask.Settings()
    var seen: Set<[Int]> = []
    for trial in 0..<200 {
      var random = random("\(trial)", "order")
      settings.unit = .frame
      let frames = settings.changed(frames: 16, &random)
      let moved = frames.indices.filter { frames[$0] != $0 }
      #expect(moved.count == 2 && frames.sorted() == Array(0..<16))
      #expect((2...6).contains(moved[1] - moved[0]))
      seen.insert(moved)
      settings.unit = .segment
      let segments = settings.changed(frames: 16, &random)  // seven of two frames, and two that stay
      let changed = segments.indices.filter { segments[$0] != $0 }
      #expect(changed.count == 4 && changed[2] - changed[0] >= 4 && segments.suffix(2) == [14, 15])
    }
    #expect(seen.count > 40)  // of 14 + 13 + … pairs within seven frames
    settings.unit = .reverse
    var random = random("", "order")
    #expect(settings.changed(frames: 3, &random) == [2, 1, 0])
  }

  @Test func directionIsBinaryCrossEntropyOfWhatIsHidden() throws {
    for extent in DirectionTask.Extent.allCases {
      var settings = DirectionTask.Settings()
      (settings.extent, settings.hidden, settings.deadzone) = (extent, 0.3, 0.05)
      settings.view = TaskViewSettings(shear: 0)
      settings.view.crop = 1...1
      let model = try TasksAlone([settings], gru)
      let step = model.step()
      let logits = try #require(step.shown["direction"]).values
      let width = SkeletonClip.width
      var (losses, right, all) = ([Double](), [0.0, 0], [0.0, 0])
      for (row, name) in model.names.enumerated() {
        let x = model.clips.values.rows([row]).values
        let limit = 0.05 * Self.meanBone(x)
        var random = random(name, "direction.hidden")
        for frame in 0..<16 {
          for joint in 0..<25 {
            let isHidden = random.unit() < 0.3
            guard frame < 15, isHidden || extent == .all else { continue }
            for place in 0..<6 {
              let at = frame * width + joint * 6 + place
              let way = Double(x[at + width] - x[at])
              guard abs(way) > limit else { continue }
              let share = 1 / (1 + exp(-Double(logits[row * 16 * width + at])))
              losses.append(-log(way > 0 ? share : 1 - share))
              all[way > 0 ? 1 : 0] += 1
              if (share > 0.5) == (way > 0) { right[way > 0 ? 1 : 0] += 1 }
            }
          }
        }
      }
      Slowly.expect(step.terms["direction"], Slowly.mean(losses), "\(extent)")
      Slowly.expect(
        step.measures["accuracy_direction"], (right[0] / all[0] + right[1] / all[1]) / 2, "accuracy")
      #expect(step.measures["chance_direction"] == 0.5)
      model.expectGradients(below: "encoder_q")
    }
  }

  private static func meanBone(_ x: [Float]) -> Double {
    var lengths: [Double] = []
    for frame in 0..<16 {
      for (joint, parent) in Kinect25.parents.enumerated() where joint != parent {
        let square = (0..<3).map { axis -> Double in
          let offset = frame * SkeletonClip.width + axis * 2
          let difference = Double(x[offset + joint * 6] - x[offset + parent * 6])
          return difference * difference
        }
        lengths.append(square.reduce(0, +).squareRoot())
      }
    }
    return Slowly.mean(lengths)
  }

  @Test func directionsOfSingleWays() {
    // One joint rises along x by a metre in every frame, and its root falls.
    var clip = SkeletonClip(values: [Float](repeating: 0, count: 3 * SkeletonClip.width))
    for frame in 0..<3 {
      clip.values[frame * SkeletonClip.width + 7 * 6] = Float(frame)
      clip.values[frame * SkeletonClip.width + 20 * 6] = -2 * Float(frame)
    }
    var settings = DirectionTask.Settings()
    let plain = settings.directions(clip, .kinect25)
    #expect(plain.counts.indices.filter { plain.counts[$0] > 0 } == [42, 120, 192, 270])
    #expect(plain.rises.indices.filter { plain.rises[$0] > 0 } == [42, 192])
    settings.frame = .rootRelative
    let relative = settings.directions(clip, .kinect25)
    // All other joints of the first body now rise along x, and the root stands still.
    #expect(relative.counts.prefix(150).reduce(0, +) == 24 && relative.counts[120] == 0)
    #expect(relative.rises.prefix(150).reduce(0, +) == 24)
  }

  @Test func equivariantIsItsEquation() throws {
    var settings = EquivariantTask.Settings()
    settings.projection = 5
    let model = try TasksAlone([settings], gru)
    let step = model.step()
    let q = Slowly.rows(try #require(step.shown["equivariant"]))
    let keys = try (0...2).map { Slowly.rows(try #require(step.shown["equivariant \($0)"])) }
    let losses = q.indices.map { row -> Double in
      let logits =
        keys[0].map { Slowly.dot(q[row], $0) / 0.1 } + (1...2).map { Slowly.dot(q[row], keys[$0][row]) / 0.1 }
      return -log(Slowly.softmax(logits)[row])
    }
    Slowly.expect(step.terms["equivariant"], Slowly.mean(losses), "equivariant")
    model.expectGradients(below: "encoder_q")
    #expect(throws: InputError.self) {
      settings.others = 6
      try settings.checkConsistency(in: "recipe")
    }
  }

  /// Without augmentation query and key are one clip, and the other shuffles of it differ.
  @Test func keysHaveTheSameShuffle() throws {
    var settings = EquivariantTask.Settings()
    (settings.view.crop, settings.view.shear, settings.projection) = (1...1, 0, 5)
    let step = try TasksAlone([settings], gru).step()
    let query = try #require(step.shown["equivariant"]).values
    #expect(Oracles.distance(query, try #require(step.shown["equivariant 0"]).values) < 1e-5)
    for other in 1...2 {
      #expect(Oracles.distance(query, try #require(step.shown["equivariant \(other)"]).values) > 1e-3)
    }
    let order = SegmentOrder([2, 0, 1])
    #expect(order.frames(of: 10) == [6, 7, 8, 0, 1, 2, 3, 4, 5, 9])
  }

  private func contrast(_ change: (inout ViewContrastTask.Settings) -> Void) -> ViewContrastTask.Settings {
    var settings = ViewContrastTask.Settings()
    settings.projection = 5
    change(&settings)
    return settings
  }

  @Test(arguments: [0, 2]) func viewContrastIsItsEquation(focus: Int) throws {
    // The first two are of one performance.
    let names = ["S001C001P003R002A013", "S001C002P003R002A013", "c", "d"]
    let model = try TasksAlone([contrast { $0.focus = focus }], gru, names: names)
    let step = model.step()
    let sides = try (0...1).map { Slowly.rows(try #require(step.shown["view_contrast \($0)"])) }
    var losses: [Double] = []
    for (own, other) in [(sides[0], sides[1]), (sides[1], sides[0])] {
      for row in own.indices {
        let twin = row == 0 ? 1 : row == 1 ? 0 : -1
        let columns = other.indices.filter { $0 != twin }
        let shares = Slowly.softmax(columns.map { Slowly.dot(own[row], other[$0]) / 0.1 })
        let share = shares[columns.firstIndex(of: row) ?? 0]
        losses.append(-pow(1 - share, Double(focus)) * log(share))
      }
    }
    Slowly.expect(step.terms["view_contrast"], Slowly.mean(losses), "view_contrast")
    model.expectGradients(below: "encoder_q")
  }

  @Test func segmentsAreContrastedWithTheWholeOfTheOtherView() throws {
    let plain = try TasksAlone([contrast { _ in }], gru)
    let local = try TasksAlone([contrast { ($0.local, $0.segments) = (0.5, 4) }], gru)
    let (step, other) = (local.step(), plain.step())
    #expect(step.terms["view_contrast"] == other.terms["view_contrast"])
    let segment = try #require(step.terms["view_contrast_local"])
    Slowly.expect(step.loss, Double(other.loss + 0.5 * segment), "sum")
    local.expectGradients(below: "task.view_contrast.local")
    local.expectGradients(below: "encoder_q")
  }

  /// A partner is another camera's sample of the same performance, of the same side of the split; whoever has none is turned.
  @Test func partnersAreOfTheSamePerformanceAndSide() throws {
    let small = try SmallRun()
    let folder = try DatasetFolder(small.folder.appendingPathComponent("data"))
    let source = try SampleSource(folder, split: "xview", part: .train)
    let groups = SampleGroups(source.entries) { Camera(ofSample: $0)?.performance }
    let names = Set(source.entries.map(\.name))
    var pairs = 0
    for entry in source.entries {
      guard let partner = groups.partner(of: entry, seed: 1, epoch: 0) else { continue }
      pairs += 1
      #expect(names.contains(partner.name) && partner.name != entry.name)
      #expect(Camera(ofSample: partner.name)?.performance == Camera(ofSample: entry.name)?.performance)
    }
    let alone = source.entries.filter { entry in
      !source.entries.contains {
        $0.name != entry.name
          && Camera(ofSample: $0.name)?.performance == Camera(ofSample: entry.name)?.performance
      }
    }
    #expect(pairs + alone.count == source.entries.count)
    #expect(
      Camera(ofSample: "S001C001P003R002A013")?.performance
        != Camera(ofSample: "S001C001P004R002A013")?.performance)
    #expect(Camera(ofSample: "0002-L#3")?.performance == Camera(ofSample: "0002-R#3")?.performance)
    #expect(Camera(ofSample: "0002-L#3")?.performance != Camera(ofSample: "0002-R#4")?.performance)
  }
}
