"""The normalization profiles once more, slowly, with numpy: what the Swift code is tested against.

    normalize.py OUTPUT PROFILE... -- FILE.skeleton...

Written from the rules of the programs that the profiles stand for, on dense arrays as those programs have them. For each
file and profile it writes OUTPUT/stem.profile.f32, (T, M=2, V=25, C=3), and OUTPUT/stem.profile.u8, (T, M, V): whether the
joint was seen.
"""
import sys
import numpy as np

V = 25


def read(path):
    """For each frame its bodies: (id, (V, 3) float64)."""
    lines = iter(open(path).read().split("\n"))
    frames = []
    for _ in range(int(next(lines))):
        bodies = []
        for _ in range(int(next(lines))):
            name = int(next(lines).split()[0])
            joints = [list(map(float, next(lines).split()[:3])) for _ in range(int(next(lines)))]
            bodies.append((name, np.array(joints)))
        frames.append(bodies)
    return frames


def seen(points):
    """Which joints of (..., V, 3) count as seen."""
    p = points.astype(np.float32)
    return (p[..., 0] + p[..., 1] + p[..., 2]) != 0


def whole(points):
    """The joints of bodies that are there, those at 0 0 0 too: what programs move that know no joint that was not seen."""
    return np.broadcast_to(seen(points).any(axis=-1, keepdims=True), points.shape[:-1])


def null(points):
    """Which frames of (T, V, 3) have no joint."""
    return ~seen(points).any(axis=-1)


def turn_matrix(vector, axis):
    """Rodrigues' rotation of a float32 vector onto an axis; the identity where that is undefined or needless."""
    v64 = vector.astype(np.float64)
    if np.abs(v64).sum() < 1e-6:
        return np.eye(3)
    angle = np.arccos(np.clip(np.dot(vector / np.linalg.norm(vector), axis), -1, 1))
    k = np.cross(v64, axis)
    if np.abs(k).sum() < 1e-6 or abs(angle) < 1e-6:
        return np.eye(3)
    k = k / np.linalg.norm(k)
    K = np.array([[0, -k[2], k[1]], [k[2], 0, -k[0]], [-k[1], k[0], 0]])
    return np.eye(3) + np.sin(angle) * K + (1 - np.cos(angle)) * K @ K


def turned(data, first):
    """Spine up, shoulders along x, both as they are in a frame of body 0; data (2, T, V, 3) float32."""
    for a, b, axis in ((0, 1, [0, 0, 1]), (4, 8, [1, 0, 0])):
        matrix = turn_matrix(data[0, first, b] - data[0, first, a], np.array(axis, float))
        data = (data.astype(np.float64) @ matrix.T).astype(np.float32)
    return data


# Bodies by place


def places(frames, count):
    data = np.zeros((count, len(frames), V, 3))
    for t, bodies in enumerate(frames):
        for m, (_, joints) in enumerate(bodies[:count]):
            data[m, t] = joints
    return data


def most_energetic(frames):
    data = places(frames, 4)
    energy = []
    for body in data:
        points = body[body.sum(-1).sum(-1) != 0].reshape(-1, 3)
        energy.append(points.std(axis=0).sum() if len(points) else 0)
    used = min(4, max([len(bodies) for bodies in frames], default=0))
    order = sorted(range(used), key=lambda m: (energy[m], m), reverse=True)
    best = np.zeros((2, len(frames), V, 3), np.float32)
    for m, place in enumerate(order[:2]):
        best[m] = data[place]
    return best


def agcn_whole(frames):
    """All 300 frames, as 2s-AGCN stores them: (2, 300, V, 3)."""
    return agcn_filled(frames)[0]


def agcn(frames):
    count = min(len(frames), 300)
    data, mask = agcn_filled(frames)
    return data[:, :count], mask[:, :count]


