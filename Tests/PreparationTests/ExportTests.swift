import Formats
import Foundation
import Numpy
import Shards
import Skeleton
import Testing

@testable import Preparation

@Suite struct ExportTests {
  /// A data set of synthetic samples, split by view.
  private func dataset(_ folder: TemporaryFolder, samples: Int = 24) throws -> String {
    try Synthesis(samples: samples, classes: 6).write(to: folder.path("raw"))
    _ = try Pipeline(
      ConversionOptions(
        inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path("data"), shardSize: 10,
        compression: 1)
    ).run()
    _ = try Splitting.write(protocol: .xview, in: folder.path("data"))
    return folder.path("data")
  }

  /// What h5py finds in the shards is what numpy finds in the ragged arrays.
  @Test(arguments: ExportFormat.allCases) func framesAreThoseOfTheShards(format: ExportFormat) throws {
    let folder = try TemporaryFolder()
    let data = try dataset(folder)
    _ = try Export(layout: .frames, format: format).write(data, to: folder.path("out"))
    let program = """
      import glob, h5py, numpy as np, sys
      data, out, kind = sys.argv[1:]
      if kind == 'npz': z = np.load(out + '/all.npz')
      else: z = {k: np.load(out + '/all_%s.npy' % k) for k in ['frames', 'visible', 'start', 'length', 'label', 'name']}
      shards = [h5py.File(f) for f in sorted(glob.glob(data + '/shards/*.h5'))]
      assert len(shards) == 3
      def whole(key): return np.concatenate([s[key][:] for s in shards])
      assert z['frames'].dtype == np.float32 and (z['frames'] == whole('frames')).all()
      assert z['visible'].dtype == np.uint8 and (z['visible'] == whole('visible')).all()
      assert (z['length'] == whole('samples/length')).all() and (z['label'] == whole('samples/label')).all()
      assert list(z['name']) == [n.decode() for n in whole('samples/name')]
      assert (z['start'] == np.cumsum(z['length']) - z['length']).all() and len(z['start']) == 24
      """
    _ = try Python.run(program, needing: "h5py", [data, folder.path("out"), format.rawValue])
  }

  /// Both sides of a split as CTR-GCN's feeder loads them.
  @Test func ctrgcnLoadsBothSides() throws {
    let folder = try TemporaryFolder()
    let data = try dataset(folder)
    _ = try Export(layout: .ctrgcn, split: "xview").write(data, to: folder.path("out"))
    let program = """
      import glob, h5py, json, numpy as np, sys
      data, out = sys.argv[1:]
      z = np.load(out + '/ntu60_xview.npz')
      split = json.load(open(data + '/splits/xview.json'))
      ours = {}
      for f in glob.glob(data + '/shards/*.h5'):
          h = h5py.File(f)
          for n, s, l, c in zip(h['samples/name'], h['samples/start'], h['samples/length'], h['samples/label']):
              ours[n.decode()] = (h['frames'][s:s + l].reshape(l, 150), c)
      for part in ['train', 'test']:
          x, y = z['x_' + part], z['y_' + part]
          label = np.where(y > 0)[1]
          assert x.dtype == np.float32 and y.shape == (len(x), 60) and len(label) == len(x) == len(split[part]) > 0
          for name, row, c in zip(z['name_' + part], x, label):
              frames, expected = ours[name]
              assert name in split[part] and c == expected
              assert (row[:len(frames)] == frames).all() and (row[len(frames):] == 0).all() and row.shape == (300, 150)
      """
    _ = try Python.run(program, needing: "h5py", [data, folder.path("out")])
  }

