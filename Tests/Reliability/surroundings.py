#!/usr/bin/env python3
"""What a command meets around it: other runs, planted files, signals, closed streams, limits, odd environments.

EXAMPLE
  Tests/Reliability/surroundings.py
  Tests/Reliability/surroundings.py --program skeltrain
"""

import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import time

import reliability
import training
from reliability import Scratch, Skelprep, Tally, contents, difference, must, name_of, run


class Setting:
    def __init__(self, program, scratch, tally, seed, quick):
        self.program, self.scratch, self.tally = program, scratch, tally
        self.draw = random.Random(seed)
        self.quick = quick
        # Within a second, except where a whole test suite runs at the same time.
        self.patience = 20 if quick else 1
        self.raw, self.out = scratch.at("raw"), scratch.at("out")
        program.synthesize(12 if quick else 60, self.raw)
        self.command = program.convert(self.raw, self.out, shard_size=4, jobs=2)
        begun = time.monotonic()
        must(self.command)
        self.duration = time.monotonic() - begun
        self.truth = contents(self.out)

    def fresh(self):
        shutil.rmtree(self.out, ignore_errors=True)

    def completes(self, what, command=None, **options):
        """Runs the conversion, which must give the undisturbed bytes."""
        done = run(command or self.command, **options)
        found = contents(self.out)
        self.tally.check(done.returncode == 0 and found == self.truth,
                         f"{what}: {name_of(done.returncode)} {done.stderr.strip()[-300:]} {difference(found, self.truth)}")


