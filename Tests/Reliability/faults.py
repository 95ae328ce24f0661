#!/usr/bin/env python3
"""Fails the n-th call of the operating system, for n = 1, 2, ... until a run succeeds untouched.

For each command that writes, each family of calls and each error: the command runs with that one call
failing. It must end by itself with one of the documented statuses and a message that names a path, or do as if nothing
had happened; what it has published must be whole; and the same command without the fault must then give the same
bytes as a run that was never disturbed. Calls that a signal interrupts, and writes and reads that do half of their
work, must not be noticed at all. `kill` ends the program before and after each call instead.

EXAMPLE
  Tests/Reliability/faults.py
  Tests/Reliability/faults.py --program skeltrain --calls 3
  Tests/Reliability/faults.py --only convert --families write,sync --errors ENOSPC
"""

import collections
import errno
import os
import re
import shutil
import struct
import sys

import reliability
import training
from reliability import Scratch, Skelprep, Tally, difference, ended_well, name_of, run

CHANGES = ["write", "sync", "rename", "create", "link", "open", "read", "close", "mkdir", "truncate", "unlink", "list", "lock", "map"]
ERRORS = ["ENOSPC", "EIO", "EDQUOT", "EMFILE", "EACCES", "EINTR", "short"]
READS = ["open", "read", "list", "close", "map"]
# Those for which the C library itself has no answer to give, so that programs do not expect them.
SENSELESS = {("close", "EINTR"), ("mkdir", "EINTR"), ("unlink", "EINTR"), ("list", "EINTR"), ("map", "EINTR")}
INVISIBLE = {"EINTR", "short"}
WITH_LENGTH = {"write", "read"}

# What a test suite tries: of a command the family, the error and the number of the call.
QUICK = {
    "convert": [("write", "ENOSPC", 3), ("sync", "EIO", 7), ("rename", "EIO", 4), ("create", "EMFILE", 5),
                ("write", "short", 3), ("rename", "killafter", 5)],
    "pretrain": [("write", "ENOSPC", 9), ("sync", "EIO", 5), ("rename", "EIO", 4), ("rename", "killafter", 5)],
    "resume": [("open", "EIO", 3), ("read", "EIO", 5), ("list", "EIO", 2), ("read", "EINTR", 4)],
    "evaluate linear": [("write", "ENOSPC", 1), ("rename", "EIO", 1), ("rename", "killafter", 1)],
    "evaluate retrieval": [("rename", "killafter", 2)],
    "benchmark": [("rename", "killafter", 3)],
    "predict": [("read", "EIO", 1)],
    "embed": [("write", "ENOSPC", 1), ("create", "EACCES", 1)],
    "report": [("write", "short", 1), ("sync", "EIO", 1)],
}


class PreparationJob(reliability.Job):
    """A command of skelprep."""

    def __init__(self, program, name, command, output, source, before=None):
        super().__init__(name, command, output, [] if source in (None, output) else [source], before)
        self.program = program

    def wrong(self, truth):
        if self.name != "synthesize" and os.path.exists(os.path.join(self.output, "manifest.json")):
            return self.program.rejects(self.output)
        return None

    def is_done(self, done):
        # Where all samples are there, synthesize refuses to write over them.
        return done.returncode == 0 or self.name == "synthesize" and done.returncode == 73


def preparation(program, scratch):
    """The jobs of skelprep."""
    raw = scratch.at("raw")
    program.synthesize(6, raw)
    data = scratch.at("data")
    reliability.must(program.convert(raw, data))
    split = scratch.at("split")
    shutil.copytree(data, split)
    reliability.must([program.path, "split", split, "--protocol", "xsub", "--allow-empty"])
    out = scratch.at("out")
    tool = program.path
    return [
        PreparationJob(program, "convert", program.convert(raw, out), out, raw),
        PreparationJob(program, "occlude", [tool, "occlude", split, "--kind", "spatial", "--split", "xsub", "--jobs", "1",
                                            "--progress", "none", "--output", out], out, split),
        PreparationJob(program, "split", [tool, "split", out, "--protocol", "xsub", "--allow-empty"], out, out, before=data),
        PreparationJob(program, "synthesize", [tool, "synthesize", "--samples", "3", "--defects", "--jobs", "1", "--progress",
                                               "none", "--output", out], out, None),
    ]


