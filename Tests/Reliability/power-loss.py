#!/usr/bin/env python3
"""Checks the order in which a conversion reaches the disk, and what is there if the power fails at any moment.

The calls of skelprep convert and occlude, or of the commands of skeltrain, are recorded. Every name that is published must come about as: write, sync of
the file, rename, sync of the folder, before anything that builds on it. Then the power is lost on paper after each of
many calls: what had not been synced is gone, or is there in part, at random. On each folder that this leaves, a
published manifest must describe what is there, and the same command must finish with the bytes of an undisturbed run.

EXAMPLE
  Tests/Reliability/power-loss.py --cuts 400
  Tests/Reliability/power-loss.py --cuts 100 --program skeltrain
"""

import os
import random
import shutil

import reliability
import training
from reliability import Scratch, Skelprep, Tally, difference, must, run


# What a test suite tries.
QUICK = ("convert", "pretrain", "evaluate linear")


def read_log(path):
    with open(path) as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return sorted((int(number), call, one, other) for number, call, one, other in rows)


def moved(path, one, other):
    """What a path is called when `one` has become `other`; nil for a path of something else."""
    if path == one:
        return other
    return other + path[len(one):] if path.startswith(one + "/") else None


def histories(log):
    """For each rename of a file in the log, the calls that it has seen until then, under whatever name."""
    seen, now = {}, {}
    for index, (_, call, one, other) in enumerate(log):
        if call == "create":
            now[one] = []
        if call in ("create", "write", "truncate", "sync") and one in now:
            now[one].append(call)
        elif call == "link" and one in now:
            now[other] = now[one]
        elif call == "unlink":
            now.pop(one, None)
        elif call == "rename":
            if one in now:
                seen[index] = list(now[one])
            for path in [path for path in now if moved(path, one, other)]:
                now[moved(path, one, other)] = now.pop(path)
    return seen


def check_order(log, tally):
    """Each rename is of a file whose bytes were synced after its last write, and is followed by a sync of the folder."""
    published = 0
    seen = histories(log)
    folders = {path for _, call, path, _ in log if call == "mkdir"}
    for index, (number, call, source, target) in enumerate(log):
        # Who is at work is of no use after a loss of power, nor is what is not yet whole.
        if call != "rename" or target.endswith(("/.work/pid", ".partial", "/time.json", "/times.json")):
            continue
        published += 1
        touched = seen.get(index, [])
        # A log that is to have nothing in it yet is not written, but synced.
        is_empty = os.path.basename(target) in ("log.csv", "log.jsonl") and touched == ["create", "sync"]
        tally.check(source in folders or is_empty or touched and touched[-1] == "sync" and "write" in touched,
                    f"{target}: {touched} before its rename")
        folder = os.path.dirname(target)
        later = [(c, p) for _, c, p, _ in log[index + 1:]]
        synced = later.index(("sync", folder)) if ("sync", folder) in later else len(later)
        # Files that belong together are moved together out of a folder, and that goes when they are there for good.
        together = os.path.dirname(source)
        if together.endswith(".replacement"):
            barriers = [i for i, (c, p) in enumerate(later) if c == "unlink" and p.startswith(together)]
        else:
            barriers = [i for i, (c, _) in enumerate(later) if c == "rename"]
        tally.check(synced < (barriers[0] if barriers else len(later)), f"{target}: its folder is synced too late")
    for index, (_, call, folder, _) in enumerate(log):
        if call == "mkdir":
            later = [(c, p) for _, c, p, _ in log[index + 1:]]
            tally.check(("sync", os.path.dirname(folder)) in later, f"{folder}: its parent is never synced")
    return published


class Disk:
    """What is on the disk, by the worst and by a random reading of what the kernel promises.

    A file's bytes are those of its last sync. A folder's entries are those of its last sync, and of what was done to
    them since, any part of it in order.
    """

    def __init__(self):
        self.bytes = {}  # the file's identity -> number of its last sync, or None
        self.durable = {}  # path -> identity, or "folder"
        self.pending = []  # changes of entries that were not synced: (folder, function)
        self.now = {}  # path -> identity as a running program sees it
        self.count = 0

    def apply(self, number, call, one, other):
        if call == "create":
            self.count += 1
            identity = self.count
            self.bytes[identity] = None
            self.now[one] = identity
            self.pending.append((os.path.dirname(one), "set", one, identity))
        elif call == "mkdir":
            self.now[one] = "folder"
            self.pending.append((os.path.dirname(one), "set", one, "folder"))
        elif call == "rename":
            identity = self.now[one]
            for path in [path for path in self.now if moved(path, one, other)]:
                self.now[moved(path, one, other)] = self.now.pop(path)
            # What was done in a folder and not synced is done in it under its new name.
            self.pending = [self.renamed(change, one, other) for change in self.pending]
            self.pending.append((os.path.dirname(other), "move", one, (other, identity)))
        elif call == "link":
            self.now[other] = self.now[one]
            self.pending.append((os.path.dirname(other), "set", other, self.now[one]))
        elif call == "unlink":
            self.now.pop(one, None)
            self.pending.append((os.path.dirname(one), "drop", one, None))
        elif call in ("write", "truncate"):
            if one in self.now and call == "truncate":
                self.bytes[self.now[one]] = None
        elif call == "sync":
            if self.now.get(one) not in (None, "folder"):
                self.bytes[self.now[one]] = number
                # Linux's file systems make a new file's own entry durable with its bytes.
            else:
                rest = []
                for change in self.pending:
                    if change[0] == one:
                        self.commit(self.durable, change)
                    else:
                        rest.append(change)
                self.pending = rest

    @staticmethod
    def renamed(change, one, other):
        folder, kind, path, value = change
        if moved(folder, one, other) is None:
            return change
        if kind == "move":
            value = (moved(value[0], one, other) or value[0], value[1])
        return moved(folder, one, other), kind, moved(path, one, other), value

    @staticmethod
    def commit(state, change):
        _, kind, path, value = change
        if kind == "set":
            state[path] = value
        elif kind == "drop":
            state.pop(path, None)
        else:
            for name in [name for name in state if moved(name, path, value[0])]:
                state[moved(name, path, value[0])] = state.pop(name)
            state[value[0]] = value[1]

    def after_loss(self, draw):
        """The entries after a loss of power: those synced, and the first so many of the others in each folder."""
        state = dict(self.durable)
        folders = {change[0] for change in self.pending}
        for folder in sorted(folders):
            changes = [c for c in self.pending if c[0] == folder]
            for change in changes[:draw.randint(0, len(changes))]:
                self.commit(state, change)
        return state