  /// Labels, counts, bones and motion beside the joints, recomputed by numpy as 2s-AGCN computes them.
  @Test func nctvmFilesBelongTogether() throws {
    let folder = try TemporaryFolder()
    let data = try dataset(folder)
    for stream in ExportStream.allCases {
      _ = try Export(layout: .nctvm300, split: "xview", stream: stream).write(data, to: folder.path("out"))
    }
    let program = """
      import json, numpy as np, pickle, sys
      data, out = sys.argv[1:]
      split = json.load(open(data + '/splits/xview.json'))
      pairs = [(1,2),(2,21),(3,21),(4,3),(5,21),(6,5),(7,6),(8,7),(9,21),(10,9),(11,10),(12,11),(13,1),(14,13),
        (15,14),(16,15),(17,1),(18,17),(19,18),(20,19),(21,21),(22,23),(23,8),(24,25),(25,12)]
      def motion(x):
          y = np.zeros_like(x); y[:, :, :-1] = x[:, :, 1:] - x[:, :, :-1]; return y
      for part, side in [('train', 'train'), ('val', 'test')]:
          with open('%s/%s_label.pkl' % (out, part), 'rb') as f: sample_name, label = pickle.load(f)
          x = np.load('%s/%s_data_joint.npy' % (out, part), mmap_mode='r')
          n = np.load('%s/%s_num_frame.npy' % (out, part))
          assert [s.replace('.skeleton', '') for s in sample_name] == split[side]
          assert label == [int(s[17:20]) - 1 for s in sample_name]
          assert x.shape == (len(label), 3, 300, 25, 2) and n.shape == (len(label),) and x.dtype == np.float32
          b = np.zeros_like(x)
          for v, w in pairs: b[:, :, :, v - 1] = x[:, :, :, v - 1] - x[:, :, :, w - 1]
          for name, y in [('bone', b), ('joint_motion', motion(np.array(x))), ('bone_motion', motion(b))]:
              assert (np.load('%s/%s_data_%s.npy' % (out, part, name)) == y).all(), name
          for i in range(len(x)):
              for t in range(n[i], 300): assert (x[i, :, t, :, 0] == x[i, :, t % n[i], :, 0]).all()
      """
    _ = try Python.run(program, needing: "numpy", [data, folder.path("out")])
  }

  /// CTR-GCN has the samples of a side by subject, and by camera, and only then by name.
  @Test func ctrgcnsOrderIsToBeHad() throws {
    let folder = try TemporaryFolder()
    let data = try dataset(folder)
    _ = try Splitting.write(protocol: .xsub, in: data)
    #expect(throws: InputError.self) { try Export(layout: .ctrgcn, order: .ctrgcn) }
    for (split, key) in [("xsub", 8), ("xview", 4)] {
      for order in SampleOrdering.allCases {
        let out = folder.path("\(split)-\(order)")
        for layout in [ExportLayout.ctrgcn, .nctvm300, .frames] {
          _ = try Export(layout: layout, split: split, order: order).write(data, to: out)
        }
        for (part, title) in [(EvaluationProtocol.Part.train, "train"), (.test, "val")] {
          let pickle = try LabelPickle.parse(
            Array(try Data(contentsOf: URL(fileURLWithPath: "\(out)/\(title)_label.pkl"))), name: title)
          let sorted =
            order == .dataset
            ? pickle.names.sorted()
            : pickle.names.sorted {
              ($0.dropFirst(key).prefix(4), $0[...]) < ($1.dropFirst(key).prefix(4), $1[...])
            }
          #expect(pickle.names == sorted, "\(split) \(order) \(title)")
          if pickle.names.isEmpty { continue }  // no subject of the samples tests
          let options = Comparison.Options(
            file: "\(out)/ntu60_\(split).npz", path: "x_\(part)", split: split, part: part, order: order)
          #expect(try Comparison.run(options, of: data).agrees)
          var named = Comparison.Options(
            file: "\(out)/\(title)_data_joint.npy", labels: "\(out)/\(title)_label.pkl")
          #expect(try Comparison.run(named, of: data).agrees)
          named = Comparison.Options(file: "\(out)/\(part).npz", split: split, part: part, order: order)
          #expect(try Comparison.run(named, of: data).agrees)
        }
      }
      // In another order nothing fits, and the message says what may be the matter.
      guard split == "xsub" else { continue }
      let result = try Comparison.run(
        .init(
          file: folder.path("\(split)-ctrgcn/ntu60_\(split).npz"), path: "x_train", split: split, part: .train
        ),
        of: data)
      #expect(!result.agrees && result.description.contains("--order ctrgcn"), "\(split): \(result)")
    }
  }

