// The cheapest set of edges whose removal parts two nodes of a graph.
#pragma once

#include "llvm/ADT/SmallVector.h"

#include <cstdint>

namespace kerf::compiler {

/// A graph of directed edges with capacities, from `source` to `sink`. The cut is found as the
/// largest flow   [Dinic 1970].
class MinCut {
public:
  static constexpr int source = 0, sink = 1;
  static constexpr int64_t unlimited = INT64_MAX / 4;

  MinCut() : edges(2) {}
  int addNode();
  void addEdge(int from, int to, int64_t capacity);

  /// Of each node, whether it is on the sink's side of a cheapest cut: of several that are as cheap
  /// the one closest to the sink. No path of unlimited edges alone leads from source to sink.
  llvm::SmallVector<bool> sinkSide();

private:
  struct Edge {
    int to;
    int64_t left; ///< capacity
    int back;     ///< the number of the edge in the other direction, at its node
  };
  bool findLevels();
  int64_t push(int node, int64_t most);

  llvm::SmallVector<llvm::SmallVector<Edge, 4>> edges; ///< of each node
  llvm::SmallVector<int> levels, next;
};

} // namespace kerf::compiler
