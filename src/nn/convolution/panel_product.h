#pragma once

#include "ser/nn/scalar.h"

namespace ser::nn {

// Matrix products on blocked operands, for which a general product would have to copy both sides
// first. Each number of a result is summed in the order of its terms alone, so its bits depend
// neither on how many columns are computed together nor on how wide the processor's vectors are;
// only on whether it multiplies and adds with one rounding.
struct PanelProducts {
  // c = a b. a: panels [row blocks][16 * inner blocks terms][16 rows]; b: [inner
  // blocks][columns][16 terms]; c: [row blocks][columns][16 rows].
  void (*multiply)(const Scalar* a, const Scalar* b, Index row_blocks, Index inner_blocks,
                   Index columns, Scalar* c);
  // c = a b^T and c += a b^T. a: [row blocks][columns][16 rows]; b: [inner blocks][columns][16]; c:
  // panels as the first operand of multiply(), [row blocks][16 * inner blocks][16 rows].
  void (*outer_product)(const Scalar* a, const Scalar* b, Index row_blocks, Index inner_blocks,
                        Index columns, Scalar* c);
  void (*add_outer_product)(const Scalar* a, const Scalar* b, Index row_blocks, Index inner_blocks,
                            Index columns, Scalar* c);
};

}  // namespace ser::nn
