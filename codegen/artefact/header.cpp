// The header of an artefact: C prototypes and sizes, and a typed C++ view over them.
#include "codegen/artefact/files.h"
#include "codegen/artefact/names.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;

namespace kerf::codegen {

// ---- types -----------------------------------------------------------------------------------

static StringRef cppType(DLDataType dtype) {
  const std::string_view name = elementOf(dtype).cpp;
  return {name.data(), name.size()};
}

static std::string list(const std::vector<int64_t> &shape) {
  std::string text;
  for (int64_t extent : shape)
    text += (text.empty() ? "" : ", ") + std::to_string(extent);
  return text;
}

/// "float, 32, 1, 4, 4": arguments of kerf::Array and kerf::View.
static std::string tensorArguments(DLDataType dtype, const std::vector<int64_t> &shape) {
  return cppType(dtype).str() + (shape.empty() ? "" : ", ") + list(shape);
}

/// "1,039,616".
static std::string grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (int at = int(text.size()) - 3; at > 0; at -= 3)
    text.insert(at, ",");
  return text;
}

/// Scratch memory: what workers share, and each one's own.
struct ArenaBytes {
  uint64_t shared = 0, own = 0;

  /// "4,096 bytes, and 64 for each worker"
  std::string words() const {
    return grouped(shared) + " bytes" +
           (own ? ", and " + grouped(own) + " for each worker" : std::string());
  }
  /// The body of a C function of `workers`, which says UINT64_MAX where a number holds no more.
  std::string function() const {
    if (!own)
      return formatv("{{\n  (void)workers;\n  return UINT64_C({0});\n}\n", shared);
    return formatv(
        "{{\n  return workers > UINT64_C({0}) ? UINT64_MAX : UINT64_C({1}) + UINT64_C({2}) "
        "* workers;\n}\n",
        (UINT64_MAX - shared) / own, shared, own);
  }
};

static StringRef accessWords(uint32_t access) {
  return access == KERF_READ ? "read" : access == KERF_WRITE ? "written" : "read and written";
}

// ---- the tree of a role ----------------------------------------------------------------------

namespace {

/// A tensor, or a group of members.
struct Member {
  std::string name;
  const BlockLeaf *leaf = nullptr;
  std::vector<Member> members;

  /// Alike but for the name.
  bool isLike(const Member &other) const {
    if (leaf || other.leaf)
      return leaf && other.leaf && leaf->shape == other.leaf->shape &&
             cppType(leaf->dtype) == cppType(other.leaf->dtype);
    return std::equal(
        members.begin(), members.end(), other.members.begin(), other.members.end(),
        [](const Member &a, const Member &b) { return a.name == b.name && a.isLike(b); });
  }
  /// Members "0", "1", … that are all alike: an array.
  bool isArray() const {
    for (auto [i, member] : enumerate(members))
      if (member.name != std::to_string(i) || !member.isLike(members.front()))
        return false;
    return !members.empty();
  }
  const BlockLeaf &firstLeaf() const { return leaf ? *leaf : members.front().firstLeaf(); }
};

/// A role, its tree, and its struct's name.
struct Role {
  const Argument *block;
  std::string type;
  Member tree;
  bool isShared = false; ///< its tensors appear again inside another role
};

} // namespace

static Error refuse(const Twine &text) { return createStringError(text); }

/// Adds a leaf below `tree`, in order: members of a group follow each other in the block.
static Error insert(Member &tree, const BlockLeaf &leaf, StringRef role) {
  SmallVector<StringRef> path;
  StringRef(leaf.name).split(path, '.');
  Member *group = &tree;
  for (auto [i, part] : enumerate(path)) {
    StringRef name = part;
    bool isLast = i + 1 == path.size();
    auto known = find_if(group->members, [&](Member &member) { return member.name == name; });
    if (known == group->members.end()) {
      group->members.push_back({name.str(), isLast ? &leaf : nullptr, {}});
      known = std::prev(group->members.end());
    } else if (isLast || known->leaf) {
      return refuse("role " + role + ": '" + leaf.name +
                    "' is both a tensor and a group of tensors, or there twice");
    } else if (&*known != &group->members.back()) {
      return refuse("role " + role + ": the tensors of the group around '" + leaf.name +
                    "' do not follow each other in the block");
    }
    group = &*known;
  }
  return Error::success();
}