  @Test func refusesWhatItCannotDoWell() throws {
    let folder = try TemporaryFolder()
    let data = try dataset(folder, samples: 3)
    #expect(throws: InputError.self) { try Export(layout: .ctrgcn, format: .npy) }
    #expect(throws: InputError.self) { try Export(layout: .frames, stream: .bone) }
    let export = try Export(layout: .frames)
    _ = try export.write(data, to: folder.path("out"))
    let before = try folder.contents(of: "out")
    #expect(before.keys.sorted() == ["all.npz"])
    let error = #expect(throws: InputError.self) { try export.write(data, to: folder.path("out")) }
    #expect(error?.file.hasSuffix("all.npz") == true)
    var again = export
    again.overwrites = true
    _ = try again.write(data, to: folder.path("out"))
    #expect(try folder.contents(of: "out") == before)
    // A damaged shard stops it, and nothing is left behind.
    try Data("no shard".utf8).write(to: URL(fileURLWithPath: data + "/shards/00000.h5"))
    #expect(throws: InputError.self) { try export.write(data, to: folder.path("none")) }
    #expect(try folder.contents(of: "none").isEmpty)
  }
}

/// How a clip goes on to a fixed number of frames, against a slow restatement of the reference on what it started from.
@Suite struct PaddedFramesTests {
  /// Two bodies of random walks; which frames they are in is given.
  private func recording(first: [Bool], second: [Bool], seed: UInt64) throws -> Recording {
    var random = KeyedRandom(seed: seed, sample: "padding", view: "test")
    var text = "\(first.count)\n"
    for (isFirst, isSecond) in zip(first, second) {
      // An absent body is one whose coordinates are all 0, so that the others keep their places in the list.
      text += "2\n"
      for (isThere, scale) in [(isFirst, 2.0), (isSecond, 1.0)] {
        text += Texts.body { _ in
          isThere
            ? (
              Double(random.normal()) * scale, Double(random.normal()) * scale,
              3 + Double(random.normal()) * scale
            ) : (0, 0, 0)
        }
      }
    }
    return try NTUSkeletonText.parse(Array(text.utf8).span)
  }

  /// What the profile makes of a recording and of the same one with 300 frames, filled up before it was normalized.
  ///
  /// - Parameter isExact: whether that is known of a shard that does not tell of loops; of one that does it is.
  private func compare(first: [Bool], second: [Bool], isExact: Bool, seed: UInt64) throws {
    let short = try recording(first: first, second: second, seed: seed)
    let normalized = Profile.agcn300.normalize(short)
    try compare(normalized.clip, nil, first: first, second: second, isExact: isExact, seed: seed)
    try compare(normalized.clip, normalized.loops, first: first, second: second, isExact: true, seed: seed)
    #expect(isExact || normalized.loops != nil)
  }

