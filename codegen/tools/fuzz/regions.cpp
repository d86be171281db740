// Gradients, and entries as a whole.
#include "codegen/tools/fuzz/author.h"
#include "codegen/tools/fuzz/blocks.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen::fuzz {

/// The loss of what a region makes of some parameters, auxiliary values, and the gradients. In
/// another such region it is a second derivative.
void Author::differentiate() {
  if (place.gradients >= 2)
    return;
  SmallVector<Known> params = operands(3, [](const Known &x) { return x.isFloat(); });
  SmallVector<Known> captures = operands(3, anything);
  if (params.empty())
    return;
  OperationState state(location, "kerf.value_and_grad");
  state.addOperands(valuesOf(params));
  state.addOperands(valuesOf(captures));
  Block *block = new Block;
  state.addRegion()->push_back(block);

  Author body(program, builderAt(block, b.getContext()), location,
              {place.loops, place.gradients + 1});
  for (auto [i, x] : llvm::enumerate(llvm::concat<Known>(params, captures)))
    body.values.push_back({block->addArgument(x.type(), location), x.exact && i >= params.size(),
                           x.active || i < params.size()});
  body.fill(program.random.integer(1, 7));
  Known loss = *body.pick([](const Known &x) { return x.isFloat() && x.active; });
  if (loss.rank() == 0 && program.chance(0.5))
    loss = body.elementwise("mul", loss, loss);
  loss = body.mean(loss);
  SmallVector<Known> aux;
  if (program.chance(0.3))
    aux = body.operands(2, anything);

  OperationState yield(location, "kerf.yield");
  yield.addOperands(loss.value);
  yield.addOperands(valuesOf(aux));
  body.builder().create(yield);
  state.addTypes(loss.value.getType());
  state.addTypes(ValueRange(valuesOf(aux)).getTypes());
  state.addTypes(ValueRange(valuesOf(params)).getTypes());
  state.addAttributes({integer("num_params", params.size()), integer("num_aux", aux.size())});

  const bool active =
      llvm::any_of(llvm::concat<Known>(params, captures), [](const Known &x) { return x.active; });
  for (auto [i, result] : llvm::enumerate(b.create(state)->getResults())) {
    Known known{result};
    known.exact = !known.isFloat();
    known.active = active && known.isFloat();
    values.push_back(known);
    if (i > aux.size())
      bounded(known);
  }
}

void Author::fill(int steps) {
  struct Step {
    int weight;
    void (Author::*write)();
  };
  static constexpr Step all[] = {
      {4, &Author::unary},     {5, &Author::binary},        {2, &Author::select},
      {2, &Author::cast},      {3, &Author::broadcast},     {5, &Author::reduce},
      {2, &Author::transpose}, {2, &Author::reshape},       {2, &Author::slice},
      {2, &Author::pad},       {2, &Author::concat},        {1, &Author::marks},
      {4, &Author::contract},  {3, &Author::convolve},      {2, &Author::gather},
      {2, &Author::scatter},   {2, &Author::decide},        {2, &Author::draw},
      {3, &Author::search},    {2, &Author::softmax},       {3, &Author::loop},
      {2, &Author::branch},    {3, &Author::differentiate}, {2, &Author::integers},
      {3, &Author::along}};
  int total = 0;
  for (const Step &step : all)
    total += step.weight;
  for (int n = 0; n < steps; ++n) {
    int at = program.below(total);
    const Step *step = all;
    for (; at >= step->weight; ++step)
      at -= step->weight;
    (this->*step->write)();
  }
}

/// Leaves of one role are arguments and results: results in place, permuted, shared, kept.
func::FuncOp addProgram(ModuleOp module, std::uint64_t seed, std::uint64_t number) {
  Program program(seed, number);
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  const std::string name = "program" + std::to_string(number);
  auto function = func::FuncOp::create(b, module.getLoc(), name, b.getFunctionType({}, {}));
  Block *block = function.addEntryBlock();
  Author author(program, OpBuilder::atBlockEnd(block), function.getLoc(), {});

  auto attributes = [&](StringRef prefix, int64_t number, bool isState) {
    SmallVector<NamedAttribute> all = {author.text("kerf.name", (prefix + Twine(number)).str())};
    if (isState)
      all.push_back(author.text("kerf.role", "state_" + name));
    return b.getDictionaryAttr(all);
  };
  SmallVector<Type> argumentTypes, resultTypes;
  SmallVector<DictionaryAttr> argumentAttributes, resultAttributes;
  SmallVector<Known> leaves;
  auto argument = [&](RankedTensorType type, StringRef prefix, int64_t number, bool isState) {
    author.values.push_back({block->addArgument(type, function.getLoc()), true, false});
    argumentTypes.push_back(type);
    argumentAttributes.push_back(attributes(prefix, number, isState));
  };
  const int64_t arguments = program.random.integer(1, 4), numLeaves = program.random.integer(0, 3);
  for (int64_t i = 0; i < arguments; ++i)
    argument(author.tensor(program.shape(), i == 0 ? author.someFloat() : author.someElement()),
             "x", i, false);
  if (program.chance(0.3))
    argument(author.tensor({2}, b.getI32Type()), "key", 0, false);
  auto state = author.tensor(program.shape(), author.someFloat());
  for (int64_t i = 0; i < numLeaves; ++i) {
    argument(state, "s", i, true);
    leaves.push_back(author.values.back());
  }
  author.fill(program.random.integer(6, 26));

  SmallVector<Value> results;
  auto result = [&](Value value, StringRef prefix, int64_t number, bool isState) {
    results.push_back(value);
    resultTypes.push_back(value.getType());
    resultAttributes.push_back(attributes(prefix, number, isState));
  };
  for (auto [i, leaf] : llvm::enumerate(leaves))
    result(author.pick([&](const Known &x) { return x.type() == leaf.type(); })->value, "s", i,
           true);
  int64_t count = 0;
  for (const Known &x : ArrayRef(author.values).take_back(4))
    result(x.value, "y", count++, false);
  for (int64_t n = program.below(4); n > 0; --n)
    result(author.pick(anything)->value, "y", count++, false);

  func::ReturnOp::create(author.builder(), function.getLoc(), results);
  function.setType(b.getFunctionType(argumentTypes, resultTypes));
  function.setAllArgAttrs(argumentAttributes);
  function.setAllResultAttrs(resultAttributes);
  function->setAttr("kerf.entry", b.getUnitAttr());
  return function;
}

} // namespace kerf::codegen::fuzz
