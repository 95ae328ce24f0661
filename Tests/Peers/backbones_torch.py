"""A supervised training step of a backbone in PyTorch, to be compared with that of this package: `skelbench backbones`.

    backbones_torch.py FOLDER stgcn|ctrgcn|vit --threads 2

FOLDER holds `model.safetensors` (a state dict: the backbone, and `head`, a linear layer) and `batch.safetensors` (`clips`
(N, M, T, V, C), `labels` (N), and `graph` (K, V, V) of a graph network), both written by `skelbench`. For every line on
standard input one step is made: forward, cross-entropy, backward, stochastic gradient descent with momentum. Its loss, seconds
and seconds of processor are printed as a line of JSON. The batch is always the same; the model goes on from step to step.

Written from the papers' equations and the parameters' names. Where there is a choice, PyTorch gets the faster one: attention is
its fused kernel, CTR-GCN's convolutions of a mean over time come behind the mean, the optimizer is fused. Nothing is dropped.
"""

import argparse
import json
import os
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("backbone", choices=["stgcn", "ctrgcn", "vit"])
parser.add_argument("--threads", type=int, default=2)
options = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = str(options.threads)

import torch  # noqa: E402 (the number of threads has to be known before)
import torch.nn as nn  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from safetensors.torch import load_file  # noqa: E402


def over_time(inputs, outputs, frames, stride=1, dilation=1):
    """A convolution over the frames of (N, C, T, V)."""
    padding = (frames - 1) * dilation // 2
    return nn.Conv2d(inputs, outputs, (frames, 1), (stride, 1), (padding, 0), (dilation, 1))


class Holder(nn.Module):
    """A place in a name."""


class STGCNBlock(nn.Module):
    """Graph convolution, convolution over time, and the input added."""

    def __init__(self, inputs, outputs, kinds, stride, first):
        super().__init__()
        self.kinds, self.first = kinds, first
        self.gcn = Holder()
        self.gcn.conv = nn.Conv2d(inputs, kinds * outputs, 1)
        self.tcn = nn.Sequential(
            nn.BatchNorm2d(outputs), nn.ReLU(inplace=True), over_time(outputs, outputs, 9, stride), nn.BatchNorm2d(outputs)
        )
        self.residual = None
        if not first and (inputs != outputs or stride != 1):
            self.residual = nn.Sequential(over_time(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))

    def forward(self, x, graph):
        y = self.gcn.conv(x)
        y = y.view(y.shape[0], self.kinds, -1, *y.shape[2:])
        y = self.tcn(torch.einsum("nkctv,kvw->nctw", y, graph).contiguous())
        if not self.first:
            y = y + (x if self.residual is None else self.residual(x))
        return F.relu(y, inplace=True)


class STGCN(nn.Module):
    """Ten blocks; (N, M, T, V, C) to (N, D)."""

    def __init__(self, state, graph):
        super().__init__()
        self.graph = graph
        widths = [state[f"st_gcn_networks.{i}.tcn.0.weight"].shape[0] for i in range(10)]
        inputs = [3] + widths[:-1]
        self.data_bn = nn.BatchNorm1d(state["data_bn.weight"].shape[0])
        self.st_gcn_networks = nn.ModuleList(
            STGCNBlock(inputs[i], widths[i], len(graph), 2 if i in (4, 7) else 1, i == 0) for i in range(10)
        )
        self.edge_importance = nn.ParameterList(nn.Parameter(torch.ones_like(graph)) for _ in range(10))

    def forward(self, x):
        n, m, t, v, c = x.shape
        y = self.data_bn(x.permute(0, 1, 3, 4, 2).reshape(n * m, v * c, t))
        y = y.view(n * m, v, c, t).permute(0, 2, 3, 1).contiguous()
        for block, importance in zip(self.st_gcn_networks, self.edge_importance):
            y = block(y, self.graph * importance)
        return y.view(n, m, *y.shape[1:]).mean(dim=(1, 3, 4))


class Topology(nn.Module):
    """One kind of neighbours of CTR-GCN's graph convolution."""

    def __init__(self, inputs, outputs):
        super().__init__()
        size = 8 if inputs < 8 or inputs == 9 else inputs // 8
        self.conv1, self.conv2 = nn.Conv2d(inputs, size, 1), nn.Conv2d(inputs, size, 1)
        self.conv3, self.conv4 = nn.Conv2d(inputs, outputs, 1), nn.Conv2d(size, outputs, 1)

    def forward(self, x, graph, strength):
        mean = x.mean(2, keepdim=True)
        u, w = self.conv1(mean).squeeze(2), self.conv2(mean).squeeze(2)
        relation = self.conv4(torch.tanh(u.unsqueeze(-1) - w.unsqueeze(-2))) * strength + graph
        return torch.einsum("ncuv,nctv->nctu", relation, self.conv3(x))


