import Foundation
import Shards
import Skeleton

/// The proof that a run is done: kept in `.work` while the data set is unfinished.
struct ShardReceipt: Codable {
  /// The run's key; another one means that the files or the recipe have changed since.
  let key: String
  /// The shard; nil if none of the run's files could be used.
  let entry: ShardEntry?
  /// What became of the run's files.
  let rows: [ReportRow]

  private static func url(ofRun index: Int, in folder: OutputFolder) -> URL {
    folder.work.appendingPathComponent("\(index).json")
  }

  /// The receipt of a run whose shard is there, byte for byte; nil otherwise.
  ///
  /// - Throws: ``InputError`` if the shard is there and cannot be read.
  static func stored(forRun index: Int, key: String, in folder: OutputFolder) throws -> ShardReceipt? {
    guard let data = try? Disk.read(url(ofRun: index, in: folder)),
      let receipt = try? JSONFile.decode(ShardReceipt.self, from: data), receipt.key == key
    else { return nil }
    guard let entry = receipt.entry else { return receipt }
    return try entry.matches(folder: folder.url) ? receipt : nil
  }

  /// Stores the receipt, after its shard.
  func store(forRun index: Int, in folder: OutputFolder) throws {
    try AtomicFile.write(try JSON.line(self), to: ShardReceipt.url(ofRun: index, in: folder))
  }
}

extension ShardEntry {
  /// Whether the shard's file is there with the size and the digest that are stated here.
  ///
  /// - Throws: ``InputError`` if it is there and cannot be read, which does not make it another one.
  func matches(folder: URL) throws -> Bool {
    do {
      let bytes = try Disk.read(folder.appendingPathComponent("shards/" + file))
      return bytes.count == self.bytes && SHA256Digest.hex(of: bytes) == sha256
    } catch let error as InputError where error.kind != .inputOutput {
      return false
    }
  }
}
