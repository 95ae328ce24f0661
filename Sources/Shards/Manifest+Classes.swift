import Skeleton

extension Manifest {
  /// What the classes are called, in the order of their labels; none where nobody has said.
  public var classNames: [String] { Manifest.classNames(of: dataset, converted: recipe) }

  /// What the classes of a data set are called, in the order of their labels: those of a published one, or those that
  /// the recipe of somebody's own has.
  ///
  /// - Parameters:
  ///   - dataset: its name.
  ///   - recipe: how it was converted.
  public static func classNames(of dataset: String, converted recipe: JSONValue) -> [String] {
    if case .array(let names) = recipe.own?["classes"] ?? .null {
      return names.map { if case .string(let name) = $0 { name } else { "" } }
    }
    return SkeletonDataset(rawValue: dataset)?.classNames ?? []
  }

  /// Frames a second of a data set's recordings.
  public static func frameRate(of dataset: String, converted recipe: JSONValue) -> Double {
    switch recipe.own?["frame_rate"] {
    case .number(let rate) where rate > 0: rate
    case .integer(let rate) where rate > 0: Double(rate)
    default: SkeletonDataset(rawValue: dataset)?.frameRate ?? 30
    }
  }
}

extension JSONValue {
  /// What a recipe says of somebody's own recordings; nil for those of a published data set.
  fileprivate var own: [String: JSONValue]? {
    if case .object(let recipe) = self, case .object(let own) = recipe["own"] ?? .null { own } else { nil }
  }
}
