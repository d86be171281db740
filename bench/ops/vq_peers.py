"""The peers of ./dev bench vq, each named by its PyPI package and the call. A peer is built for a case of vq_worker.py:
`run(i)` does the work on input i, `codes` is then the result; where the case trains, `step` is what the step left.
"""
import ctypes
import os

from worker import pointer, reason

PACKAGES = ["torch", "numpy", "faiss-cpu", "vector-quantize-pytorch", "scipy-openblas32"]


def array(pointer, *shape):
    import numpy
    count = 1
    for extent in shape:
        count *= extent
    return numpy.ctypeslib.as_array(ctypes.cast(pointer, ctypes.POINTER(ctypes.c_float)), (count,)).reshape(shape)


class Torch:
    def __init__(self, case):
        import torch
        self.torch = torch
        torch.set_num_threads(case.threads)
        self.case = case
        self.z = [torch.from_numpy(array(z, case.n, case.d)) for z in case.z]
        self.e = torch.from_numpy(array(case.e, case.k, case.d)).clone()

    def compiled(self, function):
        self.torch._dynamo.reset()
        return self.torch.compile(function, dynamic=False)

    @property
    def codes(self):
        return self.result.numpy()


class Forward(Torch):
    """What users write for the nearest code; no gradient flows through it."""

    def __init__(self, case, function, compile):
        super().__init__(case)
        self.function = self.compiled(function) if compile else function

    def run(self, i):
        with self.torch.no_grad():
            self.result = self.function(self.z[i], self.e)


def cdist(z, e):
    import torch
    return torch.cdist(z, e).argmin(1)


def addmm(z, e):
    import torch
    return torch.addmm((e * e).sum(1), z, e.t(), alpha=-2).argmin(1)


def quantise(z, cotangent, embed, total, count, zeros, ones):
    """The training step of bench/ops/vq.h by hand: its loss, and the codebook moved."""
    import torch
    with torch.no_grad():
        codes = addmm(z, embed)
        e = embed[codes]
    output = z + (e - z).detach()
    loss = (output * cotangent).sum() + 0.25 * torch.nn.functional.mse_loss(z, e)
    with torch.no_grad():
        count.lerp_(torch.zeros_like(count).scatter_add_(0, codes, ones), 0.01)
        total.lerp_(zeros.scatter_add(0, codes[:, None].expand_as(z), z), 0.01)
        rows = count.sum()
        smoothed = (count + 1e-5) / (rows + 1e-5 * count.numel()) * rows
        embed.copy_(total / smoothed[:, None])
    return loss, codes


class Train(Torch):
    """z is the leaf that the gradient goes to, the codebook moves in place."""

    def __init__(self, case):
        super().__init__(case)
        for z in self.z:
            z.requires_grad_()
        self.cotangent = self.torch.from_numpy(array(case.cotangent, case.n, case.d))

    def run(self, i):
        self.last = self.z[i]
        self.last.grad = None
        self.loss, self.result = self.forward(self.last)
        self.loss.backward()

    @property
    def step(self):
        return (float(self.loss.detach()), self.last.grad.numpy(), *(tensor.detach().numpy() for tensor in self.state))


class ByHand(Train):
    def __init__(self, case, compile):
        super().__init__(case)
        torch = self.torch
        self.state = (self.e, self.e.clone(), torch.ones(case.k))
        self.constants = torch.zeros(case.k, case.d), torch.ones(case.n)
        self.function = self.compiled(quantise) if compile else quantise

    def forward(self, z):
        return self.function(z, self.cotangent, *self.state, *self.constants)


class Library(Train):
    """vector-quantize-pytorch in train mode, set to the same mathematics: a plain straight-through gradient."""

    def __init__(self, case):
        super().__init__(case)
        from vector_quantize_pytorch import VectorQuantize
        self.quantiser = VectorQuantize(dim=case.d, codebook_size=case.k, decay=0.99, eps=1e-5, commitment_weight=0.25,
                                        rotation_trick=False).train()
        book = self.quantiser._codebook
        for buffer in (book.embed, book.embed_avg):
            buffer.data.copy_(self.e[None])
        self.state = book.embed[0], book.embed_avg[0], book.cluster_size[0]

    def forward(self, z):
        output, codes, commitment = self.quantiser(z[None])
        return (output[0] * self.cotangent).sum() + commitment.sum(), codes[0]


class Faiss:
    """The codebook is in the index before the clock starts."""

    def __init__(self, case):
        import faiss
        faiss.omp_set_num_threads(case.threads)
        self.index = faiss.IndexFlatL2(case.d)
        self.index.add(array(case.e, case.k, case.d))
        self.z = [array(z, case.n, case.d) for z in case.z]

    def run(self, i):
        _, self.found = self.index.search(self.z[i], 1)

    @property
    def codes(self):
        return self.found[:, 0].copy()


class OpenBlas:
    """sgemm of blocks of rows, and a vectorised argmin over each row behind it."""

    def __init__(self, case, block):
        import numpy
        import scipy_openblas32 as openblas
        self.blas = ctypes.CDLL(os.path.join(openblas.get_lib_dir(), openblas.get_library(fullname=True)))
        self.blas.scipy_openblas_set_num_threads(case.threads)
        self.sgemm = ctypes.cast(self.blas.scipy_cblas_sgemm, ctypes.c_void_p)
        self.case, self.block = case, min(block or case.n, case.n)
        self.norms = numpy.empty(case.k, numpy.float32)
        self.dots = numpy.full((self.block, case.k), numpy.nan, numpy.float32)
        self.codes = numpy.full(case.n, -1, numpy.int64)

    def run(self, i):
        case = self.case
        case.library.bench_sgemm_argmin(self.sgemm, case.z[i], case.e, case.n, case.k, case.d, self.block,
                                        pointer(self.norms), pointer(self.dots), pointer(self.codes))


def instruction_sets():
    """What the libraries say they run with."""
    said = {}
    try:
        import torch
        said["torch"] = torch.backends.cpu.get_cpu_capability()
    except Exception as error:
        said["torch"] = reason(error)
    try:
        import faiss
        said["faiss-cpu"] = faiss.SIMDConfig.get_level_name()
    except Exception as error:
        said["faiss-cpu"] = reason(error)
    try:
        import scipy_openblas32 as openblas
        blas = ctypes.CDLL(os.path.join(openblas.get_lib_dir(), openblas.get_library(fullname=True)))
        blas.scipy_openblas_get_corename.restype = ctypes.c_char_p
        said["scipy-openblas32"] = blas.scipy_openblas_get_corename().decode()
    except Exception as error:
        said["scipy-openblas32"] = reason(error)
    return said


PEERS = {
    "forward": {
        "faiss-cpu IndexFlatL2.search k=1": Faiss,
        "scipy-openblas32 sgemm+argmin whole": lambda case: OpenBlas(case, None),
        "scipy-openblas32 sgemm+argmin blocked": lambda case: OpenBlas(case, 512),
        "torch cdist().argmin eager": lambda case: Forward(case, cdist, False),
        "torch cdist().argmin compiled": lambda case: Forward(case, cdist, True),
        "torch addmm+argmin eager": lambda case: Forward(case, addmm, False),
        "torch addmm+argmin compiled": lambda case: Forward(case, addmm, True),
    },
    "train": {
        "vector-quantize-pytorch VectorQuantize train": Library,
        "torch addmm+argmin+EMA eager": lambda case: ByHand(case, False),
        "torch addmm+argmin+EMA compiled": lambda case: ByHand(case, True),
    },
}
