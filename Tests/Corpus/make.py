"""Makes the files that the fuzz targets of training, data sets and numpy start from: make.py SKELPREP SKELTRAIN CORPUS

A run of two steps with each of two optimizers on a data set of a few frames, what an evaluation left of it, and files of
numpy's. The names of folders are those of targets; `run` is what they need beside an input.
"""

import json, os, pickle, shutil, struct, subprocess, sys, tempfile

import numpy

prepare, train, corpus = (os.path.abspath(path) for path in sys.argv[1:4])
work = tempfile.mkdtemp()
os.chdir(work)


def do(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def put(target, name, data):
    os.makedirs(f"{corpus}/{target}", exist_ok=True)
    with open(f"{corpus}/{target}/{name}", "wb") as file:
        file.write(data)


def load(path):
    with open(path, "rb") as file:
        return file.read()


# Recordings of four frames, by two cameras.
do(prepare, "synthesize", "--dataset", "ntu60", "--samples", "24", "--seed", "1", "--output", "raw", "--progress", "none")
for name in sorted(os.listdir("raw")):
    if not ("C001" in name or "C002" in name) or int(name[17:20]) > 5:
        os.remove(f"raw/{name}")
        continue
    lines = open(f"raw/{name}").read().split("\n")
    at, kept = 1, []
    for _ in range(4):
        bodies, start = int(lines[at]), at
        at += 1 + bodies * (2 + 25)
        kept += lines[start:at]
    with open(f"raw/{name}", "w") as file:
        file.write("\n".join(["4"] + kept) + "\n")
do(prepare, "convert", "raw", "--dataset", "ntu60", "--exclude", "none", "--output", "data", "--progress", "none")
do(prepare, "split", "data", "--protocol", "xview")
do(prepare, "split", "data", "--protocol", "xview", "--fraction", "0.8", "--seed", "1", "--name", "drawn")

recipe = """kind: pretrain
batch: 4
epochs: 9
encoder: {hidden: 2, layers: 1}
projection: 2
decoder: {hidden: 2}
queue: 8
views: {frames: 16}
distillation: {epochs: 0}
checkpoint: {keep_every: 0}
"""
recipes = {"sgd": recipe, "adam": recipe + "optimizer: {kind: adam}\n"}


def safetensors(path):
    data = load(path)
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8:8 + length]), data[8 + length:]


def sealed(header, body):
    """The file with the digests that the product writes, over names in order."""
    import hashlib

    texts = header["__metadata__"]
    texts["sha256"] = hashlib.sha256(body).hexdigest()
    texts.pop("header_sha256", None)
    text = lambda: json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    texts["header_sha256"] = hashlib.sha256(text()).hexdigest()
    head = text()
    head += b" " * (-len(head) % 8)
    return struct.pack("<Q", len(head)) + head + body


for name, text in recipes.items():
    with open(f"{name}.yaml", "w") as file:
        file.write(text)
    put("run", f"{name}.yaml", text.encode())
    put("recipe", f"{name}.yaml", text.encode())
    do(train, "pretrain", "--from", "data", "--split", "xview", "--recipe", f"{name}.yaml", "--output", name,
       "--set", "epochs=1", "--progress", "none")
    header, body = safetensors(f"{name}/checkpoint.safetensors")
    texts = header["__metadata__"]
    put("state", f"{name}.safetensors", load(f"{name}/{texts['state']}"))
    # Of all settings those alone that are not the usual ones, so that changes meet them.
    texts["recipe"] = text
    texts["state"] = "state-000001.safetensors"
    put("checkpoint", f"{name}.safetensors", sealed(header, body))
checkpoint = f"{corpus}/checkpoint/sgd.safetensors"
do(train, "evaluate", "linear", "--from", "data", "--split", "xview", "--checkpoint", checkpoint, "--set", "epochs=1",
   "--output", "linear", "--progress", "none")
put("head", "linear.safetensors", load("linear/head.safetensors"))
header, body = safetensors("linear/head.safetensors")
header["__metadata__"]["task"] = "detection"
header["__metadata__"]["recipe"] = "kind: detection\n"
put("head", "detection.safetensors", sealed(header, body))

