// Philox4x32-10 on eight counters at a time [Salmon 2011], and what is drawn from its words. Every
// word is a function of key and counter alone, so any split of a draw gives the same numbers.
#pragma once

#include "codegen/cpu/emit.h"
#include "codegen/schedule/kernel.h"

#include <array>

namespace kerf::codegen::cpu {

using Words = std::array<emit::Val, 4>;
constexpr int64_t low32 = 0xffffffff;

/// Ten rounds on words held in the low halves of i64, scalars or lanes. key: two such words.
Words philox(Words c, emit::Val key0, emit::Val key1);

/// Word i of a key, in the low half of an i64.
emit::Val keyWord(emit::Emit &e, emit::Ptr key, int64_t i);

/// name(key, y, offset, count): y[i] is what `draw` makes of the words around offset + i. Words
/// come in aligned groups of 32; a group that sticks out at an end goes through a buffer.
llvm::StringRef drawFunction(mlir::ModuleOp module, llvm::StringRef name,
                             llvm::function_ref<Words(const Words &)> draw);
/// Numbers in [0, 1), of one word each.
llvm::StringRef uniformFunction(mlir::ModuleOp module);
/// symbol(call, key, offset, y | count): the same, shared.
void generateDraw(mlir::ModuleOp module, llvm::StringRef symbol, llvm::StringRef draw);
/// The operands are the key's two words and the i64 offset; the size is how many are drawn.
std::optional<KernelForm> drawForm(mlir::OpBuilder &b, mlir::Operation *op);

} // namespace kerf::codegen::cpu
