import Foundation
import Shards
import Skeleton
import Testing

/// Files that h5py made from a shard: equal ones are read, and each that breaks one rule is refused.
@Suite struct ForeignFileTests {
  /// Copies the shard `good` to `path`, dataset by dataset, with one thing changed.
  ///
  /// `values` replaces a dataset's array, `how` its way of storage, `attrs` a root attribute; `extra` gets the
  /// open file in the end.
  private static let copy = """
    import h5py, numpy as np, os, sys
    good, folder = sys.argv[1:3]
    def names(f):
        found = []
        f.visititems(lambda n, o: found.append(n) if isinstance(o, h5py.Dataset) else None)
        return found
    def copy(name, values={}, how={}, attrs={}, extra=None, libver=('v110', 'v110')):
        with h5py.File(good, 'r') as a, h5py.File(os.path.join(folder, name + '.h5'), 'w', libver=libver) as b:
            for k, v in a.attrs.items(): b.attrs[k] = attrs.get(k, v)
            for n in names(a):
                data = values.get(n, a[n][()])
                if data is None: continue
                store = dict(chunks=(min(100, len(data)),) + data.shape[1:], fletcher32=True)
                store.update(how.get(n, {}))
                b.create_dataset(n, data=data, **store)
            if extra: extra(b)
    with h5py.File(good, 'r') as f: old = {n: f[n][()] for n in names(f)}
    def changed(name, index, value):
        new = old[name].copy(); new[index] = value
        return {name: new}

    """

  private let folder: TemporaryFolder
  private let good: URL
  private let entry: ShardEntry

  init() throws {
    folder = try TemporaryFolder()
    good = folder.file("good.h5")
    entry = try ExampleShard(samples: 7, frames: 100...300).write(to: good)
  }

  /// Runs the program after `copy`; the files that it made, by name.
  private func files(_ program: String) throws -> [String: URL] {
    let made = folder.file("made")
    try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
    _ = try Python.run(Self.copy + program, needing: "h5py", [good.path, made.path])
    let names = try FileManager.default.contentsOfDirectory(atPath: made.path)
    return Dictionary(
      uniqueKeysWithValues: names.map { (String($0.dropLast(3)), made.appendingPathComponent($0)) })
  }

  @Test func shardsThatAnotherProgramWroteAreRead() throws {
    let program = """
      copy('plain')
      packed = dict(shuffle=True, compression='gzip')
      copy('packed', how={'frames': packed, 'visible': packed})
      copy('cut', how={'frames': dict(packed, chunks=(7, 1, 25, 2)), 'visible': dict(chunks=(1000, 2, 3))})
      def more(f):
          f['later'] = np.arange(3); f['samples/later'] = np.arange(3); f.attrs['later'] = 'word'
      copy('extended', extra=more)
      words = {k: f'{k} as text' for k in ('dataset', 'recipe', 'generator')}
      copy('variable', attrs=words)
      """
    let truth = try ShardReader.read(good, expecting: entry)
    for (name, url) in try files(program) {
      let shard = try ShardReader.read(url, expecting: nil)
      #expect(shard.frames == truth.frames && shard.visible == truth.visible, "\(name)")
      #expect(shard.samples == truth.samples, "\(name)")
      #expect(try ShardReader.logicalDigest(url) == entry.logicalSHA256, "\(name)")
      #expect(try ShardReader.samples(url) == truth.samples, "\(name)")
    }
  }

