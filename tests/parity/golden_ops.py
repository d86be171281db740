"""Golden files of the op families: tests/golden/<family>.mlir holds the cases, <family>.safetensors their inputs and,
made by PyTorch in f64 (random numbers by NumPy), the results. Tensors are named <function>.<argument or result>.

A case with a gradient is one function: y, and d<x> of sum(y * g) for each operand that has one.
"""
import math
import os

import numpy as np
import torch
from safetensors.numpy import save_file

import philox

GOLDEN = os.path.join(os.path.dirname(__file__), "..", "golden")
ELEMENT = {"float32": "f32", "float64": "f64", "int64": "i64", "int32": "i32", "bool": "i1"}
rng = np.random.default_rng(7)


def tensor_type(array):
    array = np.asarray(array)
    return f"tensor<{''.join(f'{n}x' for n in array.shape)}{ELEMENT[array.dtype.name]}>"


def attribute(value):
    if isinstance(value, (list, tuple)):
        return "array<i64" + (": " + ", ".join(map(str, value)) if value else "") + ">"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else f"{value} : {'f64' if isinstance(value, float) else 'i64'}"


class Family:
    def __init__(self, name):
        self.name, self.functions, self.tensors = name, [], {}

    def case(self, name, op, operands, function, gradient=True, **attributes):
        """`operands` : name -> f32 or integer array; `function` the same in PyTorch, on f64."""
        arrays = {k: np.asarray(v) for k, v in operands.items()}
        inputs = {k: torch.from_numpy(np.array(v, np.float64 if v.dtype == np.float32 else v.dtype))
                  for k, v in arrays.items()}
        params = [k for k, v in arrays.items() if v.dtype == np.float32] if gradient else []
        for k in params:
            inputs[k].requires_grad_()
        y = function(*inputs.values())
        is_real = y.dtype == torch.float64
        results = {"y": y.detach().numpy().astype(np.float32) if is_real else y.detach().numpy()}
        if results["y"].dtype == np.bool_:
            results["y"] = results["y"].astype(np.int64)
        if params:
            arrays["g"] = rng.standard_normal(y.shape).astype(np.float32)
            (y * torch.from_numpy(arrays["g"].astype(np.float64))).sum().backward()
            for k in params:
                grad = inputs[k].grad
                results["d" + k] = (torch.zeros_like(inputs[k]) if grad is None else grad).detach().numpy().astype(np.float32)
        self.add(name, op, arrays, list(operands), params, results, attributes)

    def add(self, name, op, arrays, operands, params, results, attributes):
        ordered = params + [k for k in arrays if k not in params]
        arguments = ", ".join(f'%{k}: {tensor_type(arrays[k])} {{kerf.name = "{k}"}}' for k in ordered)
        outputs = ", ".join(f'{tensor_type(v)} {{kerf.name = "{k}"}}' for k, v in results.items())
        y = tensor_type(results["y"])
        listed = ", ".join(f"{k} = {attribute(v)}" for k, v in attributes.items())
        types = ", ".join(tensor_type(arrays[k]) for k in operands)
        call = [f'%y = "kerf.{op}"({", ".join("%" + k for k in operands)})' + (f" {{{listed}}}" if listed else "") +
                f" : ({types}) -> {y}"]
        bits = y.replace("f32", "i1").replace("i64", "i1")
        if op == "compare":  # no i1 at the border of an entry
            call = [call[0].replace("%y =", "%bits =").replace(f"-> {y}", f"-> {bits}"), f'%y = "kerf.cast"(%bits) : ({bits}) -> {y}']
        if op == "select":
            call = [f'%bits = "kerf.cast"(%c) : ({tensor_type(arrays["c"])}) -> {bits}',
                    call[0].replace("(%c,", "(%bits,").replace(f"({tensor_type(arrays['c'])},", f"({bits},")]
        lines = [f'func.func @{name}({arguments})', f"    -> ({outputs}) attributes {{kerf.entry}} {{"]
        if params:
            rank = len(results["y"].shape)
            lines += ["  %loss, %value, " + ", ".join(f"%d{k}" for k in params) + ' = "kerf.value_and_grad"(' +
                      ", ".join("%" + k for k in ordered) + ") ({",
                      "  ^bb0(" + ", ".join(f"%{k}: {tensor_type(arrays[k])}" for k in ordered).replace("%", "%inner_") + "):"]
            inner = [line.replace("%", "%inner_") for line in call]
            inner += [f'%inner_p = "kerf.mul"(%inner_y, %inner_g) : ({y}, {y}) -> {y}',
                      f'%inner_l = "kerf.sum"(%inner_p) {{axes = {attribute(list(range(rank)))}}} : ({y}) -> tensor<f32>',
                      f'"kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, {y}) -> ()']
            lines += ["    " + line for line in inner]
            grads = ", ".join(tensor_type(arrays[k]) for k in params)
            lines += [f"  }}) {{num_params = {len(params)} : i64, num_aux = 1 : i64}} : (" +
                      ", ".join(tensor_type(arrays[k]) for k in ordered) + f") -> (tensor<f32>, {y}, {grads})"]
            returned = ["%value"] + [f"%d{k}" for k in params]
        else:
            lines += ["  " + line for line in call]
            returned = ["%y"]
        lines += [f"  return {', '.join(returned)} : " + ", ".join(tensor_type(v) for v in results.values()), "}"]
        self.functions.append("\n".join(lines))
        for k, v in list(arrays.items()) + list(results.items()):
            self.tensors[f"{name}.{k}"] = np.ascontiguousarray(v).reshape(np.shape(v))

    def save(self):
        text = f'// Made by tests/parity/golden_ops.py.\nmodule attributes {{kerf.model = "golden_{self.name}"}} {{\n'
        text += "\n\n".join(self.functions) + "\n}\n"
        with open(f"{GOLDEN}/{self.name}.mlir", "w") as file:
            file.write(text)
        save_file(self.tensors, f"{GOLDEN}/{self.name}.safetensors")
        print(f"{self.name}: {len(self.functions)} cases")


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def positive(*shape):
    return (0.05 + np.abs(normal(*shape))).astype(np.float32)