  private func compare(
    _ clip: Clip, _ loops: BodyLoops?, first: [Bool], second: [Bool], isExact: Bool, seed: UInt64
  ) throws {
    let count = clip.frameCount
    let frames = SampleFrames(length: count, joints: clip.joints, visible: clip.visible, loops: loops)
    let padded = PaddedFrames(frames, to: 300, padding: .loop)
    #expect(padded.isExact == isExact)
    // The reference's own order: frames without bodies up to 300, and only then gaps, centre and rotation.
    let absent = [Bool](repeating: false, count: 300 - count)
    let long = try recording(first: first + absent, second: second + absent, seed: seed)
    let expected = Profile.agcn300.clip(of: long)
    let joints = padded.joints(of: frames)
    let bodies = isExact ? 2 : 1
    var worst: Float = 0
    for index in joints.indices where index / SampleFrames.bodySize % 2 < bodies {
      worst = max(worst, abs(joints[index] - expected.joints[index]))
    }
    // Where the second body was moved again, by a difference of float32.
    #expect(worst <= (loops == nil ? 0 : 3e-6), "\(worst)")
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func equalsTheReferenceWhereItCanBeKnown(seed: UInt64) throws
  {
    let on = [Bool](repeating: true, count: 40)
    let off = [Bool](repeating: false, count: 40)
    // Alone; both to the end; the first gone for the last eight frames.
    try compare(first: on, second: off, isExact: true, seed: seed)
    try compare(first: on, second: on, isExact: true, seed: seed)
    try compare(first: Array(on.prefix(32) + off.prefix(8)), second: off, isExact: true, seed: seed)
    // The first comes late, so that it is moved to the front; both have a gap.
    try compare(first: Array(off.prefix(3) + on.prefix(37)), second: off, isExact: true, seed: seed)
    let gap = Array(on.prefix(10) + off.prefix(5) + on.prefix(25))
    try compare(first: gap, second: gap, isExact: true, seed: seed)
    // The second's period divides the clip's length, or it is gone where it would have to be known.
    try compare(first: on, second: Array(on.prefix(20) + off.prefix(20)), isExact: true, seed: seed)
    // The second loops out of step with the first: only the first is known.
    try compare(first: on, second: Array(on.prefix(33) + off.prefix(7)), isExact: false, seed: seed)
    try compare(first: on, second: Array(off.prefix(5) + on.prefix(35)), isExact: false, seed: seed)
    // Both end before the recording; the first has a gap, in which nothing is centred.
    try compare(
      first: Array(on.prefix(30) + off.prefix(10)), second: Array(on.prefix(13) + off.prefix(27)),
      isExact: false,
      seed: seed)
    try compare(first: gap, second: Array(on.prefix(21) + off.prefix(19)), isExact: false, seed: seed)
    try compare(first: Array(off.prefix(3) + on.prefix(37)), second: on, isExact: false, seed: seed)
  }

  /// A shard keeps what a clip's frames do not tell, and export and comparison use it.
  @Test func shardsTellOfLoops() throws {
    let folder = try TemporaryFolder()
    let on = [Bool](repeating: true, count: 40)
    let second = Array(on.prefix(15) + [Bool](repeating: false, count: 25))
    try FileManager.default.createDirectory(atPath: folder.path("raw"), withIntermediateDirectories: true)
    for (number, bodies) in [(1, on), (2, second)].enumerated().map({ ($0.element.0, $0.element.1) }) {
      let scene = Scene(
        frames: 40,
        actors: [
          Scene.Actor(id: 1, frames: [0..<40], sway: 0.3, walk: [0.02, 0, 0]),
          Scene.Actor(id: 2, frames: [0..<(bodies == on ? 40 : 15)], centre: [1, 0, 2.5]),
        ])
      try Data(scene.text()).write(
        to: folder.url.appendingPathComponent("raw/S001C001P001R001A00\(number).skeleton"))
    }
    _ = try Pipeline(
      ConversionOptions(inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path("data"))
    ).run()
    let data = try DatasetFolder(URL(fileURLWithPath: folder.path("data")))
    #expect(try data.shard(0).loops.map(\.sample) == [1])
    #expect(try data.shard(0).loops.map { [$0.first, $0.second] } == [[40, 15]])
    #expect(try Verification(folder.path("data")).faults.isEmpty)
    let outcome = try Export(layout: .nctvm300).write(folder.path("data"), to: folder.path("out"))
    #expect(outcome.approximate.isEmpty)
    let program = """
      import numpy as np, sys
      sys.path.insert(0, sys.argv[3])
      import normalize
      x = np.load(sys.argv[1] + '/all_data_joint.npy')
      for i in range(2):
          y = normalize.agcn_whole(normalize.read(sys.argv[2] + '/S001C001P001R001A00%d.skeleton' % (i + 1)))
          assert np.abs(x[i].transpose(3, 1, 2, 0) - y).max() < 1e-5, np.abs(x[i].transpose(3, 1, 2, 0) - y).max()
      x[1, 2, 200, 5, 1] += 0.01
      np.save(sys.argv[1] + '/changed.npy', x)
      """
    let peers = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Peers").path
    let arguments = [folder.path("out"), folder.path("raw"), peers]
    guard try Python.run(program, needing: "numpy", arguments) != nil else { return }
    func compare(_ file: String, _ data: String) throws -> Comparison {
      try Comparison.run(.init(file: folder.path("out/\(file).npy")), of: folder.path(data))
    }
    #expect(try compare("all_data_joint", "data").padding == ["loop": 2])
    #expect(try compare("changed", "data").otherPadding == ["S001C001P001R001A002"])
    // A variant goes on with what it was made of.
    let occlusion = Occlusion(kind: .spatial, ratio: try Occlusion.Ratio(0.3, 0.7), seed: 1)
    _ = try OcclusionVariant(occlusion).write(of: folder.path("data"), to: folder.path("variant"))
    let variant = try DatasetFolder(URL(fileURLWithPath: folder.path("variant"))).shard(0)
    #expect(try variant.loops == data.shard(0).loops)
    #expect(
      try Export(layout: .nctvm300).write(folder.path("variant"), to: folder.path("v")).approximate.isEmpty)
  }
}
