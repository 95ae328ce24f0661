"""What the scripts ask of `skeltrain`: a data set, a run and results of a moment, and a job for each of its commands."""

import csv
import hashlib
import json
import os
import random
import shutil
import struct

import reliability
from reliability import Skelprep, contents, must

RECIPE = """kind: pretrain
batch: 4
epochs: 2
encoder: {hidden: 4, layers: 1}
projection: 4
decoder: {hidden: 4}
queue: 8
views: {frames: 16}
optimizer: {rate: 0.01, milestones: [2]}
distillation: {epochs: 1}
checkpoint: {keep_every: 2, best: true}
"""

BENCHMARK = """kind: benchmark
checkpoints:
  - {name: run, runs: [run]}
data:
  - {name: data, from: data, split: xview}
tasks:
  - {task: linear, settings: {epochs: 1}}
  - {task: retrieval}
"""

# The settings that make an evaluation take a moment.
SHORT = {
    "linear": ["epochs=1"], "finetune": ["epochs=1"], "transfer": ["epochs=1"], "retrieval": [],
    "semisupervised": ["epochs=1", "percents=[50]", "repeats=1", "missing=keep"],
    "occluded": ["epochs=1"], "fewshot": ["episodes.count=2", "episodes.ways=2", "episodes.queries=1"],
    "robustness": ["epochs=1", "corruptions=[spatial, noise]", "levels.spatial=[50]", "levels.noise=[50]"],
    "detection": ["epochs=1", "draws=1", "windows=8", "strides.train=[1]", "strides.test=1"],
}


class TrainingJob(reliability.Job):
    """A command of skeltrain; what it writes to standard output goes to a file where `is_stream` says so."""

    def __init__(self, name, command, output, sources, before=None, is_stream=False):
        if is_stream:
            command = ["/bin/sh", "-c", 'exec "$@" > "$0"', output, *command]
        super().__init__(name, command, output, sources, before)
        self.is_stream = is_stream
        # The last thing that is written into a folder; none of a file.
        self.result = "checkpoint.safetensors" if name in RUNS else {"benchmark": "benchmark.html"}.get(
            name, "result.json" if name.startswith("evaluate") else None)

    def reset(self):
        super().reset()
        # What a file is called before it is whole.
        reliability.clear(self.output + ".partial")

    def found(self):
        return outcome(self.output)

    def wrong(self, truth):
        if self.is_stream:
            return None
        found = self.found()
        if self.name == "benchmark":
            # The table says which cells failed; those that are kept are what they should be.
            found = {name: digest for name, digest in found.items() if name.startswith("cells/")}
        return broken_run(self.output) if self.name in RUNS else another(found, truth)

    def without_older(self, found, truth):
        # The next run, or the next checkpoint of this one, tries again.
        return {name: digest for name, digest in found.items() if name in truth or not name.startswith(("previous-", "state-"))}

    def is_told(self, done):
        return self.name == "benchmark" and done.returncode == 1 and "parts failed" in done.stdout

    def is_done(self, done):
        # A finished evaluation or page is not written over, and need not be.
        return done.returncode == 0 or self.name not in RUNS and done.returncode == 73


RUNS = {"pretrain", "resume"}