static Expected<Member> makeTree(const Argument &block) {
  Member tree;
  for (const BlockLeaf &leaf : block.leaves) {
    if (!leaf.bytes) // no bytes, no member
      continue;
    if (Error error = insert(tree, leaf, block.name))
      return std::move(error);
  }
  if (tree.members.empty())
    return refuse("role " + block.name + " has no elements");
  return tree;
}

// ---- the header ------------------------------------------------------------------------------

namespace {

class Header {
public:
  explicit Header(const Artefact &artefact)
      : artefact(artefact), model(artefact.compiled.interface), out(text) {}

  Expected<std::string> write() {
    if (Error error = checkNames(model))
      return std::move(error);
    if (Error error = readRoles())
      return std::move(error);
    writeTop();
    writeSizes();
    writeFunctions();
    writeCppConstants();
    for (const Role &role : roles)
      writeRole(role);
    for (const Entry &entry : model.entries)
      declareEntry(entry);
    out << "\n// ---- definitions " << std::string(75, '-') << "\n\n";
    for (const Entry &entry : model.entries)
      defineEntry(entry);
    out << "\n} // namespace " << model.model << "\n\n";
    for (const Role &role : roles)
      out << "template <> inline const kerf_block &kerf::table<::" << model.model
          << "::" << role.type << ">() { return ::" << symbol(role) << "_block; }\n";
    out << "#endif // __cplusplus\n#endif\n";
    return std::move(text);
  }

private:
  // -- before anything is written --

  Error readRoles() {
    for (const Argument &block : model.blocks) {
      Expected<Member> tree = makeTree(block);
      if (!tree)
        return tree.takeError();
      roles.push_back({&block, typeName(block.name), std::move(*tree)});
    }
    for (auto [i, role] : enumerate(roles))
      for (const Role &later : drop_begin(roles, i + 1))
        role.isShared |= later.tree.isLike(role.tree) || contains(later.tree, role.tree);
    return Error::success();
  }

  static bool contains(const Member &tree, const Member &part) {
    return any_of(tree.members, [&](const Member &member) {
      return !member.leaf && (member.isLike(part) || contains(member, part));
    });
  }

  // -- both languages --

  std::string symbol(const Role &role) const { return model.model + "_" + role.block->name; }

  void writeTop() {
    std::string guard = "KERF_MODEL_" + model.model + "_H"; // model Toy and model toy have two
    out << "/* " << model.model << ", compiled by Kerf for "
        << join(map_range(artefact.compiled.bodies,
                          [](const Body &body) { return body.target.name; }),
                " and ")
        << ": what a program includes to use it.\n * Generated from source "
        << StringRef(artefact.sourceHash).take_front(16) << "; do not edit. Link lib" << model.model
        << ".a and the Kerf runtime.\n *\n";
    out << " * #include <" << model.model
        << ".h>, in angle brackets where the model's source has a header of "
        << "that name.\n"
        << " * In C:   an entry takes a context and a DLTensor per argument, checks all, gives a "
           "status.\n"
        << " * In C++: namespace " << model.model
        << " has a struct per role and a function per entry, which throws kerf::Error. */\n";
    out << "#ifndef " << guard << "\n#define " << guard << "\n\n#include \"abi.h\"\n"
        << (any_of(model.constants, isNotFinite) ? "#include <math.h>\n" : "") << "\n";
  }

  void writeSizes() {
    out << "/* Bytes of the blocks. */\n";
    for (const Role &role : roles)
      out << "#define " << symbol(role) << "_bytes UINT64_C(" << role.block->bytes << ")\n";
    out << "/* Bytes of scratch memory for so many workers: an entry's, and enough for all of "
           "them. */\n";
    for (const Entry &entry : model.entries)
      out << "static inline uint64_t " << model.symbol(entry) << "_arena_bytes(uint64_t workers) "
          << arenaBytes(entry).function();
    out << "static inline uint64_t " << model.model << "_arena_bytes(uint64_t workers) "
        << arenaBytes().function();
    out << "/* Another one where an entry that changes a role, or what it calls, is another: a "
           "state "
           "goes on\n * being trained by the same. */\n#define "
        << model.model << "_training_hash \"" << StringRef(artefact.trainingHash).take_front(16)
        << "\"\n";
    if (!model.constants.empty())
      out << "/* Constants of the model. */\n";
    for (const Constant &constant : model.constants)
      out << "#define " << model.model << "_" << constant.name << " " << literal(constant.value)
          << "\n";
  }