def tied(*shape):
    """Few distinct values, so that ties are certain."""
    return rng.integers(-2, 3, shape).astype(np.float32)


INF, NAN = math.inf, math.nan
SPECIAL = np.array([NAN, INF, -INF, 0.0, -0.0, 1.0, -1.0, 88.0, -88.0, 1e-30, -1e30], np.float32)


def elementwise():
    f = Family("elementwise")
    shape = (3, 7)
    for op, torch_op in [("neg", torch.neg), ("exp", torch.exp), ("tanh", torch.tanh), ("abs", torch.abs)]:
        f.case(op, op, {"x": normal(*shape)}, lambda x: torch_op(x))
    for op, torch_op in [("log", torch.log), ("sqrt", torch.sqrt), ("rsqrt", torch.rsqrt)]:
        f.case(op, op, {"x": positive(*shape)}, lambda x: torch_op(x))
    for op, torch_op in [("exp", torch.exp), ("log", torch.log), ("tanh", torch.tanh), ("sqrt", torch.sqrt),
                         ("rsqrt", torch.rsqrt), ("abs", torch.abs), ("neg", torch.neg)]:
        f.case(op + "_special", op, {"x": SPECIAL}, lambda x: torch_op(x), gradient=False)
    f.case("abs_at_zero", "abs", {"x": tied(17)}, torch.abs)
    f.case("floor", "floor", {"x": np.append(3 * normal(20), np.float32([2.0, -2.0, -0.5]))}, torch.floor, gradient=False)
    for op, torch_op in [("add", torch.add), ("sub", torch.sub), ("mul", torch.mul), ("div", torch.div)]:
        f.case(op, op, {"a": normal(*shape), "b": normal(*shape)}, lambda a, b: torch_op(a, b))
    f.case("div_special", "div", {"a": np.float32([1, -1, 0, INF, NAN]), "b": np.float32([0, 0, 0, INF, 1])}, torch.div,
           gradient=False)
    for op, torch_op in [("maximum", torch.maximum), ("minimum", torch.minimum)]:
        f.case(op, op, {"a": tied(5, 7), "b": tied(5, 7)}, lambda a, b: torch_op(a, b))
        f.case(op + "_nan", op, {"a": np.float32([NAN, 1, NAN, INF, -INF]), "b": np.float32([1, NAN, NAN, 0, INF])},
               lambda a, b: torch_op(a, b), gradient=False)
        f.case(op + "_integer", op, {"a": rng.integers(-9, 9, (11,)), "b": rng.integers(-9, 9, (11,))},
               lambda a, b: torch_op(a, b), gradient=False)
    for op, torch_op in [("add", torch.add), ("sub", torch.sub), ("mul", torch.mul)]:
        f.case(op + "_integer", op, {"a": rng.integers(-9, 9, (11,)), "b": rng.integers(-9, 9, (11,))},
               lambda a, b: torch_op(a, b), gradient=False)
    for predicate in ["lt", "le", "gt", "ge", "eq", "ne"]:
        f.case("compare_" + predicate, "compare", {"a": np.append(tied(20), np.float32([NAN, 1, NAN, 0.0])),
               "b": np.append(tied(20), np.float32([1, NAN, NAN, -0.0]))}, getattr(torch, predicate), gradient=False,
               predicate=predicate)
    f.case("select", "select", {"c": rng.integers(0, 2, shape), "a": normal(*shape), "b": normal(*shape)},
           lambda c, a, b: torch.where(c != 0, a, b))
    f.case("straight_through", "straight_through", {"z": normal(*shape), "q": normal(*shape)},
           lambda z, q: z - z.detach() + q.detach())
    f.case("stop_gradient", "stop_gradient", {"x": normal(*shape)}, lambda x: x.detach() + 0 * x)
    f.case("cast_to_integer", "cast", {"x": np.float32([0.9, -0.9, 2.5, -2.5, 1e6, -7.0])}, lambda x: x.to(torch.int64),
           gradient=False)
    f.case("cast_from_integer", "cast", {"x": rng.integers(-99, 99, (9,))}, lambda x: x.to(torch.float64), gradient=False)
    return f


