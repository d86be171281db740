// Golden files as the oracle's literals, and comparison element by element.
#pragma once

#include "compiler/oracle/evaluate.h"
#include "compiler/oracle/philox.h"
#include "safetensors.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <sstream>
#include <string>

namespace kerf::test {

/// The upper half of an f32.
struct Bf16 {
  uint16_t bits = 0;
  operator double() const { return std::bit_cast<float>(uint32_t(bits) << 16); }
};

/// Uniform in [-2^exponent / 2, 2^exponent / 2), exact in f32, from words 0, 1 … of a key.
inline compiler::Literal drawn(mlir::RankedTensorType type, std::array<uint32_t, 2> key,
                               int exponent) {
  compiler::Literal literal(type);
  for (int64_t i = 0; i < literal.size(); ++i)
    literal.floats()[i] =
        std::ldexp(compiler::philoxUniform(compiler::philoxWord(key, i)) - 0.5, exponent);
  return literal;
}

compiler::Literal literalOf(const runtime::SafetensorsFile &file, const std::string &name,
                            mlir::RankedTensorType type);

/// left . right, for a gradient whose rank is that of a small batch.
inline compiler::Literal productOf(const runtime::SafetensorsFile &file, const std::string &name,
                                   mlir::RankedTensorType type) {
  const int64_t rows = type.getDimSize(0), columns = type.getDimSize(1);
  const int64_t rank = file[file.find(name + ".left")].shape[1];
  const compiler::Literal left = literalOf(file, name + ".left", type.clone({rows, rank}));
  const compiler::Literal right = literalOf(file, name + ".right", type.clone({rank, columns}));
  compiler::Literal product(type);
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j)
      for (int64_t k = 0; k < rank; ++k)
        product.floats()[i * columns + j] +=
            left.floats()[i * rank + k] * right.floats()[k * columns + j];
  return product;
}

/// Tensor `name` of `file` as a literal of `type`. Floats may stand in the file as BF16, F32 or
/// F64, as `drawn` from U32 [key, key, exponent], or as the product of `name`.left and
/// `name`.right.
inline compiler::Literal literalOf(const runtime::SafetensorsFile &file, const std::string &name,
                                   mlir::RankedTensorType type) {
  const size_t index = file.find(name);
  if (index == file.size() && file.find(name + ".left") < file.size())
    return productOf(file, name, type);
  if (index == file.size())
    throw std::runtime_error("the golden file has no " + name);
  const runtime::FileTensor tensor = file[index];
  std::vector<char> bytes(tensor.bytes);
  file.read(index, bytes.data());
  if (tensor.dtype_name == "U32") {
    uint32_t words[3];
    std::memcpy(words, bytes.data(), sizeof words);
    return drawn(type, {words[0], words[1]}, int(words[2]));
  }
  compiler::Literal literal(type);
  if (llvm::ArrayRef(tensor.shape, tensor.rank) != type.getShape())
    throw std::runtime_error(name + " has another shape in the golden file");
  auto fill = [&]<class T>(T, auto &to) {
    for (size_t i = 0; i < to.size(); ++i) {
      T value;
      std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
      to[i] = value;
    }
  };
  const std::string_view dtype = tensor.dtype_name;
  if (literal.isFloat() && dtype == "F32")
    fill(float(), literal.floats());
  else if (literal.isFloat() && dtype == "F64")
    fill(double(), literal.floats());
  else if (literal.isFloat() && dtype == "BF16")
    fill(Bf16(), literal.floats());
  else if (!literal.isFloat() && dtype == "I64")
    fill(int64_t(), literal.ints());
  else if (!literal.isFloat() && dtype == "I32")
    fill(int32_t(), literal.ints());
  else
    throw std::runtime_error(name + " is " + std::string(dtype) + " in the golden file");
  return literal;
}

/// The worst element in words, or nothing. Floats may differ by `relative * max(|want|, scale)`; a
/// NaN equals a NaN, an infinity only itself; integers are equal.
inline std::string difference(const compiler::Literal &got, const compiler::Literal &want,
                              double relative, double scale) {
  std::ostringstream text;
  text.precision(17);
  if (!want.isFloat()) {
    for (int64_t i = 0; i < want.size(); ++i)
      if (got.ints()[i] != want.ints()[i]) {
        text << "got[" << i << "] = " << got.ints()[i] << " want " << want.ints()[i];
        break;
      }
    return text.str();
  }
  double worst = 0;
  for (int64_t i = 0; i < want.size(); ++i) {
    const double g = got.floats()[i], w = want.floats()[i];
    if (g == w || (std::isnan(g) && std::isnan(w)))
      continue;
    const double excess = std::abs(g - w) / (relative * std::max(std::abs(w), scale));
    if (excess <= worst || excess <= 1)
      continue;
    worst = std::isfinite(excess) ? excess : INFINITY;
    text.str("");
    text << "got[" << i << "] = " << g << " want " << w << " +/- " << relative << " * max(|want|, "
         << scale << ")";
    if (!std::isfinite(excess))
      break;
  }
  return text.str();
}

/// Largest finite magnitude of a float literal.
inline double magnitude(const compiler::Literal &literal) {
  double most = 0;
  if (literal.isFloat())
    for (double x : literal.floats())
      if (std::isfinite(x))
        most = std::max(most, std::abs(x));
  return most;
}

/// |got - want| / |want| in the Euclidean norm.
inline double relativeL2(const std::vector<double> &got, const std::vector<double> &want) {
  double error = 0, norm = 0;
  for (size_t i = 0; i < want.size(); ++i) {
    error += (got[i] - want[i]) * (got[i] - want[i]);
    norm += want[i] * want[i];
  }
  return norm > 0 ? std::sqrt(error / norm) : std::sqrt(error);
}

} // namespace kerf::test