  static ArenaBytes arenaBytes(const Entry &entry) { return {entry.arenaBytes, entry.workerBytes}; }
  ArenaBytes arenaBytes() const {
    ArenaBytes most;
    for (const Entry &entry : model.entries)
      most = {std::max(most.shared, entry.arenaBytes), std::max(most.own, entry.workerBytes)};
    return most;
  }

  static bool isNotFinite(const Constant &constant) {
    auto *number = std::get_if<double>(&constant.value);
    return number && !std::isfinite(*number);
  }

  static std::string literal(const std::variant<int64_t, double> &value) {
    if (auto *integer = std::get_if<int64_t>(&value)) {
      if (*integer == INT64_MIN)
        return "INT64_MIN";
      return formatv(*integer < 0 ? "(-INT64_C({0}))" : "INT64_C({0})", std::abs(*integer));
    }
    const double number = std::get<double>(value);
    if (std::isnan(number))
      return "((double)NAN)";
    if (std::isinf(number))
      return number < 0 ? "(-(double)INFINITY)" : "((double)INFINITY)";
    std::string text;
    raw_string_ostream(text) << format(number < 0 ? "(%.17g)" : "%.17g", number);
    return StringRef(text).find_first_of(".en") == StringRef::npos ? text + ".0" : text;
  }

  void writeFunctions() {
    const std::string tie = model.model + "_made_together_" + signatureHash(model);
    out << "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
    out << "/* This header and the library are of one compile: where they are not, this is "
           "undefined "
           "when the\n * program is linked. */\nextern const char kerf_"
        << tie << ";\n__attribute__((used)) static const char *const kerf_" << model.model
        << "_header = &kerf_" << tie << ";\n\n";
    out << "/* The tensors in each block: names, shapes, offsets. */\n";
    for (const Role &role : roles)
      out << "extern const kerf_block " << symbol(role) << "_block;\n";
    for (const Entry &entry : model.entries) {
      out << "\n/* " << entry.name << "\n";
      for (const Argument &argument : entry.arguments) {
        out << " *   " << left_justify(argument.name, 16) << " ";
        if (argument.isBlock)
          out << "block";
        else
          out << nameOf(argument.dtype) << " [" << shapeWords(argument) << "]";
        out << ", " << accessWords(argument.access) << "\n";
      }
      std::vector<std::string> parameters{"kerf_context *context"};
      for (const std::string &name : parameterNames(entry))
        parameters.push_back("DLTensor *" + name);
      out << " */\n"
          << signature("kerf_status " + model.symbol(entry), parameters)
          << ";\nextern const kerf_entry " << model.symbol(entry) << "_descriptor;\n";
    }
    out << "\n#ifdef __cplusplus\n} // extern \"C\"\n\n#include \"kerf_runtime.hpp\"\n"
        << (hasNarrowFloats() ? "#include <kerf/narrow.h>\n" : "") << "\n";
  }

  std::vector<std::string> parameterNames(const Entry &entry) const {
    std::vector<std::string> names;
    StringSet<> taken = typesOf(entry);
    for (StringRef word : {"context", "results", "DLTensor", "I"}) // I: of C's complex.h
      taken.insert(word);
    for (const Argument &argument : entry.arguments) {
      std::string name = toIdentifier(argument.name, &macros);
      while (!taken.insert(name).second)
        name += "_";
      names.push_back(name);
    }
    return names;
  }

  // -- C++ --

  void writeCppConstants() {
    out << "namespace " << model.model << " {\n\n";
    out << "/// Scratch memory for a kerf::Context that every entry can run in: "
        << arenaBytes().words() << ".\n"
        << "constexpr ::std::uint64_t arena_bytes(::std::uint64_t workers) "
        << arenaBytes().function() << "/// Of the entries that change a role; for checkpoints.\n"
        << "inline constexpr const char *training_hash = " << model.model << "_training_hash;\n";
    if (!model.entries.empty())
      out << "/// All entries, which have bodies for the same targets.\n"
          << "inline constexpr const kerf_entry *entries[] = {"
          << join(map_range(model.entries,
                            [&](const Entry &entry) {
                              return "&" + model.symbol(entry) + "_descriptor";
                            }),
                  ", ")
          << "};\n";
    for (const Constant &constant : model.constants)
      out << "inline constexpr "
          << (std::holds_alternative<double>(constant.value) ? "double " : "::std::int64_t ")
          << toIdentifier(constant.name) << " = " << literal(constant.value) << ";\n";
  }