def agcn_filled(frames):
    count = min(len(frames), 300)
    data = np.zeros((2, 300, V, 3), np.float32)
    data[:, :count] = most_energetic(frames)[:, :300]
    for m in range(2):
        if null(data[m]).all():
            continue
        if null(data[m])[0]:
            kept = data[m][~null(data[m])]
            data[m] = 0
            data[m, : len(kept)] = kept
        end = np.flatnonzero(~null(data[m]))[-1] + 1
        for t in range(end, 300):
            data[m, t] = data[m, t % end]
    mask = seen(data)
    data = np.where(mask[..., None], data - data[0, :, 1][None, :, None], 0).astype(np.float32)
    return turned(data, 0), mask


def agcn_sync(frames):
    data = most_energetic(frames)
    data = data[:, ~(null(data[0]) & null(data[1]))][:, :300]
    mask = seen(data)
    where = np.flatnonzero(mask[0, :, 1])
    if len(where):
        last = [where[where <= t][-1] if where[0] <= t else where[0] for t in range(data.shape[1])]
        data = np.where(mask[..., None], data - data[0, last, 1][None, :, None], 0).astype(np.float32)
    present = np.flatnonzero(mask[0].any(axis=-1))
    return (turned(data, present[0]) if len(present) else data), mask


def stgcn(frames):
    data = places(frames, 2)[:, :300].astype(np.float32)
    return data, seen(data)


def crosscl50(frames):
    data, _ = stgcn(frames)
    mask = whole(data)
    length = int((np.abs(data[0, :, 0]).sum(-1) != 0).sum())
    data = np.where(mask[..., None], data - data[:, :, 20:21], 0).astype(np.float32)[:, :length]
    mask = mask[:, :length]
    if length == 0:
        return data, mask
    out, out_mask = np.zeros((2, 50, V, 3), np.float32), np.zeros((2, 50, V), bool)
    for t in range(50):
        at = np.float32((t + 0.5) * (length / 50) - 0.5)
        low = int(np.floor(at))
        share = np.float32(at - low)
        a, b = np.clip([low, low + 1], 0, length - 1)
        out[:, t] = data[:, a] * (1 - share) + data[:, b] * share
        out_mask[:, t] = mask[:, a] | (mask[:, b] if share > 0 else False)
    for m in range(2):
        line = out[m, :, 8] - out[m, :, 4]
        line[:, 1] = 0
        angle = np.arccos(line[:, 0] / (np.sqrt((line**2).sum(-1)) + np.float32(1e-4)))
        if line[:, 2].astype(np.float64).sum() >= 0:
            angle = -angle
        for t in range(50):
            c, s = np.cos(np.float64(angle[t])), np.sin(np.float64(angle[t]))
            out[m, t] = out[m, t].astype(np.float64) @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]]).T
    return out, out_mask


# Bodies by id


class Track:
    def __init__(self):
        self.at = {}  # frame -> (V, 3)

    motion = 0.0

    def points(self):
        return np.array([self.at[t] for t in sorted(self.at)])

    def hull(self):
        return min(self.at), max(self.at)  # both inclusive


def tracks(frames, compressed):
    found = {}
    index = 0
    for bodies in frames:
        bodies = [(name, joints) for name, joints in bodies if seen(joints).any()]
        if compressed and not bodies:
            continue
        done = set()
        for name, joints in bodies:
            if name in done:
                continue
            done.add(name)
            track = found.setdefault(name, Track())
            at = max(track.at) + 1 if compressed and track.at else index
            track.at[at] = joints
        index += 1
    return list(found.values()), index


def variance(points):
    return points.reshape(-1, 3).var(axis=0).sum() if len(points) else 0.0


def denoised(found):
    if len(found) < 2:
        return found
    for track in found:
        track.motion = variance(track.points())
    long = [track for track in found if len(track.at) > 11]
    found = long if long else found
    if len(found) < 2:
        return found
    left = list(found)
    for track in found:
        if len(left) == 1:
            break
        p = track.points()
        width = p[:, :, 0].max(1) - p[:, :, 0].min(1)
        height = p[:, :, 1].max(1) - p[:, :, 1].min(1)
        good = width <= 0.8 * height
        if good.all():
            continue
        if (~good).sum() / len(good) >= 0.69754:
            left.remove(track)
        else:
            track.motion = min(track.motion, variance(p[good]))
    return sorted(left, key=lambda track: -track.motion)