class Skeltrain:
    """The program under test, and what its commands work on, in a folder that is made by `skelprep`."""

    def __init__(self, arguments, scratch, outputs=None):
        self.outputs = outputs or scratch.path
        prepare = reliability.binary(arguments.binary)
        self.path, self.scratch = reliability.trainer(arguments), scratch
        at = scratch.at
        self.data, self.videos, self.run, self.head = at("data"), at("videos"), at("run"), at("head")
        self.recipe, self.benchmark = at("tiny.yaml"), at("benchmark.yaml")
        for file, text in ((self.recipe, RECIPE), (self.benchmark, BENCHMARK)):
            with open(file, "w") as stream:
                stream.write(text)
        self.accepts = "--accept-other-profile" in must([self.path, "evaluate", "linear", "--help"]).stdout
        skelprep = Skelprep(prepare)
        skelprep.synthesize(24, at("raw"), "--classes", "4")
        must(skelprep.convert(at("raw"), self.data, shard_size=12))
        must([prepare, "split", self.data, "--protocol", "xview"])
        self.tasks = list(SHORT)
        if arguments.quick:
            self.tasks = ["linear", "retrieval"]
        else:
            self.prepare_others(prepare)
        must(self.pretrain(self.run))
        self.half = half(self.run, at("half"))
        must(self.evaluate("linear", self.head))

    def prepare_others(self, prepare):
        """An occluded variant, and untrimmed recordings, which two tasks need."""
        at = self.scratch.at
        must([prepare, "occlude", self.data, "--kind", "spatial", "--split", "xview", "--progress", "none", "--output",
              at("occluded")])
        record(at("untrimmed"))
        must([prepare, "convert", at("untrimmed"), "--dataset", "pkummd1", "--untrimmed", "--progress", "none", "--output",
              self.videos])
        must([prepare, "split", self.videos, "--protocol", "xsub", "--allow-empty"])

    def pretrain(self, output, *options):
        return [self.path, "pretrain", "--from", self.data, "--split", "xview", "--recipe", self.recipe, "--progress", "none",
                "--output", output, *options]

    def evaluate(self, task, output):
        data, split = (self.videos, "xsub") if task == "detection" else (self.data, "xview")
        command = [self.path, "evaluate", task, "--from", data, "--split", split, "--checkpoint", self.run, "--progress",
                   "none", "--output", output]
        if task == "detection" and self.accepts:
            command.append("--accept-other-profile")
        if task == "occluded":
            command += ["--variant", "spatial=" + self.scratch.at("occluded")]
        for setting in SHORT[task]:
            command += ["--set", setting]
        return command

    def jobs(self):
        """A job for each command."""
        at, file = self.scratch.at, os.path.join(self.outputs, "out.file")
        out = os.path.join(self.outputs, "out")
        both = [self.data, self.run]
        encoder = ["--checkpoint", self.run]
        jobs = [TrainingJob("pretrain", self.pretrain(out, "--resume"), out, [self.data, self.recipe]),
                TrainingJob("resume", self.pretrain(out, "--resume", "--set", "checkpoint.keep=1"), out, [self.data], before=self.half)]
        for task in self.tasks:
            sources = [self.videos, self.run] if task == "detection" else both
            sources = sources + [at("occluded")] if task == "occluded" else sources
            jobs.append(TrainingJob(f"evaluate {task}", self.evaluate(task, out), out, sources))
        embed = [self.path, "embed", "--from", self.data, "--split", "xview", "--part", "test", *encoder, "--progress", "none"]
        benchmark = [self.path, "benchmark", self.benchmark, "--set", "root=" + self.scratch.path, "--progress", "none"]
        predict = [self.path, "predict", *encoder, "--head", self.head, "--json"]
        sample = sorted(os.listdir(at("raw")))[0]
        return jobs + [
            TrainingJob("embed", [*embed, "--output", file + ".h5"], file + ".h5", both),
            TrainingJob("benchmark", [*benchmark, "--output", out], out, [*both, self.benchmark]),
            TrainingJob("report", [self.path, "report", self.run, "--result", self.head, "--output", file + ".html"],
                        file + ".html", [self.run, self.head]),
            TrainingJob("predict", [*predict, at("raw", sample)], file, [at("raw"), self.run, self.head], is_stream=True),
            TrainingJob("predict from", [*predict, "--from", self.data, "--sample", sample.split(".")[0]], file,
                        [self.data, self.head], is_stream=True),
            TrainingJob("inspect", [self.path, "inspect", self.run, "--json"], file, [self.run], is_stream=True),
        ]


def half(run, folder):
    """The run as it was before its newest checkpoint came, and with the steps logged that followed."""
    shutil.copytree(run, folder)
    for name in os.listdir(folder):
        if name in ("checkpoint.safetensors", "best.safetensors"):
            os.remove(os.path.join(folder, name))
    before = max(name for name in os.listdir(folder) if name.startswith("previous-"))
    os.rename(os.path.join(folder, before), os.path.join(folder, "checkpoint.safetensors"))
    return folder


