// error: kerf: compare: words are not ordered; cast them first, as in cast<i32>(x)
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)(Tensor<u8, 4>() < 3); }
