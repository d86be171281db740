#include "codegen/cpu/philox.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

Words philox(Words c, Val key0, Val key1) {
  for (int round = 0; round < 10; ++round) {
    Val p0 = c[0] * int64_t(0xD2511F53), p1 = c[2] * int64_t(0xCD9E8D57);
    c = {(p1 >> 32) ^ c[1] ^ key0, p1 & low32, (p0 >> 32) ^ c[3] ^ key1, p0 & low32};
    key0 = (key0 + int64_t(0x9E3779B9)) & low32;
    key1 = (key1 + int64_t(0xBB67AE85)) & low32;
  }
  return c;
}

Val keyWord(Emit &e, Ptr key, int64_t i) { return resize((key + i).load(), e.i64()); }

/// Eight lanes of four words => the 32 in order of their number.
static Vals inOrder(const Words &w) {
  Vals result;
  Val left[] = {shuffle(w[0], w[1], {0, 8, 1, 9, 2, 10, 3, 11}),
                shuffle(w[0], w[1], {4, 12, 5, 13, 6, 14, 7, 15})};
  Val right[] = {shuffle(w[2], w[3], {0, 8, 1, 9, 2, 10, 3, 11}),
                 shuffle(w[2], w[3], {4, 12, 5, 13, 6, 14, 7, 15})};
  for (int half = 0; half < 2; ++half) {
    result.push_back(shuffle(left[half], right[half], {0, 1, 8, 9, 2, 3, 10, 11}));
    result.push_back(shuffle(left[half], right[half], {4, 5, 12, 13, 6, 7, 14, 15}));
  }
  return result;
}

llvm::StringRef drawFunction(mlir::ModuleOp module, llvm::StringRef name,
                             llvm::function_ref<Words(const Words &)> draw) {
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr key = k.pointer(k.i32()), y = k.pointer();
  Val offset = k.size(), count = k.size();
  Ptr buffer = k.local(k.f32(), 32);
  Val key0 = k.splat(keyWord(k, key, 0), 8), key1 = k.splat(keyWord(k, key, 1), 8);
  Val ahead = offset & 31, aligned = offset - ahead;
  k.loop(0, count + ahead, 32, [&](Val group) {
    Val counter = k.splat((aligned + group) >> 2, 8) + k.lanes(8, k.i64());
    Val zero = like(counter, int64_t(0));
    Words words = philox({counter & low32, counter >> 32, zero, zero}, key0, key1);
    for (Val &word : words)
      word = resize(word, k.i32());
    Vals values = inOrder(draw(words));
    auto store = [&](Ptr to) {
      for (int64_t i = 0; i < 4; ++i)
        (to + 8 * i).store(values[i]);
    };
    Val first = group - ahead;
    k.when((first >= 0) & (first + 32 <= count), [&] { store(y + first); },
           [&] {
             store(buffer);
             k.loop(max(0 - first, 0), min(count - first, 32), 1,
                    [&](Val i) { (y + (first + i)).store((buffer + i).load()); });
           });
  });
  return name;
}

llvm::StringRef uniformFunction(mlir::ModuleOp module) {
  return drawFunction(module, "kerf_draw_uniform", [](const Words &w) {
    Words y;
    for (int i = 0; i < 4; ++i)
      y[i] = toFloat(w[i] >> 8, w[i].emit->f32()) * 0x1p-24;
    return y;
  });
}

void generateDraw(mlir::ModuleOp module, llvm::StringRef symbol, llvm::StringRef draw) {
  CalledFunction k(module, symbol);
  Ptr key = k.pointer(k.i32()), start = k.pointer(k.i64()), y = k.pointer();
  Val count = k.size();
  Val offset = start.load();
  k.ranges(count, k.index(k.taskWork() / 2),
           [&](Val from, Val to, Ptr) { k.call(draw, {key, y + from, offset + from, to - from}); });
}

std::optional<KernelForm> drawForm(mlir::OpBuilder &, mlir::Operation *op) {
  auto type = mlir::cast<mlir::RankedTensorType>(op->getResult(0).getType());
  return KernelForm(op->getOperands(), {type.getNumElements()});
}

} // namespace kerf::codegen::cpu