def record(folder):
    """Untrimmed recordings of PKU-MMD's form: two people to train and one to test, each with two actions."""
    draw = random.Random(1)
    os.makedirs(os.path.join(folder, "Label"))
    for name in ("0002-L", "0003-L", "0291-L"):
        with open(os.path.join(folder, name + ".txt"), "w") as file:
            for frame in range(60):
                own = [draw.uniform(-0.2, 0.2) + (1 if joint % 3 == 1 and 20 <= frame < 40 else 0) + 2 * (joint % 3 == 2)
                       for joint in range(75)]
                file.write(" ".join(f"{value:.4f}" for value in own + [0] * 75) + "\n")
        with open(os.path.join(folder, "Label", name + ".txt"), "w") as file:
            file.write("1,5,25,1\n2,30,50,1\n")


# The columns of a log that measure time.
TIMES = {"seconds", "wait", "samples_per_second"}


def rows(text):
    """A log's rows without what measures time."""
    return repr([{name: value for name, value in row.items() if name not in TIMES} for row in text])


def outcome(path):
    """What a command made, by path, without what measures time."""
    if not os.path.isdir(path):
        return {"": contents(os.path.dirname(path)).get(os.path.basename(path))}
    found = contents(path)
    for name in list(found):
        base, file = os.path.basename(name), os.path.join(path, name)
        if not os.path.isfile(file) or os.path.islink(file):
            continue
        if base == "log.csv":
            with open(file, newline="", errors="replace") as stream:
                found[name] = rows(csv.DictReader(stream))
        elif base == "log.jsonl":
            with open(file, errors="replace") as stream:
                try:
                    found[name] = rows(json.loads(line) for line in stream)
                except ValueError as error:
                    found[name] = f"no JSON: {error}"
        elif base.startswith("events.out"):
            found[name] = events(file)
        elif base in ("journal.log", "time.json", "times.json", "benchmark.html"):
            found[name] = "there"
    return found


def events(path):
    """How many events there are, and whether each is whole as far as its length says."""
    with open(path, "rb") as file:
        data = file.read()
    at = count = 0
    while at + 12 <= len(data):
        at += 16 + struct.unpack("<Q", data[at:at + 8])[0]
        count += 1
    return f"{count} events" if at == len(data) else "cut short"


def another(found, truth):
    """Which published file is not that of an undisturbed run; None if all are."""
    for name, digest in found.items():
        is_published = digest is not None and not name.endswith(".partial") and not os.path.basename(name).startswith(".")
        if is_published and truth.get(name) != digest and not any(part.startswith(".") for part in name.split("/")):
            return f"{name or 'the file'} is another one"
    return None


def broken_run(folder):
    """Why there is no whole checkpoint in a run's folder, although there is one; read without the program."""
    if not os.path.isdir(folder):
        return None
    names = [name for name in os.listdir(folder) if name == "checkpoint.safetensors" or name.startswith("previous-")]
    troubles = []
    for name in names:
        trouble = damage(os.path.join(folder, name))
        if trouble is None:
            return None
        troubles.append(f"{name}: {trouble}")
    return "; ".join(troubles) or None


def damage(path):
    """What is wrong with a checkpoint or its state; None if both are whole."""
    texts, trouble = texts_of(path)
    if trouble or "state" not in texts:
        return trouble
    state = os.path.join(os.path.dirname(path), texts["state"])
    if not os.path.isfile(state):
        return f"{texts['state']} is missing"
    own, trouble = texts_of(state)
    return trouble or (None if own["sha256"] == texts["state_sha256"] else f"{texts['state']} is another one")


def texts_of(path):
    """The texts of a safetensors file, and what is wrong with its arrays."""
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 8:
        return {}, f"{len(data)} bytes"
    length = struct.unpack("<Q", data[:8])[0]
    try:
        texts = json.loads(data[8:8 + length])["__metadata__"]
    except ValueError as error:
        return {}, str(error)
    whole = hashlib.sha256(data[8 + length:]).hexdigest() == texts.get("sha256")
    return texts, None if whole else "arrays with another SHA-256"
