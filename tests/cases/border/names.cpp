// Names of a model in its generated header: hostile ones compile in C and C++, or are refused by
// name.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "codegen/artefact/files.h"
#include "codegen/artefact/names.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

#include <cstdlib>
#include <fstream>

using Catch::Matchers::Contains;

namespace {

/// A model of one entry, @f unless said otherwise.
struct Model {
  std::string name = "m", constants, entry = "f", arguments, results;

  std::string text() const {
    return "module attributes {kerf.model = \"" + name + "\", kerf.constants = {" + constants +
           "}} {\nfunc.func @\"" + entry + "\"(" + arguments + ") -> (" + results +
           ") attributes {kerf.entry} {\n  %r:9 = \"test.make\"() : () -> (tensor<f32>, "
           "tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, "
           "tensor<f32>, tensor<f32>)\n  return" +
           returned() + "\n}\n}\n";
  }
  Model &data(const std::string &name, const std::string &type = "tensor<4xf32>") {
    return argument(type + " {kerf.name = \"" + name + "\"}");
  }
  Model &leaf(const std::string &role, const std::string &name,
              const std::string &type = "tensor<4xf32>") {
    return argument(type + " {kerf.role = \"" + role + "\", kerf.name = \"" + name + "\"}");
  }
  Model &result(const std::string &name) {
    results += (results.empty() ? "" : ", ") + ("tensor<f32> {kerf.name = \"" + name + "\"}");
    ++count;
    return *this;
  }

private:
  Model &argument(const std::string &text) {
    arguments += (arguments.empty() ? "%a" : ", %a") + std::to_string(number++) + ": " + text;
    return *this;
  }
  std::string returned() const {
    std::string values, types;
    for (int i = 0; i < count; ++i) {
      values += (i ? ", %r#" : " %r#") + std::to_string(i);
      types += i ? ", tensor<f32>" : " : tensor<f32>";
    }
    return values + types;
  }
  int number = 0, count = 0;
};

/// The header, or what is wrong: the first word tells.
std::string headerOf(const Model &model) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<mlir::func::FuncDialect>();
  context.allowUnregisteredDialects();
  std::string said;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
    said += diagnostic.str();
    return mlir::success();
  });
  auto module = mlir::parseSourceString<mlir::ModuleOp>(model.text(), &context);
  if (!module)
    return "does not parse: " + said;
  auto interface = kerf::codegen::readInterface(*module);
  if (mlir::failed(interface))
    return "refused: " + said;
  kerf::codegen::Artefact artefact{
      {*interface, "", "", {}, {}}, kerf::codegen::hashSource(*module), ""};
  auto header = kerf::codegen::writeHeader(artefact);
  return header ? *header : "refused: " + llvm::toString(header.takeError());
}

bool compiles(const std::string &compiler, const std::string &file, const std::string &source) {
  std::ofstream(file) << source;
  const std::string command = compiler + " -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I. -I" +
                              KERF_RUNTIME_INCLUDE + " " + file;
  INFO(command);
  return std::system(command.c_str()) == 0;
}

/// In both languages, by both compilers, in their own dialects, behind headers that define macros.
void checkCompiles(const std::string &file, const std::string &header, const std::string &use) {
  REQUIRE_THAT(header, Contains("#ifndef"));
  std::ofstream(file + ".h") << header;
  const std::string c = "#include <assert.h>\n#include <complex.h>\n#include <errno.h>\n"
                        "#include <limits.h>\n#include <math.h>\n#include <signal.h>\n"
                        "#include <stdarg.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
                        "#include <string.h>\n#include <sys/types.h>\n#include <time.h>\n"
                        "#include <unistd.h>\n#include <" +
                        file + ".h>\n";
  const std::string cpp = "#include <cassert>\n#include <cerrno>\n#include <climits>\n"
                          "#include <cmath>\n#include <csignal>\n#include <cstdio>\n"
                          "#include <ctime>\n#include <unistd.h>\n#include <" +
                          file + ".h>\n" + use;
  for (const char *compiler : {"gcc -std=c11", "gcc -std=gnu17", KERF_CLANG " -std=c11"})
    CHECK(compiles(std::string(compiler) + " -x c", file + "_use.c", c));
  for (const char *compiler : {"g++ -std=c++20", "g++ -std=gnu++20", KERF_CLANG " -std=c++20"})
    CHECK(compiles(std::string(compiler) + " -x c++", file + "_use.cpp", cpp));
}

