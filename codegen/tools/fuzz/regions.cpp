// Gradients, and entries as a whole.
#include "codegen/tools/fuzz/author.h"
#include "codegen/tools/fuzz/blocks.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen::fuzz {

/// What a region makes of some parameters, and its derivative: the gradients of a loss, or tangents
/// along other values. In another such region it is a second derivative.
void Author::differentiate() {
  if (place.gradients >= 2)
    return;
  SmallVector<Known> params = operands(3, [](const Known &x) { return x.isFloat(); });
  SmallVector<Known> captures = operands(3, anything), tangents;
  if (params.empty())
    return;
  const bool isForward = program.chance(0.3);
  if (isForward)
    for (const Known &x : params)
      tangents.push_back(alike(x));
  OperationState state(location, isForward ? "kerf.jvp" : "kerf.value_and_grad");
  for (ArrayRef<Known> some : {ArrayRef(params), ArrayRef(tangents), ArrayRef(captures)})
    state.addOperands(valuesOf(some));
  Block *block = new Block;
  state.addRegion()->push_back(block);

  Author body(program, builderAt(block, b.getContext()), location,
              {place.loops, place.gradients + 1});
  for (auto [i, x] : llvm::enumerate(llvm::concat<Known>(params, captures)))
    body.values.push_back({block->addArgument(x.type(), location), x.exact && i >= params.size(),
                           x.active || i < params.size()});
  body.fill(program.random.integer(1, 7));
  if (program.chance(0.25))
    body.attention();
  // The last of all more often than others.
  auto isActive = [](const Known &x) { return x.isFloat() && x.active; };
  const Known some = isActive(body.values.back()) && program.chance(0.5) ? body.values.back()
                                                                         : *body.pick(isActive);
  SmallVector<Known> yielded;
  if (isForward) {
    yielded.push_back(some);
    yielded.append(body.operands(2, anything));
  } else {
    Known loss = some;
    if (loss.rank() == 0 && program.chance(0.5))
      loss = body.elementwise("mul", loss, loss);
    yielded = {body.mean(loss)};
    if (program.chance(0.3))
      yielded.append(body.operands(2, anything));
  }
  OperationState yield(location, "kerf.yield");
  yield.addOperands(valuesOf(yielded));
  body.builder().create(yield);
  state.addTypes(ValueRange(valuesOf(yielded)).getTypes());
  for (const Known &x : isForward ? yielded : params)
    if (x.isFloat())
      state.addTypes(x.type());
  state.addAttributes({integer("num_params", params.size())});
  if (!isForward)
    state.addAttributes({integer("num_aux", yielded.size() - 1)});

  const bool active = llvm::any_of(llvm::concat<Known>(params, tangents, captures),
                                   [](const Known &x) { return x.active; });
  for (auto [i, result] : llvm::enumerate(b.create(state)->getResults())) {
    Known known{result};
    known.exact = !known.isFloat();
    known.active = active && known.isFloat();
    values.push_back(known);
    if (i >= yielded.size())
      bounded(known);
  }
}

/// A function and what it says of its derivative, which need not be true.
void Author::custom() {
  if (place.gradients >= 2 || !program.custom)
    return;
  SmallVector<Known> inputs = operands(3, anything), captures = operands(2, anything);
  for (Known &x : captures)
    x = passive(x); // else its gradient would be lost
  OperationState state(location, "kerf.custom_vjp");
  state.addOperands(valuesOf(inputs));
  state.addOperands(valuesOf(captures));
  state.addAttributes({integer("num_inputs", inputs.size())});
  SmallVector<Known> made;
  auto region = [&](bool isBackward) {
    Block *block = new Block;
    state.addRegion()->push_back(block);
    Author body(program, builderAt(block, b.getContext()), location,
                {place.loops, place.gradients + isBackward});
    auto arguments = [&](ArrayRef<Known> some, bool onlyFloats) {
      for (const Known &x : some)
        if (x.isFloat() || !onlyFloats)
          body.values.push_back({block->addArgument(x.type(), location), x.exact && !isBackward,
                                 isBackward && x.isFloat()});
    };
    arguments(inputs, false);
    if (isBackward) {
      arguments(made, false);
      arguments(made, true);
    }
    arguments(captures, false);
    body.fill(program.below(4));
    SmallVector<Known> yielded;
    if (isBackward) {
      for (const Known &x : inputs)
        if (x.isFloat())
          yielded.push_back(body.fitted(x.type()));
    } else {
      made = yielded = body.operands(2, anything);
    }
    OperationState yield(location, "kerf.yield");
    yield.addOperands(valuesOf(yielded));
    body.builder().create(yield);
  };
  region(false);
  region(true);
  state.addTypes(ValueRange(valuesOf(made)).getTypes());
  const bool active = llvm::any_of(inputs, [](const Known &x) { return x.active; });
  for (Value result : b.create(state)->getResults())
    values.push_back({result, !Known{result}.isFloat(), active && Known{result}.isFloat()});
}