def merged(found, count, inclusive):
    data = np.zeros((2, count, V, 3))
    extra = 0 if inclusive else 1

    def put(m, track):
        for t, joints in track.at.items():
            data[m, t] = joints

    put(0, found[0])
    ends = [found[0].hull(), (0, -extra)]
    for track in found[1:]:
        start, end = track.hull()
        for m in range(2):
            if min(ends[m][1], end) + extra - max(ends[m][0], start) <= 0:
                put(m, track)
                ends[m] = (min(ends[m][0], start), max(ends[m][1], end))
                break
    return data


def by_id(frames, compressed, inclusive):
    """(2, T, V, 3) float64, and whether one person alone was found."""
    found, count = tracks(frames, compressed)
    found = denoised(found)
    if not found:
        return np.zeros((2, 0, V, 3)), False
    return merged(found, count, inclusive), len(found) == 1


def ctrgcn(frames, copy=False, compressed=False):
    data, lone = by_id(frames, compressed, inclusive=True)
    data = data.astype(np.float32)
    data = data[:, ~(null(data[0]) & null(data[1]))][:, :300]
    if copy and lone:
        data[1] = data[0]
    mask = whole(data)
    present = np.flatnonzero(~null(data[0]))
    if len(present):
        data = np.where(mask[..., None], data - data[0, present[0], 1], 0).astype(np.float32)
    return data, mask


def pyskl(frames, compressed=False):
    data, _ = by_id(frames, compressed, inclusive=False)
    data = data.astype(np.float32)
    while data.shape[1] and np.abs(data[:, 0]).sum() < 1e-3:
        data = data[:, 1:]
    while data.shape[1] and np.abs(data[:, -1]).sum() < 1e-3:
        data = data[:, :-1]
    if data.shape[1] == 0:
        return data, seen(data)
    if null(data[0])[0] and not null(data[1])[0]:
        data = data[::-1]
    here = [~np.isclose(body, 0).all(axis=(1, 2)) for body in data]
    if here[0].sum() < here[1].sum():
        data, here = data[::-1], here[::-1]
    data = data[:, here[0]]
    mask = seen(data)
    data = np.where(mask[..., None], data - data[0, 0, 1], 0).astype(np.float32)
    return turned(data, 0), mask


def raw(frames):
    found, count = tracks(frames, False)
    data = np.zeros((2, count, V, 3))
    for m, track in enumerate(found[:2]):
        for t, joints in track.at.items():
            data[m, t] = joints
    data = data.astype(np.float32)
    return data, seen(data)


PROFILES = {
    "agcn300": agcn,
    "agcn300-sync": agcn_sync,
    "ctrgcn": ctrgcn,
    "ctrgcn-copy": lambda f: ctrgcn(f, copy=True),
    "ctrgcn-compressed": lambda f: ctrgcn(f, compressed=True),
    "ctrgcn-copy-compressed": lambda f: ctrgcn(f, copy=True, compressed=True),
    "pyskl": pyskl,
    "pyskl-compressed": lambda f: pyskl(f, compressed=True),
    "crosscl50": crosscl50,
    "stgcn": stgcn,
    "raw": raw,
}

if __name__ == "__main__":
    output, names = sys.argv[1], sys.argv[2 : sys.argv.index("--")]
    for path in sys.argv[sys.argv.index("--") + 1 :]:
        stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        frames = read(path)
        for name in names:
            data, mask = PROFILES[name](frames)
            data.transpose(1, 0, 2, 3).astype("<f4").tofile(f"{output}/{stem}.{name}.f32")
            mask.transpose(1, 0, 2).astype("u1").tofile(f"{output}/{stem}.{name}.u8")