  /// The struct that lies over a block. Tensors are aligned to 64 bytes, so that nested members
  /// have the offsets of the leaves.
  void writeRole(const Role &role) {
    out << "\n// ---- " << role.block->name << " "
        << std::string(std::max<int>(4, 85 - int(role.block->name.size())), '-') << "\n\n";
    std::string tensors = role.type + "Tensors";
    if (role.isShared) {
      out << "/// The tensors of " << role.block->name << ", which other roles have too.\n"
          << "struct " << tensors << " {\n";
      writeMembers(role, role.tree, 1);
      out << "};\n\n";
    }
    out << "/// The block of role " << role.block->name << ": " << role.block->leaves.size()
        << (role.block->leaves.size() == 1 ? " tensor, " : " tensors, ")
        << grouped(role.block->bytes) << " bytes. Make one with kerf::Block<" << role.type
        << ">;\n/// kerf::table<" << role.type << ">() has names, shapes and offsets, for files.\n";
    const Role *same = sharedLike(role.tree, role);
    if (role.isShared || same) {
      out << "struct " << role.type << " : ::kerf::Role, "
          << (role.isShared ? tensors : same->type + "Tensors") << " {};\n";
    } else {
      out << "struct " << role.type << " : ::kerf::Role {\n";
      writeMembers(role, role.tree, 1);
      out << "};\n";
    }
    out << "static_assert(sizeof(" << role.type << ") == " << symbol(role) << "_bytes);\n";
  }

  /// The role before `role` whose tensors have a struct of their own, alike.
  const Role *sharedLike(const Member &tree, const Role &role) const {
    for (const Role &other : roles) {
      if (&other == &role)
        break;
      if (other.isShared && other.tree.isLike(tree))
        return &other;
    }
    return nullptr;
  }

  void writeMembers(const Role &role, const Member &group, unsigned depth) {
    StringSet<> taken;
    for (const Member &member : group.members) {
      std::string name = toIdentifier(member.name, &macros);
      while (!taken.insert(name).second) // "a-b" beside "a_b", "new" beside "new_"
        name += "_";
      writeMember(role, member, name, depth);
    }
  }

  void writeMember(const Role &role, const Member &member, std::string name, unsigned depth) {
    const Member *content = &member;
    while (content->isArray()) {
      name += "[" + std::to_string(content->members.size()) + "]";
      content = &content->members.front();
    }
    out.indent(2 * depth);
    if (content->leaf) {
      std::string line = "::kerf::Array<" +
                         tensorArguments(content->leaf->dtype, content->leaf->shape) + "> " + name +
                         ";";
      out << left_justify(line, 60 - 2 * depth) << " // at " << content->leaf->offset
          << (content->leaf->isBuffer ? ", a buffer" : "") << "\n";
    } else if (const Role *same = sharedLike(*content, role)) {
      std::string line = "::" + model.model + "::" + same->type + "Tensors " + name + ";";
      out << left_justify(line, 60 - 2 * depth) << " // at " << content->firstLeaf().offset << "\n";
    } else {
      out << "struct {\n";
      writeMembers(role, *content, depth + 1);
      out.indent(2 * depth) << "} " << name << ";\n";
    }
  }

  /// The extents behind the open one.
  static std::vector<int64_t> rowShape(const Argument &argument) {
    return {argument.shape.begin() + 1, argument.shape.end()};
  }
  /// "rows, 3", or "8 rows, 3" where each row of the call has 8.
  static std::string shapeWords(const Argument &argument) {
    if (!argument.perRow)
      return list(argument.shape);
    const std::string rest = list(rowShape(argument));
    return (argument.perRow > 1 ? std::to_string(argument.perRow) + " " : std::string()) + "rows" +
           (rest.empty() ? "" : ", " + rest);
  }

  static bool isReturned(const Argument &argument) {
    return !argument.isBlock && argument.access == KERF_WRITE && argument.shape.empty();
  }
  bool hasNarrowFloats() const {
    auto isNarrow = [](const auto &tensor) { return elementOf(tensor.dtype).is_narrow_real(); };
    return any_of(model.entries, [&](const Entry &entry) {
      return any_of(entry.arguments, [&](const Argument &argument) {
        return argument.isBlock ? any_of(argument.leaves, isNarrow) : isNarrow(argument);
      });
    });
  }
  static bool hasResults(const Entry &entry) { return any_of(entry.arguments, isReturned); }

