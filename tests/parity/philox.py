"""Kerf's random numbers in NumPy: Philox4x32-10 [Salmon 2011], counter-based, the same on every target."""
import numpy as np

M0, M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
W0, W1 = 0x9E3779B9, 0xBB67AE85
LOW = np.uint64(0xFFFFFFFF)


def philox(counter, key):
    """Ten rounds. counter : (n, 4) uint32, key : two ints -> (n, 4) uint32."""
    c = [counter[:, i].astype(np.uint64) for i in range(4)]
    k0, k1 = int(key[0]), int(key[1])
    for _ in range(10):
        p0, p1 = M0 * c[0], M1 * c[2]
        c = [(p1 >> np.uint64(32)) ^ c[1] ^ np.uint64(k0), p1 & LOW,
             (p0 >> np.uint64(32)) ^ c[3] ^ np.uint64(k1), p0 & LOW]
        k0, k1 = (k0 + W0) & 0xFFFFFFFF, (k1 + W1) & 0xFFFFFFFF
    return np.stack(c, 1).astype(np.uint32)


def words(key, offset, n):
    """Words number offset .. offset + n - 1 of the stream of `key`."""
    index = np.arange(n, dtype=np.uint64) + np.uint64(offset % 2**64)
    block = index >> np.uint64(2)
    zero = np.zeros_like(block)
    counter = np.stack([block & LOW, block >> np.uint64(32), zero, zero], 1)
    return philox(counter, key)[np.arange(n), (index & np.uint64(3)).astype(np.int64)]


def uniform(key, offset, shape):
    """In [0, 1), a multiple of 2^-24: exact in f32."""
    n = int(np.prod(shape))
    return ((words(key, offset, n) >> np.uint32(8)) * np.float64(2.0**-24)).reshape(shape)


def normal(key, offset, shape):
    """Box-Muller of words (2 floor(i/2), 2 floor(i/2) + 1): cos for even i, sin for odd. In f64."""
    n = int(np.prod(shape))
    index = np.arange(n, dtype=np.int64) + offset
    first = 2 * (offset // 2)
    w = words(key, first, 2 * (int(index[-1]) // 2) + 2 - first).astype(np.uint64)
    even = 2 * (index // 2) - first
    u = ((w[even] >> np.uint64(8)) + np.uint64(1)) * np.float64(2.0**-24)
    angle = 2 * np.pi * ((w[even + 1] >> np.uint64(8)) * np.float64(2.0**-24))
    radius = np.sqrt(-2 * np.log(u))
    return np.where(index % 2 == 0, radius * np.cos(angle), radius * np.sin(angle)).reshape(shape)


def fold(key, n):
    """The key of part `n` of `key`."""
    n %= 2**64
    counter = np.array([[n & 0xFFFFFFFF, n >> 32, 0, 1]], dtype=np.uint32)
    return tuple(int(word) for word in philox(counter, key)[0, :2])


def check():
    """Random123's known answers."""
    ones = np.full((1, 4), 0xFFFFFFFF, np.uint32)
    pi = np.array([[0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344]], np.uint32)
    for counter, key, want in [
        (np.zeros((1, 4), np.uint32), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        (ones, (0xFFFFFFFF, 0xFFFFFFFF), "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (pi, (0xA4093822, 0x299F31D0), "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ]:
        got = " ".join(f"{word:08x}" for word in philox(counter, key)[0])
        assert got == want, f"philox: got {got}, want {want}"


check()
