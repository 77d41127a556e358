#pragma once

#include "ser/corpus/protocol.h"

#include "corpus/fold_plan.h"

namespace ser::corpus {

#define SER_PROTOCOL(name) const Protocol& name##_protocol();
#include "corpus/protocols.def"
#undef SER_PROTOCOL

}  // namespace ser::corpus
