"""Layers and losses by PyTorch in f64, of numbers that f32 has: tests/golden/layers.safetensors. Names are those of the entries of
tests/models/layers.cpp, before each of which stands its entry's.

    <entry>.<entry>.<key>          a parameter or buffer, by its key in the state_dict, in its order
    <entry>.<argument>             inputs; `c` is what the output is multiplied with
    <entry>.y, <entry>.dx          the output, and the slopes of sum(y c) in the inputs
    <entry>.<entry>_slopes.<key>   and in the parameters, 0 in buffers
    <entry>.after.<entry>.<key>    buffers after a call in training
"""
import os
import zlib

import torch
from safetensors.torch import save_file
from torch import nn

GOLDEN = os.path.join(os.path.dirname(__file__), "..", "golden")
BATCH = 2
tensors = {}


def given(*shape):
    return torch.randn(shape).double()


def keep(entry, **named):
    for name, value in named.items():
        value = value.detach().clone().contiguous()
        tensors[f"{entry}.{name}"] = value.float() if value.is_floating_point() else value


def keep_state(entry, module, role=""):
    keep(entry, **{f"{entry}{role}.{key}": value for key, value in module.state_dict().items()})


def drawn(module):
    """In f64, of numbers that f32 has, none of them as it is initialised."""
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(0.5 * torch.randn(p.shape) + (0.7 if p.dim() < 2 else 0))
        for b in module.buffers():
            b.copy_(torch.rand(b.shape) + 0.25 if b.is_floating_point() else torch.tensor(41))
    return module.double()


def seed(entry):
    """An entry's numbers are its own, whatever stands before it."""
    torch.manual_seed(zlib.crc32(entry.encode()))


def layer(entry, module, *shape, call=lambda module, x: module(x), batch=BATCH):
    seed(entry)
    module, x = drawn(module), given(batch, *shape)
    keep_state(entry, module)
    x.requires_grad_()
    y = call(module, x)
    c = given(*y.shape)
    (y * c).sum().backward()
    keep(entry, x=x, c=c, y=y, dx=x.grad)
    keep(entry, **{f"{entry}_slopes.{key}": p.grad for key, p in module.named_parameters()})
    keep(entry, **{f"{entry}_slopes.{key}": torch.zeros_like(b) for key, b in module.named_buffers()})
    if module.training:
        keep(entry, **{f"after.{entry}.{key}": b for key, b in module.named_buffers()})


def embedding(entry, module):
    seed(entry)
    module, x = drawn(module), torch.randint(module.num_embeddings, (BATCH, 3))
    keep_state(entry, module)
    y = module(x)
    c = given(*y.shape)
    (y * c).sum().backward()
    keep(entry, x=x, c=c, y=y, **{f"{entry}_slopes.weight": module.weight.grad})


def linear():
    layer("linear", nn.Linear(8, 5), 3, 8)
    layer("linear_without_bias", nn.Linear(8, 5, bias=False), 8)
    embedding("embedding", nn.Embedding(7, 5))


def convolutions():
    layer("conv1d", nn.Conv1d(4, 6, 3, 2, 1, 2, 2), 4, 9)
    layer("conv2d", nn.Conv2d(4, 6, (3, 2), (2, 1), (1, 2), (2, 3)), 4, 9, 8)
    layer("conv2d_same", nn.Conv2d(4, 6, (4, 3), padding="same", groups=2, bias=False), 4, 9, 8)
    layer("conv2d_depthwise", nn.Conv2d(4, 8, 3, 2, 1, (1, 2), 4), 4, 9, 8)
    layer("conv3d", nn.Conv3d(4, 6, (3, 2, 1), (2, 1, 1), 1, (1, 2, 1), 2), 4, 5, 6, 7)
    layer("conv_transpose1d", nn.ConvTranspose1d(4, 6, 3, 2, 1, 1, 2), 4, 9)
    layer("conv_transpose2d", nn.ConvTranspose2d(4, 6, (3, 4), (2, 1), (1, 2), (1, 0), 2, True, 2), 4, 9, 8)
    layer("conv_transpose3d", nn.ConvTranspose3d(4, 6, (3, 2, 1), (2, 1, 1), (1, 0, 0), (1, 0, 0), 2), 4, 5, 6, 7)


def normalizations():
    layer("layer_norm", nn.LayerNorm(5), 3, 5)
    layer("layer_norm_of_two_axes", nn.LayerNorm((3, 5), bias=False), 3, 5)
    layer("rms_norm", nn.RMSNorm(5, eps=2.0**-23), 3, 5)
    layer("group_norm", nn.GroupNorm(2, 4), 4, 9, 8)
    layer("instance_norm2d", nn.InstanceNorm2d(4, affine=True), 4, 9, 8)
    layer("batch_norm1d", nn.BatchNorm1d(5), 5, batch=7)
    layer("batch_norm2d", nn.BatchNorm2d(4), 4, 9, 8)
    layer("batch_norm2d_inference", nn.BatchNorm2d(4).eval(), 4, 9, 8)
    layer("batch_norm3d_without_affine", nn.BatchNorm3d(4, affine=False), 4, 5, 6, 7)


if __name__ == "__main__":
    linear()
    convolutions()
    normalizations()
    path = f"{GOLDEN}/layers.safetensors"
    save_file(tensors, path)
    print(f"{path}: {os.path.getsize(path) // 1000} KB")