  void declareEntry(const Entry &entry) {
    out << "\n// ---- " << entry.name << " "
        << std::string(std::max<int>(4, 85 - int(entry.name.size())), '-') << "\n\n";
    for (const Argument &argument : entry.arguments)
      if (!argument.isBlock && !isReturned(argument))
        out << "using " << viewType(entry, argument)
            << " = ::kerf::" << (argument.perRow ? "Rows<" : "View<")
            << (argument.access & KERF_WRITE ? "" : "const ")
            << tensorArguments(argument.dtype,
                               argument.perRow ? rowShape(argument) : argument.shape)
            << ">;" << (argument.perRow ? " // [" + shapeWords(argument) + "]" : "") << "\n";
    if (entry.mostRows)
      out << "/// How many rows a call has.\ninline constexpr ::std::int64_t "
          << leastRowsName(entry) << " = " << entry.leastRows << ", " << mostRowsName(entry)
          << " = " << entry.mostRows << ";\n";
    if (hasResults(entry)) {
      out << "struct " << resultsType(entry) << " {\n";
      for (const auto &[argument, name] : zip_equal(entry.arguments, parameterNames(entry)))
        if (isReturned(argument))
          out << "  " << cppType(argument.dtype) << " " << name << ";\n";
      out << "};\n";
    }
    if (entry.mostRows)
      out << "/// A call has " << entry.leastRows << " to " << entry.mostRows
          << " rows, and runs in an arena of " << arenaBytes(entry).words() << ".";
    else
      out << "/// Runs in an arena of " << arenaBytes(entry).words() << ".";
    std::string written;
    for (const Argument &argument : entry.arguments)
      if ((argument.access & KERF_WRITE) && !isReturned(argument))
        written += (written.empty() ? "" : ", ") + argument.name;
    if (!written.empty())
      out << " Writes " << written << ".";
    out << "\n";
    out << prototype(entry) << ";\n";
  }

  std::string prototype(const Entry &entry, unsigned indent = 0) const {
    std::string head = hasResults(entry) ? resultsType(entry) : "void";
    head += " " + toIdentifier(entry.name);
    std::vector<std::string> parameters{"::kerf::Context &context"};
    for (const auto &[argument, name] : zip_equal(entry.arguments, parameterNames(entry))) {
      if (argument.isBlock)
        parameters.push_back((argument.access & KERF_WRITE ? "" : "const ") +
                             typeName(argument.name) + " &" + name);
      else if (!isReturned(argument))
        parameters.push_back(viewType(entry, argument) + " " + name);
    }
    return signature(head, parameters, indent);
  }

  /// On one line if it fits, else one line per parameter.
  static std::string signature(const std::string &head, ArrayRef<std::string> parameters,
                               unsigned indent = 0) {
    std::string line = head + "(" + join(parameters, ", ") + ")";
    if (line.size() <= 88)
      return line;
    std::string separator = ",\n" + std::string(indent + head.size() + 1, ' ');
    return head + "(" + join(parameters, separator) + ")";
  }

  void defineEntry(const Entry &entry) {
    out << "\ninline " << prototype(entry, strlen("inline ")) << " {\n";
    if (hasResults(entry))
      out << "  " << resultsType(entry) << " results{};\n";
    std::vector<std::string> arguments{"::" + model.symbol(entry), "context"};
    for (const auto &[argument, name] : zip_equal(entry.arguments, parameterNames(entry))) {
      const std::string passed =
          isReturned(argument)
              ? "::kerf::View<" + cppType(argument.dtype).str() + ">(&results." + name + ")"
              : name;
      arguments.push_back("::kerf::detail::argument(" + passed + ")");
    }
    out << "  " << signature("::kerf::detail::call", arguments, 2) << ";\n"
        << (hasResults(entry) ? "  return results;\n" : "") << "}\n";
  }

  const Artefact &artefact;
  const Interface &model;
  const StringSet<> macros = macrosOf(model);
  std::vector<Role> roles;
  std::string text;
  raw_string_ostream out;
};

} // namespace

Expected<std::string> writeHeader(const Artefact &artefact) { return Header(artefact).write(); }

} // namespace kerf::codegen
