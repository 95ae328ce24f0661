"""A PCM3++ training step in PyTorch, to be compared with that of this package: `skelbench train` runs it.

    pcm3pp_torch.py FOLDER fused|stepwise --threads 2

FOLDER holds `model.safetensors` (a state dict), and `batch.safetensors` (the views of a batch and the queue), both
written by `skelbench`. For every line on standard input one training step is made of them, and its losses, seconds
and seconds of processor are printed as a line of JSON. The batch is always the same; the model, the queue and the
momentum go on from step to step.

Written from the equations of arXiv 2406.02978 and the documentation of `Sources/Models/Methods/PCM3PlusPlus.swift`.
Where there is a choice, PyTorch gets the faster or smaller one: views are taken forward and backward one after
another, the optimizer is the fused one, and the decoder's GRU is one call in both forms.

    fused     encoders are one call of a bidirectional nn.GRU
    stepwise  encoders are called for one frame at a time with their state carried along, as the published code does;
              both directions then run forward in time
"""

import argparse
import json
import os
import sys
import time


class Arguments(argparse.Namespace):
    """The command line."""

    folder: str
    form: str
    threads: int


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("form", choices=["fused", "stepwise"])
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(namespace=Arguments())


options = arguments()
os.environ["OMP_NUM_THREADS"] = str(options.threads)

import torch  # noqa: E402 (the number of threads has to be known before)
import torch.nn as nn  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from safetensors.torch import load_file  # noqa: E402

CONTRAST, STUDENT, TEACHER = 0.07, 0.1, 0.05
PREDICTION, KEY_MOMENTUM = 40.0, 0.999
VIEWS = ["base", "mask", "recons", "mix", "clip"]


class FrameGRU(nn.Module):
    """The GRU of an encoder, below the name that the published models give it."""

    def __init__(self, inputs, hidden, layers):
        super().__init__()
        self.gru = nn.GRU(inputs, hidden, layers, batch_first=True, bidirectional=True)

    def forward(self, x):
        if options.form == "fused":
            return self.gru(x)[0]
        outputs, state = [], None
        for frame in range(x.shape[1]):
            output, state = self.gru(x[:, frame : frame + 1], state)
            outputs.append(output)
        return torch.cat(outputs, dim=1)


class Encoder(nn.Module):
    """Batch normalization, GRU and projector."""

    def __init__(self, inputs, hidden, layers, size):
        super().__init__()
        self.input_norm = nn.BatchNorm1d(inputs)
        self.encoder = FrameGRU(inputs, hidden, layers)
        self.fc = nn.Sequential(
            nn.Linear(2 * hidden, 2 * hidden), nn.ReLU(), nn.Linear(2 * hidden, size)
        )

    def frames(self, x):
        """(N, T, inputs) to (N, T, 2 hidden)."""
        return self.encoder(self.input_norm(x.flatten(0, 1)).view_as(x))

    def project(self, frames):
        """(N, T, 2 hidden) to (N, size), of length 1."""
        return F.normalize(self.fc(frames[:, -1]), dim=1)


