#include "compiler/elements.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace kerf::compiler {

static StringRef ref(std::string_view text) { return {text.data(), text.size()}; }

Type heldType(const ElementType &element, MLIRContext *context) {
  if (!element.is_real())
    return IntegerType::get(context, element.bits);
  return llvm::StringSwitch<Type>(ref(element.held))
      .Case("f64", Float64Type::get(context))
      .Case("f32", Float32Type::get(context))
      .Case("bf16", BFloat16Type::get(context))
      .Case("f16", Float16Type::get(context));
}

static bool isDeclared(const ElementType &element) {
  return element.kind == ElementType::Kind::word;
}

const ElementType *elementOf(Type type, StringRef declared) {
  for (const ElementType &element : element_types)
    if (declared.empty() ? !isDeclared(element)
                         : isDeclared(element) && declared == ref(element.numpy))
      if (heldType(element, type.getContext()) == type)
        return &element;
  return nullptr;
}

/// "a, b and c"
static std::string listed(ArrayRef<std::string> words) {
  if (words.size() < 2)
    return words.empty() ? "" : words.front();
  return llvm::join(words.drop_back(), ", ") + " and " + words.back();
}

std::string heldElements() {
  SmallVector<std::string> names;
  for (const ElementType &element : element_types)
    if (!isDeclared(element))
      names.emplace_back(element.name);
  return listed(names);
}

std::string declaredElements() {
  SmallVector<std::string> names;
  for (const ElementType &element : element_types)
    if (isDeclared(element))
      names.push_back(std::string(element.numpy) + " for " + std::string(element.held));
  return listed(names);
}

} // namespace kerf::compiler
