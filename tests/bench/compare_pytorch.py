"""Times the network of a recipe in PyTorch and in this project, in turn, and compares their losses.

Called by scripts/compare_pytorch, which installs and builds what is needed.
"""

import argparse
import json
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import torch

FEATURES, CLASSES, EXAMPLES, BATCH = 162, 7, 1024, 64
STEPS = 50  # of the compared losses
OPTIMIZERS = ("gradient descent", "Adam")  # in the order of ser_network_comparison


class SamePool(torch.nn.Module):
    """Max pooling over time as Keras pads it: the odd step at the end."""

    def __init__(self, size, stride, planar):
        super().__init__()
        self.size, self.stride, self.planar = size, stride, planar

    def forward(self, x):
        length = x.shape[-1]
        missing = max((-(-length // self.stride) - 1) * self.stride + self.size - length, 0)
        left, right = missing // 2, missing - missing // 2
        pool = torch.nn.functional.max_pool2d if self.planar else torch.nn.functional.max_pool1d
        size, stride = ((1, self.size), (1, self.stride)) if self.planar else (self.size, self.stride)
        if left == right:
            return pool(x, size, stride, padding=(0, left) if self.planar else left)
        return pool(torch.nn.functional.pad(x, (left, right), value=-float("inf")), size, stride)


class TimeMajorFlatten(torch.nn.Module):
    def forward(self, x):
        return x.flatten(2).transpose(1, 2).flatten(1) if x.dim() == 3 else x.squeeze(2).transpose(1, 2).flatten(1)


def build(layers, planar):
    """The network as 1-d convolutions, or as 2-d ones of height 1 with the channels last."""
    modules, channels, steps = [], 1, FEATURES
    for layer in layers:
        kind = layer["layer"]
        if kind == "conv1d":
            assert layer["stride"] == 1 and layer["padding"] == "same"
            kernel = layer["kernel"]
            if planar:
                module = torch.nn.Conv2d(channels, layer["channels"], (1, kernel), padding=(0, kernel // 2))
            else:
                module = torch.nn.Conv1d(channels, layer["channels"], kernel, padding=kernel // 2)
            channels = layer["channels"]
        elif kind == "relu":
            module = torch.nn.ReLU(inplace=True)
        elif kind == "max_pool":
            module = SamePool(layer["size"], layer["stride"], planar)
            steps = -(-steps // layer["stride"])
        elif kind == "dropout":
            module = torch.nn.Dropout(layer["rate"])
        elif kind == "flatten":
            module, channels, steps = TimeMajorFlatten(), channels * steps, 1
        elif kind == "dense":
            module, channels = torch.nn.Linear(channels, layer["units"]), layer["units"]
        else:
            sys.exit(f"compare_pytorch: no counterpart for layer {kind}")
        modules.append(module)
    network = torch.nn.Sequential(*modules)
    return network.to(memory_format=torch.channels_last) if planar else network


def load_parameters(network, flat):
    at = 0

    def take(*shape):
        nonlocal at
        count = int(numpy.prod(shape))
        at += count
        return torch.from_numpy(flat[at - count : at].reshape(shape).copy())

    with torch.no_grad():
        for module in network:
            if isinstance(module, (torch.nn.Conv1d, torch.nn.Conv2d)):
                kernel = module.kernel_size[-1]
                weights = take(kernel, module.in_channels, module.out_channels).permute(2, 1, 0)
                module.weight.copy_(weights.reshape(module.weight.shape))
                module.bias.copy_(take(module.out_channels))
            elif isinstance(module, torch.nn.Linear):
                module.weight.copy_(take(module.in_features, module.out_features).T)
                module.bias.copy_(take(module.out_features))
    assert at == flat.size


class KerasAdam:
    """Adam with epsilon beside the uncorrected root, as this project and Keras have it."""

    def __init__(self, parameters, rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-7):
        self.parameters = list(parameters)
        self.rate, self.beta1, self.beta2, self.epsilon = rate, beta1, beta2, epsilon
        self.means = [torch.zeros_like(p) for p in self.parameters]
        self.squares = [torch.zeros_like(p) for p in self.parameters]
        self.steps = 0

    def zero_grad(self, set_to_none):
        for p in self.parameters:
            p.grad = None

    @torch.no_grad()
    def step(self):
        self.steps += 1
        rate = self.rate * (1 - self.beta2**self.steps) ** 0.5 / (1 - self.beta1**self.steps)
        for p, mean, square in zip(self.parameters, self.means, self.squares):
            mean.mul_(self.beta1).add_(p.grad, alpha=1 - self.beta1)
            square.mul_(self.beta2).addcmul_(p.grad, p.grad, value=1 - self.beta2)
            p.addcdiv_(mean, square.sqrt().add_(self.epsilon), value=-rate)


class Trainer:
    def __init__(self, layers, planar, folder, number=numpy.float32):
        self.network = build(layers, planar).to(torch.from_numpy(numpy.zeros(1, number)).dtype)
        load_parameters(self.network, numpy.fromfile(folder / "parameters", number))
        x = numpy.fromfile(folder / "examples", number).reshape(EXAMPLES, 1, FEATURES)
        self.x = torch.from_numpy(x)
        if planar:
            self.x = self.x.unsqueeze(2).contiguous(memory_format=torch.channels_last)
        self.labels = torch.from_numpy(numpy.fromfile(folder / "labels", numpy.int32).astype(numpy.int64))
        self.adam = torch.optim.Adam(self.network.parameters(), lr=1e-3, eps=1e-7)

    def step(self, index, optimizer):
        first = index * BATCH % EXAMPLES
        loss = torch.nn.functional.cross_entropy(
            self.network(self.x[first : first + BATCH]), self.labels[first : first + BATCH]
        )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()


def curve(layers, folder, optimizer, number):
    trainer = Trainer(layers, False, folder, number)
    if optimizer == "Adam":
        update = KerasAdam(trainer.network.parameters())
    else:
        update = torch.optim.SGD(trainer.network.parameters(), lr=0.01)
    return [trainer.step(i, update) for i in range(STEPS)]


def difference(ours, theirs):
    return max(abs(a - b) / b for a, b in zip(ours, theirs))


def milliseconds(count, body):
    times = []
    for i in range(count):
        begin = time.perf_counter()
        body(i)
        times.append(1e3 * (time.perf_counter() - begin))
    return times


def compare_losses(layers, folder, ours, program):
    ours("data", folder)
    torch.set_num_threads(1)
    without = [{**layer, "rate": 0.0} if layer["layer"] == "dropout" else layer for layer in layers]
    # A maximum that goes to another step by rounding moves its whole gradient there, so curves
    # in float drift apart, PyTorch's from its own in double too. In double they must not.
    ours_float = ours("losses", 1, STEPS)
    theirs_float = {name: curve(without, folder, name, numpy.float32) for name in OPTIMIZERS}
    ours("data", folder, program=program.with_name(program.name + "_double"))
    ours_double = ours("losses", 1, STEPS, program=program.with_name(program.name + "_double"))
    for i, name in enumerate(OPTIMIZERS):
        theirs_double = curve(without, folder, name, numpy.float64)
        print(f"losses of {STEPS} steps of {name}, {theirs_double[0]:.4f} to {theirs_double[-1]:.4f}, "
              "largest relative difference:")
        part = slice(i * STEPS, (i + 1) * STEPS)
        print(f"  this project from PyTorch, both in double   {difference(ours_double[part], theirs_double):.1e}")
        print(f"  this project from PyTorch, both in float    {difference(ours_float[part], theirs_float[name]):.1e}")
        print(f"  PyTorch in float from PyTorch in double     {difference(theirs_float[name], theirs_double):.1e}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("recipe", type=pathlib.Path)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=10, help="timed steps of a round")
    parser.add_argument("--times-only", action="store_true", help="without the losses")
    arguments = parser.parse_args()
    layers = json.loads(arguments.recipe.read_text())["network"] + [{"layer": "dense", "units": CLASSES}]

    peak_memory = [0.0]  # of this project, in MiB

    def ours(*words, program=arguments.program):
        result = subprocess.run(
            [program, words[0], arguments.recipe, *map(str, words[1:])],
            check=True, capture_output=True, text=True,
        )
        if result.stderr:
            peak_memory[0] = max(peak_memory[0], float(result.stderr.split()[1]) / 1024)
        return [float(line) for line in result.stdout.split()]

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if not arguments.times_only:
            compare_losses(layers, folder, ours, arguments.program)
        ours("data", folder)

        print("\nmilliseconds, median of all steps of all rounds (best round's median); batch 64")
        for threads in arguments.threads:
            torch.set_num_threads(threads)
            trainers = {"conv1d": Trainer(layers, False, folder), "conv2d, channels last": Trainer(layers, True, folder)}
            rounds = {name: [] for name in ["this project", *trainers]}
            for _ in range(arguments.rounds):
                rounds["this project"].append(ours("train", threads, arguments.steps))
                for kind, trainer in trainers.items():
                    trainer.step(0, trainer.adam)
                    rounds[kind].append(
                        milliseconds(arguments.steps, lambda i: trainer.step(i, trainer.adam)))
            report(f"training step, {threads} thread(s)", rounds)

        torch.set_num_threads(1)
        inference = {name: [] for name in ["this project", "conv1d", "conv2d, channels last"]}
        single = {name: [] for name in inference}
        networks = {"conv1d": Trainer(layers, False, folder), "conv2d, channels last": Trainer(layers, True, folder)}
        for trainer in networks.values():
            trainer.network.eval()
        with torch.no_grad():
            for _ in range(arguments.rounds):
                times = ours("infer", 1, 5)
                inference["this project"].append(times[:5])
                single["this project"].append(times[5:])
                for kind, trainer in networks.items():
                    x = trainer.x
                    inference[kind].append(milliseconds(5, lambda _: trainer.network(x)))
                    single[kind].append(milliseconds(20, lambda _: trainer.network(x[:1])))
        report(f"{EXAMPLES} vectors in one batch, 1 thread", inference)
        report("one vector, 1 thread", single)

    theirs = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory: this project {peak_memory[0]:.0f} MiB, PyTorch {theirs:.0f} MiB, "
          f"ratio {theirs / peak_memory[0]:.1f}")


def report(title, rounds):
    print(title)
    best = min(statistics.median(sum(times, [])) for name, times in rounds.items() if name != "this project")
    for name, times in rounds.items():
        median = statistics.median(sum(times, []))
        line = f"  {name:24} {median:9.3f}  ({min(map(statistics.median, times)):.3f})"
        print(line + (f"  {best / median:.2f} times as fast as PyTorch's best" if name == "this project" else ""))


if __name__ == "__main__":
    main()
