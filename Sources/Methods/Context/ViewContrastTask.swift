import Batches
import NN
import Recipes
import Skeleton
import TensorCore

/// Contrast of two views of one performance, cropped at the same time, against the other performances of the batch.
///
/// With a and b the embeddings of all first and second views, of length 1, and p_i the share that the own b_i has in the
/// softmax of a_i b / τ,
///
///     loss = ½ mean_i -(1 - p_i)^γ log p_i + the same with a and b exchanged
///
/// and with a weight of its own the same between segments of one view and the whole of the other. A sample that is a view of
/// the same performance by chance is no negative. Whoever was recorded by one camera alone, in the training side of
/// the split, is turned synthetically: about the upright axis and to the side, mirrored or not.
///
/// Source: FoCoViL, Men et al. (Neurocomputing 2023), whose abstract tells of views, contrast and focus; Bian et al.,
/// "Global-local contrast" (CVIU 2023), whose abstract tells of cameras, contrast, and segments. The equations are ours.
public struct ViewContrastTask: ContextTask {
  /// `view_contrast`, and `view_contrast_local` where segments are contrasted.
  public let terms: [String]
  private let settings: Settings
  private let encoder: TaskEncoder
  private let projector: Projector
  private let local: Projector?
  private let views: (View<Clips>, View<Clips>)
  private let performances: View<[String?]>

  /// Projectors `fc.*` and, for segments, `local.fc.*`.
  public init(_ settings: Settings, _ scope: Scope, _ build: MethodBuilder, _ encoder: TaskEncoder) throws {
    (self.settings, self.encoder) = (settings, encoder)
    terms = settings.local > 0 ? ["view_contrast", "view_contrast_local"] : ["view_contrast"]
    projector = Projector(scope, features: encoder.featureCount, size: settings.projection)
    local =
      settings.local > 0
      ? Projector(scope / "local", features: encoder.stepFeatureCount, size: settings.projection) : nil
    if settings.source == .camera {
      build.views.group { Camera(ofSample: $0)?.performance }
    }
    performances = build.views.add { draw, _ in draw.names.map { Camera(ofSample: $0)?.performance } }
    let partners = build.views.partners()
    let frames = build.frames
    let second: View<[SkeletonClip]> = build.views.add(keeps: false) { draw, made in
      zip(draw.clips, made[partners]).enumerated().map { sample, clips in
        if let other = clips.1 { return other }
        var random = draw.random("view_contrast.turn", of: sample)
        return clips.0.turnedView(settings, &random)
      }
    }
    let first: View<[SkeletonClip]> = build.views.add(keeps: false) { draw, _ in draw.clips }
    func view(_ samples: View<[SkeletonClip]>, _ name: String) -> View<Clips> {
      let cropped: View<[SkeletonClip]> = build.views.add(keeps: false) { draw, made in
        made[samples].enumerated().map { sample, clip in
          // The same draw for both views, which are of the same time.
          var time = draw.random("view_contrast.crop", of: sample)
          var space = draw.random("view_contrast.\(name)", of: sample)
          let crop = Augmentation.crop(settings.view.crop, to: frames)(clip, &time)
          return settings.view.shear > 0 ? Augmentation.shear(upTo: settings.view.shear)(crop, &space) : crop
        }
      }
      return build.views.clips(build.views.samples(cropped, in: encoder.stream))
    }
    views = (view(first, "first"), view(second, "second"))
  }

  /// The contrast. An answer is right if no other performance is nearer; by chance it is one of all.
  public func learn(from batch: Batch, _ step: inout Step) {
    let a = encoder.steps(batch[views.0], step.pass("view_contrast.first"))
    let b = encoder.steps(batch[views.1], step.pass("view_contrast.second"))
    let (own, other) = (projector(a.whole), projector(b.whole))
    step.show("view_contrast 0", own)
    step.show("view_contrast 1", other)
    let hidden = sameElsewhere(batch[performances])
    let forward = contrast(own, other, hidden)
    let loss = (forward.loss + contrast(other, own, hidden).loss) * 0.5
    forward.answers.measure("view_contrast", &step)
    var losses = [Term("view_contrast", loss, weight: settings.weight)]
    if let local {
      let parts = min(settings.segments, a.steps.shape[1])
      let sides = [(a.steps, other), (b.steps, own)].flatMap { steps, whole in
        segments(steps, parts).map { contrast(local($0), whole, hidden) }
      }
      let sum = sides.dropFirst().reduce(sides[0].loss) { $0 + $1.loss }
      let accuracy = sides.reduce(0) { $0 + $1.answers.accuracy } / Float(sides.count)
      Answers(accuracy: accuracy, chance: 1 / Float(batch.names.count)).measure("view_contrast_local", &step)
      losses.append(
        Term("view_contrast_local", sum * (1 / Float(sides.count)), weight: settings.weight * settings.local))
    }
    step.learn(losses)
  }

  /// The mean of -(1 - p)^γ log p over rows of embeddings, (N, D) both.
  private func contrast(_ queries: Tensor, _ keys: Tensor, _ hidden: Tensor) -> (
    loss: Tensor, answers: Answers
  ) {
    let count = queries.shape[0]
    let logits = queries.matmul(keys, transposed: true) * (1 / settings.temperature) + hidden
    let own = Array(0..<count)
    let shares = logits.logSoftmax().columns(own, count: 1)  // log p, (N, 1)
    let focus = (0..<settings.focus).reduce(shares) { loss, _ in
      loss * (Tensor(scalar: 1) - shares.exp())
    }
    let answers = Answers(logits, labels: own)
    return (focus.mean() * -1, Answers(accuracy: answers.accuracy, chance: 1 / Float(count)))
  }

  /// The means of equal runs of steps, (N, S, D') to (N, D') each.
  private func segments(_ steps: Tensor, _ count: Int) -> [Tensor] {
    let all = steps.shape[1]
    return (0..<count).map {
      steps.sliced(axis: 1, ($0 * all / count)..<(($0 + 1) * all / count)).mean(axes: [1])
    }
  }

  /// What hides the other samples of a performance, (N, N).
  private func sameElsewhere(_ performances: [String?]) -> Tensor {
    let count = performances.count
    let values = (0..<count * count).map { place -> Float in
      let (row, column) = (performances[place / count], performances[place % count])
      return place / count != place % count && row != nil && row == column ? -1e9 : 0
    }
    return Tensor(values, shape: [count, count])
  }
}

extension SkeletonClip {
  /// The clip seen from elsewhere: turned about the upright axis and to the side, and with equal chances mirrored.
  func turnedView(_ settings: ViewContrastTask.Settings, _ random: inout KeyedRandom) -> SkeletonClip {
    let yaw = random.uniform(-settings.yaw, settings.yaw)
    let side: TurnAxis = settings.axis == .x ? .y : .x
    let pitch = random.uniform(-settings.pitch, settings.pitch)
    let turned = sheared(by: settings.axis.turn(degrees: yaw)).sheared(by: side.turn(degrees: pitch))
    guard random.unit() < 0.5 else { return turned }
    // Left and right change places, and so do the two sides of the axis from side to side.
    var mirrored = turned.exchangingSides()
    let axis = side == .x ? 0 : 1
    for place in mirrored.values.indices where place % 6 / 2 == axis { mirrored.values[place] *= -1 }
    return mirrored
  }
}
