"""Layers by PyTorch in f64, of numbers that f32 has: tests/golden/layers.safetensors. Names are those of the entries of
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
from torch.nn import functional as F

import philox

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
    parameterless("layer_norm_without_affine", lambda x: F.layer_norm(x, (5,), eps=1e-3), 3, 5)
    parameterless("rms_norm_without_affine", lambda x: F.rms_norm(x, (3, 5), eps=1e-3), 3, 5)
    layer("group_norm", nn.GroupNorm(2, 4), 4, 9, 8)
    parameterless("group_norm_without_affine", nn.GroupNorm(4, 4, affine=False), 4, 9)
    parameterless("instance_norm1d", nn.InstanceNorm1d(4), 4, 9)
    layer("instance_norm2d", nn.InstanceNorm2d(4, affine=True), 4, 9, 8)
    layer("instance_norm3d", nn.InstanceNorm3d(4, affine=True), 4, 2, 3, 4)
    layer("batch_norm1d", nn.BatchNorm1d(5), 5, batch=7)
    layer("batch_norm1d_of_sequences", nn.BatchNorm1d(4), 4, 9)
    layer("batch_norm2d", nn.BatchNorm2d(4), 4, 9, 8)
    layer("batch_norm2d_inference", nn.BatchNorm2d(4).eval(), 4, 9, 8)
    layer("batch_norm3d_without_affine", nn.BatchNorm3d(4, affine=False), 4, 5, 6, 7)


class MLP(nn.Module):
    def __init__(self, In, hidden, out, activation=F.gelu):
        super().__init__()
        self.fc1, self.fc2, self.activation = nn.Linear(In, hidden), nn.Linear(hidden, out), activation

    def forward(self, x):
        return self.fc2(self.activation(self.fc1(x)))


class GatedMLP(nn.Module):
    def __init__(self, In, hidden, activation, bias=False):
        super().__init__()
        self.w1, self.w2, self.w3 = (nn.Linear(*sizes, bias=bias) for sizes in ((In, hidden), (hidden, In), (In, hidden)))
        self.activation = activation

    def forward(self, x):
        return self.w2(self.activation(self.w1(x)) * self.w3(x))


def parameterless(entry, f, *shape, steps=None, **constants):
    """`steps`: of so many different numbers, so that some are equal."""
    seed(entry)
    x = torch.randint(steps, (BATCH, *shape)).double() if steps else given(constants.pop("batch", BATCH), *shape)
    x.requires_grad_()
    y = f(x, **constants)
    c = given(*y.shape)
    (y * c).sum().backward()
    keep(entry, x=x, c=c, y=y, dx=x.grad, **{name: torch.tensor(v, dtype=torch.int32) for name, v in constants.items()})


def dropped(x, key):
    kept = torch.from_numpy(philox.uniform(philox.fold(key, 0), 0, tuple(x.shape)) >= 0.3)
    rows = torch.from_numpy(philox.uniform(philox.fold(key, 1), 0, (len(x), 1, 1)) >= 0.5)
    assert 0 < rows.sum() < len(x)
    return x * kept / 0.7 * rows / 0.5


def feed_forward():
    layer("mlp", MLP(5, 7, 4), 3, 5)
    layer("mlp_of_tanh", MLP(5, 7, 4, F.tanh), 3, 5)
    layer("swiglu", GatedMLP(5, 7, F.silu), 3, 5)
    layer("geglu", GatedMLP(5, 7, F.gelu), 3, 5)
    layer("gated_mlp", GatedMLP(5, 7, F.relu), 3, 5)
    layer("glu", GatedMLP(5, 7, F.sigmoid, True), 3, 5)
    parameterless("dropout", dropped, 3, 5, key=(3, 4), batch=8)


def reparametrised():
    spectral, weight = nn.utils.spectral_norm, nn.utils.weight_norm
    layer("spectral_norm", spectral(nn.Conv2d(4, 3, 3, padding=1)), 4, 9, 8)
    layer("spectral_norm_transposed", spectral(nn.ConvTranspose1d(4, 3, 2)).eval(), 4, 9)
    layer("weight_norm", weight(nn.Conv1d(4, 3, 2)), 4, 9)


def pooling():
    parameterless("max_pool1d", nn.MaxPool1d(3, 1, 1), 4, 9, steps=4)
    parameterless("max_pool2d", nn.MaxPool2d(3, (2, 3), 1), 4, 9, 8, steps=4)
    parameterless("max_pool3d", nn.MaxPool3d(2), 4, 5, 6, 7, steps=4)
    parameterless("avg_pool1d", nn.AvgPool1d(2), 4, 9)
    parameterless("avg_pool2d", nn.AvgPool2d((3, 2), 2, 1), 4, 9, 8)
    parameterless("avg_pool2d_of_elements", nn.AvgPool2d((3, 2), 2, 1, count_include_pad=False), 4, 9, 8)
    parameterless("avg_pool3d", nn.AvgPool3d((2, 1, 3), (1, 2, 2)), 4, 5, 6, 7)
    parameterless("adaptive_avg_pool1d", nn.AdaptiveAvgPool1d(3), 4, 9)
    parameterless("adaptive_avg_pool2d", nn.AdaptiveAvgPool2d((3, 2)), 4, 9, 8)
    parameterless("adaptive_avg_pool3d", nn.AdaptiveAvgPool3d((2, 1, 2)), 4, 2, 3, 4)
    parameterless("adaptive_max_pool2d", nn.AdaptiveMaxPool2d(1), 4, 9, 8)
    parameterless("upsample", nn.Upsample(scale_factor=(2, 3)), 4, 9, 8)
    parameterless("upsample_bilinear", nn.Upsample(scale_factor=(2, 3), mode="bilinear"), 4, 9, 8)
    parameterless("pixel_shuffle", nn.PixelShuffle(2), 4, 9, 8)
    parameterless("pixel_unshuffle", nn.PixelUnshuffle(2), 1, 18, 16)


def recurrent():
    def recur(module, x, *states):
        outputs, last = module(x, *states)
        last = last if isinstance(last, tuple) else (last,)
        return torch.cat([outputs, *(state.transpose(0, 1) for state in last)], 1)

    def first(x, begin):
        return x[:, begin:begin + 2].transpose(0, 1).contiguous()

    def one_step(module, x):
        states = (x[:, 5:9], x[:, 9:]) if x.shape[1] > 9 else x[:, 5:]
        made = module(x[:, :5], states)
        return torch.cat(made, 1) if isinstance(made, tuple) else made

    layer("gru", nn.GRU(5, 4, batch_first=True), 4, 5, call=recur)
    layer("gru_from_a_state", nn.GRU(6, 6, 2, batch_first=True), 4, 6, call=lambda module, x: recur(module, x, first(x, 0)))
    layer("gru_cell", nn.GRUCell(5, 4), 9, call=one_step)
    layer("lstm", nn.LSTM(6, 6, 2, bias=False, batch_first=True), 4, 6,
          call=lambda module, x: recur(module, x, (first(x, 0), first(x, 2))))
    layer("lstm_cell", nn.LSTMCell(5, 4), 13, call=one_step)
    layer("rnn", nn.RNN(5, 4, nonlinearity="relu", batch_first=True), 4, 5, call=recur)
    layer("rnn_cell", nn.RNNCell(5, 4), 9, call=one_step)


if __name__ == "__main__":
    linear()
    convolutions()
    normalizations()
    feed_forward()
    reparametrised()
    pooling()
    recurrent()
    path = f"{GOLDEN}/layers.safetensors"
    save_file(tensors, path)
    print(f"{path}: {os.path.getsize(path) // 1000} KB")
