"""Data sets of skeleton recordings that skelprep has made, as NumPy arrays or a PyTorch Dataset.

    from skeleton_shards import SkeletonShards
    data = SkeletonShards("data")
    x, y = data.arrays("xsub", "train", frames=64)

Axes are T (frames), M (bodies), V (joints), C (coordinates, in metres).
"""

import hashlib
import json
import os
from dataclasses import dataclass

import h5py
import numpy as np

__version__ = "0.1.0"
__all__ = ["Sample", "SkeletonShards"]

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Sample:
    """A recording, or an action of one."""

    name: str
    label: int
    """The class, from 0; -1 where the sample is an untrimmed recording."""
    frames: np.ndarray
    """(T, M, V, C) float32."""
    visible: np.ndarray
    """(T, M, V) bool: which joints were seen."""
    subject: int
    camera: int
    setup: int


class SkeletonShards:
    """A data set's folder. Samples are in the order of the shards, which is that of their names.

    Files are opened when they are asked for, in each process anew, so that it may be given to the workers of a DataLoader.
    """

    def __init__(self, folder):
        self.folder = os.fspath(folder)
        path = os.path.join(self.folder, "manifest.json")
        if not os.path.exists(path):
            raise FileNotFoundError(f"{self.folder}: no manifest.json; a data set is a folder that skelprep convert has finished")
        with open(path, encoding="utf-8") as file:
            self.manifest = json.load(file)
        if self.manifest.get("format_version") != FORMAT_VERSION:
            raise ValueError(f"{path}: format version {self.manifest.get('format_version')}; expected {FORMAT_VERSION}")
        self.dataset, self.profile = self.manifest["dataset"], self.manifest["profile"]
        self._files = [os.path.join(self.folder, "shards", shard["file"]) for shard in self.manifest["shards"]]
        self._open, self._process = {}, os.getpid()
        names, tables = [], {key: [] for key in ("label", "length", "start", "subject", "camera", "setup")}
        self._shard = []
        for number, path in enumerate(self._files):
            with h5py.File(path, "r") as file:
                samples = file["samples"]
                own = [name.decode() for name in samples["name"][:]]
                names += own
                self._shard += [number] * len(own)
                for key, values in tables.items():
                    values.append(samples[key][:])
        self.names = names
        """The names of all samples."""
        self._table = {key: np.concatenate(values).astype(np.int64) for key, values in tables.items()}
        self.labels = self._table["label"]
        """The classes of all samples, from 0, (N,) int64."""
        self.lengths = self._table["length"]
        """The frames of all samples, (N,) int64."""
        self._index = {name: index for index, name in enumerate(names)}

    def __len__(self):
        return len(self.names)

    def __repr__(self):
        return f"{self.folder}: {len(self)} samples of {self.dataset} by {self.profile}, splits {' '.join(self.splits)}"

    def __getitem__(self, key):
        """A sample by its number or its name."""
        index = self._index[key] if isinstance(key, str) else range(len(self))[key]
        start = int(self._table["start"][index])
        rows = slice(start, start + int(self.lengths[index]))
        file = self._file(self._shard[index])
        return Sample(
            self.names[index], int(self.labels[index]), file["frames"][rows], file["visible"][rows].astype(bool),
            *(int(self._table[key][index]) for key in ("subject", "camera", "setup")))

    def __iter__(self):
        return (self[index] for index in range(len(self)))

    @property
    def splits(self):
        """The names of the splits that skelprep split has made, sorted."""
        folder = os.path.join(self.folder, "splits")
        return sorted(name[:-5] for name in os.listdir(folder) if name.endswith(".json")) if os.path.isdir(folder) else []

    def indices(self, split=None, part="train"):
        """The numbers of the samples of a part of a split, `train` or `test`, in its order; of all without a split."""
        if split is None:
            return list(range(len(self)))
        if split not in self.splits:
            raise KeyError(f"{self.folder}: no split {split}; there are {', '.join(self.splits) or 'none'}")
        with open(os.path.join(self.folder, "splits", f"{split}.json"), encoding="utf-8") as file:
            lists = json.load(file)
        return [self._index[name] for name in lists[part]]

    def arrays(self, split=None, part="train", frames=None):
        """All samples of a part of a split, and their classes, (N,) int64.

        With `frames`, samples are resized to that many frames: (N, frames, M, V, C) float32. Without, they are a list.
        """
        indices = self.indices(split, part)
        clips = [resized(self[index].frames, frames) for index in indices]
        return (clips if frames is None else np.stack(clips)), self.labels[indices]

    def torch(self, split=None, part="train", frames=None, transform=None):
        """A `torch.utils.data.Dataset` of a part of a split: pairs of a float32 tensor (T, M, V, C) and a class.

        `transform`, if given, is called with the array (T, M, V, C) before it becomes a tensor.
        """
        return _torch_dataset(self, self.indices(split, part), frames, transform)

    def verify(self):
        """Compares every shard with the SHA-256 in the manifest; raises ValueError for the first that differs."""
        for path, shard in zip(self._files, self.manifest["shards"]):
            digest = hashlib.sha256()
            with open(path, "rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
            if digest.hexdigest() != shard["sha256"]:
                raise ValueError(f"{path}: not the bytes that the manifest names; convert again, or copy again")

    def _file(self, number):
        # An open HDF5 file does not survive a fork.
        if self._process != os.getpid():
            self._open, self._process = {}, os.getpid()
        if number not in self._open:
            self._open[number] = h5py.File(self._files[number], "r")
        return self._open[number]

    def __getstate__(self):
        return {**self.__dict__, "_open": {}}


def resized(clip, frames):
    """A clip (T, …) with another number of frames, by linear interpolation as skeltrain and PyTorch's `interpolate` do it."""
    if frames is None or len(clip) == frames:
        return clip
    places = np.clip((np.arange(frames) + 0.5) * len(clip) / frames - 0.5, 0, len(clip) - 1)
    before = np.floor(places).astype(int)
    after = np.minimum(before + 1, len(clip) - 1)
    share = (places - before).reshape(-1, *[1] * (clip.ndim - 1)).astype(clip.dtype)
    return clip[before] * (1 - share) + clip[after] * share


def _torch_dataset(shards, indices, frames, transform):
    import torch

    class ShardDataset(torch.utils.data.Dataset):
        def __len__(self):
            return len(indices)

        def __getitem__(self, number):
            sample = shards[indices[number]]
            clip = resized(sample.frames, frames)
            if transform is not None:
                clip = transform(clip)
            return torch.as_tensor(np.ascontiguousarray(clip)), sample.label

    return ShardDataset()
