import Batches
import Encoders
import Skeleton
import TensorCore

/// What tells during pre-training whether features get better: how often the nearest sample of a gallery has the class
/// of a sample that is not in it (1-NN by cosine, centre crops).
///
/// The gallery and the samples that are asked about are both of the training side, unless the recipe asks for the test
/// side. The former are of other people than the latter, as far as names tell who is seen: another camera's recording
/// of the very same action would be too near. Learning reads no class.
struct Probe {
  private typealias Side = (source: SampleSource, entries: [SampleSource.Entry])

  private let gallery: Side
  private let queries: Side
  private let recipe: PretrainRecipe

  /// A probe as a recipe has it.
  ///
  /// - Parameters:
  ///   - source: the training samples.
  ///   - test: the test samples, where the recipe asks about these.
  /// - Throws: an `InputError` if a sample has no class, or there are too few samples.
  init(_ recipe: PretrainRecipe, _ source: SampleSource, test: SampleSource?) throws {
    self.recipe = recipe
    let settings = recipe.probe
    let asked = max(Int((Float(settings.samples) * settings.share).rounded()), 1)
    let (seed, all) = (UInt64(recipe.seed), Probe.shuffled(source.entries, UInt64(recipe.seed)))
    if settings.part == .test {
      guard let test else { preconditionFailure("a probe of the test side without that side") }
      gallery = (source, Array(all.prefix(settings.samples - asked)))
      queries = (test, Array(Probe.shuffled(test.entries, seed).prefix(asked)))
    } else {
      let held = Probe.held(all, share: settings.share, seed)
      gallery = (source, Array(all.filter { !held.contains($0.name) }.prefix(settings.samples - asked)))
      queries = (source, Array(all.filter { held.contains($0.name) }.prefix(asked)))
    }
    guard !gallery.entries.isEmpty, !queries.entries.isEmpty else {
      throw InputError(
        "probe.share", found: "\(settings.share) of \(all.count) samples",
        expected: "at least one sample on each side", hint: "probe.every: 0 trains without a probe")
    }
    for entry in gallery.entries + queries.entries where entry.label < 0 {
      throw InputError(
        entry.name, found: "a sample without a class", hint: "probe.every: 0 trains without a probe")
    }
  }

  /// The names of the samples that are asked about.
  var asked: [String] { queries.entries.map(\.name) }
  /// The names of the samples of the gallery.
  var shown: [String] { gallery.entries.map(\.name) }
  /// How many samples are asked about.
  var count: Int { queries.entries.count }

  /// How often the class is right, in percent; nil if it was asked to stop in between.
  func accuracy(of model: LearningModel, stop: () -> Bool = { false }) throws -> Double? {
    let classCount = 1 + ((gallery.entries + queries.entries).map(\.label).max() ?? 0)
    guard let asked = try features(queries, model, stop), let shown = try features(gallery, model, stop)
    else {
      return nil
    }
    let scores = NearestNeighbours(
      of: asked.normalizedRows(), in: shown.normalizedRows(),
      labels: gallery.entries.map(\.label), classCount: classCount
    ).classes
    let right = queries.entries.enumerated().count { row, entry in
      let own = scores[(row * classCount)..<((row + 1) * classCount)]
      return own.max().flatMap { own.firstIndex(of: $0) } == row * classCount + entry.label
    }
    return 100 * Double(right) / Double(count)
  }

  /// The features of samples, (N, D); nil if it was asked to stop in between.
  private func features(
    _ side: Side, _ model: LearningModel, _ stop: () -> Bool
  ) throws -> Tensor? {
    let inputs = side.source.centreCrops(
      of: side.entries, frames: recipe.input.frames,
      stream: model.records.first?.stream ?? recipe.input.stream)
    defer { inputs.cancel() }
    var values: [Float] = []  // (N, D)
    while let input = try inputs.next() {
      guard !stop() else { return nil }
      values.append(contentsOf: model.features(Clips(input)).values)
    }
    return Tensor(values, shape: [side.entries.count, values.count / side.entries.count])
  }

  /// Samples in an order that depends on the seed and their names alone.
  private static func shuffled(_ entries: [SampleSource.Entry], _ seed: UInt64) -> [SampleSource.Entry] {
    func rank(_ name: String) -> Float {
      var random = KeyedRandom(seed: seed, sample: name, view: "probe")
      return random.unit()
    }
    return entries.map { (rank($0.name), $0) }.sorted { ($0.0, $0.1.name) < ($1.0, $1.1.name) }.map(\.1)
  }

  /// The names of the samples that are held out of the gallery: those of some people, or where there is one person, or
  /// names tell nothing, of a share of the samples.
  private static func held(_ entries: [SampleSource.Entry], share: Float, _ seed: UInt64) -> Set<String> {
    let wanted = max(Int((Float(entries.count) * share).rounded()), 1)
    let people = Dictionary(grouping: entries) { SampleName($0.name)?.subject ?? 0 }
    guard people.count > 1 else { return Set(entries.prefix(wanted).map(\.name)) }
    var random = KeyedRandom(seed: seed, view: "probe.people")
    var held: Set<String> = []
    for person in random.shuffled(people.keys.sorted()).dropLast() where held.count < wanted {
      held.formUnion((people[person] ?? []).map(\.name))
    }
    return held
  }
}
