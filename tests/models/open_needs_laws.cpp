// Each entry of open_needs.cpp at every number of rows, its tensors between pages that may not be
// touched: it is refused below the rows that it needs, and from there on stays inside.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <open_needs.h>

#include <cstring>
#include <map>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace {
namespace artefact = open_needs;

/// Bytes that begin where a page does, or end where one does; around these pages none may be
/// touched.
class Guarded {
public:
  Guarded(std::size_t bytes, bool atEnd)
      : page(std::size_t(sysconf(_SC_PAGESIZE))), inside((bytes + page - 1) / page * page) {
    base = static_cast<std::byte *>(
        mmap(nullptr, inside + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    REQUIRE(base != MAP_FAILED);
    if (inside)
      REQUIRE(mprotect(base + page, inside, PROT_READ | PROT_WRITE) == 0);
    first = base + page + (atEnd ? inside - bytes : 0);
  }
  Guarded(const Guarded &) = delete;
  ~Guarded() { munmap(base, inside + 2 * page); }

  std::byte *first;

private:
  std::size_t page, inside;
  std::byte *base;
};

/// A call whose open arguments have so many rows and whose i64 are all `index`.
kerf_status call(const kerf_entry &entry, std::int64_t rows, std::int64_t index, bool atEnd,
                 std::string &message) {
  static kerf::Context context(artefact::arena_bytes, 1);
  std::vector<std::vector<std::int64_t>> shapes;
  std::vector<std::unique_ptr<Guarded>> memory;
  std::vector<DLTensor> tensors;
  for (const kerf_argument &argument : std::span(entry.arguments, entry.num_arguments)) {
    auto &shape = shapes.emplace_back(argument.shape, argument.shape + argument.rank);
    if (argument.per_row)
      shape[0] = std::int64_t(argument.per_row) * rows;
    std::size_t count = 1;
    for (const std::int64_t extent : shape)
      count *= std::size_t(extent);
    auto &bytes =
        *memory.emplace_back(std::make_unique<Guarded>(count * (argument.dtype.bits / 8), atEnd));
    for (std::size_t i = 0; i < count; ++i)
      if (argument.dtype.code == kDLInt)
        std::memcpy(bytes.first + i * sizeof index, &index, sizeof index);
      else if (const float number = float(i % 7) - 3; argument.dtype.code == kDLFloat)
        std::memcpy(bytes.first + i * sizeof number, &number, sizeof number);
    tensors.push_back(
        {bytes.first, {kDLCPU, 0}, argument.rank, argument.dtype, nullptr, nullptr, 0});
  }
  std::vector<DLTensor *> pointers;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    tensors[i].shape = shapes[i].data();
    pointers.push_back(&tensors[i]);
  }
  const kerf_status status = kerf_invoke(&entry, context.get(), pointers.data());
  message = status == KERF_OK ? "" : context.get()->message;
  return status;
}

std::string nameOf(const kerf_entry &entry) {
  return std::string(entry.name).substr(std::strlen("open_needs_"));
}
} // namespace

TEST_CASE("entries need the rows that their ops need", "[open]") {
  std::map<std::string, std::uint64_t> least;
  for (const kerf_entry *entry : artefact::entries)
    least[nameOf(*entry)] = entry->least_rows;
  CHECK(least ==
        std::map<std::string, std::uint64_t>{
            {"fourth", 4},        {"last", 1},        {"first_five", 5},    {"last_three", 3},
            {"without_three", 4}, {"every_third", 8}, {"head_and_tail", 3}, {"steps", 2},
            {"one_of", 1},        {"window", 5},      {"open_window", 5},   {"overwritten", 4},
            {"looked_up", 1},     {"along", 1},       {"scattered", 1},     {"five_largest", 5},
            {"chosen", 4},        {"middle", 5},      {"mirrored", 3},      {"around", 3},
            {"windows", 4},       {"over_rows", 2},   {"cropped", 3},       {"stretched", 3},
            {"slope", 4},         {"joined", 3},      {"pairs_but", 3}});
  CHECK(artefact::fourth_least_rows == 4);
  CHECK(artefact::fourth_most_rows == 13);
}

TEST_CASE("no call leaves its tensors, whatever rows it has", "[open]") {
  for (const kerf_entry *entry : artefact::entries)
    for (std::int64_t rows = 0; rows <= 14; ++rows)
      for (const std::int64_t index : {std::int64_t(0), rows, INT64_MIN, INT64_MAX})
        for (const bool atEnd : {false, true}) {
          const auto least = std::int64_t(entry->least_rows);
          INFO(nameOf(*entry) << ", " << rows << " rows, index " << index);
          std::string message;
          const kerf_status status = call(*entry, rows, index, atEnd, message);
          REQUIRE(status == (rows >= least && rows <= 13 ? KERF_OK : KERF_ERROR_SHAPE));
          if (status != KERF_OK)
            REQUIRE_THAT(message, Catch::Contains("is " + std::to_string(rows) + ", want " +
                                                  std::to_string(least) + " to 13"));
        }
}

TEST_CASE("what a refusal says", "[open]") {
  std::string message;
  const auto refusal = [&](const kerf_entry *entry, std::int64_t rows) {
    CHECK(call(*entry, rows, 0, true, message) == KERF_ERROR_SHAPE);
    return message;
  };
  CHECK_THAT(
      refusal(artefact::entries[0], 3),
      Catch::Contains("open_needs_fourth: x: axis 0 of shape [3, 3] is 3, want 4 to 13; what "
                      "the entry does needs 4 rows"));
  CHECK_THAT(refusal(artefact::entries[1], 0),
             Catch::Contains("is 0, want 1 to 13; a call has one row at least"));
  CHECK_THAT(refusal(artefact::entries[1], 14),
             Catch::Contains("call it several times, or give its open dim a larger number, as DIMS "
                             "<dim><=14"));
}
