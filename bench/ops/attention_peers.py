"""The peers of ./dev bench attention, each named by its PyPI package and the call. A peer is built for a case of
attention_worker.py: `run(i)` does the work on the queries i, `results` are then o, and where the case differentiates the gradients of
q, k, v and of a capture that learns. What does not depend on q, k and v, a mask or what distances add, is made before the clock
starts; each has its inputs in the layout that it likes.
"""
import ctypes
import math

from worker import reason

PACKAGES = ["torch", "jax", "onnxruntime", "numpy"]


def array(pointer, *shape, kind=ctypes.c_float):
    import numpy
    return numpy.ctypeslib.as_array(ctypes.cast(pointer, ctypes.POINTER(kind)), (math.prod(shape),)).reshape(shape)


class Inputs:
    """The numbers of a case, as NumPy's arrays on the same memory."""

    def __init__(self, case):
        import numpy
        queries, keys = (case.b, case.h, case.n_q, case.d), (case.b, case.h, case.n_k, case.d)
        self.q = [array(q, *queries) for q in case.q]
        self.k, self.v, self.cotangent = array(case.k, *keys), array(case.v, *keys), array(case.cotangent, *queries)
        i, j = numpy.arange(case.n_q)[:, None], numpy.arange(case.n_k)
        self.place = i - j + case.n_k - 1  # in the table
        self.table = self.bias = self.seen = None
        if case.mask == "causal":
            self.seen = (j <= i)[None, None]
        elif case.mask == "window":
            self.seen = ((j <= i) & (j > i - 256))[None, None]
        elif case.mask == "documents":
            self.documents = array(case.capture, case.b, case.n_k, kind=ctypes.c_int32)
            self.seen = (self.documents[:, :, None] == self.documents[:, None, :])[:, None]
        elif case.mask == "alibi":
            self.slopes = array(case.capture, case.h)
            self.bias = (-self.slopes[:, None, None] * abs(i - j)).astype(numpy.float32)[None]
        elif case.mask == "table":
            self.table = array(case.capture, case.h, case.n_q + case.n_k - 1)


class Torch:
    """`function(q, k, v, table)`; forms: sdpa, written_out, flex."""

    def __init__(self, case, form, compile):
        import torch
        self.torch, self.case, self.inputs = torch, case, Inputs(case)
        torch.set_num_threads(case.threads)
        torch._dynamo.reset()
        given = self.inputs
        self.q = [torch.from_numpy(q) for q in given.q]
        self.k, self.v, self.cotangent = map(torch.from_numpy, (given.k, given.v, given.cotangent))
        self.table = None if given.table is None else torch.from_numpy(given.table)
        self.leaves = [self.k, self.v] + ([] if self.table is None else [self.table])
        if case.differentiates:
            for leaf in (*self.q, *self.leaves):
                leaf.requires_grad_()
        function = form(torch, case, given)
        self.function = torch.compile(function, dynamic=False) if compile else function

    def run(self, i):
        if not self.case.differentiates:
            with self.torch.no_grad():
                self.found = [self.function(self.q[i], self.k, self.v, self.table)]
            return
        o = self.function(self.q[i], self.k, self.v, self.table)
        self.found = [o, *self.torch.autograd.grad(o, [self.q[i], *self.leaves], self.cotangent)]

    @property
    def results(self):
        return [tensor.detach().contiguous().numpy() for tensor in self.found]


def sdpa(torch, case, given):
    attention = torch.nn.functional.scaled_dot_product_attention
    place = torch.from_numpy(given.place)
    if case.mask == "causal":
        return lambda q, k, v, table: attention(q, k, v, is_causal=True)
    if case.mask == "table":
        return lambda q, k, v, table: attention(q, k, v, attn_mask=table[:, place][None])
    mask = given.bias if given.seen is None else given.seen
    mask = None if mask is None else torch.from_numpy(mask)
    return lambda q, k, v, table: attention(q, k, v, attn_mask=mask)


