import Batches
import Testing

@testable import Evaluation

/// From frames to windows and from frame scores to actions, by hand.
@Suite struct FrameScoresTests {
  @Test func scoresAreSmoothedAndCut() {
    // One class; the probability of nothing, frame by frame.
    func scores(_ nothing: [Float]) -> FrameScores {
      FrameScores(values: nothing.flatMap { [$0, 1 - $0] }, width: 2)
    }
    let raw = scores([1, 1, 0, 0, 1, 1])
    // Frames i − 1 and i, without the last frame.
    #expect(raw.smoothed(halfWidth: 1) == scores([1, 1, 0.5, 0, 0.5, 1]))
    #expect(raw.smoothed(halfWidth: 0) == raw)
    #expect(scores([1]).smoothed(halfWidth: 10) == scores([1]))
    #expect(raw.actions(threshold: 0.4) == [TimedAction(label: 0, start: 2, end: 4, score: 1)])
    #expect(
      raw.smoothed(halfWidth: 1).actions(threshold: 0.4) == [
        TimedAction(label: 0, start: 2, end: 5, score: (0.5 + 1 + 0.5) / 3)
      ])
    #expect(raw.actions(threshold: 0.4, shortest: 3).isEmpty)
    // A run that reaches the end ends there.
    #expect(scores([1, 0]).actions(threshold: 0.5) == [TimedAction(label: 0, start: 1, end: 2, score: 1)])
    // Of several classes the one with the highest mean.
    let two = FrameScores(values: [0, 0.9, 0.1, 0.3, 0, 0.7], width: 3)
    #expect(two.actions(threshold: 0.4).map(\.label) == [0])
    #expect(FrameScores(values: [], width: 2).actions(threshold: 0.4).isEmpty)
  }

  @Test func windowsStayInTheRecording() {
    let middle = FrameWindow(around: 50, count: 4, stride: 3, length: 100)
    #expect(middle.frames == [44, 47, 50, 53] && middle.centre == 50)
    let first = FrameWindow(around: 2, count: 4, stride: 3, length: 100)
    #expect(first.frames == [0, 3, 6, 9] && first.centre == 6)
    let last = FrameWindow(around: 99, count: 4, stride: 3, length: 100)
    #expect(last.frames == [88, 91, 94, 97] && last.centre == 94)
    let short = FrameWindow(around: 1, count: 4, stride: 3, length: 5)
    #expect(short.frames == [0, 3, 4, 4] && short.centre == 4)
    let clip = SkeletonClip(
      values: (0..<5).flatMap { Array(repeating: Float($0), count: SkeletonClip.width) })
    #expect(
      short.clip(of: clip).values
        == [0, 3, 4, 4].flatMap { Array(repeating: Float($0), count: SkeletonClip.width) })
  }

  @Test func laterActionsHaveTheFrame() {
    let actions = [TimedAction(label: 4, start: 3, end: 5), TimedAction(label: 0, start: 1, end: 4)]
    #expect(frameColumns(of: actions, length: 6) == [0, 1, 1, 5, 5, 0])
  }
}
