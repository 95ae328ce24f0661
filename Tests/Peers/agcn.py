#!/usr/bin/env python3
"""A plain reader and normalizer of the kind that 2s-AGCN, CMD and PCM3 prepare their data with.

`skelbench prep --python Tests/Peers/agcn.py` measures skelprep against it, and a test compares the numbers. It does
what those scripts do in the way they do it: one process, text line by line into dictionaries, the whole data set in
one array of 300 frames, and a loop over samples, bodies, frames and joints for each step.

    agcn.py FOLDER OUTPUT

FOLDER holds .skeleton files. OUTPUT gets data_joint.npy (N, C=3, T=300, V=25, M=2) float32, num_frame.npy and
names.txt. The seconds of reading, normalizing and writing are printed as one line of JSON.
"""
import json
import os
import sys
import time

import numpy as np

MAX_BODIES = 4
BODIES = 2
FRAMES = 300
JOINTS = 25

BODY_KEYS = (
    "bodyID", "clipedEdges", "handLeftConfidence", "handLeftState", "handRightConfidence", "handRightState",
    "isResticted", "leanX", "leanY", "trackingState",
)
JOINT_KEYS = (
    "x", "y", "z", "depthX", "depthY", "colorX", "colorY", "orientationW", "orientationX", "orientationY",
    "orientationZ", "trackingState",
)


def read_skeleton(path):
    """The file as nested dictionaries, every word of it a float."""
    with open(path) as file:
        frames = []
        for _ in range(int(file.readline())):
            bodies = []
            for _ in range(int(file.readline())):
                body = {key: float(word) for key, word in zip(BODY_KEYS, file.readline().split())}
                body["joints"] = []
                for _ in range(int(file.readline())):
                    words = file.readline().split()
                    body["joints"].append({key: float(word) for key, word in zip(JOINT_KEYS, words)})
                bodies.append(body)
            frames.append(bodies)
    return frames


def read_xyz(path):
    """The two bodies of the highest energy, (C, T, V, M)."""
    frames = read_skeleton(path)
    data = np.zeros((MAX_BODIES, len(frames), JOINTS, 3))
    for t, bodies in enumerate(frames):
        for m, body in enumerate(bodies):
            for v, joint in enumerate(body["joints"]):
                if m < MAX_BODIES and v < JOINTS:
                    data[m, t, v, :] = [joint["x"], joint["y"], joint["z"]]
    energy = np.array([energy_of(body) for body in data])
    data = data[energy.argsort()[::-1][:BODIES]]
    return data.transpose(3, 1, 2, 0)


def energy_of(body):
    """Standard deviations of x, y and z over the frames that are not empty, added up."""
    body = body[body.sum(-1).sum(-1) != 0]
    if len(body) == 0:
        return 0
    return body[:, :, 0].std() + body[:, :, 1].std() + body[:, :, 2].std()


def rotation_matrix(axis, angle):
    """Euler and Rodrigues."""
    if np.abs(axis).sum() < 1e-6 or np.abs(angle) < 1e-6:
        return np.eye(3)
    axis = np.asarray(axis) / np.sqrt(np.dot(axis, axis))
    a = np.cos(angle / 2)
    b, c, d = -axis * np.sin(angle / 2)
    return np.array([
        [a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)],
        [2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)],
        [2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - b * b - c * c],
    ])


def angle_between(v, w):
    """Radians; 0 where one of the vectors has no length."""
    if np.abs(v).sum() < 1e-6 or np.abs(w).sum() < 1e-6:
        return 0
    return np.arccos(np.clip(np.dot(v / np.linalg.norm(v), w / np.linalg.norm(w)), -1, 1))


def rotate(s, start, end, axis):
    """Turns the bone of body 0 in frame 0 onto the axis, sample by sample; s is (N, M, T, V, C)."""
    for n, sample in enumerate(s):
        if sample.sum() == 0:
            continue
        bone = sample[0, 0, end] - sample[0, 0, start]
        matrix = rotation_matrix(np.cross(bone, axis), angle_between(bone, axis))
        for m, person in enumerate(sample):
            if person.sum() == 0:
                continue
            for t, frame in enumerate(person):
                if frame.sum() == 0:
                    continue
                for v, joint in enumerate(frame):
                    s[n, m, t, v] = np.dot(matrix, joint)


def pad_gaps(s):
    """Moves a body that is not there at first to the front, and loops it until frame 300."""
    for n, sample in enumerate(s):
        if sample.sum() == 0:
            continue
        for m, person in enumerate(sample):
            if person.sum() == 0:
                continue
            if person[0].sum() == 0:
                index = person.sum(-1).sum(-1) != 0
                kept = person[index].copy()
                person *= 0
                person[:len(kept)] = kept
            for t, frame in enumerate(person):
                if frame.sum() == 0 and person[t:].sum() == 0:
                    rest = len(person) - t
                    repeats = int(np.ceil(rest / t))
                    s[n, m, t:] = np.concatenate([person[:t] for _ in range(repeats)], 0)[:rest]
                    break


def centre(s, joint):
    """Subtracts body 0's joint of the same frame from all joints that are there."""
    for n, sample in enumerate(s):
        if sample.sum() == 0:
            continue
        centre = sample[0][:, joint:joint + 1, :].copy()
        for m, person in enumerate(sample):
            if person.sum() == 0:
                continue
            mask = (person.sum(-1) != 0).reshape(FRAMES, JOINTS, 1)
            s[n, m] = (person - centre) * mask


def pre_normalization(data):
    """(N, C, T, V, M) in and out."""
    s = data.transpose(0, 4, 2, 3, 1).copy()
    pad_gaps(s)
    centre(s, 1)
    rotate(s, 0, 1, [0, 0, 1])
    rotate(s, 4, 8, [1, 0, 0])
    return s.transpose(0, 4, 2, 3, 1)


def main(folder, output):
    names = sorted(name for name in os.listdir(folder) if name.endswith(".skeleton"))
    start = time.perf_counter()
    data = np.zeros((len(names), 3, FRAMES, JOINTS, BODIES), dtype=np.float32)
    lengths = []
    for n, name in enumerate(names):
        clip = read_xyz(os.path.join(folder, name))
        lengths.append(clip.shape[1])
        data[n, :, :clip.shape[1]] = clip[:, :FRAMES]
    read = time.perf_counter()
    data = pre_normalization(data)
    normalized = time.perf_counter()
    os.makedirs(output, exist_ok=True)
    np.save(os.path.join(output, "data_joint.npy"), data)
    np.save(os.path.join(output, "num_frame.npy"), np.array(lengths, dtype=np.int64))
    with open(os.path.join(output, "names.txt"), "w") as file:
        file.writelines(name + "\n" for name in names)
    written = time.perf_counter()
    print(json.dumps({
        "files": len(names), "read": read - start, "normalize": normalized - read, "write": written - normalized,
    }))


if __name__ == "__main__":
    main(*sys.argv[1:3])