/// Words of the languages, macros, names of the runtime and of generated members.
constexpr const char *hostile[] = {
    "new",        "class",          "int",      "restrict", "typeof",   "asm",
    "_Bool",      "_Static_assert", "true",     "and",      "errno",    "NULL",
    "EOF",        "EINVAL",         "SIGINT",   "INFINITY", "NAN",      "INT_MAX",
    "stdin",      "assert",         "offsetof", "va_start", "signbit",  "linux",
    "unix",       "major",          "minor",    "__FILE__", "__LINE__", "_X",
    "__x",        "M_PI",           "I",        "block",    "table",    "arena_bytes",
    "descriptor", "size",           "shape",    "strides",  "rank",     "data",
    "values",     "begin",          "context",  "results",  "kerf",     "std",
    "m",          "Role",           "View",     "Array",    "Block",    "Context",
    "DLTensor",   "kerf_block",     "uint64_t", "main",     "float_",   "float",
    "printf",     "string",         "random",   "final",    "override", "module",
    "import",     "concept"};

TEST_CASE("hostile names of fields") {
  Model model;
  for (const char *name : hostile)
    model.leaf("params", name);
  for (const char *name : hostile)
    model.leaf("adam", std::string("m.") + name);
  model.leaf("other", "Other").leaf("other", "other").leaf("other", "m_other_bytes");
  checkCompiles("m", headerOf(model), R"cpp(
    static_assert(sizeof(m::Params) == m_params_bytes && sizeof(m::Other) == 192);
    void use(m::Params &p, m::Adam &a) {
      p.block[0] = p.new_[0] + p.errno_[0] + p.kerf[1] + p.float__[0] + p.float_[0] + a.m.block[2];
      a.m.block = p.block;
    }
  )cpp");
}

TEST_CASE("hostile names of arguments and results") {
  Model model;
  for (llvm::StringRef name : hostile) // their types are like those of others
    if (!llvm::is_contained({"Block", "Context", "_X", "__x", "float_", "results"}, name))
      model.data(name.str());
  for (const char *name : {"x", "FX", "FResults", "m_f", "f", "a.b"})
    model.data(name);
  for (const char *name : {"register", "stdout", "isnan", "EOF2", "static", "m_arena_bytes"})
    model.result(name);
  checkCompiles("m", headerOf(model), "");
}

TEST_CASE("hostile names of entries, roles and constants") {
  for (const char *name : hostile) {
    INFO(name);
    Model entry;
    entry.entry = name;
    const std::string header = headerOf(entry.data("x").result("y"));
    CHECK_THAT(header, Contains("#ifndef") || Contains("refused: model m has two things named"));
  }
  // Many in one: what needs no look at each other.
  Model model;
  model.constants = "new = 1 : i64, errno = 2 : i64, NULL = 3 : i64, linux = 4 : i64, block = 5 : "
                    "i64, kerf = 6 : i64, std = 7 : i64, __x = 8 : i64";
  model.entry = "printf";
  for (const char *role : {"class", "EOF_", "std", "role", "view", "namespace", "__x", "int"})
    model.leaf(role, "x");
  checkCompiles("m", headerOf(model.data("x").result("double")), R"cpp(
    static_assert(m::new_ == 1 && m::errno_ == 2 && m::NULL_ == 3 && m::kerf == 6);
  )cpp");
}

TEST_CASE("constants that are not finite, negative or at the ends of their range") {
  Model model;
  model.constants = "n = 0x7FF8000000000000 : f64, i = 0x7FF0000000000000 : f64, j = "
                    "0xFFF0000000000000 : f64, z = -0.0 : f64, d = -2.5 : f64, small = 5.0e-324 : "
                    "f64, low = -9223372036854775808 : i64, on = true, t = -3 : i32";
  checkCompiles("m", headerOf(model.data("x")), R"cpp(
    static_assert(m::n != m::n && m::i > 1e308 && m::j < -1e308 && 1 - m_d == 3.5 && m::small > 0);
    static_assert(m::low == INT64_MIN && m::on == 1 && m::t == -3);
  )cpp");
}

TEST_CASE("tensors without elements are arguments and results like others") {
  Model model;
  model.data("x", "tensor<0x4xf32>").data("y", "tensor<3x0xi64>").data("s", "tensor<f32>");
  model.leaf("params", "w", "tensor<2xf32>").leaf("params", "none", "tensor<0xf32>");
  checkCompiles("m", headerOf(model.result("loss")), R"cpp(
    #include <vector>
    float use(kerf::Context &context, kerf::Block<m::Params> &params) {
      std::vector<float> none;
      kerf::Array<float, 0, 4> empty;
      std::vector<std::int64_t> numbers;
      float s = 1;
      m::f(context, none, numbers, kerf::View<float>(&s), params);
      kerf::View<const float, 0, 4> view = empty;
      return m::f(context, view, numbers, kerf::View<float>(&s), *params).loss;
    }
  )cpp");
}

TEST_CASE("models that differ in the case of a letter have headers for one program") {
  Model lower, upper;
  lower.name = "toy", upper.name = "Toy";
  std::ofstream("Toy.h") << headerOf(upper.data("x"));
  checkCompiles("toy", headerOf(lower.data("x")),
                "#include <Toy.h>\nToy::FX a(nullptr);\ntoy::FX b(nullptr);\n");
}

