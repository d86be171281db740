// The order of sums (dsl/guide.md) is part of the meaning of a model: compiled sums are compared
// bit by bit with loops that follow its definition, at sizes on both sides of a block.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "codegen/compile.h"
#include "codegen/tools/call.h"
#include "codegen/tools/inputs.h"
#include "codegen/tools/load.h"

#include "mlir/Parser/Parser.h"

#include <cstring>
#include <functional>

using namespace kerf::compiler;
using namespace kerf::codegen;
using namespace mlir;

namespace {

// ---- the definition

/// Blocks 0 .. n - 1: the first p and the others, p the largest power of two below n, and so on.
template <class T> T pairwise(const std::vector<T> &sums) {
  if (sums.size() == 1)
    return sums[0];
  size_t p = 1;
  while (2 * p < sums.size())
    p *= 2;
  return pairwise<T>({sums.begin(), sums.begin() + p}) +
         pairwise<T>({sums.begin() + p, sums.end()});
}

template <class T> T chain(const std::vector<T> &terms) {
  T sum = 0;
  for (T x : terms)
    sum += x;
  return sum;
}

/// Element i in lane i mod 16, then 8, 4, 2, 1.
template <class T> T lanes(const std::vector<T> &row) {
  T sums[16] = {};
  for (size_t i = 0; i < row.size(); ++i)
    sums[i % 16] += row[i];
  for (int half = 8; half >= 1; half /= 2)
    for (int i = 0; i < half; ++i)
      sums[i] += sums[i + half];
  return sums[0];
}

template <class T>
T inBlocks(const std::vector<T> &terms, size_t block, T (*sum)(const std::vector<T> &)) {
  std::vector<T> sums;
  for (size_t i = 0; i < terms.size(); i += block)
    sums.push_back(sum({terms.begin() + i, terms.begin() + std::min(i + block, terms.size())}));
  return pairwise(sums);
}

template <class T> T columnSum(const std::vector<T> &terms) {
  return inBlocks<T>(terms, 32, chain);
}
template <class T> T rowSum(const std::vector<T> &terms) { return inBlocks<T>(terms, 512, lanes); }

// ---- what is compiled

/// One entry: its text, and what it gives for its input.
struct Case {
  std::string name, text;
  std::function<std::vector<double>(const std::vector<double> &)> want;
};

std::string tensorType(const std::vector<int64_t> &shape, const std::string &type) {
  std::string text = "tensor<";
  for (int64_t extent : shape)
    text += std::to_string(extent) + "x";
  return text + type + ">";
}

/// What `axes` of the row-major `x` sum to, by `sum` of the terms in row-major order.
template <class T>
std::vector<double> reduce(const std::vector<double> &x, std::vector<int64_t> shape,
                           std::vector<int64_t> axes, T (*sum)(const std::vector<T> &)) {
  std::vector<std::vector<T>> terms;
  for (size_t i = 0; i < x.size(); ++i) {
    size_t output = 0, stride = x.size();
    for (size_t axis = 0; axis < shape.size(); ++axis) {
      stride /= shape[axis];
      if (std::find(axes.begin(), axes.end(), int64_t(axis)) == axes.end())
        output = output * shape[axis] + i / stride % shape[axis];
    }
    terms.resize(std::max(terms.size(), output + 1));
    terms[output].push_back(T(x[i]));
  }
  std::vector<double> result;
  for (const std::vector<T> &each : terms)
    result.push_back(sum(each));
  return result;
}

template <class T>
Case sumOf(const std::string &type, std::vector<int64_t> shape, std::vector<int64_t> axes) {
  const bool isRow = axes.back() == int64_t(shape.size()) - 1;
  std::vector<int64_t> kept;
  std::string list;
  for (size_t axis = 0; axis < shape.size(); ++axis)
    if (std::find(axes.begin(), axes.end(), int64_t(axis)) == axes.end())
      kept.push_back(shape[axis]);
    else
      list += (list.empty() ? "" : ", ") + std::to_string(axis);
  const std::string from = tensorType(shape, type), to = tensorType(kept, type);
  Case one;
  one.name = "axes [" + list + "] of " + from;
  one.text = "(%x: " + from + " {kerf.name = \"x\"}) -> (" + to +
             " {kerf.name = \"y\"}) attributes {kerf.entry} {\n  %y = kerf.sum %x, axes = [" +
             list + "] : " + from + " -> " + to + "\n  return %y : " + to + "\n}\n";
  one.want = [=](const std::vector<double> &x) {
    return reduce<T>(x, shape, axes, isRow ? rowSum<T> : columnSum<T>);
  };
  return one;
}

/// Compiles all cases as one module, then compares each.
void check(const std::vector<Case> &cases, const Sharing &sharing) {
  std::string text = "module attributes {kerf.model = \"t\"} {\n";
  for (size_t i = 0; i < cases.size(); ++i)
    text += "func.func @f" + std::to_string(i) + cases[i].text;
  DialectRegistry registry;
  registerCodegen(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text + "}", &context);
  REQUIRE(module);
  OwningOpRef<ModuleOp> copy = module->clone();
  auto compiled = compile(*copy, allTargets(sharing));
  REQUIRE(succeeded(compiled));
  auto object = LoadedObject::load(compiled->object);
  REQUIRE(bool(object));
  size_t number = 0;
  for (auto function : module->getOps<mlir::func::FuncOp>()) {
    const Case &one = cases[number];
    auto entry = object->find("t_f" + std::to_string(number++) + "_descriptor");
    REQUIRE(bool(entry));
    std::vector<Literal> inputs = randomInputs(function, 7);
    std::string error;
    auto results = call(*static_cast<const kerf_entry *>(*entry), function, inputs, error);
    REQUIRE(error == "");
    const std::vector<double> want = one.want(inputs[0].floats());
    ArrayRef<double> got = results[0].floats();
    INFO(one.name);
    REQUIRE(got.size() == want.size());
    for (size_t i = 0; i < want.size(); ++i) {
      INFO("[" << i << "]: got " << got[i] << " want " << want[i]);
      REQUIRE(std::memcmp(&got[i], &want[i], sizeof want[i]) == 0);
    }
  }
}

/// Cut into tasks as usual, which few of these sums are, and as small as can be.
void check(const std::vector<Case> &cases) {
  for (const Sharing &sharing : {Sharing{}, Sharing::always()})
    check(cases, sharing);
}

const std::vector<int64_t> terms = {1,   31,  32,  33,  63,   64,   65,   95,   96,
                                    225, 511, 512, 513, 1023, 1024, 1025, 16385};

} // namespace

