import Formats
import Foundation
import Shards
import Skeleton

/// What has to be known of somebody's own recordings to make samples of them; stored in the data set's recipe, so that
/// what learned from it can look at another recording.
public struct OwnData: Sendable, Equatable, Codable {
  /// What their files hold.
  public var form: PoseForm
  /// What their coordinates count, and where up is.
  public var space: PoseSpace
  /// Frames a second.
  public var frameRate: Double
  /// The names of the classes, in the order of their numbers.
  public var classes: [String]
  /// The names of the subjects; the first has the number 1.
  public var subjects: [String]
  /// The names of the cameras, likewise.
  public var cameras: [String]
  /// SHA-256 of the table of labels; nil where there was none.
  public var labels: String?

  /// Recordings without labels.
  public init(_ form: PoseForm, in space: PoseSpace? = nil, frameRate: Double = 30) {
    self.form = form
    self.space = space ?? PoseSpace(up: form.layout.up)
    self.frameRate = frameRate
    (classes, subjects, cameras) = ([], [], [])
  }

  /// Frames a second that a recording may have.
  static let frameRates = 1.0...1000.0

  private enum CodingKeys: String, CodingKey {
    case form, space, classes, subjects, cameras, labels
    case frameRate = "frame_rate"
  }

  /// What cannot be, and what should stand there; nil where all is well.
  var fault: (place: String, found: String, expected: String)? {
    if let fault = form.layout.fault { return ("layout: " + fault.place, fault.found, fault.expected) }
    if !OwnData.frameRates.contains(frameRate) {
      return ("frame_rate", "\(frameRate)", "\(OwnData.frameRates) frames a second")
    }
    if classes.count > ShardLimits.mostClasses {
      return ("classes", "\(classes.count)", "at most \(ShardLimits.mostClasses)")
    }
    if max(subjects.count, cameras.count) > Int(Int16.max) {
      return (
        "subjects", "\(max(subjects.count, cameras.count))", "at most \(Int16.max) subjects and cameras"
      )
    }
    if !form.leastConfidence.isFinite { return ("least confidence", "\(form.leastConfidence)", "a number") }
    return nil
  }
}

/// Somebody's own recordings, on their way into a data set.
public struct OwnRecordings: Sendable, Equatable {
  /// The data set's name.
  public let name: String
  /// How their files are to be read.
  public let data: OwnData
  /// What is done in them; nil where nobody says.
  let table: LabelTable?
  /// Where that stands.
  let labels: String?

  /// Recordings of a name.
  ///
  /// - Parameter labels: the file of the table of labels.
  /// - Throws: an `InputError` for a name that a known data set has or that no folder could have, and for labels that
  ///   cannot be read.
  public init(name: String, _ data: OwnData, labels: String? = nil) throws {
    guard SkeletonDataset(rawValue: name) == nil, SplitOptions.isFileName(name) else {
      throw InputError(
        "--dataset", found: name, expected: "a name of your own: letters, digits, '-', '_' and '.'",
        hint: SkeletonDataset(rawValue: name).map { "\($0.rawValue) has recordings and classes of its own" }
          ?? "")
    }
    self.name = name
    self.labels = labels
    var data = data
    if let labels {
      let text = try ListFile.text(labels, "a table of labels", hint: "its first line is name,class")
      let bytes = Array(text.utf8)
      let table: LabelTable
      do { table = try LabelTable.parse(bytes.span) } catch {
        throw InputError(
          labels, at: error.place, found: error.found, expected: error.expected, hint: error.hint)
      }
      (data.classes, data.subjects, data.cameras) = (table.classes, table.subjects, table.cameras)
      data.labels = SHA256Digest.hex(of: bytes)
      self.table = table
    } else {
      table = nil
    }
    if let fault = data.fault {
      throw InputError(labels ?? name, at: fault.place, found: fault.found, expected: fault.expected)
    }
    self.data = data
  }

  /// Whether a file is the table of labels, which may lie among the recordings.
  func isLabels(_ file: RawFile) -> Bool {
    guard let labels, case .file(let path) = file.origin else { return false }
    func real(_ path: String) -> String {
      URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
    return real(path) == real(labels)
  }
}

extension InputError {
  /// The error of a file that holds no poses.
  init(_ file: RawFile, _ error: PoseFileError) {
    let place = error.place.isEmpty ? error.byte.map { "byte \($0)" } ?? "" : error.place
    self.init(file.label, at: place, found: error.found, expected: error.expected, hint: error.hint)
  }
}
