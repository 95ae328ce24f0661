"""Run by the package's test suite with a data set's folder: python3 test_shards.py FOLDER"""

import glob
import json
import os
import pickle
import shutil
import sys
import tempfile

import h5py
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from skeleton_shards import SkeletonShards, resized  # noqa: E402

folder = sys.argv[1]
data = SkeletonShards(folder)

# Everything as h5py alone reads it.
seen = 0
for path in sorted(glob.glob(os.path.join(folder, "shards", "*.h5"))):
    with h5py.File(path) as file:
        for row, name in enumerate(file["samples/name"][:]):
            start, length = int(file["samples/start"][row]), int(file["samples/length"][row])
            for sample in (data[seen], data[name.decode()]):
                assert sample.name == name.decode()
                assert sample.label == file["samples/label"][row] == data.labels[seen]
                assert sample.subject == file["samples/subject"][row]
                assert sample.frames.dtype == np.float32 and sample.visible.dtype == bool
                assert np.array_equal(sample.frames, file["frames"][start:start + length])
                assert np.array_equal(sample.visible, file["visible"][start:start + length] != 0)
            seen += 1
assert seen == len(data) == data.manifest["sample_count"] > 0
assert sum(data.lengths) == data.manifest["frame_count"]
assert data[-1].name == data.names[-1] and len(list(data)) == len(data)

# Splits.
for split in data.splits:
    with open(os.path.join(folder, "splits", f"{split}.json")) as file:
        lists = json.load(file)
    for part in ("train", "test"):
        assert [data.names[index] for index in data.indices(split, part)] == lists[part]
x, y = data.arrays(data.splits[0], "train", frames=16)
assert x.shape == (len(y), 16, 2, 25, 3) and x.dtype == np.float32 and y.dtype == np.int64
clips, _ = data.arrays()
assert [len(clip) for clip in clips] == list(data.lengths)

# Resizing has half-pixel centres, and nothing beyond both ends.
line = np.arange(4, dtype=np.float32).reshape(4, 1, 1, 1)
assert np.allclose(resized(line, 8).ravel(), [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3])
assert np.allclose(resized(line, 2).ravel(), [0.5, 2.5])
assert np.array_equal(resized(line, 4), line) and resized(line, 1).ravel()[0] == 1.5
assert np.array_equal(resized(line[:1], 3).ravel(), [0, 0, 0])

# What is wrong is refused.
data.verify()
assert pickle.loads(pickle.dumps(data))[0].name == data.names[0]
for wrong, error in ((lambda: data.indices("xnone"), KeyError), (lambda: data["nobody"], KeyError),
                     (lambda: data[len(data)], IndexError), (lambda: SkeletonShards("nowhere"), FileNotFoundError)):
    try:
        wrong()
    except error:
        continue
    raise AssertionError(error)
with tempfile.TemporaryDirectory() as other:
    copy = shutil.copytree(folder, os.path.join(other, "data"))
    path = glob.glob(os.path.join(copy, "shards", "*.h5"))[0]
    with open(path, "r+b") as file:
        # Among the coordinates, which are most of it.
        middle = os.path.getsize(path) // 2
        file.seek(middle)
        value = file.read(1)
        file.seek(middle)
        file.write(bytes([value[0] ^ 1]))
    try:
        SkeletonShards(copy).verify()
    except ValueError:
        pass
    else:
        raise AssertionError("a changed shard was taken")

try:
    import torch
except ImportError:
    print("no torch: its part is skipped")
else:
    pairs = data.torch(data.splits[0], "train", frames=16)
    loader = torch.utils.data.DataLoader(pairs, batch_size=2, num_workers=1)
    batch, labels = next(iter(loader))
    assert batch.shape == (2, 16, 2, 25, 3) and torch.equal(batch, torch.as_tensor(x[:2]))
    assert labels.tolist() == y[:2].tolist()
    doubled = data.torch(data.splits[0], "train", frames=16, transform=lambda clip: clip * 2)
    assert torch.equal(doubled[0][0], batch[0] * 2)
print(f"{len(data)} samples are as h5py reads them")