void Author::fill(int steps) {
  struct Step {
    int weight;
    void (Author::*write)();
  };
  static constexpr Step all[] = {
      {4, &Author::unary},     {5, &Author::binary},    {2, &Author::select},
      {2, &Author::cast},      {3, &Author::broadcast}, {5, &Author::reduce},
      {2, &Author::transpose}, {2, &Author::reshape},   {2, &Author::slice},
      {2, &Author::pad},       {2, &Author::concat},    {1, &Author::marks},
      {4, &Author::contract},  {3, &Author::convolve},  {2, &Author::gather},
      {2, &Author::scatter},   {2, &Author::decide},    {2, &Author::draw},
      {3, &Author::search},    {2, &Author::softmax},   {3, &Author::attention},
      {3, &Author::loop},      {2, &Author::branch},    {3, &Author::differentiate},
      {1, &Author::custom},    {2, &Author::integers},  {3, &Author::along}};
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

func::FuncOp addFunction(ModuleOp module, std::uint64_t seed, std::uint64_t number) {
  Program program(seed, number);
  program.empty = program.special = program.custom = false;
  program.largest = 60;
  program.extents = {2, 3, 4};
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  auto function = func::FuncOp::create(b, module.getLoc(), "function" + std::to_string(number),
                                       b.getFunctionType({}, {}));
  Block *block = function.addEntryBlock();
  Author author(program, OpBuilder::atBlockEnd(block), function.getLoc(), {0, 1});
  SmallVector<Type> arguments, results;
  for (int64_t n = program.random.integer(2, 4); n > 0; --n) {
    arguments.push_back(author.tensor(program.shape(3), b.getF64Type()));
    author.values.push_back({block->addArgument(arguments.back(), function.getLoc()), false, true});
  }
  author.fill(program.below(3));
  author.loop();
  author.fill(program.below(3));
  SmallVector<Value> returned;
  for (const Known &x : author.values)
    if (x.isFloat() && x.active)
      returned.push_back(x.value);
  if (returned.size() > 3)
    returned.erase(returned.begin(), returned.end() - 3);
  for (Value value : returned)
    results.push_back(value.getType());
  func::ReturnOp::create(author.builder(), function.getLoc(), returned);
  function.setType(b.getFunctionType(arguments, results));
  return function;
}

/// Leaves of one role are arguments and results: results in place, permuted, shared, kept.
func::FuncOp addProgram(ModuleOp module, std::uint64_t seed, std::uint64_t number, int64_t rows) {
  Program program(seed, number, rows);
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
  // Where a program may have its rows: in front, and nowhere else.
  auto mayBeOpen = [&](ArrayRef<int64_t> shape) {
    return !rows || !llvm::is_contained(shape.drop_front(!shape.empty()), rows);
  };
  auto shapeOfArgument = [&](bool isFirst) {
    SmallVector<int64_t> shape = program.shape(isFirst && rows ? 3 : 8);
    if (isFirst && rows)
      shape.insert(shape.begin(), rows);
    for (int64_t &extent : MutableArrayRef(shape).drop_front(!shape.empty()))
      extent = extent == rows ? 3 : extent;
    return shape;
  };
  for (int64_t i = 0; i < arguments; ++i)
    argument(
        author.tensor(shapeOfArgument(i == 0), i == 0 ? author.someFloat() : author.someElement()),
        "x", i, false);
  if (program.chance(0.3))
    argument(author.tensor({2}, b.getI32Type()), "key", 0, false);
  SmallVector<int64_t> stateShape = program.shape();
  if (rows) // a block has one size
    std::replace(stateShape.begin(), stateShape.end(), rows, int64_t(2));
  auto state = author.tensor(stateShape, author.someFloat());
  for (int64_t i = 0; i < numLeaves; ++i) {
    argument(state, "s", i, true);
    leaves.push_back(author.values.back());
  }
  author.fill(program.random.integer(6, 26));
  // Where nobody reads them nothing is left of them.
  if (program.chance(0.1))
    author.attention();
  else if (program.chance(0.1))
    author.differentiate();

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
  for (const Known &x : ArrayRef(author.values).take_back(rows ? 12 : 4))
    if (mayBeOpen(x.shape()))
      result(x.value, "y", count++, false);
  for (int64_t n = program.below(4); n > 0; --n)
    result(author.pick([&](const Known &x) { return mayBeOpen(x.shape()); })->value, "y", count++,
           false);

  func::ReturnOp::create(author.builder(), function.getLoc(), results);
  function.setType(b.getFunctionType(argumentTypes, resultTypes));
  function.setAllArgAttrs(argumentAttributes);
  function.setAllResultAttrs(resultAttributes);
  function->setAttr("kerf.entry", b.getUnitAttr());
  if (program.chance(0.1)) // a policy
    function->setAttr("kerf.compute",
                      TypeAttr::get(program.chance(0.7) ? Type(b.getBF16Type()) : b.getF16Type()));
  return function;
}

} // namespace kerf::codegen::fuzz