class Decoder(nn.Module):
    """(N, T, 2 hidden) to (N, T, outputs)."""

    def __init__(self, features, hidden, outputs):
        super().__init__()
        self.linear = nn.Sequential(
            nn.Linear(features, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Linear(hidden, hidden)
        )
        self.decoder = nn.GRU(hidden, hidden, 2, batch_first=True)
        self.reconstruction = nn.Linear(hidden, outputs)

    def forward(self, frames):
        hidden = self.linear(frames.flatten(0, 1)).view(*frames.shape[:2], -1)
        return self.reconstruction(self.decoder(hidden)[0])


class Model(nn.Module):
    """All parameters, named as in the safetensors file."""

    def __init__(self, state):
        super().__init__()
        hidden = state["encoder_q.encoder.gru.weight_hh_l0"].shape[1]
        inputs = state["encoder_q.encoder.gru.weight_ih_l0"].shape[1]
        layers = sum(1 for name in state if name.startswith("encoder_q.encoder.gru.weight_hh_l")) // 2
        size = state["encoder_q.fc.2.bias"].shape[0]
        self.encoder_q = Encoder(inputs, hidden, layers, size)
        self.encoder_k = Encoder(inputs, hidden, layers, size)
        self.decoder = Decoder(2 * hidden, state["decoder.linear.0.bias"].shape[0], inputs)
        for view in VIEWS:
            self.register_parameter(f"{view}_prompt", nn.Parameter(torch.empty(1, 1, inputs)))
        self.load_state_dict(state, strict=True)
        self.encoder_k.requires_grad_(False)

    def prompted(self, x, view):
        return x + getattr(self, f"{view}_prompt")


class Training:
    """A model, its optimizer and its queue."""

    def __init__(self, model, batch):
        self.model = model
        self.batch = batch
        self.queue = batch.pop("queue")  # (K, D)
        self.pointer = 0
        learning = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.SGD(learning, lr=0.02, momentum=0.9, weight_decay=1e-4, fused=True)

    def step(self):
        """One step: its loss and the terms that it is the sum of, before their weights."""
        model, batch = self.model, self.batch
        with torch.no_grad():
            for query, key in zip(model.encoder_q.parameters(), model.encoder_k.parameters()):
                key.mul_(KEY_MOMENTUM).add_(query, alpha=1 - KEY_MOMENTUM)
            keys = model.encoder_k.project(
                model.encoder_k.frames(model.prompted(batch["key"], "base"))
            )
            share = batch["mix_share"]
            mixed = F.normalize(keys * (1 - share) + keys[batch["partner"]] * share, dim=1)
            similarities = keys @ self.queue.T  # (N, K)
            mixed_similarities = mixed @ self.queue.T

        encoder, mask = model.encoder_q, batch["mask"]
        masked = batch["source"] * mask
        terms = {}
        self.optimizer.zero_grad(set_to_none=True)

        def compare(view, frames, target=keys, teacher=similarities, other=None):
            z = encoder.project(frames)
            student = z @ self.queue.T
            kl = F.kl_div(
                F.log_softmax(student / STUDENT, dim=1), F.softmax(teacher / TEACHER, dim=1),
                reduction="batchmean",
            )
            logits = torch.cat([(z * target).sum(1, keepdim=True), student], dim=1) / CONTRAST
            nce = F.cross_entropy(logits, torch.zeros(len(z), dtype=torch.int64))
            loss = kl + nce if other is None else kl + nce + other
            terms[f"nce_{view}"], terms[f"kl_{view}"] = nce.item(), kl.item()
            loss.backward()
            return loss.item()

        loss = compare("base", encoder.frames(model.prompted(batch["query"], "base")))
        frames = encoder.frames(model.prompted(masked, "mask"))
        errors = (model.decoder(frames) - batch["source"]) ** 2 * (1 - mask)
        mse = errors.sum() / (1 - mask).sum()
        terms["mse"] = mse.item()
        loss += compare("mask", frames, other=PREDICTION * mse)
        hints = frames.detach()
        del frames, errors, mse  # what they were made from is not needed any more
        guided = model.decoder(hints) * (1 - mask) + masked * mask
        loss += compare("recons", encoder.frames(model.prompted(guided, "recons")))
        loss += compare("mix", encoder.frames(model.prompted(batch["mixed"], "mix")), mixed, mixed_similarities)
        loss += compare("clip", encoder.frames(model.prompted(batch["clip"], "clip")))

        self.optimizer.step()
        count = len(keys)
        self.queue[self.pointer : self.pointer + count] = keys
        self.pointer = (self.pointer + count) % len(self.queue)
        return loss, terms


def main():
    torch.set_num_threads(options.threads)
    batch = load_file(f"{options.folder}/batch.safetensors")
    training = Training(Model(load_file(f"{options.folder}/model.safetensors")), batch)
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for _ in sys.stdin:
        wall, processor = time.perf_counter(), time.process_time()
        loss, terms = training.step()
        print(
            json.dumps({
                "seconds": time.perf_counter() - wall, "processor": time.process_time() - processor,
                "loss": loss, "terms": terms,
            }),
            flush=True,
        )


if __name__ == "__main__":
    main()
