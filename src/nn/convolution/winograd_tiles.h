#pragma once

#include "ser/nn/scalar.h"

namespace ser::nn {

// How the steps of one example are cut into tiles: six steps of the output each, and the ten of the
// input that they depend on. With dilation d a tile takes every d-th step, since this is a
// convolution without dilation on each of the d sequences of every d-th step.
struct TileGrid {
  Index tiles;
  Index dilation;
  Index left;  // steps of padding before the input
};

// [channels x time], column-major.
template <class Number>
struct Steps {
  Number* data;
  Index channels;
  Index time;
};

// The transforms of the tiles of one example, in memory [point][block of 16 channels][tile][16
// channels]: where the first stands, and the numbers from one point and one block to the next.
template <class Number>
struct Tiles {
  Number* data;
  Index point_stride;
  Index block_stride;
};

// The transforms of winograd_transforms.h for all tiles and channels of an example. Channels that
// are missing in the last block are zeros on the side of the tiles.
struct WinogradTiles {
  void (*transform_input)(const TileGrid& grid, Steps<const Scalar> x, Tiles<Scalar> to);
  // bias: one a channel, or null. Sets all of y.
  void (*transform_output)(const TileGrid& grid, Tiles<const Scalar> from, const Scalar* bias,
                           Steps<Scalar> y);
  // By the derivative of the output, that of its transform.
  void (*transform_output_derivative)(const TileGrid& grid, Steps<const Scalar> dy,
                                      Tiles<Scalar> to);
  // By the derivative of the transformed input, that of the input. Sets all of dx.
  void (*transform_input_derivative)(const TileGrid& grid, Tiles<const Scalar> from,
                                     Steps<Scalar> dx);
};

}  // namespace ser::nn
