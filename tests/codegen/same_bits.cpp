// Tools call an entry in every way, and say where two of them gave other bits.
#include <catch2/catch.hpp>

#include "codegen/tools/call.h"

#include "mlir/Parser/Parser.h"

#include <cmath>
#include <cstring>

using namespace kerf::compiler;
using namespace kerf::codegen;
using namespace mlir;

namespace {

/// What tools say of an entry with these bodies and one result, y, of two f64.
std::string complaint(const std::vector<kerf_body> &bodies, uint64_t arena = 0) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<mlir::func::FuncDialect>();
  auto module = parseSourceString<ModuleOp>(
      "func.func private @f() -> (tensor<2xf64> {kerf.name = \"y\"})", &context);
  REQUIRE(module);
  const int64_t shape[] = {2};
  const kerf_argument y{"y", 0, KERF_WRITE, {kDLFloat, 64, 1}, 1, shape, 16, 0};
  const kerf_entry entry{KERF_ABI_VERSION, 1, "t_f", &y, arena, 0, bodies.size(), bodies.data(), 0};
  std::string error;
  auto results = call(entry, *module->getOps<mlir::func::FuncOp>().begin(), {}, error);
  CHECK(results.empty() == !error.empty());
  return error;
}

double *resultOf(const kerf_call *call) { return static_cast<double *>(call->data[0]); }
void write(const kerf_call *call, double first, double second) {
  resultOf(call)[0] = first;
  resultOf(call)[1] = second;
}

} // namespace

TEST_CASE("bits that depend on nothing are the results", "[same_bits]") {
  CHECK(complaint({{0, "any", [](const kerf_call *call) { write(call, 1, 2); }}}) == "");
}

TEST_CASE("bits that depend on the workers are an error with both values", "[same_bits]") {
  CHECK(complaint({{0, "any", [](const kerf_call *call) { write(call, 1, call->workers > 2); }}}) ==
        "result y, element 1: 0.000000000e+00 of any by 1 worker is not 1.000000000e+00 of any by "
        "3 workers");
}

TEST_CASE("bits that depend on the body are an error with both names", "[same_bits]") {
  const uint64_t there = kerf_cpu_features() & -kerf_cpu_features(); // one of them
  CHECK(complaint({{there, "new", [](const kerf_call *call) { write(call, 1, 2); }},
                   {0, "old", [](const kerf_call *call) { write(call, 3, 2); }}}) ==
        "result y, element 0: 1.000000000e+00 of new by 1 worker is not 3.000000000e+00 of old by "
        "1 worker");
}

TEST_CASE("one NaN is not like another, and zero has a sign", "[same_bits]") {
  CHECK(complaint({{0, "any",
                    [](const kerf_call *call) {
                      write(call, std::copysign(NAN, call->workers > 1 ? -1 : 1), 0);
                    }}}) == "result y, element 0: NaN 0x7ff8000000000000 of any by 1 worker is not "
                            "NaN 0xfff8000000000000 "
                            "of any by 2 workers");
  CHECK(complaint({{0, "any", [](const kerf_call *call) {
                      write(call, 0, call->workers > 1 ? -0.0 : 0.0);
                    }}}) != "");
}

TEST_CASE("what is written behind the arena is an error", "[same_bits]") {
  CHECK(complaint({{0, "any",
                    [](const kerf_call *call) {
                      write(call, 1, 2);
                      std::memset(static_cast<char *>(call->arena) + 128, 0, 1);
                    }}},
                  128) == "it wrote behind the end of the arena of 128 bytes that 1 worker needs");
}