def written_out(torch, case, given):
    scale, place = case.d ** -0.5, torch.from_numpy(given.place)
    bias = None if given.bias is None else torch.from_numpy(given.bias)
    hidden = None if given.seen is None else ~torch.from_numpy(given.seen)

    def attention(q, k, v, table):
        scores = (q * scale) @ k.transpose(-2, -1)
        if table is not None:
            scores = scores + table[:, place]
        if bias is not None:
            scores = scores + bias
        if hidden is not None:
            scores = scores.masked_fill(hidden, -math.inf)
        return scores.softmax(-1) @ v
    return attention


def flex(torch, case, given):
    """Which skips blocks of scores that a mask hides."""
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention
    slopes = torch.from_numpy(given.slopes) if case.mask == "alibi" else None
    documents = torch.from_numpy(given.documents) if case.mask == "documents" else None
    sees = {"causal": lambda b, h, i, j: j <= i, "window": lambda b, h, i, j: (j <= i) & (j > i - 256),
            "documents": lambda b, h, i, j: documents[b, i] == documents[b, j]}.get(case.mask)
    blocks = create_block_mask(sees, case.b if case.mask == "documents" else None, None, case.n_q, case.n_k, device="cpu") if sees else None

    def attention(q, k, v, table):
        score = {"alibi": lambda s, b, h, i, j: s - slopes[h] * (i - j).abs(),
                 "table": lambda s, b, h, i, j: s + table[h, i - j + case.n_k - 1]}.get(case.mask)
        return flex_attention(q, k, v, score_mod=score, block_mask=blocks)
    return attention


class Documents(Torch):
    """A call for each document, whose places the caller knows."""

    def __init__(self, case):
        super().__init__(case, lambda *_: None, False)
        documents = self.inputs.documents
        ends = [[0, *((documents[b, 1:] != documents[b, :-1]).nonzero()[0] + 1).tolist(), case.n_k] for b in range(case.b)]
        self.spans = [(b, slice(first, last)) for b, all_of in enumerate(ends) for first, last in zip(all_of, all_of[1:])]
        self.function = self.by_document

    def by_document(self, q, k, v, table):
        attention, rows = self.torch.nn.functional.scaled_dot_product_attention, [[] for _ in range(self.case.b)]
        for b, span in self.spans:
            rows[b].append(attention(*(x[b:b + 1, :, span] for x in (q, k, v))))
        return self.torch.cat([self.torch.cat(row, 2) for row in rows])


class Jax:
    """jax.nn.dot_product_attention, jitted, on (batch, tokens, heads, features)."""

    def __init__(self, case):
        import jax
        import jax.numpy as jnp
        self.jax, self.case, given = jax, case, Inputs(case)
        across = lambda x: jnp.asarray(x.transpose(0, 2, 1, 3))
        self.q, self.rest = [across(q) for q in given.q], [across(given.k), across(given.v)]
        options = {"causal": dict(is_causal=True), "window": dict(is_causal=True, local_window_size=(255, 0))}.get(case.mask, {})
        if case.mask == "documents":
            options = dict(mask=jnp.asarray(given.seen))
        elif case.mask == "alibi":
            options = dict(bias=jnp.asarray(given.bias))
        if given.table is not None:
            self.rest.append(jnp.asarray(given.table))
        cotangent, place = across(given.cotangent), jnp.asarray(given.place)

        def attention(q, k, v, *table, **arrays):
            if table:
                arrays = dict(bias=table[0][:, place][None])
            return jax.nn.dot_product_attention(q, k, v, **arrays)

        # Arrays are arguments: as constants, XLA would compute with them while it compiles.
        still = {key: value for key, value in options.items() if not isinstance(value, jax.Array)}
        arrays = {key: value for key, value in options.items() if isinstance(value, jax.Array)}

        def forward(inputs, arrays, cotangent):
            return [attention(*inputs, **arrays, **still)]

        def step(inputs, arrays, cotangent):
            o, pull = jax.vjp(lambda *inputs: attention(*inputs, **arrays, **still), *inputs)
            return [o, *pull(cotangent)]
        self.function = jax.jit(step if case.differentiates else forward)
        self.other = (arrays, cotangent)

    def run(self, i):
        self.found = self.jax.block_until_ready(self.function([self.q[i], *self.rest], *self.other))

    @property
    def results(self):
        import numpy
        return [numpy.ascontiguousarray(numpy.asarray(x).transpose(0, 2, 1, 3) if x.ndim == 4 else numpy.asarray(x)) for x in self.found]


