import Foundation
import Recipes

/// A column of the benchmark's table: a measure of a task on a data set.
public struct BenchmarkColumn: Codable, Sendable, Equatable {
  /// The task's name.
  public var task: String
  /// The task's kind.
  public var kind: String
  /// The data's name.
  public var data: String
  /// The measure in the result: `top1`.
  public var measure: String
  /// The condition that the measure is under: `spatial`.
  public var condition: String?
  /// What stands above the column.
  public var title: String
  /// How ``PublishedFigure/measure`` names it.
  public var published: String

  /// The columns of a task: its measures that belong into an overview.
  ///
  /// They are the headline under every condition; of detection the overlaps that the paper's Table 2 has.
  ///
  /// - Parameter measures: those of one of its results.
  static func columns(
    of task: any EvaluationTask, called name: String, data: String, measures: [EvaluationResult.Measure]
  ) -> [BenchmarkColumn] {
    func column(_ measure: EvaluationResult.Measure, _ title: String, _ published: String) -> BenchmarkColumn
    {
      BenchmarkColumn(
        task: name, kind: type(of: task).kind, data: data, measure: measure.name,
        condition: measure.condition,
        title: title, published: published)
    }
    switch task {
    case is DetectionRecipe:
      return ["map@0.1", "map@0.5"].compactMap { name in
        measures.first { $0.name == name && $0.condition == nil }.map {
          column($0, "mAP\(name.dropFirst(3))", name)
        }
      }
    case let fewShot as FewShotRecipe:
      let episode = "\(fewShot.ways)-way \(fewShot.shots)-shot"
      return measures.prefix(1).map { column($0, episode, episode) }
    default:
      return measures.filter { $0.name == measures.first?.name }.map { measure in
        column(measure, measure.condition ?? measure.title, measure.condition ?? measure.name)
      }
    }
  }
}
