import Foundation
import Testing

@testable import Evaluation

/// The published figures that are built in.
@Suite struct PublishedFigureTests {
  @Test func everyFigureIsWhole() {
    let all = PublishedFigure.all
    #expect(all.count > 600)
    #expect(Set(all.filter { $0.year == nil }.map(\.method)) == ["MEMC"])
    for figure in all {
      let texts = [
        figure.method, figure.backbone, figure.stream, figure.pretrained, figure.measure, figure.source,
      ]
      #expect(
        texts.allSatisfy { !$0.isEmpty && $0.trimmingCharacters(in: .whitespaces) == $0 }, "\(figure)")
      #expect(figure.year.map { (2015...2030).contains($0) } != false, "\(figure)")
      #expect(EvaluationTasks.named(figure.task) != nil, "\(figure)")
      #expect(["ntu60", "ntu120", "pkummd1", "pkummd2", "nwucla"].contains(figure.data), "\(figure)")
      #expect(["xsub", "xview", "xset"].contains(figure.split), "\(figure)")
      #expect((1...100).contains(figure.percent), "\(figure)")
      #expect(!figure.source.contains("memory"), "\(figure)")
    }
  }

  /// In one column of the table a method that is made in one way has one number.
  @Test func noFigureIsThereTwice() {
    let places = PublishedFigure.all.map {
      [$0.method, $0.made, $0.pretrained, $0.task, $0.data, $0.split, $0.measure].joined(separator: "\t")
    }
    #expect(Set(places).count == places.count)
  }

  private func figures(_ method: String, _ task: String, stream: String) -> [String: Double] {
    let own = PublishedFigure.all.filter {
      $0.method == method && $0.task == task && $0.stream == stream && $0.pretrained == "the same data"
    }
    return Dictionary(own.map { ("\($0.data) \($0.split) \($0.measure)", $0.percent) }) { first, _ in first }
  }

  /// Values of the papers and lists, typed again.
  @Test func figuresAreThoseOfTheirSources() {
    let inOne = "joint + motion + bone in one network"
    #expect(
      figures("UmURL", "retrieval", stream: inOne) == [
        "ntu60 xsub top1": 72.0, "ntu60 xview top1": 88.9, "ntu120 xsub top1": 59.5, "ntu120 xset top1": 62.2,
      ])
    #expect(figures("UmURL", "retrieval", stream: "joint").isEmpty)
    #expect(figures("UmURL", "linear", stream: "joint")["ntu60 xsub top1"] == 82.3)
    #expect(figures("UmURL", "linear", stream: inOne)["ntu60 xsub top1"] == 84.2)
    let transfer = PublishedFigure.all.first { $0.method == "UmURL" && $0.task == "transfer" }
    #expect(transfer?.stream == inOne && transfer?.percent == 59.7)
    #expect(figures("HiCo", "linear", stream: "joint").isEmpty)
    for (method, backbone, xsub) in [
      ("HiCo-Transformer", "Transformer", 81.1), ("HiCo-GRU", "GRU", 80.6), ("HiCo-LSTM", "LSTM", 81.4),
    ] {
      #expect(figures(method, "linear", stream: "joint")["ntu60 xsub top1"] == xsub)
      #expect(PublishedFigure.all.filter { $0.method == method }.allSatisfy { $0.backbone == backbone })
    }
    #expect(figures("CMD", "retrieval", stream: "joint")["ntu60 xsub top1"] == 70.6)
    #expect(figures("PCM3", "retrieval", stream: "joint")["ntu120 xset top1"] == 66.8)
    let occluded = figures("PCM3", "occluded", stream: "joint")
    #expect(occluded["ntu60 xsub spatial"] == 80.8 && occluded["ntu60 xview temporal"] == 86.1)
    #expect(figures("PCM3", "linear", stream: "3 streams ensembled")["ntu60 xsub top1"] == 87.4)
    let detection = PublishedFigure.all.filter { $0.task == "detection" && $0.method != "PCM3++" }
    #expect(Set(detection.map(\.method)) == ["PCM3", "CMD", "ISC", "CRRL", "MS2L"])
    #expect(detection.allSatisfy { $0.stream.contains("overlap not printed") })
  }
}