def materialize(state, disk, place, snapshots, draw):
    """Makes the folder that a machine would come up with."""
    shutil.rmtree(place, ignore_errors=True)
    for path in sorted(state):
        parent = os.path.dirname(path)
        if path != place and state.get(parent) != "folder":
            continue
        if state[path] == "folder":
            os.makedirs(path, exist_ok=True)
            continue
        number = disk.bytes[state[path]]
        if number is not None:
            shutil.copyfile(os.path.join(snapshots, str(number)), path)
        else:
            with open(path, "wb") as file:  # Bytes that were never synced: none, or zeros.
                file.write(bytes(draw.choice([0, 0, 512, 4096])))


class PreparationJob(reliability.Job):
    """A command of skelprep, whose manifest is the last thing."""
    result = "manifest.json"

    def wrong(self, truth):
        try:
            return reliability.reread(self.output)
        except ValueError as error:
            return f"its manifest is broken: {error}"


def preparation(program, scratch, out):
    raw, data = scratch.at("raw"), scratch.at("data")
    program.synthesize(6, raw)
    must(program.convert(raw, data))
    must([program.path, "split", data, "--protocol", "xsub", "--allow-empty"])
    occlude = [program.path, "occlude", data, "--kind", "spatial", "--jobs", "1", "--progress", "none", "--output", out]
    return [PreparationJob("convert", program.convert(raw, out), out, []), PreparationJob("occlude", occlude, out, [])]


def main():
    parser = reliability.parser(__doc__)
    parser.add_argument("--cuts", type=int, default=400, help="how many losses of power for each command")
    arguments = parser.parse_args()
    cuts = 5 if arguments.quick else arguments.cuts
    draw = random.Random(arguments.seed)
    tally = Tally()
    with Scratch() as scratch:
        library = reliability.shim(scratch.path)
        if library is None:
            reliability.skip("no C compiler")
        place = scratch.at("place")
        os.makedirs(place)
        if arguments.program == "skeltrain":
            jobs = training.Skeltrain(arguments, scratch, outputs=place).jobs()
            jobs = [job for job in jobs if not job.is_stream and job.before is None]
        else:
            jobs = preparation(Skelprep(reliability.binary(arguments.binary)), scratch, os.path.join(place, "out"))
        for job in [j for j in jobs if j.name in QUICK] if arguments.quick else jobs:
            name, command = job.name, job.command
            shutil.rmtree(place, ignore_errors=True)
            os.makedirs(place)
            log_file, snapshots = scratch.at(name + ".log"), scratch.at(name + ".synced")
            os.makedirs(snapshots)
            must(command, environment={"LD_PRELOAD": library, "FAULT_PREFIX": place, "FAULT_LOG": log_file,
                                       "FAULT_SNAPSHOTS": snapshots})
            truth = job.found()
            log = read_log(log_file)
            published = check_order(log, tally)
            with_result = 0
            moments = range(len(log) + 1)
            for cut in ([draw.choice(moments) for _ in range(cuts)] if cuts < len(log) else
                        [m for _ in range(1 + cuts // len(log)) for m in moments][:cuts]):
                disk = Disk()
                disk.durable[place] = "folder"
                for row in log[:cut]:
                    disk.apply(*row)
                materialize(disk.after_loss(draw), disk, place, snapshots, draw)
                what = f"{name}, power lost after {cut} of {len(log)} calls"
                if os.path.exists(os.path.join(job.output, job.result) if job.result else job.output):
                    with_result += 1
                    trouble = job.wrong(truth)
                    tally.check(trouble is None, f"{what}: published and then {trouble}")
                again = run(command)
                found = job.found()
                tally.check(job.is_done(again) and found == truth,
                            f"{what}: {again.returncode} {again.stderr.strip()[-300:]} {difference(found, truth)}")
            print(f"{name}: {published} names published in order; power lost {cuts} times, "
                  f"{with_result} of them with {job.result or 'a result'}", flush=True)
    tally.finish()


if __name__ == "__main__":
    main()