def start(command, **options):
    # Whoever runs this script may have signals ignored, which programs inherit.
    def heed():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])

    return subprocess.Popen(command, preexec_fn=heed, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


def wait_for(path, process):
    while process.poll() is None and not os.path.exists(path):
        time.sleep(0.002)


def other_runs(setting, rounds):
    """One of several runs into a folder wins; the others say at once who it is; and a killed one leaves no lock."""
    check = setting.tally.check
    for turn in range(rounds):
        setting.fresh()
        first = start(setting.command)
        # A stopped run holds the folder, however fast the machine is.
        wait_for(os.path.join(setting.out, ".work", "pid"), first)
        os.kill(first.pid, signal.SIGSTOP)
        for command in (setting.command, [setting.program.path, "synthesize", "--samples", "2", "--output", setting.out]):
            begun = time.monotonic()
            second = run(command)
            seconds = time.monotonic() - begun
            check(second.returncode == 75 and f"process {first.pid} " in second.stderr and seconds < setting.patience,
                  f"turn {turn}: a second run: {name_of(second.returncode)} in {seconds:.2f} s: {second.stderr.strip()}")
        first.kill()
        first.wait()
        setting.completes(f"turn {turn}: after the first was killed")
        # All at the same moment.
        setting.fresh()
        runs = [start(setting.command) for _ in range(setting.draw.randint(2, 4 if setting.quick else 8))]
        statuses = sorted(process.wait() for process in runs)
        check(set(statuses) <= {0, 75} and 0 in statuses, f"turn {turn}: {len(runs)} runs at once: {statuses}")
        setting.completes(f"turn {turn}: after {len(runs)} runs at once")
    # Two splits at once; what they write is the same, and is whole.
    splits = [start([setting.program.path, "split", setting.out, "--protocol", "xsub", "--allow-empty"]) for _ in range(4)]
    statuses = {process.wait() for process in splits}
    done = run([setting.program.path, "inspect", setting.out])
    check(statuses <= {0, 75} and done.returncode == 0, f"splits at once: {statuses} {done.stderr.strip()}")
    setting.fresh()


KINDS = ("link to a file", "link to a folder", "link to nothing", "hard link", "pipe", "folder", "device")


def plant(kind, path, outside):
    """Puts something in the way, and a file elsewhere that it may lead to; what is elsewhere, or None if it cannot be put."""
    shutil.rmtree(outside, ignore_errors=True)
    os.makedirs(os.path.join(outside, "folder"))
    target = os.path.join(outside, "file")
    with open(target, "w") as file:
        file.write("somebody else's\n")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        return None
    before = contents(outside)
    if kind == "link to a file":
        os.symlink(target, path)
    elif kind == "link to a folder":
        os.symlink(os.path.join(outside, "folder"), path)
    elif kind == "link to nothing":
        os.symlink(os.path.join(outside, "new"), path)
    elif kind == "hard link":
        os.link(target, path)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        os.makedirs(os.path.join(path, "with something in it"))
    else:
        try:
            os.mknod(path, 0o600 | 0o020000, os.makedev(1, 7))
        except OSError:
            return None
    return before


def planted_files(setting):
    """Links, pipes and folders that stand where the command writes: nothing is written through them, nothing hangs."""
    outside = setting.scratch.at("outside")
    places = [".work", ".work/pid", ".work/pid.partial", ".work/plan.json", ".work/plan.lock", ".work/0.json", ".work/0.json.partial", "shards",
              "shards/00000.h5", "shards/00000.h5.partial", "shards/00003.h5", "manifest.json",
              "manifest.json.partial", "report.json", "report.json.partial"]
    count = 0
    for place in places:
        for kind in KINDS:
            setting.fresh()
            what = f"a {kind} at {place}"
            before = plant(kind, os.path.join(setting.out, place), outside)
            if before is None:
                continue
            count += 1
            try:
                done = run(setting.command, timeout=30)
                setting.tally.check(done.returncode == 0 or done.returncode in reliability.ERRORS,
                                    f"{what}: {name_of(done.returncode)} {done.stderr.strip()[-300:]}")
                if done.returncode == 0:
                    found = contents(setting.out)
                    setting.tally.check(found == setting.truth, f"{what}: other files {difference(found, setting.truth)}")
            except subprocess.TimeoutExpired:
                setting.tally.check(False, f"{what}: the command hangs")
            found = contents(outside)
            setting.tally.check(found == before, f"{what}: files elsewhere changed: {difference(found, before)}")
    setting.fresh()
    return count


def signals(setting, rounds):
    """An interrupted command ends at once, by that signal, and goes on afterwards."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for turn in range(rounds):
            setting.fresh()
            process = start(setting.command)
            time.sleep(setting.draw.uniform(0, setting.duration))
            process.send_signal(number)
            sent = time.monotonic()
            status = process.wait()
            seconds = time.monotonic() - sent
            # At the very start the handlers of the system's loader are at work; at the very end it is over.
            setting.tally.check(status in (-number, 0) and seconds < setting.patience,
                                f"{number.name}, turn {turn}: {name_of(status)} after {seconds:.2f} s")
            if status != 0:
                setting.tally.check(not os.path.exists(os.path.join(setting.out, "manifest.json"))
                                    or setting.program.rejects(setting.out) is None, f"{number.name}: half a data set")
            setting.completes(f"after {number.name}, turn {turn}")


def streams(setting):
    """Standard streams that are closed, full, or read no more."""
    check = setting.tally.check
    shell = lambda text: run(["/bin/bash", "-c", text, "bash"] + setting.command)
    setting.fresh()
    must(setting.command)
    inspect = f"'{setting.program.path}' inspect '{setting.out}' --json"
    done = shell(f"{inspect} | head -c 1 > /dev/null; exit ${{PIPESTATUS[0]}}")
    check(done.returncode in (0, 141) and done.stderr == "", f"a pipe that is closed: {done.returncode} {done.stderr}")
    done = shell(f"{inspect} > /dev/full")
    check(done.returncode == 74 and "standard output" in done.stderr, f"full output: {done.returncode} {done.stderr}")
    texts = ['"$@" >&- 2>&- <&-', '"$@" 2>&-', '"$@" > /dev/null 2> /dev/full']
    for text in texts[:1] if setting.quick else texts:
        setting.fresh()
        done = shell(text)
        found = contents(setting.out)
        check(done.returncode == 0 and found == setting.truth,
              f"{text}: {name_of(done.returncode)} {difference(found, setting.truth)}")
    # Messages about bad files go to a stream that takes none.
    bad = setting.scratch.at("bad")
    setting.program.synthesize(4, bad, "--defects")
    for text in ['"$@" 2> /dev/full'] if setting.quick else ['"$@" 2>&-', '"$@" 2> /dev/full']:
        setting.fresh()
        done = run(["/bin/bash", "-c", text, "bash"] + setting.program.convert(bad, setting.out))
        check(done.returncode == 0 and setting.program.rejects(setting.out) is None, f"{text}: {name_of(done.returncode)}")
    setting.fresh()


def environments(setting):
    """Locale, time zone, masks, missing variables, narrow terminals, another clock, little memory: the same bytes."""
    count = 0
    kinds = [{"LC_ALL": "tr_TR.UTF-8"}, {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE"}, {"LC_ALL": "C"},
                      {"TZ": "Pacific/Kiritimati"}, {"TZ": "nonsense"}, {"COLUMNS": "20", "TERM": "dumb"},
                      {"SOURCE_DATE_EPOCH": "1"}, {"HDF5_USE_FILE_LOCKING": "FALSE", "HDF5_PLUGIN_PATH": "/nowhere"},
                      {"MALLOC_PERTURB_": "165"}, {"TMPDIR": "/nowhere"}]
    for variables in kinds[:1] if setting.quick else kinds:
        setting.fresh()
        setting.completes(f"with {variables}", environment=variables)
        count += 1
    setting.fresh()
    setting.completes("with no variable at all", ["/usr/bin/env", "-i"] + setting.command)
    if setting.quick:
        return count + 1
    for mask in (0o077, 0o000):
        setting.fresh()
        setting.completes(f"with umask {mask:03o}", preexec_fn=lambda: os.umask(mask))
    setting.fresh()
    setting.completes("with 2 GB of addresses",
                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30)))
    setting.fresh()
    setting.completes("with 40 open files", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)))
    count += 5
    if shutil.which("script"):
        setting.fresh()
        words = list(setting.command)
        words[words.index("--progress") + 1] = "auto"
        line = "stty cols 20; exec " + " ".join(f"'{word}'" for word in words)
        setting.completes("in a terminal of 20 columns", ["script", "-qec", line, "/dev/null"])
        count += 1
    else:
        print("skipped: no script(1) for a terminal")
    if shutil.which("faketime"):
        setting.fresh()
        setting.completes("ten years ago", ["faketime", "-f", "-10y"] + setting.command)
        count += 1
    else:
        print("skipped: no faketime for another clock")
    return count


class TrainingSetting:
    """What the commands of skeltrain meet; each has its job."""

    def __init__(self, arguments, scratch, tally):
        self.scratch, self.tally, self.quick = scratch, tally, arguments.quick
        self.draw = random.Random(arguments.seed)
        self.patience = 20 if arguments.quick else 10
        self.program = training.Skeltrain(arguments, scratch)
        self.jobs = {job.name: job for job in self.program.jobs()}
        self.truths = {}

    def truth(self, job):
        """What an undisturbed run makes, and how long it takes."""
        if job.name not in self.truths:
            job.reset()
            begun = time.monotonic()
            must(job.command)
            self.truths[job.name] = job.found(), time.monotonic() - begun
        return self.truths[job.name]

    def completes(self, job, what, was_stopped=False, **options):
        """Runs a command, which must make what it makes undisturbed."""
        done = run(job.command, **options)
        found, truth = job.found(), self.truth(job)[0] if job.name in self.truths else None
        if was_stopped and truth:
            # A stop saves in the middle of an epoch, and what is kept of older checkpoints may then be that one.
            newest = max((name for name in truth if name.startswith("state-")), default="")
            found, truth = ({name: digest for name, digest in files.items()
                             if name == newest or not name.startswith(("previous-", "state-"))} for files in (found, truth))
        self.tally.check(job.is_done(done) and found == truth,
                         f"{job.name}, {what}: {name_of(done.returncode)} {done.stderr.strip()[-300:]} {difference(found, truth)}")


def train_beside(setting, rounds):
    """One of several runs into a folder wins, and the others say so."""
    for name in ("pretrain",) if setting.quick else ("pretrain", "benchmark"):
        job = setting.jobs[name]
        setting.truth(job)
        for turn in range(rounds):
            job.reset()
            if name == "pretrain":
                first = start(job.command)
                wait_for(os.path.join(job.output, "log.csv"), first)
                os.kill(first.pid, signal.SIGSTOP)
                begun = time.monotonic()
                second = run(job.command)
                seconds = time.monotonic() - begun
                is_over = first.poll() is not None
                setting.tally.check(is_over or second.returncode == 75 and seconds < setting.patience,
                                    f"{name}, turn {turn}: a second run: {name_of(second.returncode)} in {seconds:.2f} s")
                first.kill()
                first.wait()
                setting.completes(job, f"turn {turn}: after the first was killed")
                job.reset()
            runs = [start(job.command) for _ in range(setting.draw.randint(2, 4))]
            statuses = sorted(process.wait() for process in runs)
            setting.tally.check(set(statuses) <= {0, 75} and 0 in statuses, f"{name}, turn {turn}: at once: {statuses}")
            setting.completes(job, f"turn {turn}: after {len(runs)} runs at once")
    return rounds


def train_planted(setting):
    """What was planted in the place of anything that a command writes: nothing is written through it, nothing hangs."""
    outside = setting.scratch.at("outside")
    count = 0
    names = ["pretrain", "evaluate linear", "benchmark", "embed", "report"]
    for name in names[:1] if setting.quick else names:
        job = setting.jobs[name]
        truth = setting.truth(job)[0]
        places = sorted(path for path in truth if path) or [""]
        places += [place + ".partial" for place in places]
        if setting.quick:
            places = ["journal.log", "log.csv", "checkpoint.safetensors.partial"]
        for place in places:
            for kind in ("link to a file", "pipe") if setting.quick else KINDS:
                job.reset()
                path = job.output + place if place in ("", ".partial") else os.path.join(job.output, place)
                before = plant(kind, path, outside)
                if before is None:
                    continue
                count += 1
                what = f"{name}: a {kind} at {place or 'the file'}"
                try:
                    done = run(job.command, timeout=60)
                    setting.tally.check(done.returncode == 0 or done.returncode in reliability.ERRORS or job.is_told(done),
                                        f"{what}: {name_of(done.returncode)} {done.stderr.strip()[-300:]}")
                    if done.returncode == 0:
                        found = job.found()
                        # A journal that cannot be written stops nothing, and what nobody writes may stay as it is.
                        left = {"journal.log"} | ({place} if place.endswith(".partial") else set())
                        differing = [file for file in difference(found, truth) if file not in left]
                        setting.tally.check(not differing, f"{what}: other files {differing}")
                except subprocess.TimeoutExpired:
                    setting.tally.check(False, f"{what}: the command hangs")
                found = contents(outside)
                setting.tally.check(found == before, f"{what}: files elsewhere changed: {difference(found, before)}")
                reliability.clear(path)
                job.reset()
    return count


INPUTS = ("pipe", "socket", "folder", "link to a pipe", "link to a device", "nothing")


def replace(path, kind, outside):
    """Puts something that is no file in the place of one that is read."""
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        # A path that the system takes for a socket is short.
        here = os.getcwd()
        os.chdir(os.path.dirname(path))
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(os.path.basename(path))
        os.chdir(here)
    elif kind == "folder":
        os.makedirs(os.path.join(path, "with something in it"))
    elif kind == "link to a pipe":
        if not os.path.exists(outside):
            os.mkfifo(outside)
        os.symlink(outside, path)
    elif kind == "link to a device":
        os.symlink("/dev/zero", path)


def is_described(job, done, kind):
    """Whether a command that says what there is says so."""
    if job.name not in ("report", "inspect") or done.returncode != 0:
        return False
    with open(job.output, errors="replace") as file:
        return kind == "nothing" or "no regular file" in file.read()


def train_inputs(setting):
    """What is no file in the place of each file that a command reads: it is refused, or not read; nothing is waited for."""
    count = 0
    outside, aside = setting.scratch.at("pipe"), setting.scratch.at("aside")
    quick = ("embed", "report", "predict")
    for job in setting.jobs.values():
        if setting.quick and job.name not in quick:
            continue
        truth = setting.truth(job)[0]
        files = [source for source in job.sources if os.path.isfile(source)]
        files += [os.path.join(place, name) for source in job.sources for place, _, names in os.walk(source) for name in names]
        kinds = INPUTS
        if setting.quick:
            files = [file for file in files if file.endswith(("manifest.json", "run/checkpoint.safetensors", "head.safetensors"))]
            kinds = ("pipe", "link to a device")
        for file in files:
            for kind in kinds:
                os.rename(file, aside)
                job.reset()
                replace(file, kind, outside)
                count += 1
                what = f"{job.name}: a {kind} in the place of {os.path.relpath(file, setting.scratch.path)}"
                try:
                    done = run(job.command, timeout=30)
                    is_same = job.is_done(done) and job.found() == truth
                    is_refused = done.returncode in reliability.ERRORS and "skeltrain: " in done.stderr
                    setting.tally.check(is_same or is_refused or job.is_told(done) or is_described(job, done, kind),
                                        f"{what}: {name_of(done.returncode)} {done.stderr.strip()[-300:]}")
                except subprocess.TimeoutExpired:
                    setting.tally.check(False, f"{what}: the command hangs")
                reliability.clear(file)
                os.rename(aside, file)
        job.reset()
    return count


def train_signals(setting, rounds):
    """A signal ends a command soon: pretrain saves and says how to go on, the others end by the signal; all can go on."""
    count = 0
    for name in ("pretrain",) if setting.quick else ("pretrain", "evaluate linear", "benchmark"):
        job = setting.jobs[name]
        truth, duration = setting.truth(job)
        for number in (signal.SIGTERM,) if setting.quick else (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            for turn in range(rounds):
                job.reset()
                process = start(job.command)
                time.sleep(setting.draw.uniform(0, duration))
                process.send_signal(number)
                sent = time.monotonic()
                status = process.wait()
                seconds = time.monotonic() - sent
                count += 1
                what = f"{number.name}, turn {turn}"
                setting.tally.check(status in (0, -number, 128 + number if name == "pretrain" else 0)
                                    and seconds < setting.patience, f"{name}, {what}: {name_of(status)} after {seconds:.2f} s")
                trouble = job.wrong(truth)
                setting.tally.check(trouble is None, f"{name}, {what}: published and then {trouble}")
                setting.completes(job, f"after {what}", was_stopped=True)
    return count


def train_streams(setting):
    """Standard streams that are closed, full, or read no more."""
    count = 0
    for name in ("inspect", "predict", "evaluate retrieval", "pretrain"):
        job = setting.jobs[name]
        command = job.command[4:] if job.is_stream else job.command
        for text in ['"$@" > /dev/full', '"$@" >&- 2>&- <&-', '"$@" 2> /dev/full', '"$@" | head -c 1 > /dev/null; exit ${PIPESTATUS[0]}']:
            if setting.quick and name != "inspect":
                continue
            job.reset()
            done = run(["/bin/bash", "-c", text, "bash", *command], timeout=60)
            count += 1
            setting.tally.check(done.returncode in {0, 141} | reliability.ERRORS, f"{name}, {text}: {done.returncode} {done.stderr}")
            if "> /dev/full" == text[5:] and name in ("inspect", "predict"):
                setting.tally.check(done.returncode == 74, f"{name}, {text}: {done.returncode} {done.stderr}")
    return count


def train_environments(setting):
    """Locale, time zone, masks, missing variables, other clocks, little memory: the same bytes."""
    count = 0
    kinds = [{"LC_ALL": "tr_TR.UTF-8"}, {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE"}, {"TZ": "Pacific/Kiritimati"},
             {"COLUMNS": "20", "TERM": "dumb"}, {"MALLOC_PERTURB_": "165"}, {"TMPDIR": "/nowhere"},
             {"OPENBLAS_NUM_THREADS": "7"}]
    for name in () if setting.quick else ("pretrain", "evaluate linear", "benchmark", "report"):
        job = setting.jobs[name]
        setting.truth(job)
        for variables in kinds:
            job.reset()
            setting.completes(job, f"with {variables}", environment=variables)
            count += 1
        job.reset()
        setting.completes(job, "with umask 077", preexec_fn=lambda: os.umask(0o077))
        job.reset()
        setting.completes(job, "with 40 open files",
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)))
        count += 2
    count += train_clocks(setting)
    # Room for so many addresses alone: it works, or says that it does not.
    for size in (500,) if setting.quick else (100, 200, 300, 400, 500, 700, 900, 1200, 1600, 2000):
        job = setting.jobs["pretrain"]
        job.reset()
        try:
            done = run(job.command, timeout=60, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (size << 20, size << 20)))
            # Below what the program itself takes the system's loader ends it, with 127.
            setting.tally.check(done.returncode in {0, 71, 127} | reliability.ERRORS,
                                f"with {size} MB of addresses: {name_of(done.returncode)} {done.stderr.strip()[-300:]}")
        except subprocess.TimeoutExpired:
            setting.tally.check(False, f"with {size} MB of addresses: it hangs")
        count += 1
    return count


def train_clocks(setting):
    """A wall clock that stands, goes back or leaps: the same losses, and numbers that JSON has."""
    library = reliability.shim(setting.scratch.path, "clock")
    if library is None:
        print("skipped: no C compiler for other clocks")
        return 0
    job = setting.jobs["pretrain"]
    for fault in ("stands",) if setting.quick else ("stands", "back", "jumps", "leaps", "before"):
        job.reset()
        other = {"LD_PRELOAD": library, "CLOCK_FAULT": fault}
        setting.completes(job, f"with a clock that {fault}", environment=other)
        for file in ("log.csv", "log.jsonl"):
            with open(os.path.join(job.output, file)) as stream:
                text = stream.read()
            setting.tally.check("inf" not in text and "nan" not in text and "-" not in text.replace("e-", ""),
                                f"clock that {fault}: {file} has {text[:300]}")
        page = setting.scratch.at("page.html")
        for command in ([setting.program.path, "report", job.output, "--output", page],
                        [setting.program.path, "inspect", job.output, "--json"]):
            if os.path.exists(page):
                os.remove(page)
            done = run(command, environment=other)
            setting.tally.check(done.returncode == 0, f"clock that {fault}, {command[1]}: {name_of(done.returncode)}")
    return 1 if setting.quick else 5


def train(arguments):
    rounds = 1 if arguments.quick else 5
    tally = Tally()
    with Scratch() as scratch:
        setting = TrainingSetting(arguments, scratch, tally)
        parts = {
            "other runs": lambda: train_beside(setting, rounds), "planted files": lambda: train_planted(setting),
            "files that are none": lambda: train_inputs(setting), "signals": lambda: train_signals(setting, rounds),
            "streams": lambda: train_streams(setting), "environments": lambda: train_environments(setting)}
        for name, part in parts.items():
            if not arguments.only or name in arguments.only.split(","):
                print(f"{name}: {part()}", flush=True)
    tally.finish()


def main():
    parser = reliability.parser(__doc__)
    parser.add_argument("--only", help="of skeltrain these parts, by the names that are printed, with commas between them")
    arguments = parser.parse_args()
    if arguments.program == "skeltrain":
        train(arguments)
    rounds = 1 if arguments.quick else 10
    tally = Tally()
    with Scratch() as scratch:
        setting = Setting(Skelprep(reliability.binary(arguments.binary)), scratch, tally, arguments.seed, arguments.quick)
        other_runs(setting, rounds)
        print(f"other runs: {rounds} turns", flush=True)
        if not arguments.quick:
            print(f"planted files: {planted_files(setting)}", flush=True)
        signals(setting, rounds)
        print(f"signals: {3 * rounds}", flush=True)
        streams(setting)
        print("streams", flush=True)
        print(f"environments: {environments(setting)}", flush=True)
    tally.finish()


if __name__ == "__main__":
    main()
