import Foundation
import HDF5
import Preparation
import Skeleton
import Testing

/// What is exported of genuine recordings, beside the arrays that the reference program made of them.
@Suite struct ExportOracleTests {
  private static let oracle = Outside.oracles.appendingPathComponent("ntu_normalized.h5")
  private static let recordings = Outside.data.appendingPathComponent("ntu")

  @Test(
    .enabled(
      if: Outside.has(ExportOracleTests.oracle) && Outside.has(ExportOracleTests.recordings),
      "needs ntu_normalized.h5 in SKELETON_ORACLES and the recordings in SKELETON_DATA/ntu"))
  func numpyLoadsTheReferencesArrays() throws {
    let folder = try TemporaryFolder()
    let inputs = try FileManager.default.contentsOfDirectory(
      at: ExportOracleTests.recordings, includingPropertiesForKeys: nil)
    _ = try Pipeline(
      ConversionOptions(
        inputs: inputs.filter { $0.pathExtension == "skeleton" }.map(\.path), dataset: .ntu60,
        output: folder.path("data"), exclusion: .none, shardSize: 4)
    ).run()
    let outcome = try Export(layout: .nctvm300).write(folder.path("data"), to: folder.path("out"))
    let program = """
      import h5py, numpy as np, pickle, sys
      oracle, out = sys.argv[1:]
      o = h5py.File(oracle)
      x = np.load(out + '/all_data_joint.npy'); n = np.load(out + '/all_num_frame.npy')
      with open(out + '/all_label.pkl', 'rb') as f: names, labels = pickle.load(f)
      place = {name.replace('.skeleton', ''): i for i, name in enumerate(names)}
      compared = 0
      for name, y, frames in zip(o['name'], o['normalized'], o['num_frame']):
          name = name.decode()
          i = place[name]
          assert n[i] == frames and labels[i] == int(name[17:]) - 1
          assert np.abs(x[i] - y).max() < 1e-5, name
          compared += 1
      assert compared == len(o['name']) >= 11
      """
    _ = try Python.run(program, needing: "h5py", [ExportOracleTests.oracle.path, folder.path("out")])
    #expect(outcome.approximate.isEmpty, "\(outcome.approximate)")
    // The same by the command that compares.
    let names = folder.path("names.txt")
    try Data(
      try HDF5File(reading: ExportOracleTests.oracle.path).strings("name").joined(separator: "\n").utf8
    )
    .write(to: URL(fileURLWithPath: names))
    let result = try Comparison.run(
      Comparison.Options(file: ExportOracleTests.oracle.path, path: "normalized", names: names),
      of: folder.path("data"))
    #expect(result.compared >= 11 && result.agrees, "\(result)")
  }
}
