import CLinear

/// A linear classifier that liblinear trained: for each class a hyperplane between it and all others.
///
/// It minimizes ½|w|² + cost Σ loss, with the bias as one more weight, by liblinear's trust region Newton method, which
/// draws no random numbers: the same input gives the same weights.
///
/// Source: Fan et al., "LIBLINEAR: A library for large linear classification", JMLR 9, 2008. Every call of the C
/// library is in this file.
public struct LinearClassifier: Sendable, Equatable {
  /// What a sample on the wrong side, or too near, costs.
  public enum Loss: String, CaseIterable, Sendable {
    /// max(0, 1 − y w·x)²: a support vector machine.
    case squaredHinge
    /// log(1 + exp(−y w·x)): logistic regression.
    case logistic

    fileprivate var solver: Int32 {
      switch self {
      case .squaredHinge: Int32(L2R_L2LOSS_SVC)
      case .logistic: Int32(L2R_LR)
      }
    }
  }

  /// The classes, in rising order.
  public let classes: [Int]
  /// (classes, D)
  public let weights: [Double]
  /// (classes)
  public let biases: [Double]

  /// Trains on samples.
  ///
  /// - Parameters:
  ///   - features: (N, D) row by row, finite.
  ///   - labels: (N), of at least two classes.
  ///   - cost: what errors cost beside the size of the weights, above 0.
  ///   - tolerance: how small the gradient must become, against that at the start.
  public init(features: [Float], labels: [Int], loss: Loss, cost: Double = 1, tolerance: Double = 1e-6) {
    let width = labels.isEmpty ? 0 : features.count / labels.count
    let classes = Set(labels).sorted()
    precondition(
      classes.count >= 2 && width > 0 && features.count == width * labels.count && cost > 0 && tolerance > 0
        && features.allSatisfy(\.isFinite),
      "\(features.count) features of \(labels.count) samples of \(classes.count) classes")
    self.classes = classes
    (weights, biases) = unsafe LinearClassifier.train(
      features, width: width, classes: labels.map { Double(classes.firstIndex(of: $0) ?? 0) },
      count: classes.count,
      clinear_parameter(loss.solver, cost, tolerance))
  }

  /// How far samples are on each class's side.
  ///
  /// - Parameter features: (N, D).
  /// - Returns: (N, classes).
  public func scores(of features: [Float]) -> [Double] {
    let width = weights.count / classes.count
    precondition(features.count.isMultiple(of: width), "\(features.count) features, not of \(width) each")
    var scores: [Double] = []
    scores.reserveCapacity(features.count / width * classes.count)
    for row in stride(from: 0, to: features.count, by: width) {
      for label in classes.indices {
        var sum = biases[label]
        for column in 0..<width { sum += weights[label * width + column] * Double(features[row + column]) }
        scores.append(sum)
      }
    }
    return scores
  }

  /// The library prints unless it is told once not to.
  private static let isSilent: Void = clinear_be_silent()

  /// The library takes rows of (index from 1, value) pairs that end with index −1, the bias last but one.
  private static func train(
    _ features: [Float], width: Int, classes: [Double], count: Int, _ parameter: parameter
  ) -> (weights: [Double], biases: [Double]) {
    _ = isSilent
    let stride = width + 2
    var nodes: [feature_node] = []  // (N, D + 2)
    nodes.reserveCapacity(classes.count * stride)
    for row in classes.indices {
      for column in 0..<width {
        nodes.append(feature_node(index: Int32(column + 1), value: Double(features[row * width + column])))
      }
      nodes.append(feature_node(index: Int32(width + 1), value: 1))
      nodes.append(feature_node(index: -1, value: 0))
    }
    var targets = classes
    var weights = [Double](repeating: 0, count: count * width)
    var biases = [Double](repeating: 0, count: count)
    unsafe nodes.withUnsafeMutableBufferPointer { nodes in
      unsafe targets.withUnsafeMutableBufferPointer { targets in
        var rows: [UnsafeMutablePointer<feature_node>?] = unsafe targets.indices.map { row in
          unsafe nodes.baseAddress.map { unsafe $0 + row * stride }
        }
        unsafe rows.withUnsafeMutableBufferPointer { rows in
          var given = unsafe problem(
            l: Int32(targets.count), n: Int32(width + 1), y: targets.baseAddress, x: rows.baseAddress, bias: 1
          )
          var settings = unsafe parameter
          if let fault = unsafe check_parameter(&given, &settings) {
            unsafe fatalError("liblinear refuses its parameters: \(String(cString: fault))")
          }
          guard let trained = unsafe clinear_train(&given, &settings) else {
            fatalError("liblinear returned no model")
          }
          // The model's classes are in the order in which they came up in the rows.
          for place in 0..<count {
            let label = unsafe Int(trained.pointee.label[place])
            for column in 0..<width {
              weights[label * width + column] = unsafe get_decfun_coef(
                trained, Int32(column + 1), Int32(place))
            }
            biases[label] = unsafe get_decfun_bias(trained, Int32(place))
          }
          var owned: UnsafeMutablePointer<model>? = unsafe trained
          unsafe free_and_destroy_model(&owned)
        }
      }
    }
    return (weights, biases)
  }
}
