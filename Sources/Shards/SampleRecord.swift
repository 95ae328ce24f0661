/// What a shard knows about one sample beside its frames.
public struct SampleRecord: Sendable, Equatable, Codable {
  /// The sample's name: `S001C001P001R001A001`.
  public var name: String
  /// The class from 0; −1 where there is none.
  public var label: Int
  /// The collection setup; −1 where there is none, as for the four below.
  public var setup: Int
  /// The camera.
  public var camera: Int
  /// The performer.
  public var subject: Int
  /// The repetition.
  public var replication: Int
  /// The action as the name has it, from 1.
  public var action: Int
  /// Bodies that were kept, 0 to 2.
  public var bodies: Int
  /// SHA-256 of the sample's source bytes.
  public var digest: String
  /// The row of the shard's frames at which the sample starts.
  public var start: Int
  /// Its number of frames.
  public var length: Int

  /// A record; `start` and `length` are set as the sample is added to a shard.
  public init(
    name: String, label: Int, setup: Int, camera: Int, subject: Int, replication: Int, action: Int, bodies: Int,
    digest: String, start: Int = 0, length: Int = 0
  ) {
    self.name = name
    self.label = label
    self.setup = setup
    self.camera = camera
    self.subject = subject
    self.replication = replication
    self.action = action
    self.bodies = bodies
    self.digest = digest
    self.start = start
    self.length = length
  }
}