TEST_CASE("columns: chains of 32 terms, then pairwise", "[sums]") {
  std::vector<Case> cases;
  for (int64_t n : terms) {
    cases.push_back(sumOf<float>("f32", {n, 21}, {0}));
    cases.push_back(sumOf<float>("f32", {n, 1}, {0}));
    cases.push_back(sumOf<double>("f64", {n, 3}, {0}));
  }
  check(cases);
}

TEST_CASE("rows: blocks of 512 elements in 16 lanes, then pairwise", "[sums]") {
  std::vector<Case> cases;
  for (int64_t n : terms)
    for (int64_t more : {0, 512, 3 * 512}) {
      cases.push_back(sumOf<float>("f32", {2, n + more}, {1}));
      cases.push_back(sumOf<double>("f64", {2, n + more}, {1}));
    }
  check(cases);
}

TEST_CASE("several axes: terms are counted row-major, wherever a block ends", "[sums]") {
  std::vector<Case> cases;
  for (auto [a, b] : std::vector<std::pair<int64_t, int64_t>>{{300, 7},
                                                              {49, 64},
                                                              {33, 100},
                                                              {5, 784},
                                                              {3, 1024},
                                                              {3, 1030},
                                                              {2, 2500},
                                                              {700, 3},
                                                              {1024, 16},
                                                              {129, 8},
                                                              {9, 1023}}) {
    cases.push_back(sumOf<float>("f32", {a, 3, b}, {0, 2}));
    cases.push_back(sumOf<double>("f64", {a, 2, b}, {0, 2}));
    cases.push_back(sumOf<float>("f32", {a, 2, b, 5}, {0, 2})); // of columns
    cases.push_back(sumOf<float>("f32", {a, b}, {0, 1}));
  }
  for (int64_t n : {4, 5, 31})
    cases.push_back(sumOf<float>("f32", {n, 2, 11, 3, 7}, {0, 2, 4}));
  check(cases);
}

TEST_CASE("a sum of a transposed tensor counts its own axes", "[sums]") {
  std::vector<Case> cases;
  for (int64_t n : {65, 1025, 2100}) {
    const std::string size = std::to_string(n), from = "tensor<" + size + "x6xf32>";
    Case one;
    one.name = "rows of the transposed " + from;
    one.text = "(%x: " + from +
               " {kerf.name = \"x\"}) -> (tensor<6xf32> {kerf.name = \"y\"}) "
               "attributes {kerf.entry} {\n"
               "  %t = kerf.transpose %x, permutation = [1, 0] : " +
               from + " -> tensor<6x" + size + "xf32>\n  %y = kerf.sum %t, axes = [1] : tensor<6x" +
               size + "xf32> -> tensor<6xf32>\n  return %y : tensor<6xf32>\n}\n";
    one.want = [=](const std::vector<double> &x) {
      return reduce<float>(x, {n, 6}, {0}, rowSum<float>);
    };
    cases.push_back(one);
  }
  check(cases);
}

