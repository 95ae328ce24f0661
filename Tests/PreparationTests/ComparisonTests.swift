import Foundation
import HDF5
import Numpy
import Shards
import Skeleton
import Testing

@testable import Preparation

@Suite struct ComparisonTests {
  private func dataset(_ folder: TemporaryFolder) throws -> String {
    try Synthesis(samples: 18, classes: 3).write(to: folder.path("raw"))
    _ = try Pipeline(
      ConversionOptions(
        inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path("data"), shardSize: 7,
        compression: 1)
    ).run()
    _ = try Splitting.write(protocol: .xview, in: folder.path("data"))
    return folder.path("data")
  }

  private func compare(_ options: Comparison.Options, _ data: String) throws -> Comparison {
    try Comparison.run(options, of: data)
  }

  @Test func ourOwnArraysAgree() throws {
    let folder = try TemporaryFolder()
    let data = try dataset(folder)
    for layout in ExportLayout.allCases {
      _ = try Export(layout: layout, split: "xview").write(data, to: folder.path("out"))
    }
    _ = try Export(layout: .frames).write(data, to: folder.path("out"))
    let out = folder.path("out")
    let all: [Comparison.Options] = [
      .init(file: out + "/train_data_joint.npy", split: "xview", part: .train),
      .init(file: out + "/val_data_joint.npy", labels: out + "/val_label.pkl"),
      .init(file: out + "/ntu60_xview.npz", path: "x_test", split: "xview", part: .test),
      .init(file: out + "/train.npz", split: "xview", part: .train), .init(file: out + "/all.npz"),
      .init(file: data + "/shards/00001.h5"),
    ]
    for options in all {
      let result = try compare(options, data)
      #expect(result.agrees && result.compared > 0 && result.largest == nil, "\(options): \(result)")
    }
    // A part is not the whole, nor another part.
    #expect(throws: InputError.self) { try compare(.init(file: out + "/train_data_joint.npy"), data) }
    #expect(throws: InputError.self) { try compare(.init(file: out + "/ntu60_xview.npz"), data) }
    #expect(throws: InputError.self) { try compare(.init(file: out + "/train_num_frame.npy"), data) }
    #expect(throws: InputError.self) { try compare(.init(file: out + "/none.npy"), data) }
    let other = try compare(
      .init(file: out + "/val_data_joint.npy", names: out + "/val_label.pkl", split: "xview", part: .train),
      data)
    #expect(other.missing > 0 && !other.agrees)
  }

  /// What is wrong with an array's file is found before the data set is read, and whatever state that is in.
  @Test func aWrongArrayIsFoundFirst() throws {
    let folder = try TemporaryFolder()
    let data = try dataset(folder)
    let out = folder.path("out")
    _ = try Export(layout: .nctvm300, split: "xview").write(data, to: out)
    func failure(_ options: Comparison.Options) throws -> InputError? {
      let error = #expect(throws: InputError.self) { _ = try Comparison.Plan(options, of: data) }
      return error
    }
    #expect(try failure(.init(file: out + "/train_data_joint.npy"))?.hint.contains("--split") == true)
    try Data("no shard".utf8).write(to: URL(fileURLWithPath: data + "/shards/00000.h5"))
    #expect(try failure(.init(file: out + "/train_num_frame.npy"))?.found.contains("the shape") == true)
    #expect(try failure(.init(file: out + "/none.npy"))?.file.hasSuffix("none.npy") == true)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: data + "/manifest.json"))
    #expect(try failure(.init(file: out + "/train_num_frame.npy"))?.found.contains("the shape") == true)
  }

