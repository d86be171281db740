#include "compiler/families/family.h"
#include "compiler/all_families.h"
#include "compiler/printable.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace kerf::compiler {

ArrayRef<const Family *> families() {
  static const std::vector<const Family *> all = [] {
    std::vector<const Family *> list(std::begin(allFamilies), std::end(allFamilies));
    llvm::sort(list, [](const Family *a, const Family *b) {
      return std::pair(a->rank, a->name) < std::pair(b->rank, b->name);
    });
    return list;
  }();
  return all;
}

std::vector<std::string> familyNames() {
  std::vector<std::string> names;
  for (const Family *family : families())
    names.push_back(family->name.str());
  return names;
}

static FileLineColLoc findLine(Location location) {
  if (auto line = dyn_cast<FileLineColLoc>(location))
    return line;
  if (auto name = dyn_cast<NameLoc>(location))
    return findLine(name.getChildLoc());
  if (auto call = dyn_cast<CallSiteLoc>(location))
    return findLine(call.getCallee());
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (FileLineColLoc line = findLine(part))
        return line;
  return {};
}

std::string lineOf(Location location) {
  FileLineColLoc line = findLine(location);
  return line ? (line.getFilename().getValue() + ":" + Twine(line.getLine())).str() : "";
}

std::string shortLine(Location location) {
  std::string line = printable(lineOf(location));
  StringRef folder = llvm::sys::path::filename(llvm::sys::path::parent_path(line));
  std::string file = llvm::sys::path::filename(line).str();
  return folder.empty() ? file : folder.str() + "/" + file;
}

// ---- on the module ---------------------------------------------------------------------------

static constexpr StringRef attribute = "kerf.fusion";

void record(ModuleOp module, const FusionOutcome &outcome, bool explain) {
  Builder b(module.getContext());
  NamedAttrList entry;
  entry.set("family", b.getStringAttr(outcome.family));
  entry.set("entry", b.getStringAttr(outcome.entry));
  entry.set("root", LocationAttr(outcome.root));
  if (const auto &misfit = outcome.misfit) {
    entry.set("where", LocationAttr(misfit->where));
    entry.set("reason", b.getStringAttr(misfit->reason));
    entry.set("edit", b.getStringAttr(misfit->edit));
  }
  SmallVector<Attribute> all;
  if (auto known = module->getAttrOfType<ArrayAttr>(attribute))
    all.append(known.begin(), known.end());
  all.push_back(entry.getDictionary(b.getContext()));
  module->setAttr(attribute, b.getArrayAttr(all));
  if (!explain)
    return;
  InFlightDiagnostic remark = emitRemark(outcome.root);
  if (!outcome.misfit) {
    remark << outcome.family << ": fused";
    return;
  }
  remark << outcome.family << ": not fused: " << outcome.misfit->reason;
  remark.attachNote(outcome.misfit->where) << outcome.misfit->edit;
}

std::vector<FusionOutcome> fusionOutcomes(ModuleOp module) {
  std::vector<FusionOutcome> outcomes;
  auto all = module->getAttrOfType<ArrayAttr>(attribute);
  if (!all)
    return outcomes;
  for (Attribute each : all) {
    auto entry = dyn_cast<DictionaryAttr>(each);
    auto text = [&](StringRef name) { return entry.getAs<StringAttr>(name); };
    auto line = [&](StringRef name) { return entry.getAs<LocationAttr>(name); };
    // A module that was read may have notes that no pass made.
    if (!entry || !text("family") || !text("entry") || !line("root"))
      continue;
    FusionOutcome outcome{printable(text("family")), printable(text("entry")), line("root"), {}};
    if (text("reason") && text("edit") && line("where"))
      outcome.misfit = Misfit{line("where"), printable(text("reason")), printable(text("edit"))};
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

} // namespace kerf::compiler
