#!/usr/bin/env python3
"""Kills a command, and its process group, at random moments, and runs it again until it is done.

The moments are spread evenly over the time that an undisturbed run takes, of skelprep with one, two and four jobs in
turn. At the end of each chain of kills the folder must hold, byte for byte, what the undisturbed run made, and nothing else. After
each kill no manifest may be there unless all is; and the run after it may make only those shards again that had not
been finished, at most one for each job: a shard with a receipt must stay the same file. Of skeltrain, every result that
is there after a kill must be that of the undisturbed run, and a run's folder that had a whole checkpoint has one.

EXAMPLE
  Tests/Reliability/kill.py --kills 200
  Tests/Reliability/kill.py --kills 50 --command occlude
  Tests/Reliability/kill.py --kills 100 --program skeltrain --command pretrain
"""

import json
import os
import random
import shutil
import signal
import subprocess
import time

import reliability
import training
from reliability import Scratch, Skelprep, Tally, contents, difference, must


def shards(folder):
    """The shards that are there, each with the number of its file, which another file of the same name would change."""
    place = os.path.join(folder, "shards")
    names = os.listdir(place) if os.path.isdir(place) else []
    return {n: (os.stat(os.path.join(place, n)).st_ino, os.stat(os.path.join(place, n)).st_mtime_ns)
            for n in names if n.endswith(".h5")}


def receipted(folder):
    """The shards for which there is a receipt."""
    place = os.path.join(folder, ".work")
    found = set()
    for name in os.listdir(place) if os.path.isdir(place) else []:
        if name.endswith(".json") and name[:-5].isdigit():
            with open(os.path.join(place, name)) as file:
                found.add(json.load(file)["entry"]["file"])
    return found


class Commands:
    """The command that is killed, with a number of jobs."""

    def __init__(self, program, scratch, name, samples):
        self.program, self.scratch, self.name, self.samples = program, scratch, name, samples
        self.out = scratch.at("out")
        self.raw = scratch.at("raw")
        program.synthesize(samples, self.raw)
        self.data = scratch.at("data")
        if name == "occlude":
            must(program.convert(self.raw, self.data, shard_size=8))

    def with_jobs(self, jobs):
        if self.name == "convert":
            return self.program.convert(self.raw, self.out, shard_size=8, jobs=jobs)
        if self.name == "synthesize":
            return [self.program.path, "synthesize", "--samples", str(self.samples), "--jobs", str(jobs), "--progress", "none",
                    "--output", self.out]
        return [self.program.path, "occlude", self.data, "--kind", "temporal", "--jobs", str(jobs), "--progress", "none",
                "--output", self.out]


def start(command):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                            start_new_session=True)


def train(arguments):
    """Chains of kills of a command of skeltrain."""
    draw = random.Random(arguments.seed)
    tally = Tally()
    with Scratch() as scratch:
        jobs = {job.name: job for job in training.Skeltrain(arguments, scratch).jobs()}
        names = arguments.command.split(",") if arguments.command else [n for n in jobs if not jobs[n].is_stream]
        for name in ("pretrain",) if arguments.quick else names:
            job = jobs[name]
            hits = chains = 0
            job.reset()
            begun = time.monotonic()
            must(job.command)
            duration, truth = time.monotonic() - begun, job.found()
            while hits < (2 if arguments.quick else arguments.kills):
                chains += 1
                job.reset()
                # What is always hit at its very start never ends; so there are at most ten in a row.
                for number in range(11):
                    process = start(job.command)
                    try:
                        process.wait(draw.uniform(0, duration) if number < 10 else None)
                    except subprocess.TimeoutExpired:
                        os.killpg(process.pid, signal.SIGKILL)
                    errors = process.communicate()[1].decode(errors="replace")
                    if process.returncode != -signal.SIGKILL:
                        break
                    hits += 1
                    trouble = job.wrong(truth)
                    tally.check(trouble is None, f"{name}, chain {chains}: published and then {trouble}")
                found = job.found()
                is_done = process.returncode == 0 or name not in training.RUNS and process.returncode == 73
                tally.check(is_done and found == truth, f"{name}, chain {chains}: status {process.returncode}: "
                                                        f"{errors[-300:]} {difference(found, truth)}")
            print(f"{name}: {hits} kills in {chains} chains over {duration:.2f} s", flush=True)
    tally.finish()


def main():
    parser = reliability.parser(__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how many kills have to hit a running program")
    parser.add_argument("--command", help="convert (the usual one), occlude or synthesize; of skeltrain pretrain, benchmark, "
                                          "'evaluate linear', ... with commas between them, or all")
    parser.add_argument("--samples", type=int, default=240, help="of the synthesized data set")
    arguments = parser.parse_args()
    if arguments.program == "skeltrain":
        train(arguments)
    arguments.command = arguments.command or "convert"
    kills = 6 if arguments.quick else arguments.kills
    samples = 24 if arguments.quick else arguments.samples
    draw = random.Random(arguments.seed)
    tally = Tally()
    hits = finished = made_again = chains = 0
    with Scratch() as scratch:
        program = Skelprep(reliability.binary(arguments.binary))
        commands = Commands(program, scratch, arguments.command, samples)
        durations = {}
        for jobs in (1, 2, 4):
            shutil.rmtree(commands.out, ignore_errors=True)
            begun = time.monotonic()
            must(commands.with_jobs(jobs))
            durations[jobs] = time.monotonic() - begun
        truth = contents(commands.out)
        while hits < kills:
            jobs = (1, 2, 4)[chains % 3]
            chains += 1
            shutil.rmtree(commands.out, ignore_errors=True)
            before, proven = {}, set()
            while True:
                process = start(commands.with_jobs(jobs))
                try:
                    # Once there are kills enough, the chain is brought to its end.
                    process.wait(draw.uniform(0, durations[jobs]) if hits < kills else None)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                errors = process.communicate()[1].decode(errors="replace")
                after = shards(commands.out)
                again = [n for n in before if n in after and after[n] != before[n]]
                lost = [n for n in before if n not in after]
                tally.check(not proven & set(again + lost), f"chain {chains}: finished shards made again: {again} {lost}")
                tally.check(len(again) + len(lost) <= jobs, f"chain {chains}: {len(again)} shards made again by {jobs} jobs")
                made_again += len(again)
                before, proven = after, receipted(commands.out)
                if process.returncode != -signal.SIGKILL:
                    tally.check(process.returncode == 0, f"chain {chains}: status {process.returncode}: {errors[-300:]}")
                    finished += 1
                    break
                hits += 1
                if commands.name != "synthesize" and os.path.exists(os.path.join(commands.out, "manifest.json")):
                    trouble = program.rejects(commands.out)
                    tally.check(trouble is None, f"chain {chains}: published and then {trouble}")
            found = contents(commands.out)
            tally.check(found == truth, f"chain {chains}: other files at the end: {difference(found, truth)}")
    print(f"{arguments.command}: {hits} kills in {chains} chains over "
          f"{' '.join(f'{d:.2f}' for d in durations.values())} s with 1, 2 and 4 jobs; {len(before)} shards; "
          f"{made_again} shards made again that had no receipt yet")
    tally.finish()


if __name__ == "__main__":
    main()
