#include "codegen/tools/inputs.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

Random::Random(std::uint64_t seed, std::string_view stream) : state(seed) {
  for (char c : stream)
    state = (state ^ std::uint8_t(c)) * 0x100000001b3ull;
  bits();
}

/// [Steele 2014, SplitMix]
std::uint64_t Random::bits() {
  std::uint64_t z = state += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

double Random::uniform(double low, double high) {
  return low + (high - low) * (double(bits() >> 11) * 0x1p-53);
}

std::int64_t Random::integer(std::int64_t low, std::int64_t high) {
  // Unsigned, where the width of a range fits; 0 is that of all integers.
  const std::uint64_t width = std::uint64_t(high) - std::uint64_t(low) + 1;
  return std::int64_t(std::uint64_t(low) + (width ? bits() % width : bits()));
}

/// The nearest integer that there is; 0 for NaN.
static std::int64_t toInteger(double value) {
  if (std::isnan(value))
    return 0;
  constexpr double end = 0x1p63;
  return value >= end ? INT64_MAX : value < -end ? INT64_MIN : std::int64_t(value);
}

Literal randomLiteral(RankedTensorType type, Random &random, double low, double high) {
  Literal literal(type);
  if (literal.isFloat()) {
    Evaluation typed;
    typed.mode = Evaluation::Mode::as_typed;
    for (double &x : literal.floats())
      x = typed.round(random.uniform(low, high), type);
  } else {
    const std::int64_t first = toInteger(low), last = std::max(first, toInteger(high));
    for (int64_t &x : literal.ints())
      x = random.integer(first, last);
  }
  return literal;
}

/// The numbers of `[low, high]`, given as floats or integers.
static std::pair<double, double> readRange(Attribute attribute,
                                           std::pair<double, double> otherwise) {
  auto range = dyn_cast_if_present<ArrayAttr>(attribute);
  if (!range || range.size() != 2)
    return otherwise;
  auto number = [](Attribute bound) -> double {
    if (auto real = dyn_cast<FloatAttr>(bound))
      return real.getValueAsDouble();
    if (auto integer = dyn_cast<IntegerAttr>(bound))
      return double(integer.getInt());
    return 0;
  };
  return {number(range[0]), number(range[1])};
}

std::vector<Literal> randomInputs(func::FuncOp function, std::uint64_t seed) {
  Random random(seed, std::string_view(function.getName()));
  std::vector<Literal> inputs;
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
    auto tensor = cast<RankedTensorType>(type);
    std::pair<double, double> range = {-2, 2};
    if (tensor.getElementType().isInteger(1))
      range = {0, 1};
    else if (function.getArgAttr(i, "kerf.dtype"))
      range = {-std::ldexp(1.0, std::min(tensor.getElementTypeBitWidth(), 32u) - 1),
               std::ldexp(1.0, std::min(tensor.getElementTypeBitWidth(), 32u) - 1) - 1};
    else if (isa<IntegerType>(tensor.getElementType()))
      range = {-8, 8};
    range = readRange(function.getArgAttr(i, "kerf.range"), range);
    inputs.push_back(randomLiteral(tensor, random, range.first, range.second));
  }
  return inputs;
}

} // namespace kerf::codegen