class OnnxRuntime:
    """One node of com.microsoft, on (batch, tokens, heads x features)."""

    def __init__(self, case, op):
        import numpy
        import onnxruntime
        from onnx import TensorProto, helper
        self.case, given = case, Inputs(case)
        across = lambda x: numpy.ascontiguousarray(x.transpose(0, 2, 1, 3)).reshape(case.b, -1, case.h * case.d)
        feeds = dict(key=across(given.k), value=across(given.v))
        names, options = ["query", "key", "value"], dict(num_heads=case.h)
        if op == "GroupQueryAttention":
            empty = numpy.zeros((case.b, case.h, 0, case.d), numpy.float32)
            feeds |= dict(past_key=empty, past_value=empty, seqlens_k=numpy.full(case.b, case.n_k - 1, numpy.int32),
                          total=numpy.array([case.n_k], numpy.int32))
            names += ["past_key", "past_value", "seqlens_k", "total"]
            options |= dict(kv_num_heads=case.h) | (dict(local_window_size=256) if case.mask == "window" else {})
            results = ["o", "present_key", "present_value"]
        else:
            bias = given.bias
            if given.seen is not None and case.mask != "causal":
                bias = numpy.where(given.seen, 0, -numpy.inf).astype(numpy.float32)
            elif given.table is not None:
                bias = given.table[:, given.place][None]
            if bias is not None:
                feeds |= dict(bias=numpy.ascontiguousarray(bias))
                names += ["", "", "bias"]
            options |= dict(unidirectional=1) if case.mask == "causal" else {}
            results = ["o"]
        self.queries = [dict(feeds, query=across(q)) for q in given.q]
        kinds = {"float32": TensorProto.FLOAT, "int32": TensorProto.INT32}
        values = [helper.make_tensor_value_info(name, kinds[x.dtype.name], x.shape) for name, x in self.queries[0].items()]
        node = helper.make_node(op, names, results, domain="com.microsoft", **options)
        graph = helper.make_graph([node], "attention", values, [helper.make_tensor_value_info("o", TensorProto.FLOAT, None)])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)], ir_version=8)
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads, settings.inter_op_num_threads = case.threads, 1
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), settings, providers=["CPUExecutionProvider"])

    def run(self, i):
        self.found, = self.session.run(["o"], self.queries[i])

    @property
    def results(self):
        import numpy
        case = self.case
        return [numpy.ascontiguousarray(self.found.reshape(case.b, case.n_q, case.h, case.d).transpose(0, 2, 1, 3))]


def peers_of(case):
    """ONNX Runtime has no switch that pins it to AVX2, and no derivative; its GroupQueryAttention is causal."""
    found = {
        "torch SDPA eager": lambda case: Torch(case, sdpa, False),
        "torch SDPA compiled": lambda case: Torch(case, sdpa, True),
        "torch written out eager": lambda case: Torch(case, written_out, False),
        "torch written out compiled": lambda case: Torch(case, written_out, True),
        "torch flex_attention compiled": lambda case: Torch(case, flex, True),
    }
    if case.mask == "documents":
        found["torch SDPA of each document"] = Documents
    found["jax dot_product_attention"] = Jax
    if case.isa != "x86-64-v3" and not case.differentiates:
        found["onnxruntime MultiHeadAttention"] = lambda case: OnnxRuntime(case, "MultiHeadAttention")
        if case.mask in ("causal", "window"):
            found["onnxruntime GroupQueryAttention"] = lambda case: OnnxRuntime(case, "GroupQueryAttention")
    return found


def instruction_sets():
    """What PyTorch says it runs with; the others do not say."""
    try:
        import torch
        return {"torch": torch.backends.cpu.get_cpu_capability()}
    except Exception as error:
        return {"torch": reason(error)}