TEST_CASE("names that would be code, or that two things have, are refused by name") {
  const auto said = [](const Model &model) { return headerOf(model); };
  Model m;
  CHECK_THAT(
      said(Model(m).data("x */ #error injected /*")),
      Contains("refused: entry f: the argument 'x */ #error injected /*' has no name in C++"));
  CHECK_THAT(said(Model(m).result("y\\0Astatic int stolen")), Contains("'y?static int stolen'"));
  CHECK_THAT(
      said(Model(m).leaf("p_bytes 0\\0Astatic int stolen = 1;\\0A#define q", "x")),
      Contains("refused: the role 'p_bytes 0?static int stolen = 1;?#define q' has no name"));
  CHECK_THAT(said(Model(m).leaf("p", "a b")), Contains("role p: the tensor 'a b' has no name"));
  CHECK_THAT(said(Model(m).leaf("p", "a..b")), Contains("role p: the tensor 'a..b' has no name"));
  CHECK_THAT(said(Model(m).leaf("p", "\\C3\\A4")), Contains("has no name"));
  CHECK_THAT(said(Model(m).leaf("p", std::string(201, 'a'))), Contains("at most 200"));
  std::string deep = "a";
  for (int i = 0; i < 63; ++i)
    deep += ".a";
  CHECK_THAT(said(Model(m).leaf("p", deep)), Contains("#ifndef"));
  CHECK_THAT(said(Model(m).leaf("p", deep + ".a")),
             Contains("lies 65 groups deep; 64 are the most"));
  Model constant = m;
  constant.constants = "\"a b\" = 1 : i64";
  CHECK_THAT(said(constant), Contains("refused: the constant 'a b' has no name"));
  Model wide = m;
  wide.constants = "a = 1 : i128";
  CHECK_THAT(said(wide), Contains("neither an integer of at most 64 bits nor a float"));
  for (const char *name : {"a b", "1f", "f-g", ""}) {
    Model entry = m;
    entry.entry = name;
    CHECK_THAT(said(entry), Contains("refused: ") || Contains("does not parse"));
  }

  CHECK_THAT(
      said(Model(m).leaf("arena", "x")),
      Contains("two things named 'm_arena_bytes': the size of the arena and the size of role "
               "'arena'"));
  CHECK_THAT(said(Model(m).leaf("x_y", "a").leaf("xY", "b")),
             Contains("two things named 'XY': the struct of role 'x_y' and the struct of role"));
  CHECK_THAT(said(Model(m).leaf("f_results", "a")), Contains("two things named 'FResults'"));
  CHECK_THAT(said(Model(m).data("x").data("X")),
             Contains("two things named 'FX': the type of 'x' of entry 'f' and the type of 'X'"));
  CHECK_THAT(said(Model(m).data("results")), Contains("two things named 'FResults'"));
  Model taken = m;
  taken.constants = "f = 1 : i64";
  CHECK_THAT(said(taken), Contains("two things named 'm_f': the constant 'f' and the entry 'f'"));
  taken.constants = "f_descriptor = 1 : i64";
  CHECK_THAT(said(taken), Contains("two things named 'm_f_descriptor'"));
  taken.constants = "p_block = 1 : i64";
  CHECK_THAT(said(taken.leaf("p", "x")), Contains("two things named 'm_p_block'"));
  Model size = m;
  size.entry = "arena_bytes";
  CHECK_THAT(said(size), Contains("two things named 'm_arena_bytes'"));
}

TEST_CASE("a model is not named like a header, a function or a word of C and C++") {
  for (const char *name :
       {"features",  "main",   "random",       "errno",       "NULL",   "printf",  "string",
        "new",       "abi",    "kerf_runtime", "safetensors", "kerf",   "std",     "posix",
        "time",      "signal", "index",        "read",        "size_t", "FILE",    "sinf",
        "rand_r",    "stat64", "assert",       "linux",       "EOF",    "INT_MAX", "DLTensor",
        "pthread_x", "kerf_x", "_m",           "a__b",        "",       "1a",      "a b",
        "a/b",       "../a",   "a\nb",         "math",        "limits", "memory",  "environ",
        "tm",        "class",  "namespace",    "float"}) {
    INFO(name);
    CHECK_THAT(kerf::codegen::complaintOfModelName(name), Contains("a model cannot be named"));
  }
  for (const char *name : {"vqvae", "gpt", "toy", "m", "model", "line", "ids", "wgan_gp", "train",
                           "step", "tokens", "island", "memories", "stride", "Vae2", "digit"})
    CHECK(kerf::codegen::complaintOfModelName(name) == "");
}

} // namespace
