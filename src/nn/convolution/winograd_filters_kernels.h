// The transforms of winograd_filters.h, for the instruction set that the including file is compiled
// for. Everything is local to that file: see vector_target.h.
#pragma once

#include "nn/convolution/vector_target.h"
#include "nn/convolution/winograd_filters.h"
#include "nn/convolution/winograd_transforms.h"

namespace ser::nn {
namespace {  // NOLINT: see above

using winograd::kKernel;
using winograd::kPoints;

// Where the filters from one input to a vector of outputs lie: their first number, and from one to
// the next.
struct FilterPlace {
  Index input;
  Index weight;
  Index tap_stride;
  Index panel;
  Index point_stride;
  Index count;  // of outputs that exist
};

// Calls body(place) for all vectors of outputs and all inputs, those that fill the last block too.
// Some inputs at a time: in the order of the panels each step would go to another page of the
// weights, in the order of the weights to another one of the panels.
template <class Body>
inline void for_filters(const FilterBank& bank, const Body& body) {
  constexpr Index kGroup = 16;
  const Index inputs = (bank.inputs + kBlock - 1) / kBlock * kBlock;
  const Index blocks = (bank.outputs + kBlock - 1) / kBlock;
  for (Index group = 0; group < inputs; group += kGroup) {
    for (Index block = 0; block < blocks; ++block) {
      for (Index input = group; input < group + kGroup; ++input) {
        for (Index lane = 0; lane < kBlock; lane += kLanes) {
          const Index output = block * kBlock + lane;
          body(FilterPlace{input, input * bank.outputs + output, bank.inputs * bank.outputs,
                           (block * inputs + input) * kBlock + lane, blocks * inputs * kBlock,
                           bank.outputs - output});
        }
      }
    }
  }
}

void transform_filters(const FilterBank& bank, const Scalar* weights, Scalar* panels) {
  for_filters(bank, [&](const FilterPlace& place) {
    Channels taps[kKernel];
    for (int k = 0; k < kKernel; ++k) {
      taps[k] = place.input < bank.inputs
                    ? Channels::load(weights + place.weight + k * place.tap_stride, place.count)
                    : Channels::zero();
    }
    Channels points[kPoints];
    winograd::transform_filter<Channels, Scalar>(taps, points);
    for (int i = 0; i < kPoints; ++i)
      points[i].store(panels + place.panel + i * place.point_stride);
  });
}

void transform_filter_derivatives(const FilterBank& bank, const Scalar* panels,
                                  Scalar* derivative) {
  for_filters(bank, [&](const FilterPlace& place) {
    if (place.input >= bank.inputs) return;
    Channels points[kPoints];
    for (int i = 0; i < kPoints; ++i) {
      points[i] = Channels::load(panels + place.panel + i * place.point_stride);
    }
    Channels taps[kKernel];
    winograd::transform_filter_transposed<Channels, Scalar>(points, taps);
    for (int k = 0; k < kKernel; ++k) {
      taps[k].store(derivative + place.weight + k * place.tap_stride, place.count);
    }
  });
}

constexpr WinogradFilters kWinogradFilters = {transform_filters, transform_filter_derivatives};

}  // namespace
}  // namespace ser::nn
