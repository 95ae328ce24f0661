import Recipes
import Skeleton

extension ViewContrastTask {
  /// The settings of the task.
  public struct Settings: ContextTaskSettings {
    /// What the loss is multiplied by.
    public var weight: Float = 1
    /// Where the other views come from.
    public var source = ViewTask.Source.camera
    /// The largest synthetic turn about the upright axis, in degrees.
    public var yaw: Float = 60
    /// The largest synthetic turn about the axis from side to side, in degrees.
    public var pitch: Float = 15
    /// The upright axis.
    public var axis = TurnAxis.z
    /// Numbers in an embedding.
    public var projection = 128
    /// The temperature, τ.
    public var temperature: Float = 0.1
    /// How much what is easy already counts less: the exponent γ of (1 - p)^γ.
    public var focus = 0
    /// Segments of one view that are contrasted with the whole of the other.
    public var segments = 4
    /// What the contrast of segments is multiplied by; 0 for none.
    public var local: Float = 0
    /// How clips are augmented; both views are cropped alike.
    public var view = TaskViewSettings(shear: 0.3)

    /// Contrast of cameras, of whole clips alone.
    public init() {}

    /// The task's name.
    public static let kind = "view_contrast"
    /// What it is.
    public static let summary =
      "Which clip is another view of the same? Of use for data whose profile does not turn bodies, or with synthetic views."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [
        weightSetting,
        .choice(
          "source", \.source, "where other views are from: another camera's sample, or a synthetic turn"),
        .number("yaw", \.yaw, 0...180, "the largest synthetic turn about the upright axis, in degrees"),
        .number(
          "pitch", \.pitch, 0...180, "the largest synthetic turn about the axis to the side, in degrees"),
        .choice("axis", \.axis, "the upright axis: z with the profiles agcn300 and pyskl, y with others"),
        .integer("projection", \.projection, 2...4096, "numbers in an embedding"),
        .number("temperature", \.temperature, 0.001...10, "temperature of the contrast"),
        .integer("focus", \.focus, 0...5, "the exponent by which easy samples count less; 0 for all alike"),
        .integer("segments", \.segments, 1...64, "segments of a view contrasted with the whole of the other"),
        .number("local", \.local, 0...1000, "what the contrast of segments is multiplied by; 0 for none"),
      ] + Setting.group("", \.view, TaskViewSettings.settings)

    /// As the settings say.
    public var asksForCamera: Bool { source == .camera }
  }
}
