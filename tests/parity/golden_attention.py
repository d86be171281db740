"""Attention, transformers and positions by PyTorch in f64, of numbers that f32 has: tests/golden/attention.safetensors, with the names
that golden_layers.py explains, for the entries of tests/models/attention.cpp.
"""
import os

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

import philox
from golden_layers import BATCH, GOLDEN, keep, layer, parameterless, tensors

CAUSAL = torch.triu(torch.ones(5, 5, dtype=torch.bool), 1)
PADDING = torch.arange(5)[None] >= torch.arange(BATCH)[:, None] + 3


def decoded(module, x):
    return module(x, x[:, 1:], tgt_mask=CAUSAL, memory_key_padding_mask=PADDING[:, :4])


def dropped(key):
    """The encoder layer in training: each dropout with a key of its own."""
    def drop(x, *path):
        drawn = key
        for n in path:
            drawn = philox.fold(drawn, n)
        return x * torch.from_numpy(philox.uniform(drawn, 0, tuple(x.shape)) >= 0.1) / 0.9

    def call(m, x):
        a = m.self_attn
        q, k, v = (y.unflatten(2, (2, 4)).transpose(1, 2) for y in F.linear(x, a.in_proj_weight, a.in_proj_bias).chunk(3, 2))
        weights = drop((q @ k.transpose(2, 3) / 2).softmax(3), 0)
        attended = a.out_proj((weights @ v).transpose(1, 2).flatten(2))
        h = m.norm1(x + drop(attended, 1))
        return m.norm2(h + drop(m.linear2(drop(F.relu(m.linear1(h)), 2, 0)), 3))
    return call


def angles(length, features, base=10000.0):
    return torch.arange(length).double()[:, None] * base ** (-2 * torch.arange(features // 2).double() / features)


def sinusoidal(x):
    a = angles(5, 8)
    return x * torch.stack([a.sin(), a.cos()], 2).flatten(1)


def sinusoidal2d(x):
    rows, columns = (torch.cat([a.sin(), a.cos()], 1) for a in (angles(2, 4, 100.0), angles(3, 4, 100.0)))
    return x * torch.cat([rows.repeat_interleave(3, 0), columns.repeat(2, 1)], 1)


class LearnedPositions(nn.Module):
    def __init__(self, length, features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(length, features))

    def forward(self, x):
        return x + self.weight


def turned(x, a):
    """As complex numbers, pairs of neighbours."""
    return torch.view_as_real(torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous()) * torch.polar(torch.ones_like(a), a)).flatten(-2)


def rotary_of_halves(x):
    a = angles(5, 8, 500.0)
    turned_by = torch.cat([-x[..., 4:], x[..., :4]], -1)
    return x * torch.cat([a.cos(), a.cos()], 1) + turned_by * torch.cat([a.sin(), a.sin()], 1)


def rotary(sizes, base=10000.0):
    def call(x):
        parts = x.unflatten(1, sizes).chunk(len(sizes), -1)
        shape = lambda axis, a: a.view(*(len(a) if i == axis else 1 for i in range(len(sizes))), -1)
        return torch.cat([turned(part, shape(axis, angles(sizes[axis], part.shape[-1], base)).expand(*sizes, -1))
                          for axis, part in enumerate(parts)], -1).flatten(1, -2)
    return call


def timesteps(t):
    a = 20 * t[:, None] * 10000.0 ** (-torch.arange(3).double() / 3)
    return torch.cat([a.cos(), a.sin()], 1)


def main():
    layer("attention", nn.MultiheadAttention(8, 2, batch_first=True), 5, 8,
          call=lambda m, x: m(x, x, x, attn_mask=CAUSAL, key_padding_mask=PADDING)[0])
    layer("attention_across", nn.MultiheadAttention(8, 4, kdim=6, vdim=5, batch_first=True), 5, 8,
          call=lambda m, x: m(x, x[:, 1:, :6], x[:, :4, 3:])[0])
    layer("encoder_layer", nn.TransformerEncoderLayer(8, 2, 12, 0.1, batch_first=True).eval(), 5, 8,
          call=lambda m, x: m(x, src_mask=CAUSAL, src_key_padding_mask=PADDING))
    module = nn.TransformerEncoderLayer(8, 2, 12, 0.1, batch_first=True)
    layer("encoder_layer_trained", module, 5, 8, call=dropped((5, 6)))
    keep("encoder_layer_trained", key=torch.tensor((5, 6), dtype=torch.int32))
    pre_norm = nn.TransformerEncoderLayer(8, 2, 12, 0.1, lambda x: F.gelu(x, approximate="tanh"), batch_first=True, norm_first=True)
    layer("encoder", nn.TransformerEncoder(pre_norm, 2, nn.LayerNorm(8), enable_nested_tensor=False).eval(), 5, 8)
    decoder = nn.TransformerDecoderLayer(8, 2, 12, 0.1, F.silu, batch_first=True, norm_first=True, bias=False)
    layer("decoder_layer", decoder.eval(), 5, 8, call=decoded)
    layer("decoder", nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 12, 0.1, batch_first=True), 2).eval(), 5, 8, call=decoded)
    parameterless("sinusoidal", sinusoidal, 5, 8)
    parameterless("sinusoidal2d", sinusoidal2d, 6, 8)
    layer("learned_positions", LearnedPositions(5, 8), 5, 8)
    parameterless("rotary", rotary((5,)), 5, 8)
    parameterless("rotary_of_halves", rotary_of_halves, 5, 8)
    parameterless("rotary2d", rotary((2, 3)), 6, 8)
    parameterless("rotary3d", rotary((2, 3, 2), 100.0), 12, 12)
    parameterless("timesteps", timesteps)
    path = f"{GOLDEN}/attention.safetensors"
    save_file(tensors, path)
    print(f"{path}: {os.path.getsize(path) // 1000} KB")


if __name__ == "__main__":
    main()
