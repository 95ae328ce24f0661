import Foundation
import Shards
import Testing

/// The shard format as a Python user meets it: through h5py and jsonschema, where they are installed.
@Suite struct OtherReaderTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test func h5pyFindsWhatTheFormatSays() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("00000.h5")
    let example = ExampleShard(samples: 30, frames: 10...80)
    try example.write(to: url)
    let text = try Python.run(
      """
      import h5py, numpy as np, sys
      f = h5py.File(sys.argv[1], 'r')
      assert f.attrs['format'].decode() == 'skeleton-shard' and int(f.attrs['format_version']) == 1
      assert f.attrs['units'].decode() == 'metres' and len(f.attrs['joint_names']) == 25
      F = f['frames'].shape[0]
      assert f['frames'].shape == (F, 2, 25, 3) and f['frames'].dtype == np.float32
      assert f['visible'].shape == (F, 2, 25) and f['visible'].dtype == np.uint8
      def check(name, o):
          if isinstance(o, h5py.Dataset): assert o.chunks and o.fletcher32, name
      f.visititems(check)
      assert f['frames'].shuffle and f['frames'].compression == 'gzip'
      s = f['samples']
      types = dict(start='i8', length='i4', label='i4', setup='i2', camera='i2', subject='i2', replication='i2', action='i2', bodies='u1')
      for k, t in types.items(): assert s[k].dtype == np.dtype(t), k
      assert s['name'].dtype == np.dtype('S20') and s['digest'].dtype == np.dtype('S64')
      assert s['start'][0] == 0 and (np.cumsum(s['length'])[:-1] == s['start'][1:]).all() and s['length'][:].sum() == F
      print(s['name'][4].decode(), float(f['frames'][:].astype('f8').sum()), int(f['visible'][:].sum()))
      """, needing: "h5py", [url.path])
    guard let words = text?.split(separator: " ") else { return }
    #expect(words[0] == example.content[4].record.name[...])
    let sum = example.content.flatMap(\.frames).reduce(0.0) { $0 + Double($1) }
    #expect(abs((Double(words[1]) ?? .nan) - sum) < 1e-6)
    #expect(
      Int(words[2].trimmingCharacters(in: .whitespacesAndNewlines))
        == example.content.flatMap(\.visible).count { $0 == 1 })
  }

  @Test func theSchemasDescribeWhatIsWritten() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file("shards"), withIntermediateDirectories: true)
    let example = ExampleShard(samples: 62, frames: 3...9)
    let entry = try example.write(to: folder.file("shards/00000.h5"))
    let digest = String(repeating: "a", count: 64)
    try Manifest(
      dataset: "ntu60", profile: "agcn300", recipe: .object(["steps": .array([])]), generator: "tests 1",
      shards: [entry], exclude: .init(list: "official", names: []), variantOf: digest, kind: "spatial",
      ratio: [0.3, 0.7],
      seed: 1
    ).write(to: folder.url)
    let names = example.content.map(\.record.name)
    try Split(
      protocolName: "xview", dataset: "ntu60", manifest: Manifest.digest(of: folder.url), train: names,
      test: []
    ).write("xview", in: folder.url)
    // Every list that a split can have, though no protocol has them all. Labels come again after 60 samples.
    let few = FewShot(
      ways: 2, shots: 1, queries: 1, classes: [0, 1], within: "xset",
      episodes: [
        FewShot.Episode(
          classes: [1, 0], support: [[names[1]], [names[0]]], query: [[names[61]], [names[60]]])
      ])
    try Split(
      protocolName: "fewshot", dataset: "ntu60", manifest: Manifest.digest(of: folder.url),
      train: [names[2]], test: [0, 1, 60, 61].map { names[$0] }, excluded: Array(names[4..<60]), seed: 1,
      fraction: 0.5, balanced: false, list: digest, exemplars: [names[3]], fewShot: few
    ).write("all", in: folder.url)
    let program = """
      import json, jsonschema, sys
      schema = json.load(open(sys.argv[1])); value = json.load(open(sys.argv[2]))
      validator = jsonschema.Draft202012Validator(schema)
      jsonschema.Draft202012Validator.check_schema(schema)
      validator.validate(value)
      for key in list(value) + ['surplus']:
          wrong = dict(value)
          if key == 'surplus': wrong[key] = 1
          else: wrong[key] = {'no': 'such'} if not isinstance(value[key], dict) else 7
          assert not validator.is_valid(wrong), key
      """
    for (schema, file) in [
      ("manifest", "manifest.json"), ("split", "splits/xview.json"), ("split", "splits/all.json"),
    ] {
      let path = Self.root.appendingPathComponent("schemas/\(schema).schema.json").path
      _ = try Python.run(program, needing: "jsonschema", [path, folder.file(file).path])
    }
  }
}
