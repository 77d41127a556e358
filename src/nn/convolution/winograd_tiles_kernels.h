// The transforms of winograd_tiles.h, for the instruction set that the including file is compiled
// for. Everything is local to that file: see vector_target.h.
#pragma once

#include "nn/convolution/vector_target.h"
#include "nn/convolution/winograd_tiles.h"
#include "nn/convolution/winograd_transforms.h"

namespace ser::nn {
namespace {  // NOLINT: see above

using winograd::kOutputs;
using winograd::kPoints;
using winograd::kShared;

// The first step of the output of a tile; its next is `dilation` behind.
inline Index first_output(const TileGrid& grid, Index tile) {
  return tile / grid.dilation * kOutputs * grid.dilation + tile % grid.dilation;
}
inline Index first_input(const TileGrid& grid, Index tile) {
  return first_output(grid, tile) - grid.left;
}

// Calls body(number of the first channel in its block, how many there are, block) for all vectors
// of channels.
template <class Body>
inline void for_vectors(Index channels, const Body& body) {
  for (Index block = 0; block * kBlock < channels; ++block) {
    for (Index lane = 0; lane < kBlock; lane += kLanes) {
      body(block, lane, channels - block * kBlock - lane);
    }
  }
}

// Transforms the steps of each tile, kSteps from first_step(tile). Vectors of one block and tile
// after another: in the order of tiles, [point][block][tile] is written as one stream a point.
template <int kSteps, class FirstStep, class Transform>
inline void transform_steps(const TileGrid& grid, Steps<const Scalar> steps, Tiles<Scalar> to,
                            const FirstStep& first_step, const Transform& transform) {
  for_vectors(steps.channels, [&](Index block, Index lane, Index count) {
    const Scalar* from = steps.data + block * kBlock + lane;
    Scalar* tile_to = to.data + block * to.block_stride + lane;
    for (Index tile = 0; tile < grid.tiles; ++tile, tile_to += kBlock) {
      const Index first = first_step(tile);
      Channels own[kSteps];
      for (int i = 0; i < kSteps; ++i) {
        const Index t = first + i * grid.dilation;
        own[i] = t >= 0 && t < steps.time ? Channels::load(from + t * steps.channels, count)
                                          : Channels::zero();
      }
      Channels points[kPoints];
      transform(own, points);
      for (int i = 0; i < kPoints; ++i) points[i].store(tile_to + i * to.point_stride);
    }
  });
}

void transform_input(const TileGrid& grid, Steps<const Scalar> x, Tiles<Scalar> to) {
  transform_steps<kPoints>(
      grid, x, to, [&](Index tile) { return first_input(grid, tile); },
      [](const auto& steps, auto& points) {
        winograd::transform_input<Channels, Scalar>(steps, points);
      });
}

void transform_output_derivative(const TileGrid& grid, Steps<const Scalar> dy, Tiles<Scalar> to) {
  transform_steps<kOutputs>(
      grid, dy, to, [&](Index tile) { return first_output(grid, tile); },
      [](const auto& steps, auto& points) {
        winograd::transform_output_transposed<Channels, Scalar>(steps, points);
      });
}

void transform_output(const TileGrid& grid, Tiles<const Scalar> from, const Scalar* bias,
                      Steps<Scalar> y) {
  for_vectors(y.channels, [&](Index block, Index lane, Index count) {
    const Index channel = block * kBlock + lane;
    const Channels offset =
        bias == nullptr ? Channels::zero() : Channels::load(bias + channel, count);
    const Scalar* tile_from = from.data + block * from.block_stride + lane;
    Scalar* to = y.data + channel;
    for (Index tile = 0; tile < grid.tiles; ++tile, tile_from += kBlock) {
      Channels points[kPoints];
      for (int i = 0; i < kPoints; ++i)
        points[i] = Channels::load(tile_from + i * from.point_stride);
      Channels steps[kOutputs];
      winograd::transform_output<Channels, Scalar>(points, steps);
      const Index first = first_output(grid, tile);
      for (int i = 0; i < kOutputs; ++i) {
        const Index t = first + i * grid.dilation;
        if (t < y.time) (steps[i] + offset).store(to + t * y.channels, count);
      }
    }
  });
}

// A tile shares its last kShared steps with the next one of its sequence: what it has for them is
// held back until that one's is added. So each step is written once.
void transform_input_derivative(const TileGrid& grid, Tiles<const Scalar> from, Steps<Scalar> dx) {
  for_vectors(dx.channels, [&](Index block, Index lane, Index count) {
    Scalar* to = dx.data + block * kBlock + lane;
    const auto store = [&](const Channels& channels, Index t) {
      if (t >= 0 && t < dx.time) channels.store(to + t * dx.channels, count);
    };
    for (Index sequence = 0; sequence < grid.dilation; ++sequence) {
      Channels held[kShared] = {};
      Index t = first_input(grid, sequence);
      for (Index tile = sequence; tile < grid.tiles; tile += grid.dilation) {
        const Scalar* tile_from = from.data + block * from.block_stride + tile * kBlock + lane;
        Channels points[kPoints];
        for (int i = 0; i < kPoints; ++i)
          points[i] = Channels::load(tile_from + i * from.point_stride);
        Channels steps[kPoints];
        winograd::transform_input_transposed<Channels, Scalar>(points, steps);
        for (int i = 0; i < kOutputs; ++i, t += grid.dilation) {
          store(i < kShared ? held[i] + steps[i] : steps[i], t);
        }
        for (int i = 0; i < kShared; ++i) held[i] = steps[kOutputs + i];
      }
      for (int i = 0; i < kShared; ++i, t += grid.dilation) store(held[i], t);
    }
  });
}

constexpr WinogradTiles kWinogradTiles = {transform_input, transform_output,
                                          transform_output_derivative, transform_input_derivative};

}  // namespace
}  // namespace ser::nn