  /// CMD and PCM3 name an action of PKU-MMD by its file and its row of labels, and write classes as numpy's numbers.
  @Test func actionsAreFoundByTheirRowOfLabels() throws {
    let folder = try TemporaryFolder()
    var random = KeyedRandom(seed: 3, view: "rows")
    let frames = (0..<60).map { _ in
      ((0..<75).map { _ in "\(3 + random.normal())" } + Array(repeating: "0", count: 75)).joined(
        separator: " ") + "\n"
    }
    for (path, text) in [
      ("raw/0002-L.txt", frames.joined()),
      ("labels/0002-L.txt", "9,15,25,2\n\n1,2,10,2\n60,1,3,2\n7,30,55,1\n"),
    ] {
      let url = folder.url.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    _ = try Pipeline(
      ConversionOptions(
        inputs: [folder.path("raw"), folder.path("labels")], dataset: .pkummd1, output: folder.path("data"))
    ).run()
    let data = try DatasetFolder(URL(fileURLWithPath: folder.path("data")))
    // By start: row 2 is of no class, then rows 1, 0 and 3.
    #expect(try data.samples().joined().map(\.name) == ["0002-L#1", "0002-L#2", "0002-L#3"])
    #expect(try data.samples().joined().map(\.row) == [1, 0, 3])
    _ = try Export(layout: .nctvm300).write(folder.path("data"), to: folder.path("out"))
    let program = """
      import numpy as np, pickle, sys
      out = sys.argv[1]
      x = np.load(out + '/all_data_joint.npy')
      np.save(out + '/rows.npy', x[[1, 0, 2]])
      names = ['0002-L.txt_0', '0002-L.txt_1', '0002-L.txt_3']
      pickle.dump((names, list(np.array([9., 1., 7.]) - 1)), open(out + '/rows.pkl', 'wb'))
      open(out + '/rows.txt', 'w').write('\\n'.join(n.replace('.txt', '') for n in names))
      pickle.dump((['0002-L.txt_1', '0002-L.txt_0', '0002-L.txt_2'], [0, 8, 6]), open(out + '/wrong.pkl', 'wb'))
      """
    guard try Python.run(program, needing: "numpy", [folder.path("out")]) != nil else { return }
    let out = folder.path("out")
    for options in [
      Comparison.Options(file: out + "/rows.npy", labels: out + "/rows.pkl"),
      Comparison.Options(file: out + "/rows.npy", names: out + "/rows.txt"),
    ] {
      let result = try Comparison.run(options, of: folder.path("data"))
      #expect(result.agrees && result.compared == 3 && result.largest == nil, "\(result)")
    }
    let wrong = try Comparison.run(
      .init(file: out + "/rows.npy", labels: out + "/wrong.pkl"), of: folder.path("data"))
    #expect(wrong.differing == 2 && wrong.unknown == ["0002-L.txt_2"] && wrong.missing == 0)
  }

  /// Arrays that numpy makes of the same samples, in other orders, types and places, with one number changed.
  @Test func findsTheOneNumberThatDiffers() throws {
    let folder = try TemporaryFolder()
    let data = try dataset(folder)
    _ = try Export(layout: .nctvm300).write(data, to: folder.path("out"))
    let program = """
      import h5py, numpy as np, pickle, sys
      out = sys.argv[1]
      x = np.load(out + '/all_data_joint.npy'); n = np.load(out + '/all_num_frame.npy')
      names, labels = pickle.load(open(out + '/all_label.pkl', 'rb'))
      order = np.random.default_rng(1).permutation(len(x))
      open(out + '/names.txt', 'w').write(''.join(names[i] + '\\n' for i in order))
      changed = x[order].copy()
      row = list(order).index(4)
      changed[row, 1, 7, 20, 0] += 0.25
      np.save(out + '/f8.npy', changed.astype('f8'))
      np.save(out + '/fortran.npy', np.asfortranarray(changed))
      np.savez_compressed(out + '/packed.npz', other=n, x=changed)
      flat = changed.transpose(0, 2, 4, 3, 1)
      h = h5py.File(out + '/x.h5', 'w')
      h.create_dataset('a/x', data=flat.reshape(len(x), 300, 150), chunks=True, compression='gzip')
      h.create_dataset('big', data=flat.astype('>f8'))
      h.close()
      np.save(out + '/f2.npy', x.astype('f2'))
      zero = x.copy()
      for i in range(len(x)): zero[i, :, n[i]:] = 0
      np.save(out + '/zero.npy', zero)
      zero[3, 2, 299, 5, 0] = 1
      np.save(out + '/padded.npy', zero)
      zero[5, 0, 0, 0, 0] = np.nan
      np.save(out + '/nan.npy', zero[:, :, :40])
      labels[2] += 1
      pickle.dump((names, labels), open(out + '/wrong.pkl', 'wb'))
      np.save(out + '/labels.npy', np.array(labels))
      """
    guard try Python.run(program, needing: "h5py", [folder.path("out")]) != nil else { return }
    let out = folder.path("out")
    let names = out + "/names.txt"
    let files: [(file: String, path: String?)] = [
      ("f8.npy", nil), ("fortran.npy", nil), ("packed.npz", "x"), ("x.h5", "a/x"), ("x.h5", "big"),
      ("x.h5", nil),
    ]
    let sample = try DatasetFolder(URL(fileURLWithPath: data)).samples().joined().map(\.name)[4]
    for (file, path) in files {
      let result = try compare(.init(file: "\(out)/\(file)", path: path, names: names), data)
      #expect(result.compared == 18 && result.differing == 1 && !result.agrees, "\(file): \(result)")
      let place = try #require(result.largest)
      #expect(place.sample == sample && place.frame == 7 && place.body == 0)
      #expect(place.joint == "spine_shoulder" && place.coordinate == "y")
      #expect(abs(place.difference - 0.25) < 1e-6)
      #expect(result.padding.values.reduce(0, +) + result.otherPadding.count == 18)
    }
    let half = try compare(.init(file: out + "/f2.npy", tolerance: 2e-3), data)
    #expect(half.agrees && half.largest != nil, "\(half)")
    #expect(try compare(.init(file: out + "/zero.npy"), data).padding == ["zero": 18])
    let padded = try compare(.init(file: out + "/padded.npy"), data)
    #expect(padded.otherPadding.count == 1 && padded.differing == 0 && !padded.agrees)
    let notANumber = try compare(.init(file: out + "/nan.npy"), data)
    #expect(notANumber.differing == 1 && notANumber.largest?.difference == .infinity)
    #expect(notANumber.shortened > 0)
    for labels in ["wrong.pkl", "labels.npy"] {
      let result = try compare(.init(file: out + "/zero.npy", labels: "\(out)/\(labels)"), data)
      #expect(result.otherLabels.count == 1 && !result.agrees)
    }
  }
}