put("safetensors", "head.safetensors", load("linear/head.safetensors"))
arrays = {"b.weight": ("F32", [2, 3], 24), "count": ("I64", [], 8), "empty": ("F32", [0, 4], 0)}
header, at = {"__metadata__": {"format": "pt", "note": "a \"text\"\n"}}, 0
for name, (kind, shape, size) in arrays.items():
    header[name] = {"dtype": kind, "shape": shape, "data_offsets": [at, at + size]}
    at += size
put("safetensors", "sealed.safetensors", sealed(header, bytes(range(at))))
del header["__metadata__"]
head = json.dumps(header).encode()
put("safetensors", "foreign.safetensors", struct.pack("<Q", len(head)) + head + bytes(at))

shutil.rmtree(f"{corpus}/run/data", ignore_errors=True)
shutil.copytree("data", f"{corpus}/run/data")
os.remove(f"{corpus}/run/data/report.json")
shutil.copyfile("raw/S001C001P001R001A001.skeleton", f"{corpus}/run/S001C001P001R001A001.skeleton")
put("manifest", "plain.json", load("data/manifest.json"))
do(prepare, "occlude", "data", "--kind", "spatial", "--split", "xview", "--output", "occluded", "--progress", "none")
put("manifest", "occluded.json", load("occluded/manifest.json"))
put("split", "xview.json", load("data/splits/xview.json"))
put("split", "drawn.json", load("data/splits/drawn.json"))
split = json.loads(load("data/splits/xview.json"))
split.pop("seal")
by_class = {name[-3:]: [other for other in split["test"] if other[-3:] == name[-3:]] for name in split["test"]}
first, second = sorted(by_class)[:2]
pair = by_class[first] + by_class[second]
split["few_shot"] = {"ways": 2, "shots": 1, "queries": 0, "classes": [int(first) - 1, int(second) - 1], "episodes": [
    {"classes": [int(first) - 1, int(second) - 1], "support": [by_class[first][:1], by_class[second][:1]],
     "query": [[], []]}]}
put("split", "fewshot.json", json.dumps(split, indent=1).encode())

root = os.path.dirname(os.path.dirname(os.path.abspath(corpus)))
for path in ["evaluate/detection-small.yaml", "benchmark/trimmed.yaml", "prepare/ntu60.yaml"]:
    for place, _, files in os.walk(f"{root}/pipelines"):
        for name in files:
            if f"{os.path.basename(place)}/{name}" == path:
                put("recipe", name, load(f"{place}/{name}"))

numbers = numpy.arange(24, dtype="<f4").reshape(2, 3, 4) / 7
arrays = {
    "float32.npy": numbers, "fortran.npy": numpy.asfortranarray(numbers), "big.npy": numbers.astype(">f8"),
    "half.npy": numbers.astype("<f2"), "labels.npy": numpy.arange(12, dtype="<i8"),
    "bytes.npy": numpy.arange(40, dtype="u1"), "names.npy": numpy.array(["S001C001P001R001A001", "b", ""]),
    "scalar.npy": numpy.array(3, dtype="<i4"), "empty.npy": numpy.zeros((0, 3, 300, 25, 2), "<f4"),
}
for name, array in arrays.items():
    numpy.save("one.npy", array)
    put("npy", name, load("one.npy"))
numpy.savez("two.npz", x_train=numbers, y_train=numpy.arange(4))
put("npz", "stored.npz", load("two.npz"))
numpy.savez_compressed("packed.npz", x_test=numpy.zeros((3, 300, 150), "<f4"), names=arrays["names.npy"])
put("npz", "packed.npz", load("packed.npz"))
for protocol in range(1, 6):
    put("pickle", f"protocol{protocol}.pkl", pickle.dumps((["a.skeleton", "b.skeleton", "a.skeleton"], [0, 59, 300]), protocol))
put("pickle", "large.pkl", pickle.dumps(([str(i) for i in range(300)], [i * 70000 for i in range(300)]), 2))
put("pickle", "floats.pkl", pickle.dumps((["a", "b"], [1.0, 2.0]), 2))
shutil.rmtree(work)
