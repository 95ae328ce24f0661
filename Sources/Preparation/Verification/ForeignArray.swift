import Foundation
import HDF5
import Numpy
import Shards
import Skeleton

/// Somebody's array of skeletons in an npy, npz or HDF5 file, of which a few rows at a time are in memory.
struct ForeignArray: ~Copyable {
  private enum Source: ~Copyable {
    case numpy(NumpyInput)
    case hdf5(HDF5Dataset)
  }

  /// What messages call it.
  let name: String
  /// The extents, slowest first.
  let shape: [Int]
  /// Where a sample's numbers are.
  let layout: ForeignLayout
  private let source: Source

  /// Opens an array.
  ///
  /// - Parameter path: which array of an npz or HDF5 file; nil for the only one that has a known layout.
  /// - Throws: ``InputError`` if there is none, or its shape is not known.
  init(_ url: URL, path: String?) throws {
    switch url.pathExtension {
    case "npy":
      guard path == nil else {
        throw InputError("--dataset-path", found: path ?? "", expected: "nothing, for a file of one array")
      }
      try self.init(try NumpyInput(npy: url))
    case "npz":
      try self.init(try NumpyInput(npz: url, member: try path ?? ForeignArray.onlyMember(of: url)))
    case "h5", "hdf5": try self.init(hdf5: url, path)
    default: throw InputError("--against", found: url.path, expected: "an .npy, .npz or .h5 file")
    }
  }

  private init(name: String, shape: [Int], _ source: consuming Source) throws {
    self.source = source
    self.name = name
    self.shape = shape
    guard let layout = ForeignLayout(shape: shape) else {
      throw InputError(name, found: "the shape \(shape)", expected: ForeignLayout.known)
    }
    self.layout = layout
  }

  private init(_ array: NumpyInput) throws {
    try self.init(name: array.name, shape: array.header.shape, .numpy(array))
  }

  private init(hdf5 url: URL, _ path: String?) throws {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw InputError(url.path, found: "no such file", kind: .noInput)
    }
    let places = try path.map { [$0] } ?? ForeignArray.datasets(in: url)
    guard places.count == 1 else {
      throw InputError(
        url.path, found: "the datasets \(places.joined(separator: ", "))", expected: "one",
        hint: "name it with --dataset-path")
    }
    let dataset = try ForeignArray.dataset(places[0], in: url)
    let shape = dataset.description.shape
    try self.init(name: "\(url.path): \(places[0])", shape: shape, .hdf5(dataset))
  }

  /// The datasets of a known shape.
  private static func datasets(in url: URL) throws -> [String] {
    do throws(HDF5Error) {
      let file = try HDF5File(reading: url.path)
      return try file.names().filter { name in
        guard let dataset = try? file.dataset(name) else { return false }
        return ForeignLayout(shape: dataset.description.shape) != nil
      }
    } catch {
      throw InputError(url.path, found: "\(error)", expected: "an HDF5 file")
    }
  }

  private static func dataset(_ path: String, in url: URL) throws -> HDF5Dataset {
    do throws(HDF5Error) {
      // The library keeps the file open for as long as the dataset is.
      return try HDF5File(reading: url.path).dataset(path)
    } catch {
      throw InputError(url.path, found: "\(error)", expected: "a dataset of the shape \(ForeignLayout.known)")
    }
  }

  private static func onlyMember(of url: URL) throws -> String {
    let names = try NumpyInput.members(ofNPZ: url)
    // Only headers are looked at; `frames` stands for the layout that this program writes.
    if names.count == 1 { return names[0] }
    if names.contains("frames") { return "frames" }
    throw InputError(
      url.path, found: "the arrays \(names.prefix(20).joined(separator: ", "))", expected: "one",
      hint: "name it with --dataset-path")
  }

  /// Rows of the first axis, in the order of the array.
  private func values(ofRows rows: Range<Int>) throws -> [Float] {
    switch source {
    case .numpy(let array):
      let size = shape.dropFirst().reduce(1, *)
      return try array.floats((rows.lowerBound * size)..<(rows.upperBound * size))
    case .hdf5(let dataset):
      do throws(HDF5Error) {
        return try dataset.floats(rows: rows)
      } catch {
        throw InputError(name, at: "rows \(rows)", found: "\(error)")
      }
    }
  }

  /// The frames in these rows, (T, M=2, V=25, C=3): one row of a fixed number of frames, or ragged ones.
  func joints(inRows rows: Range<Int>) throws -> [Float] { layout.joints(from: try values(ofRows: rows)) }
}
