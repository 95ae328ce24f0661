import Foundation
import Skeleton

/// What one or two people do in front of the cameras: the same for all cameras that see it.
///
/// Made so that a class is a movement and everything else varies: the person, the tempo, the size, the side, when it
/// begins, what the idle limbs do, the way they stand. What each camera adds is the way it looks and its noise.
struct Performance {
  private struct Person {
    let body: BodyModel
    let gesture: Gesture
    let style: Gesture.Style
    let mirrors: Bool
    let begin: Double
    let end: Double
    /// Radians; 0 faces the middle camera.
    let facing: Double
    /// Metres on the floor from the middle of the scene.
    let place: SIMD3<Double>
    let sway: (Double, Double, Double)
    let idle: Pose.Arm
    /// What the arm of least use does by the way: size in radians, repetitions a second, start.
    let fidget: (Double, Double, Double)
    /// Radians that the person turns by during the clip.
    let drift: Double
    /// Radians that the person leans forward all the time.
    let lean: Double
  }

  /// The number of frames, T.
  let frameCount: Int
  private let people: [Person]

  /// The performance that the name and the seed stand for; its camera has no influence.
  init(_ name: SampleName, classes: SyntheticClasses, seed: UInt64) {
    let scene = SampleName(
      setup: name.setup, camera: 1, subject: name.subject, replication: name.replication, action: name.action)
    var random = KeyedRandom(seed: seed, sample: "\(scene)", view: "synthesis.performance")
    frameCount = random.integer(in: 60...100)
    let movement = classes.movement(of: name.action)
    let count = movement.partner == nil ? 1 : 2
    people = (0..<count).map { index in
      let subject = index == 0 ? name.subject : 200 + name.subject
      var person = KeyedRandom(seed: seed, sample: "subject \(subject)", view: "synthesis.subject")
      let body = BodyModel(random: &person)
      let habit = (
        tempo: person.uniform(0.85, 1.15), size: person.uniform(0.8, 1.15), left: person.unit() < 0.3
      )
      let style = Gesture.Style(
        tempo: movement.tempo * Double(habit.tempo * random.uniform(0.75, 1.3)),
        amplitude: Double(habit.size * random.uniform(0.55, 1.1)),
        phase: Double(random.uniform(0, 2 * .pi)))
      let side = count == 1 ? 0 : (index == 0 ? -1.0 : 1.0)
      return Person(
        body: body, gesture: index == 0 ? movement.gesture : movement.partner ?? movement.gesture,
        style: style,
        mirrors: movement.mirrors != (habit.left && !classes.sidesMatter),
        begin: Double(random.uniform(0.02, 0.4)),
        end: Double(random.uniform(0.62, 0.98)),
        facing: side * 1.1 + (name.replication == 1 ? -0.35 : 0.35) * (1 - abs(side))
          + Double(random.uniform(-0.35, 0.35)),
        place: SIMD3(side * movement.distance / 2, 0, 0)
          + SIMD3(Double(random.uniform(-0.3, 0.3)), 0, Double(random.uniform(-0.3, 0.3))),
        sway: (
          Double(random.uniform(0.01, 0.06)), Double(random.uniform(0.15, 0.5)),
          Double(random.uniform(0, 6.28))
        ),
        idle: Pose.Arm(
          flexion: Double(random.uniform(-0.1, 0.5)), abduction: Double(random.uniform(0, 0.4)),
          elbow: Double(random.uniform(0, 1.2)), turn: Double(random.uniform(-0.2, 0.4))),
        fidget: (
          Double(random.uniform(0, 0.5)), Double(random.uniform(0.2, 0.9)), Double(random.uniform(0, 6.28))
        ),
        drift: Double(random.uniform(-0.6, 0.6)), lean: Double(random.uniform(-0.05, 0.2)))
    }
  }

  /// The number of people, 1 or 2.
  var personCount: Int { people.count }

  /// A person's joints on the floor of the scene, metres, y up, the cameras at −z, (V=25).
  func joints(ofPerson index: Int, frame: Int) -> [SIMD3<Double>] {
    let person = people[index]
    let share = Double(frame) / Double(max(1, frameCount - 1))
    let seconds = Double(frame) / 30
    var pose = person.gesture.pose(
      seconds: seconds, effort: Performance.effort(share, person.begin, person.end), style: person.style)
    // The arm that does least hangs the way this person lets it hang.
    pose.left.flexion += person.idle.flexion
    pose.left.abduction += person.idle.abduction
    pose.left.elbow += person.idle.elbow
    pose.left.turn += person.idle.turn
    let fidget = person.fidget.0 * sin(2 * .pi * person.fidget.1 * seconds + person.fidget.2)
    pose.left.flexion += fidget
    pose.left.elbow += abs(fidget)
    pose.right.flexion += 0.3 * fidget
    pose.yaw += person.drift * (share - 0.5)
    pose.pitch += person.lean
    let swing = person.sway.0 * sin(2 * .pi * person.sway.1 * seconds + person.sway.2)
    pose.roll += swing
    pose.shift.x += 0.3 * swing
    pose.pitch += 0.5 * person.sway.0 * cos(2 * .pi * person.sway.1 * 0.7 * seconds)
    if person.mirrors { pose = pose.mirrored }
    return person.body.joints(in: pose).map { Turn.aboutY(person.facing, $0) + person.place }
  }

  /// From 0 to 1 and back, smoothly, between the shares of the clip at which the gesture begins and ends.
  private static func effort(_ share: Double, _ begin: Double, _ end: Double) -> Double {
    func ramp(_ x: Double) -> Double {
      let t = min(max(x, 0), 1)
      return t * t * (3 - 2 * t)
    }
    return ramp((share - begin) / 0.2) * ramp((end - share) / 0.2)
  }
}
