#include "codegen/schedule/kernel.h"
#include "codegen/cpu/kernels/tile.h"

#include "mlir/IR/Builders.h"

namespace kerf::codegen::cpu {

namespace {
struct Entry {
  llvm::StringRef name;
  void (*tiled)(mlir::ModuleOp);             // for f32, or for any type
  void (*typed)(mlir::ModuleOp, mlir::Type); // for the type that ends the name
};
} // namespace

static const Entry table[] = {
    {"gemm", emitGemm, emitPlainGemm},
    {"conv", emitConv, emitPlainConv},
    {"conv_transpose", emitConvTranspose, emitPlainConvTranspose},
    {"conv_filter", emitConvFilter, emitPlainConvFilter},
    {"argmin", nullptr, emitArgmin},
    {"top_k", nullptr, emitTopK},
    {"vq", emitVq, emitPlainVq},
    {"vq_heads", nullptr, emitVqHeads},
    {"vq_sampled", emitVqSampled, nullptr},
    {"scatter_add", nullptr, emitScatterAdd},
    {"scatter_add_pairwise", nullptr, emitPairwiseScatterAdd},
    {"gather", emitGather, nullptr},
    {"uniform", emitUniform, nullptr},
    {"normal", emitNormal, nullptr},
    {"fold_key", emitFoldKey, nullptr},
};

bool emitKernel(mlir::ModuleOp module, llvm::StringRef name) {
  if (!missing(module, ("kerf_kernel_" + name).str()))
    return true;
  mlir::Builder b(module.getContext());
  const std::pair<llvm::StringRef, mlir::Type> types[] = {
      {"_f64", b.getF64Type()}, {"_i64", b.getI64Type()}, {"_i32", b.getI32Type()}};
  llvm::StringRef base = name;
  mlir::Type element = b.getF32Type();
  for (auto [suffix, type] : types)
    if (base.consume_back(suffix))
      element = type;
  for (const Entry &entry : table) {
    if (entry.name != base)
      continue;
    if (element.isF32() && entry.tiled)
      entry.tiled(module);
    else if (entry.typed)
      entry.typed(module, element);
    else
      return false;
    return true;
  }
  return false;
}

double flops(llvm::StringRef name, llvm::ArrayRef<int64_t> sizes) {
  llvm::StringRef base = name;
  base.consume_back("_f64");
  base.consume_back("_i64");
  base.consume_back("_i32");
  auto product = [&](std::initializer_list<int> which, double result = 2) {
    for (int i : which)
      result *= sizes[i];
    return result;
  };
  if (base == "gemm")
    return product({0, 1, 2, 3});
  if (base == "vq_heads")
    return product({0, 1, 2, 3});
  if (base == "vq" || base == "vq_sampled")
    return product({0, 1, 2});
  if (base == "conv" || base == "conv_transpose" || base == "conv_filter")
    return product({0, 4, 11, 12, 1, 5, 6}); // n o oh ow, c kh kw
  if (base == "argmin")
    return product({0, 1, 2}, 1); // comparisons
  if (base == "top_k")
    return product({0, 1}, 1); // at least
  if (base == "scatter_add" || base == "scatter_add_pairwise")
    return product({1, 2}, 1); // additions
  return 0;
}

} // namespace kerf::codegen::cpu