TEST_CASE("a producer in the loop changes no bit", "[sums]") {
  std::vector<Case> cases;
  for (auto [shape, axis] :
       std::vector<std::pair<std::vector<int64_t>, int64_t>>{{{200, 5}, 0}, {{3, 2065}, 1}}) {
    const std::string from = tensorType(shape, "f32"), to = tensorType({shape[1 - axis]}, "f32");
    Case one;
    one.name = "squares of " + from;
    one.text = "(%x: " + from + " {kerf.name = \"x\"}) -> (" + to +
               " {kerf.name = \"y\"}) attributes {kerf.entry} {\n  %s = kerf.mul %x, %x : " + from +
               "\n  %y = kerf.sum %s, axes = [" + std::to_string(axis) + "] : " + from + " -> " +
               to + "\n  return %y : " + to + "\n}\n";
    one.want = [shape = shape, axis = axis](std::vector<double> x) {
      for (double &value : x)
        value = float(float(value) * float(value));
      return reduce<float>(x, shape, {axis}, axis == 1 ? rowSum<float> : columnSum<float>);
    };
    cases.push_back(one);
  }
  check(cases);
}

TEST_CASE("factors that other axes lack keep loops apart, and the order", "[sums]") {
  std::vector<Case> cases;
  for (auto [a, b, c] : std::vector<std::array<int64_t, 3>>{{7, 29, 5}, {3, 70, 20}, {40, 60, 1}})
    for (bool isRow : {false, true}) {
      const std::string from = tensorType({a, b, c}, "f32"), first = tensorType({a, 1, 1}, "f32");
      const std::string to = tensorType({isRow ? b : c}, "f32"), axes = isRow ? "[0, 2]" : "[0, 1]";
      Case one;
      one.name = axes + " of scaled " + from;
      one.text = "(%x: " + from + " {kerf.name = \"x\"}) -> (" + to +
                 " {kerf.name = \"y\"}) attributes {kerf.entry} {\n"
                 "  %s = kerf.slice %x, offsets = [0, 0, 0], limits = [" +
                 std::to_string(a) + ", 1, 1], strides = [1, 1, 1] : " + from + " -> " + first +
                 "\n  %b = kerf.broadcast %s, dims = [0, 1, 2] : " + first + " -> " + from +
                 "\n  %m = kerf.mul %x, %b : " + from + "\n  %y = kerf.sum %m, axes = " + axes +
                 " : " + from + " -> " + to + "\n  return %y : " + to + "\n}\n";
      one.want = [=, a = a, b = b, c = c](const std::vector<double> &x) {
        std::vector<double> scaled = x;
        for (size_t i = 0; i < x.size(); ++i)
          scaled[i] = float(float(x[i]) * float(x[i / (b * c) * b * c]));
        return isRow ? reduce<float>(scaled, {a, b, c}, {0, 2}, rowSum<float>)
                     : reduce<float>(scaled, {a, b, c}, {0, 1}, columnSum<float>);
      };
      cases.push_back(one);
    }
  for (int64_t n : {300, 1500}) { // rows that blocks cut anywhere
    const std::string from = tensorType({n, 2, 37}, "f32"), first = tensorType({n, 1, 1}, "f32");
    Case one;
    one.name = "rows of scaled " + from;
    one.text = "(%x: " + from +
               " {kerf.name = \"x\"}) -> (tensor<2xf32> {kerf.name = \"y\"}) attributes "
               "{kerf.entry} {\n  %s = kerf.slice %x, offsets = [0, 0, 0], limits = [" +
               std::to_string(n) + ", 1, 1], strides = [1, 1, 1] : " + from + " -> " + first +
               "\n  %b = kerf.broadcast %s, dims = [0, 1, 2] : " + first + " -> " + from +
               "\n  %m = kerf.mul %x, %b : " + from +
               "\n  %y = kerf.sum %m, axes = [0, 2] : " + from +
               " -> tensor<2xf32>\n  return %y : tensor<2xf32>\n}\n";
    one.want = [=](const std::vector<double> &x) {
      std::vector<double> scaled = x;
      for (size_t i = 0; i < x.size(); ++i)
        scaled[i] = float(float(x[i]) * float(x[i / 74 * 74]));
      return reduce<float>(scaled, {n, 2, 37}, {0, 2}, rowSum<float>);
    };
    cases.push_back(one);
  }
  check(cases);
}