def reduction():
    f = Family("reduction")
    for axes in [[0], [1], [2], [0, 2], [1, 2], [0, 1, 2]]:
        name = "".join(map(str, axes))
        f.case(f"sum_{name}", "sum", {"x": normal(3, 5, 19)}, lambda x: x.sum(axes), axes=axes)
        f.case(f"max_{name}", "max", {"x": normal(3, 5, 19)}, lambda x: x.amax(axes), axes=axes)
    f.case("max_of_ties", "max", {"x": tied(5, 33)}, lambda x: x.amax([1]), axes=[1])
    holes = normal(4, 21)
    holes[1, 3] = holes[1, 18] = holes[3, 0] = NAN
    holes[2, 5] = -INF
    f.case("max_with_nan", "max", {"x": holes}, lambda x: x.amax([1]), gradient=False, axes=[1])
    f.case("sum_with_nan", "sum", {"x": holes}, lambda x: x.sum([1]), gradient=False, axes=[1])
    for axis in [0, 1, 2]:
        f.case(f"argmin_{axis}", "argmin", {"x": normal(3, 17, 5)}, lambda x: x.argmin(axis), gradient=False, axis=axis)
    lowest = lambda x: (x == x.amin(1, keepdim=True)).int().argmax(1)
    f.case("argmin_of_ties", "argmin", {"x": tied(9, 33)}, lowest, gradient=False, axis=1)
    f.case("argmin_with_nan", "argmin", {"x": holes}, lambda x: torch.tensor(
        [int(row.isnan().int().argmax()) if row.isnan().any() else int(row.argmin()) for row in x]), gradient=False, axis=1)
    return f


