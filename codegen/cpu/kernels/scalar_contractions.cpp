// Contractions of element types that have no register tile: one output at a time, the same order.
#include "codegen/cpu/kernels/conv.h"
#include "codegen/cpu/kernels/tile.h"
#include "codegen/schedule/kernel.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static std::string named(llvm::StringRef name, mlir::Type element) {
  std::string result = ("kerf_kernel_" + name).str();
  llvm::raw_string_ostream(result) << '_' << element;
  return result;
}

/// Where the sums of groups of one output wait.
static Ptr waitingPlaces(Function &k, mlir::Type element) { return k.local(element, 64); }

Val sumOfProducts(Function &k, Ptr waiting, Val depth, llvm::function_ref<Factors(Val)> factors) {
  Val zero = k.constant(waiting.element, 0.0);
  auto block = [&](Val from, Val to) {
    return k.loop(from, to, 1, {zero}, [&](Val p, const Vals &part) {
      auto [a, b] = factors(p);
      return Vals{fma(a, b, part[0])};
    })[0];
  };
  auto group = [&](Val from, Val to) {
    return k.loop(from, to, blockDepth, {zero}, [&](Val start, const Vals &total) {
      Val part = block(start, min(start + blockDepth, to));
      return Vals{select(start == from, part, total[0] + part)};
    });
  };
  return k.loop(k.index(0), depth, groupDepth, {zero}, [&](Val start, const Vals &) {
    Val end = start + groupDepth;
    return closeGroup(
        k, start / groupDepth, end >= depth, group(start, min(end, depth)),
        [&](Val level, const Vals &sum) { return Vals{(waiting + level).load() + sum[0]}; },
        [&](Val level, const Vals &sum) { (waiting + level).store(sum[0]); });
  })[0];
}

/// p if i is in [0, size) and j in [0, width), otherwise 0.
static Val inside(Function &k, Val i, Val size, Val j, Val width, llvm::function_ref<Ptr()> p) {
  Val in = (i >= 0) & (i < size) & (j >= 0) & (j < width);
  return k.either(
      in, [&] { return Vals{p().load()}; }, [&] { return Vals{k.constant(p().element, 0.0)}; })[0];
}

void emitPlainGemm(mlir::ModuleOp module, mlir::Type element) {
  Function e(module, named("gemm", element));
  Ptr a = e.pointer(element), b = e.pointer(element), c = e.pointer(element);
  Val batch = e.size(), m = e.size(), n = e.size(), k = e.size();
  Val aBatch = e.size(), aRow = e.size(), aK = e.size();
  Val bBatch = e.size(), bK = e.size(), bColumn = e.size();
  Val cBatch = e.size(), cRow = e.size();
  Ptr waiting = waitingPlaces(e, element);
  e.loop(0, batch, 1, [&](Val s) {
    e.loop(0, m, 1, [&](Val i) {
      e.loop(0, n, 1, [&](Val j) {
        Ptr row = a + (s * aBatch + i * aRow), column = b + (s * bBatch + j * bColumn);
        Val total = sumOfProducts(e, waiting, k, [&](Val p) {
          return Factors{(row + p * aK).load(), (column + p * bK).load()};
        });
        (c + (s * cBatch + i * cRow + j)).store(total);
      });
    });
  });
}

/// for each (i, j, k, l) below the extents
static void loop4(Function &e, std::array<Val, 4> to,
                  llvm::function_ref<void(Val, Val, Val, Val)> body) {
  e.loop(0, to[0], 1, [&](Val i) {
    e.loop(0, to[1], 1, [&](Val j) {
      e.loop(0, to[2], 1, [&](Val k) { e.loop(0, to[3], 1, [&](Val l) { body(i, j, k, l); }); });
    });
  });
}

/// Where tensors of a convolution have their elements.
namespace {
struct Places {
  Ptr base;
  Val channels, height, width;
  Ptr operator()(Val n, Val c, Val i, Val j) const {
    return base + (((n * channels + c) * height + i) * width + j);
  }
};
} // namespace

void emitPlainConv(mlir::ModuleOp module, mlir::Type element) {
  Function e(module, named("conv", element));
  Ptr px = e.pointer(element), pw = e.pointer(element), py = e.pointer(element);
  Conv<Val> s = convArguments(e);
  Ptr waiting = waitingPlaces(e, element);
  Places x{px, s.c, s.h, s.w}, w{pw, s.c, s.kh, s.kw}, y{py, s.o, s.oh, s.ow};
  loop4(e, {s.n, s.o, s.oh, s.ow}, [&](Val n, Val o, Val i, Val j) {
    y(n, o, i, j).store(sumOfProducts(e, waiting, s.kh * s.kw * s.c, [&](Val p) {
      Val c = p % s.c, q = p / s.c % s.kw, r = p / s.c / s.kw;
      Val row = i * s.sh + r - s.ph, column = j * s.sw + q - s.pw;
      return Factors{w(o, c, r, q).load(),
                     inside(e, row, s.h, column, s.w, [&] { return x(n, c, row, column); })};
    }));
  });
}

void emitPlainConvTranspose(mlir::ModuleOp module, mlir::Type element) {
  Function e(module, named("conv_transpose", element));
  Ptr py = e.pointer(element), pw = e.pointer(element), px = e.pointer(element);
  Conv<Val> s = convArguments(e);
  Ptr waiting = waitingPlaces(e, element);
  Places x{px, s.c, s.h, s.w}, w{pw, s.c, s.kh, s.kw}, y{py, s.o, s.oh, s.ow};
  loop4(e, {s.n, s.c, s.h, s.w}, [&](Val n, Val c, Val i, Val j) {
    // The taps that reach the pixel: from these on, every stride-th.
    Val r0 = (i + s.ph) % s.sh, q0 = (j + s.pw) % s.sw;
    Val rows = max(s.kh - r0 + s.sh - 1, 0) / s.sh, columns = max(s.kw - q0 + s.sw - 1, 0) / s.sw;
    x(n, c, i, j).store(sumOfProducts(e, waiting, rows * columns * s.o, [&](Val p) {
      Val o = p % s.o, q = p / s.o % columns, r = p / s.o / columns;
      Val row = (i + s.ph) / s.sh - r, column = (j + s.pw) / s.sw - q;
      return Factors{w(o, c, r0 + r * s.sh, q0 + q * s.sw).load(),
                     inside(e, row, s.oh, column, s.ow, [&] { return y(n, o, row, column); })};
    }));
  });
}

void emitPlainConvFilter(mlir::ModuleOp module, mlir::Type element) {
  Function e(module, named("conv_filter", element));
  Ptr px = e.pointer(element), py = e.pointer(element), pw = e.pointer(element);
  Conv<Val> s = convArguments(e);
  Ptr waiting = waitingPlaces(e, element);
  Places x{px, s.c, s.h, s.w}, w{pw, s.c, s.kh, s.kw}, y{py, s.o, s.oh, s.ow};
  loop4(e, {s.o, s.c, s.kh, s.kw}, [&](Val o, Val c, Val r, Val q) {
    w(o, c, r, q).store(sumOfProducts(e, waiting, s.n * s.oh * s.ow, [&](Val p) {
      Val j = p % s.ow, i = p / s.ow % s.oh, n = p / s.ow / s.oh;
      Val row = i * s.sh + r - s.ph, column = j * s.sw + q - s.pw;
      return Factors{y(n, o, i, j).load(),
                     inside(e, row, s.h, column, s.w, [&] { return x(n, c, row, column); })};
    }));
  });
}

} // namespace kerf::codegen::cpu