  @Test func valuesOutsideOfTheFileAreRefused() throws {
    let program = """
      def link(target):
          def make(f): f['visible'] = target
          return make
      copy('soft', values={'visible': None}, extra=lambda f: (f.move('frames', 'real'), link(h5py.SoftLink('/real'))(f)))
      copy('outer', values={'visible': None}, extra=link(h5py.ExternalLink(good, '/visible')))
      def group(f):
          f.move('samples', 'real'); f['samples'] = h5py.SoftLink('/real')
      copy('group', extra=group)
      def external(f):
          f.create_dataset('visible', shape=old['visible'].shape, dtype='u1', external=[(good, 0, old['visible'].size)])
      copy('external', values={'visible': None}, extra=external)
      def virtual(f):
          layout = h5py.VirtualLayout(shape=old['visible'].shape, dtype='u1')
          layout[:] = h5py.VirtualSource(good, 'visible', shape=old['visible'].shape)
          f.create_virtual_dataset('visible', layout)
      copy('virtual', values={'visible': None}, extra=virtual)
      """
    let reasons = [
      "soft": "hard link", "outer": "hard link", "group": "hard link", "external": "external storage",
      "virtual": "virtual dataset",
    ]
    for (name, url) in try files(program) {
      let reason = try #require(reasons[name])
      #expect("\(name) is read") { try ShardReader.read(url, expecting: nil) } throws: { error in
        error is InputError && "\(error)".contains(reason)
      }
      #expect(throws: InputError.self, "\(name)") { try ShardReader.samples(url) }
    }
  }

  @Test func everyBrokenRuleIsNoticed() throws {
    let program = """
      copy('format', attrs={'format': 'other'})
      copy('version', attrs={'format_version': 2})
      copy('joints', attrs={'joint_names': np.array([b'head'])})
      copy('rate', attrs={'frame_rate': 0.0})
      copy('superblock', libver='earliest')
      F = old['frames']; V = old['visible']; S = {k[8:]: v for k, v in old.items() if k.startswith('samples/')}
      copy('double', values={'frames': F.astype('f8')})
      copy('bigendian', values={'frames': F.astype('>f4')})
      copy('signed', values={'visible': V.astype('i1')})
      copy('joint24', values={'frames': F[:, :, :24]})
      copy('flat', values={'frames': F.reshape(-1)})
      copy('longlabel', values={'samples/label': S['label'].astype('i8')})
      copy('variabletext', values={'samples/name': S['name'].astype(h5py.string_dtype())}, how={'samples/name': dict(fletcher32=False)})
      copy('missing', values={'samples/label': None})
      copy('short', values={'samples/label': S['label'][:-1]})
      copy('unchecked', how={'frames': dict(fletcher32=False)})
      copy('whole', how={'frames': dict(fletcher32=False, chunks=None)})
      copy('lzf', how={'frames': dict(compression='lzf')})
      copy('fewer', values={'visible': V[:-1]})
      copy('rows', values={'frames': F[:-1], 'visible': V[:-1]})
      copy('surplus', values={'frames': np.concatenate([F, F[:1]]), 'visible': np.concatenate([V, V[:1]])})
      copy('nan', values=changed('frames', (333, 0, 1, 2), np.nan))
      copy('infinite', values=changed('frames', (-1, 1, 24, 2), np.inf))
      copy('flag', values=changed('visible', (333, 0, 1), 2))
      copy('start', values=changed('samples/start', 1, 0))
      copy('negative', values=changed('samples/length', 0, -1))
      copy('huge', values=changed('samples/start', 6, 2**62))
      copy('empty', values=changed('samples/length', 0, 0))
      copy('bodies', values=changed('samples/bodies', 0, 3))
      copy('label', values=changed('samples/label', 0, -2))
      copy('noclass', values=changed('samples/label', 0, 60))
      copy('manyclasses', values=changed('samples/label', 3, 10**6))
      copy('lastlabel', values=changed('samples/label', 3, 2**31 - 1))
      copy('far', values=changed('frames', (333, 0, 1, 2), 1e30))
      swapped = np.array([b'spine_mid', b'spine_base'])
      def order(f): f.attrs['joint_names'] = np.concatenate([swapped, f.attrs['joint_names'][2:]])
      copy('order', extra=order)
      copy('twice', values=changed('samples/name', 1, S['name'][0]))
      copy('blank', values=changed('samples/name', 1, b''))
      copy('digest', values=changed('samples/digest', 1, b'0' * 63 + b'G'))
      def partly(name, skip, **how):
          def make(f):
              d = f.create_dataset(name, shape=old[name].shape, dtype=old[name].dtype, fletcher32=True, **how)
              d[skip:] = old[name][skip:]
          return make
      copy('hole', values={'frames': None}, extra=partly('frames', 100, chunks=(100, 2, 25, 3)))
      copy('cuthole', values={'frames': None}, extra=partly('frames', 100, chunks=(100, 1, 25, 3), compression=1))
      copy('columnhole', values={'samples/label': None}, extra=partly('samples/label', 2, chunks=(2,)))
      def bomb(rows, chunk):
          def make(f): f.create_dataset('frames', shape=(rows, 2, 25, 3), dtype='f4', chunks=(chunk, 2, 25, 3), fletcher32=True)
          return make
      copy('bomb', values={'frames': None}, extra=bomb(2**50, 100))
      copy('chunk', values={'frames': None}, extra=bomb(2**22, 2**22))
      """
    let made = try files(program)
    for (name, url) in made {
      #expect(throws: InputError.self, "\(name) is read") { try ShardReader.read(url, expecting: nil) }
      // What is told apart without a look at the rows is also refused where only the samples are read.
      guard !["nan", "infinite", "far", "flag"].contains(name) else { continue }
      #expect(throws: InputError.self, "the samples of \(name) are read") { try ShardReader.samples(url) }
    }
    #expect(made.isEmpty || made.count == program.components(separatedBy: "copy('").count - 1)
  }

  @Test func intervalsAreKeptAndHeldToTheirSamples() throws {
    let example = ExampleShard(samples: 3, frames: 20...30)
    let url = folder.file("untrimmed.h5")
    var builder = ShardBuilder(attributes: ExampleShard.attributes, compression: 1)
    for sample in example.content {
      let length = sample.visible.count / Shard.visibleSize
      let intervals = [
        ActionInterval(start: 0, end: 5, label: 3, confidence: 2),
        ActionInterval(start: 7, end: length, label: 50),
      ]
      try builder.append(
        sample.record, frames: sample.frames, visible: sample.visible, intervals: intervals)
    }
    let entry = try builder.write(to: url)
    let intervals = try ShardReader.read(url, expecting: entry).intervals
    #expect(intervals.map(\.sample) == [0, 0, 1, 1, 2, 2])
    #expect(intervals[4] == ActionInterval(sample: 2, start: 0, end: 5, label: 3, confidence: 2))
    let late = ActionInterval(start: 0, end: 31, label: 0)
    let sample = example.content[0]
    #expect(throws: InputError.self) {
      var other = ShardBuilder(attributes: ExampleShard.attributes, compression: 1)
      try other.append(sample.record, frames: sample.frames, visible: sample.visible, intervals: [late])
    }
  }
}
