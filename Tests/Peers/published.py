"""The published encoders in PyTorch: what their weights are called, and what they compute.

    published.py features CHECKPOINT MODE INPUTS OUTPUT
        loads a checkpoint of skeltrain with strict=True and writes what each encoder makes of /x, (N, T, 150)
    published.py release HIDDEN LAYERS PROJECTION DECODER INPUTS OUTPUT PTH
        writes random weights of PCM3 as its code does (.pth.tar), whose running means hold prompts as there, and what
        their encoder makes of /x, as it is and without prompts in its running means

MODE is stepwise (the GRU is called for one frame after another), bidirectional or forward.
"""
import copy
import sys

import torch
from safetensors.torch import load_file, save_file
from torch import nn


class Recurrent(nn.Module):
    def __init__(self, inputs, hidden, layers, mode):
        super().__init__()
        self.gru = nn.GRU(inputs, hidden, layers, batch_first=True, bidirectional=mode != "forward")
        self.mode = mode

    def forward(self, x):
        if self.mode != "stepwise":
            return self.gru(x)[0]
        frames, state = [], None
        for frame in x.split(1, dim=1):
            output, state = self.gru(frame, state)
            frames.append(output)
        return torch.cat(frames, dim=1)


class Encoder(nn.Module):
    def __init__(self, inputs, hidden, layers, mode, projection):
        super().__init__()
        features = hidden * (1 if mode == "forward" else 2)
        self.input_norm = nn.BatchNorm1d(inputs)
        self.encoder = Recurrent(inputs, hidden, layers, mode)
        if projection:
            self.fc = nn.Sequential(nn.Linear(features, features), nn.ReLU(), nn.Linear(features, projection))

    def forward(self, x):
        return self.encoder(self.input_norm(x.transpose(1, 2)).transpose(1, 2))[:, -1]


class Decoder(nn.Module):
    """The same layers stand beside the encoders in PCM3's code: linear, and decoder and reconstruction in one."""

    def __init__(self, features, hidden, outputs):
        super().__init__()
        self.linear = nn.Sequential(
            nn.Linear(features, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Linear(hidden, hidden))
        self.decoder = nn.GRU(hidden, hidden, 2, batch_first=True)
        self.reconstruction = nn.Linear(hidden, outputs)


def model_of(state, mode):
    """A module with the names of a state, its sizes read from the arrays."""
    model = nn.Module()
    for name in sorted({key.split(".")[0] for key in state}):
        if name.startswith("encoder_"):
            layers = sum(key.startswith(f"{name}.encoder.gru.weight_hh_l") and not key.endswith("_reverse")
                         for key in state)
            inputs = state[f"{name}.input_norm.weight"].shape[0]
            hidden = state[f"{name}.encoder.gru.weight_hh_l0"].shape[1]
            projection = state.get(f"{name}.fc.2.bias")
            model.add_module(name, Encoder(
                inputs, hidden, layers, mode, 0 if projection is None else projection.shape[0]))
        elif name == "decoder":
            hidden, features = state["decoder.linear.0.weight"].shape
            outputs = state["decoder.reconstruction.bias"].shape[0]
            model.add_module(name, Decoder(features, hidden, outputs))
        elif name.endswith("_prompt"):
            model.register_parameter(name, nn.Parameter(torch.zeros(state[name].shape)))
    return model


def features(checkpoint, mode, inputs, output):
    state = load_file(checkpoint)
    model = model_of(state, mode)
    model.load_state_dict(state, strict=True)
    model.eval()
    x = load_file(inputs)["x"]
    with torch.no_grad():
        save_file({name: module(x).contiguous() for name, module in model.named_children()
                   if name.startswith("encoder_")}, output)


def release(hidden, layers, projection, decoder, inputs, output, pth):
    torch.manual_seed(1)
    model, linear = nn.Module(), Decoder(2 * hidden, decoder, 150)
    for name in ["cl_prompt", "mp_prompt"]:
        model.register_parameter(name, nn.Parameter(torch.randn(1, hidden // 8 * 2)))
    for name in ["base_prompt", "mask_prompt", "recons_prompt", "mix_prompt"]:
        model.register_parameter(name, nn.Parameter(torch.randn(1, 1, 150)))
    for name in ["encoder_q", "encoder_k"]:
        model.add_module(name, Encoder(150, hidden, layers, "stepwise", projection))
    model.linear = linear.linear
    model.recons_decoder = nn.Module()
    model.recons_decoder.decoder, model.recons_decoder.reconstruction = linear.decoder, linear.reconstruction
    model.register_buffer("queue", torch.randn(projection, 8))
    model.register_buffer("queue_ptr", torch.zeros(1, dtype=torch.long))
    x = load_file(inputs)["x"]
    with torch.no_grad():
        plain = copy.deepcopy(model.encoder_q)
        for _ in range(50):
            for view in ["base", "mask", "recons", "mix"]:
                model.encoder_q(3 * x + 1 + getattr(model, f"{view}_prompt"))
                plain(3 * x + 1)
        model.eval(), plain.eval()
        save_file({"encoder_q": model.encoder_q(x).contiguous(), "plain": plain(x).contiguous()}, output)
    state = {f"module.{name}": value for name, value in model.state_dict().items()}
    torch.save({"epoch": 451, "arch": "BIGRU", "state_dict": state}, pth)


if __name__ == "__main__":
    if sys.argv[1] == "features":
        features(*sys.argv[2:])
    else:
        release(*map(int, sys.argv[2:6]), *sys.argv[6:])