class ChannelGraphConvolution(nn.Module):
    """CTR-GCN's graph convolution, its norm and what is added."""

    def __init__(self, inputs, outputs, kinds, joints):
        super().__init__()
        self.convs = nn.ModuleList(Topology(inputs, outputs) for _ in range(kinds))
        self.PA = nn.Parameter(torch.empty(kinds, joints, joints))
        self.alpha = nn.Parameter(torch.zeros(1))
        self.bn = nn.BatchNorm2d(outputs)
        self.down = None
        if inputs != outputs:
            self.down = nn.Sequential(nn.Conv2d(inputs, outputs, 1), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = sum(topology(x, graph, self.alpha) for topology, graph in zip(self.convs, self.PA))
        return F.relu(self.bn(y) + (x if self.down is None else self.down(x)), inplace=True)


class Normalized(nn.Module):
    """A convolution over time and its norm."""

    def __init__(self, inputs, outputs, frames, stride=1, dilation=1):
        super().__init__()
        self.conv = over_time(inputs, outputs, frames, stride, dilation)
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.bn(self.conv(x))


class MultiScale(nn.Module):
    """Four looks at time side by side."""

    def __init__(self, channels, stride):
        super().__init__()
        width = channels // 4

        def reduced(*rest, stride=1):
            first = nn.Conv2d(channels, width, 1, (stride, 1))
            return nn.Sequential(first, nn.BatchNorm2d(width), *rest)

        self.branches = nn.ModuleList([
            reduced(nn.ReLU(inplace=True), Normalized(width, width, 5, stride, 1)),
            reduced(nn.ReLU(inplace=True), Normalized(width, width, 5, stride, 2)),
            reduced(nn.ReLU(inplace=True), nn.MaxPool2d((3, 1), (stride, 1), (1, 0)), nn.BatchNorm2d(width)),
            reduced(stride=stride),
        ])

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], dim=1)


class CTRGCNBlock(nn.Module):
    """Graph convolution, convolution over time, and the input added."""

    def __init__(self, inputs, outputs, stride, first, kinds, joints):
        super().__init__()
        self.first = first
        self.gcn1 = ChannelGraphConvolution(inputs, outputs, kinds, joints)
        self.tcn1 = MultiScale(outputs, stride)
        self.residual = None
        if not first and (inputs != outputs or stride != 1):
            self.residual = Normalized(inputs, outputs, 1, stride)

    def forward(self, x):
        y = self.tcn1(self.gcn1(x))
        if not self.first:
            y = y + (x if self.residual is None else self.residual(x))
        return F.relu(y, inplace=True)


class CTRGCN(nn.Module):
    """Ten blocks; (N, M, T, V, C) to (N, D)."""

    def __init__(self, state, graph):
        super().__init__()
        widths = [state[f"l{i}.gcn1.bn.weight"].shape[0] for i in range(1, 11)]
        inputs = [3] + widths[:-1]
        self.data_bn = nn.BatchNorm1d(state["data_bn.weight"].shape[0])
        for i in range(10):
            block = CTRGCNBlock(inputs[i], widths[i], 2 if i in (4, 7) else 1, i == 0, *graph.shape[:2])
            setattr(self, f"l{i + 1}", block)

    def forward(self, x):
        n, m, t, v, c = x.shape
        y = self.data_bn(x.permute(0, 1, 3, 4, 2).reshape(n, m * v * c, t))
        y = y.view(n, m, v, c, t).permute(0, 1, 3, 4, 2).reshape(n * m, c, t, v)
        for i in range(10):
            y = getattr(self, f"l{i + 1}")(y)
        return y.view(n, m, *y.shape[1:]).mean(dim=(1, 3, 4))


class Attention(nn.Module):
    """Of every token to all."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        b, length, width = x.shape
        q, k, v = self.qkv(x).view(b, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v)
        return self.proj(y.transpose(1, 2).reshape(b, length, width))


class TransformerBlock(nn.Module):
    """Attention and two linear layers, both added to what they read."""

    def __init__(self, width, heads, epsilon):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width, epsilon), nn.LayerNorm(width, epsilon)
        self.attn = Attention(width, heads)
        self.mlp = Holder()
        self.mlp.fc1, self.mlp.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp.fc2(F.gelu(self.mlp.fc1(self.norm2(x))))


class ViT(nn.Module):
    """MAMP's transformer; (N, M, T, V, C) to (N, D)."""

    def __init__(self, state, graph):
        super().__init__()
        width, channels, span, _ = state["joints_embed.proj.weight"].shape
        depth = sum(1 for name in state if name.endswith("attn.proj.bias"))
        self.joints_embed = Holder()
        self.joints_embed.proj = nn.Conv2d(channels, width, (span, 1), (span, 1))
        self.pos_embed = nn.Parameter(torch.empty_like(state["pos_embed"]))
        self.temp_embed = nn.Parameter(torch.empty_like(state["temp_embed"]))
        self.blocks = nn.ModuleList(TransformerBlock(width, 8, 1e-6) for _ in range(depth))
        self.norm = nn.LayerNorm(width, 1e-6)

    def forward(self, x):
        n, m, t, v, c = x.shape
        y = self.joints_embed.proj(x.reshape(n * m, t, v, c).permute(0, 3, 1, 2))
        y = y.permute(0, 2, 3, 1) + self.pos_embed + self.temp_embed
        y = y.reshape(n * m, -1, y.shape[-1])
        for block in self.blocks:
            y = block(y)
        y = self.norm(y)
        return y.reshape(n, -1, y.shape[-1]).mean(1)


def main():
    torch.set_num_threads(options.threads)
    batch = load_file(f"{options.folder}/batch.safetensors")
    state = load_file(f"{options.folder}/model.safetensors")
    model = {"stgcn": STGCN, "ctrgcn": CTRGCN, "vit": ViT}[options.backbone](state, batch.get("graph"))
    classes, features = state["head.weight"].shape
    model.head = nn.Linear(features, classes)
    model.load_state_dict(state, strict=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4, fused=True)
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for _ in sys.stdin:
        wall, processor = time.perf_counter(), time.process_time()
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model.head(model(batch["clips"])), batch["labels"])
        loss.backward()
        optimizer.step()
        value = loss.item()
        print(
            json.dumps({
                "seconds": time.perf_counter() - wall, "processor": time.process_time() - processor,
                "loss": value, "terms": {},
            }),
            flush=True,
        )


if __name__ == "__main__":
    main()
