#!/usr/bin/env python3
"""Takes the room away: small file systems in memory of many sizes, and limits on the size of files.

Each command that writes must end with a documented status and a message that says so, without a signal, and leave no
manifest, or of skeltrain nothing that is published and not whole; when the file system has grown, the same command must finish with the bytes of a run that had room from the
start. Mounting needs root; where it is refused, only the limits are tried.

EXAMPLE
  sudo Tests/Reliability/disk-full.py
"""

import os
import random
import resource
import shutil
import subprocess

import reliability
import training
from reliability import Scratch, Skelprep, Tally, difference, ended_well, must, name_of, run


def mounted(folder, size):
    os.makedirs(folder, exist_ok=True)
    return subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder],
                          capture_output=True).returncode == 0


def unmount(folder):
    subprocess.run(["umount", folder], capture_output=True)


class PreparationCase(reliability.Job):
    """A command of skelprep, which leaves no manifest where it fails."""

    def __init__(self, name, command, output, before=None):
        super().__init__(name, command, output, [], before)

    def wrong(self, truth):
        has_manifest = not self.before and os.path.exists(os.path.join(self.output, "manifest.json"))
        return "a manifest" if has_manifest else None


def preparation_cases(arguments, scratch, out):
    program = Skelprep(reliability.binary(arguments.binary))
    tool, raw, data = program.path, scratch.at("raw"), scratch.at("data")
    program.synthesize(12, raw)
    must(program.convert(raw, data))
    cases = [
        PreparationCase("convert", program.convert(raw, out), out),
        PreparationCase("occlude", [tool, "occlude", data, "--kind", "spatial", "--progress", "none", "--output", out], out),
        PreparationCase("split", [tool, "split", out, "--protocol", "xsub", "--allow-empty"], out, before=data),
        PreparationCase("synthesize", [tool, "synthesize", "--samples", "9", "--progress", "none", "--output", out], out),
    ]
    return cases[:1] if arguments.quick else cases


def training_cases(arguments, scratch, disk):
    jobs = training.Skeltrain(arguments, scratch, outputs=disk).jobs()
    return [job for job in jobs if not job.is_stream and (not arguments.quick or job.name in ("pretrain", "embed"))]


def size_of(path):
    """The bytes of a file or of all files of a folder."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(p, f)) for p, _, fs in os.walk(path or "") for f in fs)


def refused(tally, done, what, scratch, case):
    """Checks the end of a command that had no room."""
    status, text = done.returncode, done.stderr
    if case.is_told(done):
        return
    tally.check(ended_well(status) and status in (73, 74), f"{what}: {name_of(status)}: {text.strip()[-300:]}")
    tally.check(scratch.path in text and ("no space left" in text or "too large" in text),
                f"{what}: the message is {text.strip()[-300:]!r}")


def main():
    parser = reliability.parser(__doc__)
    parser.add_argument("--sizes", type=int, default=20, help="how many sizes for each command")
    arguments = parser.parse_args()
    sizes = 2 if arguments.quick else arguments.sizes
    tally = Tally()
    draw = random.Random(arguments.seed)
    with Scratch() as scratch:
        disk = scratch.at("disk")
        os.makedirs(disk)
        if arguments.program == "skeltrain":
            cases = training_cases(arguments, scratch, disk)
        else:
            cases = preparation_cases(arguments, scratch, os.path.join(disk, "out"))
        can_mount = mounted(disk, "1m")
        if can_mount:
            unmount(disk)
        else:
            print("skipped: mounting is refused; only limits on the size of files are tried")
        for case in cases:
            os.makedirs(disk, exist_ok=True)
            case.reset()
            must(case.command)
            truth = case.found()
            need = size_of(case.output)
            largest = need if os.path.isfile(case.output) else max(
                os.path.getsize(os.path.join(p, f)) for p, _, fs in os.walk(case.output) for f in fs
                if not (case.before and os.path.exists(os.path.join(case.before, os.path.relpath(p, case.output), f))))
            least = sum((os.path.getsize(os.path.join(p, f)) + 4095) // 4096 * 4096
                        for p, _, fs in os.walk(case.before) for f in fs) if case.before else 0
            shutil.rmtree(disk)
            full = 0
            for size in sorted(draw.randrange(max(least, 4096), max(need, least + 4096) + 1) for _ in range(sizes)):
                if not can_mount:
                    break
                size = max(size // 4096 * 4096, 4096)
                what = f"{case.name} with {size} bytes"
                if not mounted(disk, size):
                    continue
                try:
                    case.reset()
                    done = run(case.command)
                    if done.returncode != 0:
                        full += 1
                        refused(tally, done, what, scratch, case)
                        trouble = case.wrong(truth)
                        tally.check(trouble is None, f"{what}: published and then {trouble}")
                    subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
                    again = run(case.command)
                    found = case.found()
                    tally.check(case.is_done(again) and found == truth,
                                f"{what}, then grown: {name_of(again.returncode)} {again.stderr.strip()[-300:]} "
                                f"{difference(found, truth)}")
                finally:
                    unmount(disk)
            limited = 0
            for _ in range(sizes):
                limit = draw.randrange(0, largest)
                what = f"{case.name} with files of at most {limit} bytes"
                shutil.rmtree(disk, ignore_errors=True)
                os.makedirs(disk)
                case.reset()
                # The standard streams are pipes, which the limit does not concern.
                done = run(case.command, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
                if done.returncode != 0:
                    limited += 1
                    refused(tally, done, what, scratch, case)
                    trouble = case.wrong(truth)
                    tally.check(trouble is None, f"{what}: published and then {trouble}")
                again = run(case.command)
                found = case.found()
                tally.check(case.is_done(again) and found == truth,
                            f"{what}, then without: {name_of(again.returncode)} {difference(found, truth)}")
            print(f"{case.name}: {full} runs on full file systems, {limited} beyond the limit of a file", flush=True)
    tally.finish()


if __name__ == "__main__":
    main()