class Injector:
    def __init__(self, library, scratch, tally):
        self.library, self.scratch, self.tally = library, scratch, tally
        self.count_file = scratch.at("count")
        self.outcomes = collections.Counter()

    def environment(self, prefix, family, n, error, caller=None):
        number = error if error in ("short", "kill", "killafter") else str(getattr(errno, error))
        with open(self.count_file, "wb") as file:
            file.write(bytes(16))
        result = {
            "LD_PRELOAD": self.library, "FAULT_PREFIX": prefix, "FAULT_FAMILIES": family, "FAULT_N": str(n),
            "FAULT_ERRNO": number, "FAULT_COUNT": self.count_file}
        if caller:
            result["FAULT_CALLER"] = caller
        return result

    def counts(self):
        with open(self.count_file, "rb") as file:
            return struct.unpack("qq", file.read(16))

    def one(self, job, truth, prefix, family, n, error, caller=None, may_crash=False):
        """Runs with one fault; False when it came to an end before the n-th call."""
        what = f"{job.name}: call {n} of {family}{' in ' + caller if caller else ''} with {error}"
        check = self.tally.check
        job.reset()
        done = run(job.command, self.environment(prefix, family, n, error, caller))
        reached = self.counts()[1] > 0
        status = done.returncode
        killed = error.startswith("kill") and status == -9
        # The HDF5 library, which opens shards for their names, does not make a call again.
        is_library = error == "EINTR" and family == "open" and "errno = 4," in done.stderr
        if is_library:
            check(ended_well(status), f"{what}: {name_of(status)}")
            self.outcomes["interrupted in the HDF5 library"] += 1
        elif not reached or error in INVISIBLE:
            check(status == 0 and job.found() == truth,
                  f"{what}: {name_of(status)} {done.stderr.strip()} {difference(job.found(), truth)}")
            self.outcomes["not noticed"] += reached
        elif status == 0:
            found = job.found()
            if family == "unlink":
                found = job.without_older(found, truth)
            check(found == truth, f"{what}: success, but {difference(found, truth)} differ")
            self.outcomes["made no difference"] += 1
        elif killed:
            self.outcomes["killed"] += 1
        elif may_crash and not ended_well(status):
            # Swift ends a program that gets no memory, and the HDF5 library is not sound without it either.
            self.outcomes[f"without memory: {name_of(status)}"] += 1
        else:
            named = self.scratch.path in done.stderr or caller
            check(job.is_told(done) or ended_well(status) and re.search("^(error|skelprep|skeltrain): ", done.stderr, re.M) and named,
                  f"{what}: {name_of(status)}: {done.stderr.strip()[-300:]}")
            self.outcomes[f"status {status}"] += 1
        if status != 0:
            trouble = job.wrong(truth)
            check(trouble is None, f"{what}: published and then {trouble}")
        if reached:
            again = run(job.command)
            after = job.found()
            check(job.is_done(again) and after == truth,
                  f"{what}: afterwards {name_of(again.returncode)} {again.stderr.strip()[-300:]} {difference(after, truth)}")
        return reached

    def all(self, job, truth, prefix, family, error, most=0):
        """Fails each call, or of many calls `most` that are spread evenly; how many there were."""
        n = 1
        if most:
            job.reset()
            run(job.command, self.environment(prefix, family, 0, error))
            total = self.counts()[0]
            numbers = sorted({1 + i * total // most for i in range(min(most, total))})
            return sum(self.one(job, truth, prefix, family, n, error) for n in numbers)
        while self.one(job, truth, prefix, family, n, error):
            n += 1
        return n - 1

    def sampled(self, job, truth, runs, caller=None, may_crash=True):
        """Allocations are many: numbers n that are spread evenly over all that a run makes."""
        job.reset()
        run(job.command, self.environment(job.output, "alloc", 0, "ENOMEM", caller))
        total = self.counts()[0]
        for n in sorted({1 + i * total // runs for i in range(min(runs, total))}):
            self.one(job, truth, job.output, "alloc", n, "ENOMEM", caller, may_crash)
        return total, min(runs, total)


def main():
    parser = reliability.parser(__doc__)
    parser.add_argument("--only", help="of the commands (convert, occlude, ...; pretrain, resume, 'evaluate linear', ...), these, with "
                             "commas between them")
    parser.add_argument("--families", help="of the families of faults.c, these")
    parser.add_argument("--errors", help="of ENOSPC,EIO,EDQUOT,EMFILE,EACCES,EINTR,short,kill,killafter, these")
    parser.add_argument("--calls", type=int, default=0,
                        help="of the calls of a family so many, spread evenly, in place of each (0)")
    parser.add_argument("--allocations", type=int, default=300, help="how many of all allocations fail, one each run")
    arguments = parser.parse_args()
    tally = Tally()
    with Scratch() as scratch:
        library = reliability.shim(scratch.path)
        if library is None:
            reliability.skip("no C compiler")
        injector = Injector(library, scratch, tally)
        if arguments.program == "skeltrain":
            jobs = training.Skeltrain(arguments, scratch).jobs()
        else:
            jobs = preparation(Skelprep(reliability.binary(arguments.binary)), scratch)
        only = arguments.only.split(",") if arguments.only else None
        families = arguments.families.split(",") if arguments.families else None
        errors = arguments.errors.split(",") if arguments.errors else None
        for job in jobs:
            if only and job.name not in only:
                continue
            if arguments.quick and job.name not in QUICK:
                continue
            job.reset()
            reliability.must(job.command)
            truth = job.found()
            if arguments.quick:
                for family, error, n in QUICK[job.name]:
                    prefix = job.sources[0] if getattr(job, "is_stream", False) else job.output
                    injector.one(job, truth, prefix, family, n, error)
                continue
            # A shell opens what a stream goes to.
            own = [] if getattr(job, "is_stream", False) else [("output", job.output, CHANGES)]
            sides = own + [("input " + os.path.basename(s), s, READS) for s in job.sources]
            for side, prefix, kinds in sides:
                for family in kinds:
                    if families and family not in families:
                        continue
                    per_error = []
                    for error in ERRORS + (["kill", "killafter"] if side == "output" else []):
                        if (errors and error not in errors) or (family, error) in SENSELESS:
                            continue
                        if error == "short" and family not in WITH_LENGTH:
                            continue
                        per_error.append(f"{error} {injector.all(job, truth, prefix, family, error, arguments.calls)}")
                    print(f"{job.name}, {side}, {family}: {', '.join(per_error)}", flush=True)
            if not families or "alloc" in families:
                for caller in ["libhdf5", "libz.so", "libdeflate", None]:
                    total, runs = injector.sampled(job, truth, arguments.allocations, caller)
                    print(f"{job.name}, allocations {'of ' + caller if caller else 'of all'}: {runs} of {total}", flush=True)
        print("; ".join(f"{count} {what}" for what, count in injector.outcomes.most_common()))
    tally.finish()


if __name__ == "__main__":
    main()