def contraction():
    f = Family("contraction")

    def product(name, a, b, a_batch, b_batch, a_contract, b_contract):
        letters = "abcdefghijkl"
        left, right = list(letters[:len(a)]), list(letters[len(a):len(a) + len(b)])
        for i, k in list(zip(a_batch, b_batch)) + list(zip(a_contract, b_contract)):
            right[k] = left[i]
        free = [left[i] for i in range(len(a)) if i not in a_batch + a_contract]
        free += [right[i] for i in range(len(b)) if i not in b_batch + b_contract]
        formula = f"{''.join(left)},{''.join(right)}->{''.join([left[i] for i in a_batch] + free)}"
        f.case(name, "contract", {"a": normal(*a), "b": normal(*b)}, lambda a, b: torch.einsum(formula, a, b),
               a_batch=a_batch, b_batch=b_batch, a_contract=a_contract, b_contract=b_contract)

    product("matmul", (7, 17), (17, 13), [], [], [1], [0])
    product("matmul_both_transposed", (9, 7), (17, 9), [], [], [0], [1])
    product("matmul_one_past_a_tile", (7, 33), (33, 17), [], [], [1], [0])
    product("matmul_of_ones", (1, 1), (1, 1), [], [], [1], [0])
    product("matrix_vector", (6, 5), (5,), [], [], [1], [0])
    product("inner", (37,), (37,), [], [], [0], [0])
    product("outer", (3,), (4,), [], [], [], [])
    product("batched", (3, 5, 4), (3, 4, 6), [0], [0], [2], [1])
    product("two_batch_axes", (2, 3, 5, 4), (2, 6, 3, 4), [0, 1], [0, 2], [3], [3])
    product("two_contracted_axes", (4, 2, 3), (3, 5, 2), [], [], [1, 2], [2, 0])
    product("two_blocks_of_k", (2, 300), (300, 3), [], [], [1], [0])
    return f


