#include "codegen/cpu/isa_x86.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

#include "abi.h"

using namespace mlir;

#define KERF_V3_INSTRUCTIONS                                                                       \
  "+avx,+avx2,+bmi,+bmi2,+cmov,+crc32,+cx16,+cx8,+f16c,+fma,+fxsr,+lzcnt,+mmx,+movbe,"             \
  "+popcnt,+sahf,+sse,+sse2,+sse3,+sse4.1,+sse4.2,+ssse3,+x87,+xsave"

namespace kerf::codegen::cpu {

ArrayRef<Isa> isas() {
  static constexpr Isa all[] = {
      {"x86-64-v4",
       KERF_V3_INSTRUCTIONS ",+evex512,+avx512f,+avx512bw,+avx512cd,+avx512dq,+avx512vl", 16,
       KERF_CPU_X86_64_V4},
      {"x86-64-v3", KERF_V3_INSTRUCTIONS, 8, KERF_CPU_X86_64_V3},
  };
  return all;
}

const Isa &isaOf(ModuleOp module) {
  const StringRef name = module->getAttrOfType<StringAttr>("kerf.target").getValue();
  return *llvm::find_if(isas(), [&](const Isa &isa) { return isa.name == name; });
}

const Isa &isaOf(const emit::Emit &e) {
  Operation *around = e.b.getInsertionBlock()->getParentOp();
  return isaOf(around->getParentOfType<ModuleOp>());
}

} // namespace kerf::codegen::cpu

namespace kerf::codegen::cpu::emit {

static Val reinterpret(Val x, Type type) {
  return {x.emit, LLVM::BitcastOp::create(x.emit->b, type, x)};
}
/// An instruction that has no op.
static Val instruction(StringRef intrinsic, Type result, ArrayRef<Val> operands) {
  Emit *emit = operands[0].emit;
  SmallVector<Value> values(operands.begin(), operands.end());
  auto call = LLVM::CallIntrinsicOp::create(emit->b, result, emit->b.getStringAttr(intrinsic),
                                            ValueRange(values));
  return {emit, call.getResult(0)};
}
static Type halves(Val x) {
  auto type = cast<VectorType>(x.type());
  return VectorType::get({2 * type.getDimSize(0)}, x.emit->b.getI16Type());
}
static bool is512(Val x) { return cast<VectorType>(x.type()).getDimSize(0) == 16; }
Val nearestInt(Val x) {
  Emit &e = *x.emit;
  Type ints = e.vector(is512(x) ? 16 : 8, e.i32());
  if (is512(x)) { // unmasked, in the rounding mode that is set
    Val all{&e, arith::ConstantOp::create(e.b, e.b.getI16IntegerAttr(-1))};
    Val current{&e, arith::ConstantOp::create(e.b, e.b.getI32IntegerAttr(4))};
    return instruction("llvm.x86.avx512.mask.cvtps2dq.512", ints,
                       {x, e.constant(ints, int64_t(0)), all, current});
  }
  return instruction("llvm.x86.avx.cvt.ps2dq.256", ints, {x});
}
Val pairProducts(Val a, Val b) {
  Type pairs = halves(a);
  return instruction(is512(a) ? "llvm.x86.avx512.pmaddw.d.512" : "llvm.x86.avx2.pmadd.wd", a.type(),
                     {reinterpret(a, pairs), reinterpret(b, pairs)});
}
Val lowHigh(Val a, Val b) {
  Type type = halves(a);
  int64_t count = cast<VectorType>(type).getDimSize(0);
  SmallVector<int64_t> lanes;
  for (int64_t i = 0; i < count; ++i)
    lanes.push_back(i % 2 ? count + i : i);
  return reinterpret(emit::shuffle(reinterpret(a, type), reinterpret(b, type), lanes), a.type());
}
Val maskBits(Val mask) {
  auto type = cast<VectorType>(mask.type());
  return reinterpret(mask, mask.emit->b.getIntegerType(type.getDimSize(0)));
}

/// In three rounds, pairs, then fours, then halves, as AVX2 has them in one instruction each.
Vals transpose8(const Vals &rows) {
  Vals pairs, fours, columns(8);
  for (int r = 0; r < 8; r += 2) {
    pairs.push_back(shuffle(rows[r], rows[r + 1], {0, 8, 1, 9, 4, 12, 5, 13}));
    pairs.push_back(shuffle(rows[r], rows[r + 1], {2, 10, 3, 11, 6, 14, 7, 15}));
  }
  for (int half = 0; half < 8; half += 4)
    for (int p = 0; p < 2; ++p) {
      fours.push_back(shuffle(pairs[half + p], pairs[half + p + 2], {0, 1, 8, 9, 4, 5, 12, 13}));
      fours.push_back(shuffle(pairs[half + p], pairs[half + p + 2], {2, 3, 10, 11, 6, 7, 14, 15}));
    }
  for (int c = 0; c < 4; ++c) {
    columns[c] = shuffle(fours[c], fours[c + 4], {0, 1, 2, 3, 8, 9, 10, 11});
    columns[c + 4] = shuffle(fours[c], fours[c + 4], {4, 5, 6, 7, 12, 13, 14, 15});
  }
  return columns;
}

} // namespace kerf::codegen::cpu::emit
