#include "codegen/artefact/report.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace kerf::compiler;

namespace kerf::codegen {

// ---- JSON ------------------------------------------------------------------------------------

static void writeCandidates(json::OStream &out, ArrayRef<FusionOutcome> outcomes) {
  out.attributeObject("families", [&] {
    for (const Family *family : families()) {
      int64_t candidates = 0, fused = 0;
      for (const FusionOutcome &outcome : outcomes)
        if (outcome.family == family->name)
          ++candidates, fused += !outcome.misfit;
      out.attributeObject(family->name, [&] {
        out.attribute("candidates", candidates);
        out.attribute("fused", fused);
      });
    }
  });
  out.attributeArray("candidates", [&] {
    for (const FusionOutcome &outcome : outcomes)
      out.object([&] {
        out.attribute("entry", outcome.entry);
        out.attribute("family", outcome.family);
        out.attribute("line", shortLine(outcome.root));
        out.attribute("fused", !outcome.misfit);
        if (const auto &misfit = outcome.misfit) {
          out.attribute("reason", misfit->reason);
          out.attribute("at", shortLine(misfit->where));
          out.attribute("edit", misfit->edit);
        }
      });
  });
}

/// Microseconds with three places: a shorter text would hide a change, a longer one is noise.
static std::string spellTime(double microseconds) { return formatv("{0:F3}", microseconds).str(); }

/// One line, so that a diff shows calls.
static std::string spellCall(const PlannedCall &call) {
  std::string times = call.times == 1 ? "" : formatv(" \"times\": {0},", call.times).str();
  return formatv("{{\"kernel\": \"{0}\", \"line\": {1}, \"sizes\": [{2:$[, ]}],{3} \"flops\": "
                 "{4}, \"bytes\": {5}, \"scratch_bytes\": {6}, \"own_bytes\": {7}, "
                 "\"arena_bytes\": {8}, \"floor_us\": {9}}",
                 call.kernel, json::Value(call.line),
                 make_range(call.sizes.begin(), call.sizes.end()), times, call.flops, call.bytes,
                 call.scratchBytes, call.ownBytes, call.arenaBytes,
                 spellTime(call.floorMicroseconds()))
      .str();
}

static void writePlan(json::OStream &out, const EntryPlan &plan) {
  PlannedCall total = plan.total();
  out.attribute("name", plan.entry);
  out.attribute("kernels", total.times);
  out.attribute("flops", total.flops);
  out.attribute("bytes", total.bytes);
  out.attribute("arena_bytes", total.arenaBytes);
  out.attribute("worker_bytes", plan.workerBytes);
  out.attributeBegin("floor_us");
  out.rawValue(spellTime(plan.floorMicroseconds()));
  out.attributeEnd();
  out.attributeArray("calls", [&] {
    for (const PlannedCall &call : plan.calls)
      out.rawValue(spellCall(call));
  });
}

std::string fusionReport(StringRef model, ArrayRef<FusionOutcome> outcomes,
                         ArrayRef<EntryPlan> plans) {
  std::string text;
  raw_string_ostream stream(text);
  json::OStream out(stream, 2);
  out.object([&] {
    out.attribute("model", model);
    out.attributeObject("floors_are_of", [&] {
      out.attribute("gflops", nominalMachine.gflops);
      out.attribute("gbytes_per_second", nominalMachine.gbytes);
    });
    writeCandidates(out, outcomes);
    out.attributeArray("entries", [&] {
      for (const EntryPlan &plan : plans)
        out.object([&] { writePlan(out, plan); });
    });
  });
  return text + "\n";
}

// ---- a table ---------------------------------------------------------------------------------

/// "1.23 G" of something.
static std::string spellAmount(double amount) {
  for (auto [factor, prefix] : {std::pair(1e9, "G"), {1e6, "M"}, {1e3, "k"}})
    if (amount >= factor)
      return formatv("{0:F2} {1}", amount / factor, prefix).str();
  return formatv("{0:F0}  ", amount).str();
}

static std::string spellSizes(const PlannedCall &call) {
  std::string text = formatv("{0:$[ ]}", make_range(call.sizes.begin(), call.sizes.end())).str();
  return call.times == 1 ? text : text + ", " + std::to_string(call.times) + " times";
}

static void printRow(raw_ostream &out, const PlannedCall &call, double whole) {
  double floor = call.floorMicroseconds();
  out << formatv("  {0,10} us {1,5:F1} % {2,9}FLOP {3,9}B  {4,-14} {5,-24} {6}\n", spellTime(floor),
                 100 * floor / whole, spellAmount(call.flops), spellAmount(call.bytes), call.kernel,
                 call.line, spellSizes(call));
}

static void printPlan(raw_ostream &out, const EntryPlan &plan) {
  PlannedCall total = plan.total();
  double whole = plan.floorMicroseconds(), shown = 0;
  out << formatv("{0}: {1} kernels, {2}FLOP, {3}B moved, arena {4}B, floor {5} us\n", plan.entry,
                 total.times, spellAmount(total.flops), spellAmount(total.bytes),
                 spellAmount(total.arenaBytes), spellTime(whole));
  std::vector<const PlannedCall *> calls; // into one array: its order among equals
  for (const PlannedCall &call : plan.calls)
    calls.push_back(&call);
  llvm::sort(calls, [](const PlannedCall *a, const PlannedCall *b) {
    return std::pair(-a->floorMicroseconds(), a) < std::pair(-b->floorMicroseconds(), b);
  });
  size_t rows = 0;
  while (rows < calls.size() && shown < 0.95 * whole) {
    printRow(out, *calls[rows], whole);
    shown += calls[rows++]->floorMicroseconds();
  }
  if (rows < calls.size())
    out << formatv("  {0,10} us {1,5:F1} % in {2} more\n", spellTime(whole - shown),
                   whole ? 100 * (whole - shown) / whole : 0, calls.size() - rows);
}

std::string planTable(ArrayRef<EntryPlan> plans) {
  std::string text;
  raw_string_ostream out(text);
  out << formatv("floors are of {0:F0} GFLOP/s and {1:F0} GB/s\n", nominalMachine.gflops,
                 nominalMachine.gbytes);
  for (const EntryPlan &plan : plans)
    printPlan(out << "\n", plan);
  return text;
}

} // namespace kerf::codegen
