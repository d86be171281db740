// error: kerf: entry: argument 1 is a tensor that the function may write, but an entry writes
// trees; put a tensor that it writes into a struct
#include <kerf/kerf.h>

using namespace kerf;

void count(Tensor<i64> &step) { step = step + 1; }

const auto registered = model<"wrong">(entry<"count">(count, roles("step")));