def convolution():
    f = Family("convolution")
    F = torch.nn.functional
    settings = [  # name, x, (o, kh, kw), stride, padding
        ("same_3x3", (2, 3, 7, 5), (4, 3, 3), [1, 1], [1, 1]),
        ("down_4x4", (2, 3, 8, 8), (5, 4, 4), [2, 2], [1, 1]),
        ("one_by_one", (2, 5, 3, 4), (7, 1, 1), [1, 1], [0, 0]),
        ("uneven", (1, 2, 9, 8), (3, 2, 3), [3, 2], [0, 2]),  # the last row is read by no output
        ("ones", (1, 1, 1, 1), (1, 1, 1), [1, 1], [0, 0]),
    ]
    for name, x, (o, kh, kw), s, p in settings:
        w = (o, x[1], kh, kw)
        size = [(x[2 + i] + 2 * p[i] - w[2 + i]) // s[i] + 1 for i in range(2)]
        y = (x[0], o, *size)
        extra = [(x[2 + i] + 2 * p[i] - w[2 + i]) % s[i] for i in range(2)]
        f.case("conv_" + name, "conv", {"x": normal(*x), "w": normal(*w)},
               lambda x, w: F.conv2d(x, w, stride=s, padding=p), stride=s, padding=p)
        f.case("conv_transpose_" + name, "conv_transpose", {"y0": normal(*y), "w": normal(*w)},
               lambda y0, w: F.conv_transpose2d(y0, w, stride=s, padding=p, output_padding=extra), stride=s, padding=p)

        def conv_filter(x0, y0):
            patches = F.unfold(x0, (kh, kw), padding=p, stride=s)  # N, C kh kw, L
            return torch.einsum("nol,nkl->ok", y0.flatten(2), patches).reshape(w)
        f.case("conv_filter_" + name, "conv_filter", {"x0": normal(*x), "y0": normal(*y)}, conv_filter, stride=s, padding=p)
    return f


def indexing():
    f = Family("indexing")
    rows = lambda *shape: rng.integers(0, 6, shape)
    outside = np.array([-3, 0, 5, 6, 900, 2], np.int64)
    f.case("gather", "gather", {"table": normal(6, 5), "i": rows(3, 4)}, lambda table, i: table[i])
    f.case("gather_scalars", "gather", {"table": normal(6), "i": rows(7)}, lambda table, i: table[i])
    f.case("gather_clamps", "gather", {"table": normal(6, 3), "i": outside}, lambda table, i: table[i.clamp(0, 5)])

    def add(u, i):
        index = i.clamp(0, 5).flatten()
        return torch.zeros(6, *u.shape[i.dim():], dtype=u.dtype).index_add(0, index, u.reshape(len(index), *u.shape[i.dim():]))
    f.case("scatter_add", "scatter_add", {"u": normal(3, 4, 5), "i": rows(3, 4)}, add, rows=6)
    f.case("scatter_add_clamps", "scatter_add", {"u": normal(6, 3), "i": outside}, add, rows=6)
    return f


def along():
    """Drawn from numbers of its own: the families before it keep theirs."""
    f = Family("along")
    draw = np.random.default_rng(11)
    real = lambda *shape: draw.standard_normal(shape).astype(np.float32)
    few = lambda *shape: draw.integers(-2, 3, shape).astype(np.float32)
    places = lambda n, *shape: draw.integers(0, n, shape)
    for axis, shape, picked in [(0, (6, 5), (3, 5)), (1, (4, 7), (4, 9)), (1, (2, 5, 3), (2, 4, 3))]:
        n = shape[axis]
        f.case(f"take_along_{axis}_of_{len(shape)}", "take_along", {"x": real(*shape), "i": places(n, *picked)},
               lambda x, i: x.gather(axis, i), axis=axis)
        f.case(f"scatter_add_along_{axis}_of_{len(shape)}", "scatter_add_along", {"u": real(*picked), "i": places(n, *picked)},
               lambda u, i: torch.zeros(shape, dtype=u.dtype).scatter_add(axis, i, u), axis=axis)
    outside = np.array([[-3, 0, 5, 6, 900, 2]], np.int64)
    f.case("take_along_clamps", "take_along", {"x": real(1, 6), "i": outside}, lambda x, i: x.gather(1, i.clamp(0, 5)), axis=1)
    f.case("slice_at", "slice_at", {"x": real(4, 9, 3), "offset": np.array(5)}, lambda x, offset: x.narrow(1, int(offset), 4), axis=1)
    f.case("update_at", "update_at", {"x": real(4, 9, 3), "offset": np.array(2), "u": real(4, 4, 3)},
           lambda x, offset, u: torch.cat([x[:, :2], u, x[:, 6:]], 1), axis=1)
    holes = real(3, 50)
    holes[1, 3] = holes[1, 18] = holes[2, 0] = NAN
    holes[0, 5], holes[2, 20], holes[0, 7], holes[0, 9] = INF, -INF, 0.0, -0.0
    for name, descending in [("up", False), ("down", True)]:
        for case, x, axis in [("", real(3, 40), 1), ("_of_ties", few(70, 2), 0), ("_with_nan", holes, 1), ("_of_integers", places(9, 80), 0)]:
            f.case(f"argsort_{name}{case}", "argsort", {"x": x},
                   lambda x: torch.sort(x, dim=axis, descending=descending, stable=True).indices, gradient=False, axis=axis,
                   descending=descending)

    def scan(a, b, axis, reverse):
        a, b = (x.movedim(axis, 0).flip(0) if reverse else x.movedim(axis, 0) for x in (a, b))
        y = [b[0]]
        for i in range(1, len(b)):
            y.append(a[i] * y[-1] + b[i])
        y = torch.stack(y)
        return (y.flip(0) if reverse else y).movedim(0, axis)
    for axis in [0, 1, 2]:
        for reverse in [False, True]:
            f.case(f"linear_scan_{axis}" + ("_reverse" if reverse else ""), "linear_scan", {"a": real(3, 5, 4), "b": real(3, 5, 4)},
                   lambda a, b: scan(a, b, axis, reverse), axis=axis, reverse=reverse)
    zeros = few(4, 9)  # whose products vanish: running products, but for the first b
    f.case("linear_scan_of_zeros", "linear_scan", {"a": zeros, "b": zeros}, lambda a, b: scan(a, b, 1, False), axis=1)
    return f


def integers():
    f = Family("integers")
    draw = np.random.default_rng(13)
    floor = lambda a, b: torch.div(a, b, rounding_mode="floor")
    for kind in [np.int32, np.int64]:
        a = draw.integers(-99, 99, 40).astype(kind)
        b = draw.integers(1, 9, 40).astype(kind) * draw.choice([-1, 1], 40).astype(kind)
        shift = draw.integers(0, 31, 40).astype(kind)
        wide = "" if kind == np.int32 else "_i64"
        for op, torch_op, other in [("floor_divide", floor, b), ("remainder", torch.remainder, b), ("bit_and", torch.bitwise_and, b),
                                    ("bit_or", torch.bitwise_or, b), ("bit_xor", torch.bitwise_xor, b),
                                    ("shift_left", torch.bitwise_left_shift, shift),
                                    ("shift_right", torch.bitwise_right_shift, shift)]:
            f.case(op + wide, op, {"a": a, "b": other}, torch_op, gradient=False)
        f.case("bit_not" + wide, "bit_not", {"x": a}, torch.bitwise_not, gradient=False)
    return f


def shape():
    f = Family("shape")
    f.case("reshape", "reshape", {"x": normal(4, 3, 5)}, lambda x: x.reshape(6, 10))
    f.case("reshape_to_scalar", "reshape", {"x": normal(1, 1)}, lambda x: x.reshape(()))
    f.case("transpose", "transpose", {"x": normal(4, 3, 5)}, lambda x: x.permute(2, 0, 1), permutation=[2, 0, 1])
    f.case("transpose_last_two", "transpose", {"x": normal(2, 17, 9)}, lambda x: x.permute(0, 2, 1), permutation=[0, 2, 1])
    f.case("broadcast_new_axes", "broadcast", {"x": normal(3)}, lambda x: x[None, :, None].expand(2, 3, 4), dims=[1])
    f.case("broadcast_stretched_axis", "broadcast", {"x": normal(3, 1)}, lambda x: x[:, None].expand(3, 5, 4), dims=[0, 2])
    f.case("broadcast_scalar", "broadcast", {"x": normal()}, lambda x: x.expand(2, 3), dims=[])
    f.case("slice", "slice", {"x": normal(5, 9)}, lambda x: x[1:4, 2:9], offsets=[1, 2], limits=[4, 9], strides=[1, 1])
    f.case("slice_strided", "slice", {"x": normal(7, 9)}, lambda x: x[1:7:2, 0:8:3], offsets=[1, 0], limits=[7, 8],
           strides=[2, 3])

    def pad(low, high, interior):
        def function(x):
            y = torch.zeros([l + n + max(n - 1, 0) * i + h for l, n, h, i in zip(low, x.shape, high, interior)], dtype=x.dtype)
            where = tuple(slice(l, l + (n - 1) * (i + 1) + 1, i + 1) for l, n, i in zip(low, x.shape, interior))
            return y.index_put(torch.meshgrid(*[torch.arange(y.shape[k])[where[k]] for k in range(x.dim())], indexing="ij"), x)
        return function
    for name, low, high, interior in [("pad", [1, 0], [2, 3], [0, 0]), ("pad_interior", [1, 2], [0, 1], [1, 2])]:
        f.case(name, "pad", {"x": normal(3, 4)}, pad(low, high, interior), low=low, high=high, interior=interior)
    f.case("concat", "concat", {"a": normal(2, 3), "b": normal(2, 1), "c": normal(2, 4)},
           lambda a, b, c: torch.cat([a, b, c], 1), axis=1)
    return f


def random():
    f = Family("random")

    def draw(name, op, key, offset, shape):
        y = (philox.uniform if op == "uniform" else philox.normal)(key, offset, shape).astype(np.float32)
        arrays = {"key": np.array(key, np.uint32).view(np.int32), "offset": np.array(offset, np.int64)}
        f.add(name, op, arrays, list(arrays), [], {"y": y}, {})
    for op in ["uniform", "normal"]:
        draw(op, op, (1, 2), 0, (5, 13))
        draw(op + "_at_an_offset", op, (0xDEADBEEF, 0x89ABCDEF), 3, (37,))
        draw(op + "_across_2_34", op, (0, 0xFFFFFFFF), 2**34 - 5, (11,))
    for name, key, n in [("fold_key", (1, 2), 7), ("fold_key_large", (0xFFFFFFFF, 0), 2**33 + 1), ("fold_key_negative", (5, 6), -1)]:
        arrays = {"key": np.array(key, np.uint32).view(np.int32), "n": np.array(n, np.int64)}
        f.add(name, "fold_key", arrays, list(arrays), [], {"y": np.array(philox.fold(key, n), np.uint32).view(np.int32)}, {})
    return f


def selection():
    f = Family("selection")
    ranked = lambda k: lambda x: torch.sort(x, dim=-1, descending=True, stable=True).indices[..., :k]
    f.case("top_k", "top_k", {"x": normal(3, 5, 17)}, lambda x: torch.topk(x, 4).indices, gradient=False, k=4)
    f.case("top_k_of_ties", "top_k", {"x": tied(9, 33)}, ranked(7), gradient=False, k=7)
    f.case("top_k_all", "top_k", {"x": normal(65)}, lambda x: torch.topk(x, 65).indices, gradient=False, k=65)
    holes = normal(3, 21)
    holes[1, 3] = holes[1, 18] = holes[2, 0] = NAN
    holes[0, 5], holes[2, 20] = INF, -INF
    f.case("top_k_with_nan", "top_k", {"x": holes}, ranked(5), gradient=False, k=5)

    def nearest(name, z, e, metric):
        def search(z, e):
            if metric == "l2":
                return torch.cdist(z, e).argmin(-1)
            return torch.einsum("...nd,...kd->...nk", z, e if metric == "dot" else torch.nn.functional.normalize(e, dim=-1)).argmax(-1)
        f.case(name, "vq", {"z": z, "e": e}, search, gradient=False, metric=metric)
    for metric in ["l2", "dot", "cosine"]:
        nearest(f"vq_{metric}", normal(37, 24), normal(50, 24), metric)
        nearest(f"vq_{metric}_of_heads", normal(3, 13, 5), normal(3, 17, 5), metric)

    def sampled(name, z, e, key, offset, t, metric):  # a draw of the softmax, as torch writes the noise
        u = torch.from_numpy(philox.uniform(key, offset, (len(z), len(e))).astype(np.float64))
        x, y = torch.from_numpy(z.astype(np.float64)), torch.from_numpy(e.astype(np.float64))
        logits = x @ y.T if metric == "dot" else 2 * x @ y.T - (y * y).sum(1)
        codes = (logits - t * torch.log(-torch.log(u))).argmax(1)
        arrays = {"z": z, "e": e, "key": np.array(key, np.uint32).view(np.int32), "offset": np.array(offset, np.int64),
                  "t": np.float32(t)}
        f.add(name, "vq_sampled", arrays, list(arrays), [], {"y": codes.numpy()}, {"metric": metric, "least": 0.0})
    sampled("vq_sampled_l2", normal(37, 24), normal(50, 24), (1, 2), 0, 4.0, "l2")
    sampled("vq_sampled_dot", normal(37, 24), normal(50, 24), (0xDEADBEEF, 3), 2**34 - 5, 2.0, "dot")
    return f


def functions():
    f = Family("functions")
    shape = (3, 7)
    for op, torch_op in [("sin", torch.sin), ("cos", torch.cos), ("erf", torch.erf), ("erfc", torch.erfc)]:
        f.case(op, op, {"x": 2 * normal(*shape)}, torch_op)
        f.case(op + "_special", op, {"x": SPECIAL}, torch_op, gradient=False)
    for op, torch_op in [("round", torch.round), ("sign", torch.sign)]:
        x = np.append(3 * normal(20), np.float32([*SPECIAL, 0.5, 1.5, -2.5]))
        f.case(op, op, {"x": x}, torch_op, gradient=False)
    f.case("sign_integer", "sign", {"x": rng.integers(-3, 4, (11,))}, torch.sign, gradient=False)
    f.case("pow", "pow", {"a": positive(*shape), "b": 2 * normal(*shape)}, torch.pow)
    f.case("pow_at_edges", "pow", {"a": np.float32([0, 0, 0, 2, 3]), "b": np.float32([0, 1, 2, 0, -1])}, torch.pow)
    edges = np.float32([NAN, INF, -INF, 0.0, -0.0, 1.0, -1.0, 2.0, -3.0, 0.5])
    for op, torch_op in [("pow", torch.pow), ("remainder", torch.remainder)]:
        f.case(op + "_special", op, {"a": np.repeat(edges, len(edges)), "b": np.tile(edges, len(edges))}, torch_op,
               gradient=False)
    f.case("remainder", "remainder", {"a": 9 * normal(*shape), "b": 2 * normal(*shape)}, torch.remainder)
    return f


if __name__ == "__main__":
    for family in [elementwise, reduction, contraction, convolution, indexing, shape, random, selection, along, integers,
                   functions]:
        family().save()
