// error: kerf: average: the averages hold bf16 or f16, which the steps of an average are lost in:
// keep them as Wide<Row>
#include <kerf/kerf.h>
#include <kerf/trees.h>

using namespace kerf;

struct Row : Module {
  Param<bf16, 4> weight;
};

void wrong(Row &averages, const Row &row) { average(averages, row, 0.999); }
