"""What the scripts of this folder have in common: the program under test, a small data set, and a count of what passed."""

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

# The exit statuses of sysexits.h that an error of the input or of the system may end with.
ERRORS = {65, 66, 73, 74, 75}


def parser(description):
    """A parser of arguments with those that every script has."""
    result = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument("--binary", help="the skelprep to test; else $SKELPREP, else the release or debug build")
    result.add_argument("--program", choices=["skelprep", "skeltrain"], default="skelprep",
                        help="the program to test; the data that skeltrain reads is skelprep's (default skelprep)")
    result.add_argument("--trainer", help="the skeltrain to test; else that in the folder of skelprep")
    result.add_argument("--seed", type=int, default=1, help="of everything random (default 1)")
    result.add_argument("--quick", action="store_true", help="a small part of it, for a test suite")
    return result


def binary(given=None):
    """The absolute path of the program to test."""
    builds = [os.path.join(ROOT, ".build", kind, "skelprep") for kind in ("release", "debug")]
    for path in [given, os.environ.get("SKELPREP")] + builds:
        if path and os.path.exists(path):
            return os.path.abspath(path)
    sys.exit("no skelprep: build it with make release, or give --binary")


def trainer(arguments):
    """The absolute path of the skeltrain to test."""
    path = arguments.trainer or os.path.join(os.path.dirname(binary(arguments.binary)), "skeltrain")
    if not os.path.exists(path):
        sys.exit("no skeltrain: build it with make release, or give --trainer")
    return os.path.abspath(path)


class Tally:
    """Counts checks, says which failed, and ends the script."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, condition, what):
        if condition:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {what}", flush=True)
        return bool(condition)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)


def skip(reason):
    """Ends a script that cannot run here, as passed."""
    print(f"skipped: {reason}")
    print("0 passed, 0 failed")
    sys.exit(0)


class Scratch:
    """A folder that is gone at the end: in memory where there is such a place, as thousands of syncs take long."""

    def __enter__(self):
        place = os.environ.get("TMPDIR") or ("/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
        self.path = os.path.realpath(tempfile.mkdtemp(prefix="skelprep-reliability-", dir=place))
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def at(self, *names):
        return os.path.join(self.path, *names)


def run(command, environment=None, timeout=120, **options):
    """Runs a command to its end; the result has returncode, stdout and stderr as text."""
    return subprocess.run(
        command, env={**os.environ, "SWIFT_BACKTRACE": "enable=no", **(environment or {})}, timeout=timeout,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", **options)


def must(command, **options):
    """Runs a command that has to succeed for the script to make sense."""
    done = run(command, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with {done.returncode}:\n{done.stderr}")
    return done


def contents(folder):
    """SHA-256 of every file below a folder by its path, and what the entries are that are no files."""
    found = {}
    for place, folders, files in os.walk(folder):
        for name in files + [f for f in folders if os.path.islink(os.path.join(place, f))]:
            path = os.path.join(place, name)
            key = os.path.relpath(path, folder)
            if os.path.islink(path):
                found[key] = "link to " + os.readlink(path)
            elif not os.path.isfile(path):
                found[key] = "no regular file"
            else:
                with open(path, "rb") as file:
                    found[key] = hashlib.sha256(file.read()).hexdigest()
    return found


def difference(one, other):
    """The first few paths in which two results of `contents` differ."""
    return sorted(k for k in set(one) | set(other) if one.get(k) != other.get(k))[:5]


class Skelprep:
    """The program under test."""

    def __init__(self, path):
        self.path = path
        self.has_verify = " verify " in run([path, "--help"]).stdout

    def synthesize(self, samples, folder, *options):
        must([self.path, "synthesize", "--samples", str(samples), "--output", folder, "--progress", "none", *options])

    def convert(self, raw, output, shard_size=2, jobs=1):
        return [
            self.path, "convert", raw, "--dataset", "ntu60", "--exclude", "none", "--shard-size", str(shard_size),
            "--jobs", str(jobs), "--progress", "none", "--output", output]

    def rejects(self, folder):
        """Why a published data set is not what its manifest says; None if it is."""
        if self.has_verify:
            done = run([self.path, "verify", folder, "--progress", "none"])
            # What an interrupted command has left to clear away is no fault of what it published.
            faults = [line for line in done.stdout.splitlines() if line.startswith("FAULT") and line.split()[1] != "files"]
            if faults or done.returncode not in (0, 65):
                return done.stdout + done.stderr
        return reread(folder)


def clear(path):
    """Deletes whatever is there; of a link the link."""
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


class Job:
    """A command, the state of its output folder before, and the folders that it reads."""

    def __init__(self, name, command, output, sources, before=None):
        self.name, self.command, self.output, self.sources, self.before = name, command, output, sources, before

    def reset(self):
        """Makes the output what it is before the command."""
        clear(self.output)
        if self.before:
            shutil.copytree(self.before, self.output, symlinks=True)

    def found(self):
        """What the command made, by path."""
        return contents(self.output)

    def wrong(self, truth):
        """Why something that is published is not what it should be; None if it is."""
        return None

    def without_older(self, found, truth):
        """What is found, without what should have been removed and could not be, where that is in nobody's way."""
        return found

    def is_told(self, done):
        """Whether a run that failed says so in its own way, beside those that all commands have."""
        return False

    def is_done(self, done):
        """Whether a run after a disturbed one ended as it should."""
        return done.returncode == 0


def reread(folder):
    """Why a data set is not what its manifest says, found without the program; None if it is."""
    with open(os.path.join(folder, "manifest.json")) as file:
        manifest = json.load(file)
    for shard in manifest["shards"]:
        path = os.path.join(folder, "shards", shard["file"])
        if not os.path.isfile(path):
            return f"{path} is missing"
        with open(path, "rb") as file:
            data = file.read()
        if len(data) != shard["bytes"] or hashlib.sha256(data).hexdigest() != shard["sha256"]:
            return f"{path} is not what the manifest says"
    return None


def ended_well(status):
    """Whether an exit status is one of an error that was noticed; a signal's is negative."""
    return status in ERRORS


def name_of(status):
    """An exit status in words."""
    return signal.Signals(-status).name if status < 0 else f"status {status}"


def shim(folder, name="faults"):
    """Compiles faults.c, or another library to preload; None where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    path = os.path.join(folder, name + ".so")
    must([compiler, "-shared", "-fPIC", "-O1", "-o", path, os.path.join(HERE, name + ".c"), "-ldl"])
    return path
