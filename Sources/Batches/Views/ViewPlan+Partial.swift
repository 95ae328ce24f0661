import Skeleton
import TensorCore

extension ViewPlan {
  /// Adds samples that were augmented all alike, by one draw for the whole batch. They are of no stream yet.
  public mutating func samples(_ name: String, alike steps: [Augmentation]) -> View<[SkeletonClip]> {
    add(keeps: false) { draw, _ in
      draw.clips.map { clip in
        var random = draw.random(name)
        return steps.reduce(clip) { $1($0, &random) }
      }
    }
  }

  /// Adds samples without the frames that move most, and of the rest those that one draw for the whole batch keeps.
  ///
  /// - Parameters:
  ///   - dropped: frames that are left out because they move, see ``SkeletonClip/quietFrames(dropping:)``.
  ///   - kept: frames that stay.
  public mutating func quietFrames(
    _ name: String, of samples: View<[SkeletonClip]>, dropped: Int, kept: Int
  ) -> View<[SkeletonClip]> {
    add(keeps: false) { draw, made in
      let clips = made[samples]
      var random = draw.random(name)
      let second = random.choose(kept, of: clips[0].frameCount - dropped).sorted()
      return clips.map { clip in
        let quiet = clip.quietFrames(dropping: dropped)
        return clip.frames(second.map { quiet[$0] })
      }
    }
  }

  /// Adds the joints that the batch keeps, see ``DegreeJoints``.
  public mutating func keptJoints(_ name: String, leavingOut count: Int) -> View<[Int]> {
    add { draw, _ in
      var random = draw.random(name)
      return DegreeJoints.kept(leavingOut: count, &random)
    }
  }
}
