#include "compiler/derivatives/min_cut.h"

#include <algorithm>

namespace kerf::compiler {

int MinCut::addNode() {
  edges.emplace_back();
  return int(edges.size()) - 1;
}

void MinCut::addEdge(int from, int to, int64_t capacity) {
  edges[from].push_back({to, capacity, int(edges[to].size())});
  edges[to].push_back({from, 0, int(edges[from].size()) - 1});
}

/// How many edges with something left lead from the source to each node; is the sink reached?
bool MinCut::findLevels() {
  levels.assign(edges.size(), -1);
  levels[source] = 0;
  llvm::SmallVector<int> queue{source};
  for (size_t i = 0; i < queue.size(); ++i)
    for (const Edge &edge : edges[queue[i]])
      if (edge.left > 0 && levels[edge.to] < 0) {
        levels[edge.to] = levels[queue[i]] + 1;
        queue.push_back(edge.to);
      }
  return levels[sink] >= 0;
}

/// What of `most` reaches the sink from a node, each edge to the next level. Paths are as long as
/// the graph is deep, so they are walked without recursion.
int64_t MinCut::push(int node, int64_t most) {
  llvm::SmallVector<std::pair<int, int>> path; // nodes, and the edges that leave them
  while (node != sink) {
    int &at = next[node];
    while (at < int(edges[node].size()) &&
           !(edges[node][at].left > 0 && levels[edges[node][at].to] == levels[node] + 1))
      ++at;
    if (at < int(edges[node].size())) {
      path.push_back({node, at});
      node = edges[node][at].to;
    } else if (path.empty()) {
      return 0;
    } else {
      node = path.pop_back_val().first;
      ++next[node];
    }
  }
  for (auto [from, edge] : path)
    most = std::min(most, edges[from][edge].left);
  for (auto [from, edge] : path) {
    Edge &forth = edges[from][edge];
    forth.left -= most;
    edges[forth.to][forth.back].left += most;
  }
  return most;
}

llvm::SmallVector<bool> MinCut::sinkSide() {
  while (findLevels()) {
    next.assign(edges.size(), 0);
    while (push(source, unlimited) > 0)
      ;
  }
  // What still reaches the sink.
  llvm::SmallVector<bool> isBehind(edges.size(), false);
  isBehind[sink] = true;
  llvm::SmallVector<int> queue{sink};
  for (size_t i = 0; i < queue.size(); ++i)
    for (const Edge &edge : edges[queue[i]])
      if (!isBehind[edge.to] && edges[edge.to][edge.back].left > 0) {
        isBehind[edge.to] = true;
        queue.push_back(edge.to);
      }
  return isBehind;
}

} // namespace kerf::compiler
