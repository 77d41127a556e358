// ONNX Runtime's side of scripts/check_onnx, which installs it.
//   onnxruntime.js scores FOLDER...                          runs the cases of ser_onnx_cases
//   onnxruntime.js speed FOLDER PROGRAM RECIPE ROUNDS        times the network of the folder in turn
//                                                            with PROGRAM, ser_network_comparison
'use strict';
const {execFileSync} = require('child_process');
const fs = require('fs');
const path = require('path');
const ort = require('onnxruntime-node');

const LARGEST_DIFFERENCE = 1e-5;
const ONE_THREAD = {intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential'};

function readCases(folder) {
  return JSON.parse(fs.readFileSync(path.join(folder, 'cases.json'), 'utf8'));
}

function readTensor(folder, description) {
  const bytes = fs.readFileSync(path.join(folder, description.file));
  const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return new ort.Tensor('float32', numbers, description.shape);
}

function openModel(folder, name) {
  return ort.InferenceSession.create(path.join(folder, name), ONE_THREAD);
}

// Of probabilities the difference itself; of other outputs in terms of the largest number of their
// example, if that is above 1.
function largestDifference(found, expected, name) {
  if (JSON.stringify(found.dims) !== JSON.stringify(expected.dims)) {
    throw new Error(`${name} has the shape ${found.dims}, expected ${expected.dims}`);
  }
  const width = expected.data.length / expected.dims[0];
  let largest = 0;
  for (let row = 0; row < expected.dims[0]; ++row) {
    const theirs = found.data.subarray(row * width, (row + 1) * width);
    const ours = expected.data.subarray(row * width, (row + 1) * width);
    const scale = Math.max(1, ...ours.map(Math.abs));
    for (let i = 0; i < width; ++i) {
      const difference = Math.abs(theirs[i] - ours[i]) / scale;
      if (!(difference <= largest)) largest = difference;  // NaN too
    }
  }
  return largest;
}

async function compareScores(folders) {
  const lines = new Map();  // what -> [cases, largest difference]
  for (const folder of folders) {
    for (const one of readCases(folder)) {
      const model = await openModel(folder, one.model);
      const results = await model.run({[one.input.name]: readTensor(folder, one.input)});
      for (const output of one.outputs) {
        const difference = largestDifference(results[output.name], readTensor(folder, output), one.name);
        const kind = one.name.match(/"layer":"(\w+)"/);
        const what = kind ? `layer ${kind[1]}` : `${one.name}: ${output.name}`;
        const line = lines.get(what) ?? [0, 0];
        lines.set(what, [line[0] + one.input.shape[0], difference <= line[1] ? line[1] : difference]);
        if (!(difference <= LARGEST_DIFFERENCE)) console.log(`FAILED ${one.name}: ${difference}`);
      }
    }
  }
  console.log('largest difference from ONNX Runtime');
  let failed = lines.size === 0;
  for (const [what, [examples, difference]] of lines) {
    console.log(`  ${what.padEnd(44)} ${difference.toExponential(1)}  (${examples} examples)`);
    failed ||= !(difference <= LARGEST_DIFFERENCE);
  }
  if (failed) throw new Error(`a difference is above ${LARGEST_DIFFERENCE}`);
}

function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function milliseconds(count, body) {
  const times = [];
  for (let i = 0; i < count; ++i) {
    const begin = performance.now();
    await body();
    times.push(performance.now() - begin);
  }
  return times;
}

async function compareSpeed(folder, program, recipe, rounds) {
  const REPEATS = 5;
  const [network] = readCases(folder);
  const model = await openModel(folder, network.model);
  const {data, dims} = readTensor(folder, network.input);
  const width = data.length / dims[0];
  const batches = (size) => {
    const list = [];
    for (let first = 0; first < dims[0]; first += size) {
      const part = data.subarray(first * width, (first + size) * width);
      list.push({[network.input.name]: new ort.Tensor('float32', part, [part.length / width, ...dims.slice(1)])});
    }
    return list;
  };
  const runAll = async (list) => {
    for (const inputs of list) await model.run(inputs);
  };
  const sizes = [1, 8, 16, 32, 64, 256, 1024].map((size) => [size, batches(size)]);
  const one = batches(1)[0];
  const ours = {all: [], one: []};
  const theirs = {all: new Map(sizes.map(([size]) => [size, []])), one: []};
  for (let round = 0; round < rounds; ++round) {
    const lines = execFileSync(program, ['infer', recipe, '1', `${REPEATS}`], {encoding: 'utf8'});
    const times = lines.trim().split('\n').map(Number);
    ours.all.push(...times.slice(0, REPEATS));
    ours.one.push(...times.slice(REPEATS));
    for (const [size, list] of sizes) {
      await model.run(list[0]);
      theirs.all.get(size).push(...await milliseconds(2, () => runAll(list)));
    }
    await model.run(one);
    theirs.one.push(...await milliseconds(4 * REPEATS, () => model.run(one)));
  }
  console.log(`${path.basename(recipe)}: milliseconds on one thread, median (and least) of ${rounds} rounds`);
  console.log(`${dims[0]} vectors`);
  const best = [...theirs.all].reduce((a, b) => (median(a[1]) <= median(b[1]) ? a : b));
  const line = (what, list, rest = '') => console.log(
      `  ${what.padEnd(32)} ${median(list).toFixed(3).padStart(9)}  (${Math.min(...list).toFixed(3)})${rest}`);
  const compare = (mine, other) => {
    const ratio = (of) => (of(other) / of(mine)).toFixed(2);
    return `  ${ratio(median)} (${ratio((list) => Math.min(...list))}) times as fast`;
  };
  line('this project', ours.all, compare(ours.all, best[1]));
  for (const [size, list] of theirs.all) {
    line(`ONNX Runtime, batches of ${size}`, list, size === best[0] ? '  its best' : '');
  }
  console.log('one vector');
  line('this project', ours.one, compare(ours.one, theirs.one));
  line('ONNX Runtime', theirs.one);
}

const [what, ...rest] = process.argv.slice(2);
const work = what === 'scores' ? compareScores(rest) : compareSpeed(rest[0], rest[1], rest[2], Number(rest[3]));
work.catch((error) => {
  console.error(`onnxruntime.js: ${error.message}`);
  process.exit(1);
});
