#!/usr/bin/python3
"""PyTorch's side of `Thalweg.Bench peer NAME`: the same networks, trained by eager PyTorch at its best.

One case, measured at once:       torch_peer.py --case mlp-adam-64 --threads 1 --steps 200 --rounds 7
Rounds asked for line by line:    torch_peer.py --case mlp-adam-64 --threads 1 --serve
    It answers `ready ...` once it is warm; then each line `run STEPS` is answered by the seconds per step, `memory` by the
    bytes of resident memory at the peak over those before the network was made; `quit` ends it. With --inference it is the
    forward pass alone, and `load BATCH` gives the number of rows.
    With fashion-mlp a step is an epoch. Whatever cannot be done is answered by one line `error: ...`.
Whole training on IDX files:      torch_peer.py --case fashion-mlp --threads 2 --data DIR --epochs 10 --batch 64

What keeps PyTorch fast here: the AVX-512 kernels of OpenBLAS where the processor has them (its own detection misses newer
processors), one thread count for OpenBLAS, OpenMP and PyTorch, `zero_grad(set_to_none=True)`, for each optimizer both its
for-loop and its foreach implementation, and for images both memory formats (channels first and channels last), of which the fastest counts. Batches cycle through a set larger than the caches that
hold one batch, as in training. No tracing, no compiling: the comparison is with eager PyTorch.
"""
import argparse
import gzip
import os
import resource
import statistics
import struct
import sys
import time
from collections import namedtuple

FILES = "fashion-mlp"
UPDATE = "adam-update-"
CONVOLUTIONS = "convolutions"
BATCHES = 64
WARM_UP_STEPS = 30


def arguments():
    parser = argparse.ArgumentParser(description="Seconds per training step of PyTorch.")
    parser.add_argument("--case", required=True, help="name of a case, or fashion-mlp")
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch and its BLAS (default 1)")
    parser.add_argument("--steps", type=int, default=200, help="steps per round (default 200)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds; their median is printed (default 7)")
    parser.add_argument("--serve", action="store_true", help="answer `run STEPS` lines on standard input")
    parser.add_argument("--inference", action="store_true", help="the forward pass alone; `load BATCH` gives the number of rows")
    parser.add_argument("--coretype", help="OpenBLAS kernels (default: SKYLAKEX with AVX-512, else OpenBLAS chooses)")
    parser.add_argument("--data", help="folder of IDX files (fashion-mlp)")
    parser.add_argument("--epochs", type=int, default=10, help="epochs (fashion-mlp, default 10)")
    parser.add_argument("--batch", type=int, default=64, help="samples per step (fashion-mlp, default 64)")
    parser.add_argument("--train-count", type=int, default=0, help="train on this many samples only (fashion-mlp, default all)")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights and shuffle (default 1)")
    return parser.parse_args()


def prepare_environment(options):
    """Must run before numpy and torch are imported: OpenBLAS reads these once, when it is loaded."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(options.threads)
    # Two pools of threads (OpenBLAS and OpenMP) that both spin starve each other on few cores: waiting quietly took 1.8 instead of 4.3 ms a step.
    # Whoever asks for rounds tries the policies and sets one.
    if options.serve is False:
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if options.coretype:
        os.environ["OPENBLAS_CORETYPE"] = options.coretype
    elif has_avx512():
        os.environ["OPENBLAS_CORETYPE"] = "SKYLAKEX"
    else:
        os.environ.pop("OPENBLAS_CORETYPE", None)
    os.environ.pop("OPENBLAS_L2_SIZE", None)


def has_avx512():
    needed = {"avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"}
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as lines:
            for line in lines:
                if line.startswith("flags"):
                    return needed <= set(line.split())
    except OSError:
        pass
    return False


options = arguments()
prepare_environment(options)
try:
    import numpy
    import torch
except ImportError as error:
    print(f"error: {error}; install PyTorch with: apt-get install python3-torch libopenblas0-pthread", flush=True)
    sys.exit(2)

# network() -> module, or name -> such a function for networks that compute the same in different ways; batches() -> list of (input, target); loss(prediction, target);
# optimizers: name -> (parameters -> optimizer), all of them the same mathematics.
Case = namedtuple("Case", "network batches loss optimizers")


def mlp(*sizes):
    layers = []
    for fan_in, fan_out in zip(sizes[:-2], sizes[1:-1]):
        layers += [torch.nn.Linear(fan_in, fan_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(sizes[-2], sizes[-1]))


def class_batches(batch, shape, classes):
    return [(torch.randn(batch, *shape), torch.randint(classes, (batch,))) for _ in range(BATCHES)]


def normalized_mlp(*sizes):
    layers = []
    for fan_in, fan_out in zip(sizes[:-2], sizes[1:-1]):
        layers += [torch.nn.Linear(fan_in, fan_out, bias=False), torch.nn.BatchNorm1d(fan_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(sizes[-2], sizes[-1]))


def regression_batches(batch, features):
    return [(torch.randn(batch, features), torch.randn(batch, 1)) for _ in range(BATCHES)]


def both(optimizer, **settings):
    """The two implementations that PyTorch has of one optimizer."""
    return {
        "for-loop": lambda parameters: optimizer(parameters, foreach=False, **settings),
        "foreach": lambda parameters: optimizer(parameters, foreach=True, **settings),
    }


class Residual(torch.nn.Module):
    """relu(path(x) + shortcut(x)) of two 3x3 convolutions with batch normalization."""

    def __init__(self, inputs, outputs):
        super().__init__()
        stride = 1 if inputs == outputs else 2
        self.path = torch.nn.Sequential(
            convolution(inputs, outputs, 3, stride), torch.nn.BatchNorm2d(outputs), torch.nn.ReLU(),
            convolution(outputs, outputs, 3, 1), torch.nn.BatchNorm2d(outputs))
        self.shortcut = torch.nn.Identity() if stride == 1 else torch.nn.Sequential(
            convolution(inputs, outputs, 1, stride), torch.nn.BatchNorm2d(outputs))

    def forward(self, x):
        return torch.nn.functional.relu(self.path(x) + self.shortcut(x))


def convolution(inputs, outputs, size, stride):
    return torch.nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)


def residual_network():
    channels = [16, 16, 16, 16, 32, 32, 64, 64, 64]
    return torch.nn.Sequential(
        convolution(3, 16, 3, 1), torch.nn.BatchNorm2d(16), torch.nn.ReLU(),
        *(Residual(inputs, outputs) for inputs, outputs in zip(channels, channels[1:])),
        torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(64, 10))


def convolution_network():
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 32, 5, padding=2), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(32, 64, 5, padding=2), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(),
        torch.nn.Linear(64 * 7 * 7, 1024), torch.nn.ReLU(), torch.nn.Linear(1024, 10))


class RecurrentNetwork(torch.nn.Module):
    """The final state of 128 LSTM units and a dense layer; time comes first, which PyTorch runs without a transposition."""

    def __init__(self):
        super().__init__()
        self.recurrent, self.head = torch.nn.LSTM(128, 128), torch.nn.Linear(128, 10)

    def forward(self, x):
        return self.head(self.recurrent(x)[1][0][-1])


def sequence_batches(time, batch, width, classes):
    return [(torch.randn(time, batch, width), torch.randint(classes, (batch,))) for _ in range(BATCHES)]


class FusedBlock(torch.nn.Module):
    """A pre-norm Transformer block written by hand: one product for queries, keys and values, baddbmm for scaled scores."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.scale = heads, (width // heads) ** -0.5
        self.norm1, self.norm2 = torch.nn.LayerNorm(width), torch.nn.LayerNorm(width)
        self.projection, self.out = torch.nn.Linear(width, 3 * width), torch.nn.Linear(width, width)
        self.expand, self.contract = torch.nn.Linear(width, 4 * width), torch.nn.Linear(4 * width, width)

    def forward(self, x):
        batch, length, width = x.shape
        parts = self.projection(self.norm1(x)).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4).reshape(3, batch * self.heads, length, -1).unbind(0)
        scores = torch.baddbmm(query.new_empty(1, 1, 1), query, key.transpose(1, 2), beta=0, alpha=self.scale)
        mixed = torch.bmm(torch.softmax(scores, -1), value)
        mixed = mixed.view(batch, self.heads, length, -1).transpose(1, 2).reshape(batch, length, width)
        x = x + self.out(mixed)
        return x + self.contract(torch.nn.functional.gelu(self.expand(self.norm2(x))))


class TransformerNetwork(torch.nn.Module):
    """Four pre-norm blocks of width 128 with 4 heads over 64 symbols of a vocabulary of 64, their mean, and a dense layer."""

    def __init__(self, fused):
        super().__init__()
        self.embedding, self.positions = torch.nn.Embedding(64, 128), torch.nn.Parameter(0.02 * torch.randn(64, 128))
        self.blocks = torch.nn.Sequential(*(
            FusedBlock(128, 4) if fused else torch.nn.TransformerEncoderLayer(
                128, 4, 512, dropout=0, activation="gelu", batch_first=True, norm_first=True)
            for _ in range(4)))
        self.norm, self.head = torch.nn.LayerNorm(128), torch.nn.Linear(128, 10)

    def forward(self, x):
        return self.head(self.norm(self.blocks(self.embedding(x) + self.positions)).mean(1))


def symbol_batches(batch, length, symbols, classes):
    return [(torch.randint(symbols, (batch, length)), torch.randint(classes, (batch,))) for _ in range(BATCHES)]


CASES = {
    "conv-2c2d-128": Case(
        network=convolution_network,
        batches=lambda: class_batches(128, (1, 28, 28), 10),
        loss=torch.nn.functional.cross_entropy,
        optimizers=both(torch.optim.SGD, lr=0.01)),
    "conv-2c2d-64": Case(
        network=convolution_network,
        batches=lambda: class_batches(64, (1, 28, 28), 10),
        loss=torch.nn.functional.cross_entropy,
        optimizers=both(torch.optim.SGD, lr=0.01)),
    "conv-2c2d-adam-64": Case(
        network=convolution_network,
        batches=lambda: class_batches(64, (1, 28, 28), 10),
        loss=torch.nn.functional.cross_entropy,
        optimizers=both(torch.optim.Adam, lr=1e-3)),
    "resnet-small": Case(
        network=residual_network,
        batches=lambda: class_batches(32, (3, 32, 32), 10),
        loss=torch.nn.functional.cross_entropy,
        optimizers=both(torch.optim.SGD, lr=0.01)),
    "lstm-128": Case(
        network=RecurrentNetwork,
        batches=lambda: sequence_batches(64, 32, 128, 10),
        loss=torch.nn.functional.cross_entropy,
        optimizers=both(torch.optim.Adam, lr=1e-3)),
    "mlp-adam-64": Case(
        network=lambda: mlp(784, 256, 128, 10),
        batches=lambda: class_batches(64, (784,), 10),
        loss=torch.nn.functional.cross_entropy,
        optimizers=both(torch.optim.Adam, lr=1e-3)),
    "mlp-sgd-128": Case(
        network=lambda: mlp(784, 256, 128, 10),
        batches=lambda: class_batches(128, (784,), 10),
        loss=torch.nn.functional.cross_entropy,
        optimizers=both(torch.optim.SGD, lr=0.1)),
    "mlp-bn-100": Case(
        network=lambda: normalized_mlp(784, 100, 100, 100, 100, 100, 10),
        batches=lambda: class_batches(100, (784,), 10),
        loss=torch.nn.functional.cross_entropy,
        optimizers=both(torch.optim.SGD, lr=0.1)),
    "transformer-small": Case(
        network={"layer": lambda: TransformerNetwork(fused=False), "by-hand": lambda: TransformerNetwork(fused=True)},
        batches=lambda: symbol_batches(32, 64, 64, 10),
        loss=torch.nn.functional.cross_entropy,
        optimizers=both(torch.optim.Adam, lr=1e-3)),
    "tabular-tiny": Case(
        network=lambda: mlp(13, 32, 1),
        batches=lambda: regression_batches(16, 13),
        loss=torch.nn.functional.mse_loss,
        optimizers=both(torch.optim.Adam, lr=1e-3)),
    "tabular-tiny-sgd": Case(
        network=lambda: mlp(13, 32, 1),
        batches=lambda: regression_batches(16, 13),
        loss=torch.nn.functional.mse_loss,
        optimizers=both(torch.optim.SGD, lr=0.01)),
}


class Runner:
    """One case with one of its networks and optimizers and one memory format of images, ready to take steps."""

    def __init__(self, case, network, optimizer, memory_format=torch.contiguous_format):
        torch.manual_seed(options.seed)
        self.network, self.batches, self.loss = network().to(memory_format=memory_format), case.batches(), case.loss
        if memory_format != torch.contiguous_format:
            self.batches = [(data.contiguous(memory_format=memory_format), target) for data, target in self.batches]
        self.optimizer = case.optimizers[optimizer](list(self.network.parameters()))
        self.position = 0

    def first_loss(self):
        """Mean loss over all batches before the first step."""
        with torch.no_grad():
            return statistics.fmean(self.loss(self.network(data), target).item() for data, target in self.batches)

    def has_images(self):
        return self.batches[0][0].dim() == 4

    def seconds_per_step(self, steps):
        network, optimizer, loss, batches = self.network, self.optimizer, self.loss, self.batches
        start = time.perf_counter()
        for step in range(self.position, self.position + steps):
            data, target = batches[step % BATCHES]
            optimizer.zero_grad(set_to_none=True)
            loss(network(data), target).backward()
            optimizer.step()
        self.position += steps
        return (time.perf_counter() - start) / steps


class UpdateRunner:
    """Adam's update alone: so many thousand parameters in tensors of 131,072, with gradients that stay."""

    def __init__(self, thousands, optimizer):
        length, self.parameters = 1000 * thousands, []
        for start in range(0, length, 1 << 17):
            parameter = torch.nn.Parameter(torch.full((min(1 << 17, length - start),), 0.01))
            parameter.grad = torch.full_like(parameter, 0.001)
            self.parameters.append(parameter)
        self.optimizer = both(torch.optim.Adam, lr=1e-3)[optimizer](self.parameters)

    def seconds_per_step(self, steps):
        start = time.perf_counter()
        for _ in range(steps):
            self.optimizer.step()
        return (time.perf_counter() - start) / steps


def fastest_update(thousands):
    """One implementation in memory at a time; then the faster one again."""
    steps, medians = max(1, 10_000 // thousands), {}
    for name in ("for-loop", "foreach"):
        runner = UpdateRunner(thousands, name)
        runner.seconds_per_step(steps)
        medians[name] = statistics.median(runner.seconds_per_step(steps) for _ in range(3))
        del runner
    best = min(medians, key=medians.get)
    runner = UpdateRunner(thousands, best)
    runner.seconds_per_step(steps)
    return runner, f"optimizer={best} " + " ".join(f"{name}={seconds:.3e}" for name, seconds in medians.items())


# Inputs of so many samples, for the networks whose forward pass is compared.
INPUTS = {
    "mlp-adam-64": lambda count: torch.randn(count, 784),
    "conv-2c2d-64": lambda count: torch.randn(count, 1, 28, 28),
    "lstm-128": lambda count: torch.randn(64, count, 128),
    "transformer-small": lambda count: torch.randint(64, (count, 64)),
}


class InferenceServer:
    """The forward pass of each of a case's networks and memory formats; `load BATCH` keeps the fastest."""

    COUNT = 16

    def __init__(self, name):
        torch.manual_seed(options.seed)
        case, self.inputs, self.chosen = CASES[name], INPUTS[name], None
        networks = case.network if isinstance(case.network, dict) else {"network": case.network}
        self.ways = {name: (network().eval(), torch.contiguous_format) for name, network in networks.items()}
        if self.inputs(1).dim() == 4:
            self.ways["channels-last"] = (case.network().to(memory_format=torch.channels_last).eval(), torch.channels_last)

    def load(self, words):
        inputs = [self.inputs(int(words[0])) for _ in range(self.COUNT)]
        runners = {name: ForwardRunner(network, inputs, memory_format) for name, (network, memory_format) in self.ways.items()}
        self.chosen, remark = fastest(runners, "way")
        return remark

    def seconds_per_step(self, steps):
        if self.chosen is None:
            self.load(["1"])
        return self.chosen.seconds_per_step(steps)


class ForwardRunner:
    """Forward passes of a network over inputs that lie in memory."""

    def __init__(self, network, inputs, memory_format):
        self.network, self.position = network, 0
        self.inputs = inputs if memory_format == torch.contiguous_format else [x.contiguous(memory_format=memory_format) for x in inputs]

    def seconds_per_step(self, steps):
        network, inputs = self.network, self.inputs
        with torch.inference_mode():
            start = time.perf_counter()
            for step in range(self.position, self.position + steps):
                network(inputs[step % len(inputs)])
            self.position += steps
            return (time.perf_counter() - start) / steps


def fastest_runner(case):
    """Warms up every implementation of network and optimizer and every memory format and keeps the fastest; returns it and what each took."""
    networks = case.network if isinstance(case.network, dict) else {"": case.network}
    runners = {f"{kind}{'/' if kind else ''}{name}": Runner(case, network, name) for kind, network in networks.items() for name in case.optimizers}
    if next(iter(runners.values())).has_images():
        runners.update({f"{name}+channels-last": Runner(case, case.network, name, torch.channels_last) for name in case.optimizers})
    first = next(iter(runners.values()))
    about = f"parameters={sum(p.numel() for p in first.network.parameters())} loss={first.first_loss():.4f}"
    runner, remark = fastest(runners, "optimizer")
    return runner, f"{about} {remark}"


def fastest(runners, title):
    # Slow steps show in fewer of them which runner is faster.
    steps = {name: min(WARM_UP_STEPS, max(3, int(0.15 / runner.seconds_per_step(3)))) for name, runner in runners.items()}
    times = {name: [] for name in runners}
    for _ in range(3):
        for name, runner in runners.items():
            times[name].append(runner.seconds_per_step(steps[name]))
    medians = {name: statistics.median(values) for name, values in times.items()}
    best = min(medians, key=medians.get)
    times = " ".join(f"{name}={seconds:.3e}" for name, seconds in medians.items())
    return runners[best], f"{title}={best} {times}"


class ConvolutionRunner:
    """One direction of a bare convolution in one memory format."""

    def __init__(self, work, memory_format):
        direction, (batch, channels, size, outputs, window, stride, padding) = work[0], [int(word) for word in work[1:]]
        x = torch.randn(batch, channels, size, size).contiguous(memory_format=memory_format)
        weight = torch.randn(outputs, channels, window, window).contiguous(memory_format=memory_format)
        steps, paddings = [stride, stride], [padding, padding]
        gradient = torch.randn_like(torch.nn.functional.conv2d(x, weight, None, stride, padding)).contiguous(memory_format=memory_format)
        mask = [direction == "data", direction == "weights", False]
        if direction == "forward":
            self.work = lambda: torch.nn.functional.conv2d(x, weight, None, stride, padding)
        else:
            self.work = lambda: torch.ops.aten.convolution_backward(
                gradient, x, weight, None, steps, paddings, [1, 1], False, [0, 0], 1, mask)

    def seconds_per_step(self, steps):
        with torch.no_grad():
            start = time.perf_counter()
            for _ in range(steps):
                self.work()
            return (time.perf_counter() - start) / steps


class ConvolutionServer:
    """Bare convolutions, changed by lines `load DIRECTION BATCH CHANNELS SIZE OUTPUTS WINDOW STRIDE PADDING`; the faster memory format counts."""

    def __init__(self):
        self.runner = None

    def load(self, work):
        formats = {"channels-first": torch.contiguous_format, "channels-last": torch.channels_last}
        self.runner, remark = fastest({name: ConvolutionRunner(work, chosen) for name, chosen in formats.items()}, "format")
        return remark

    def seconds_per_step(self, steps):
        return self.runner.seconds_per_step(steps)


def describe():
    return f"torch {torch.__version__} threads={options.threads} coretype={os.environ.get('OPENBLAS_CORETYPE', 'detected')}"


def peak_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


BASELINE = peak_bytes()


def serve(runner, remark):
    print(f"ready {describe()} {remark}", flush=True)
    for line in sys.stdin:
        words = line.split()
        if words[:1] == ["quit"]:
            return
        if words[:1] == ["memory"]:
            print(peak_bytes() - BASELINE, flush=True)
            continue
        if words[:1] == ["load"] and len(words) == {ConvolutionServer: 9, InferenceServer: 2}.get(type(runner)):
            print(f"loaded {runner.load(words[1:])}", flush=True)
            continue
        if len(words) != 2 or words[0] != "run" or not words[1].isdigit() or int(words[1]) < 1:
            print(f"error: expected `run STEPS` or `quit`, got {line.strip()!r}", flush=True)
            continue
        print(f"{runner.seconds_per_step(int(words[1])):.9e}", flush=True)


def measure(runner, remark):
    print(f"{describe()} {remark}")
    rounds = [runner.seconds_per_step(options.steps) for _ in range(options.rounds)]
    print(f"seconds per step: median {statistics.median(rounds):.3e}, least {min(rounds):.3e}, most {max(rounds):.3e}")


def read_idx(folder, name):
    path = os.path.join(folder, name)
    opened = gzip.open(path + ".gz", "rb") if os.path.exists(path + ".gz") else open(path, "rb")
    with opened as stream:
        content = stream.read()
    dimensions = content[3]
    shape = struct.unpack(f">{dimensions}I", content[4:4 + 4 * dimensions])
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * dimensions).reshape(shape)


def images_and_labels(folder, part):
    images = read_idx(folder, f"{part}-images-idx3-ubyte").astype(numpy.float32)
    labels = read_idx(folder, f"{part}-labels-idx1-ubyte").astype(numpy.int64)
    return torch.from_numpy(images.reshape(len(images), -1)), torch.from_numpy(labels)


class FileRunner:
    """Trains on IDX files; one step is one epoch.

    The data lie in memory as tensors and are shuffled by index: faster than a DataLoader, which collates sample by sample.
    """

    def __init__(self):
        data, labels = images_and_labels(options.data, "train")
        test_data, self.test_labels = images_and_labels(options.data, "t10k")
        count = options.train_count or len(data)
        data, self.labels = data[:count], labels[:count]
        mean, deviation = data.mean(), data.std()
        self.data, self.test_data = (data - mean) / deviation, (test_data - mean) / deviation
        torch.manual_seed(options.seed)
        self.network = mlp(data.shape[1], 256, 128, 10)
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=1e-3, foreach=True)

    def seconds_per_step(self, epochs):
        start = time.perf_counter()
        for _ in range(epochs):
            for indices in torch.randperm(len(self.data)).split(options.batch):
                self.optimizer.zero_grad(set_to_none=True)
                prediction = self.network(self.data.index_select(0, indices))
                torch.nn.functional.cross_entropy(prediction, self.labels.index_select(0, indices)).backward()
                self.optimizer.step()
        return (time.perf_counter() - start) / epochs

    def test_accuracy(self):
        with torch.no_grad():
            return (self.network(self.test_data).argmax(1) == self.test_labels).double().mean().item()


def train_on_files():
    runner = FileRunner()
    print(f"{describe()} samples={len(runner.data)} batch={options.batch}", flush=True)
    seconds = []
    for epoch in range(options.epochs):
        seconds.append(runner.seconds_per_step(1))
        print(f"epoch {epoch + 1}: {seconds[-1]:.3f} s", flush=True)
    print(f"seconds: total {sum(seconds):.3f}, median epoch {statistics.median(seconds):.3f}; "
          f"test accuracy {runner.test_accuracy():.4f}")


def main():
    torch.set_num_threads(options.threads)
    if options.inference:
        if options.case not in INPUTS or not options.serve:
            return complain(f"expected --serve and one of {', '.join(INPUTS)} with --inference, got {options.case!r}")
        serve(InferenceServer(options.case), "inference")
    elif options.case == FILES:
        if not options.data:
            return complain(f"{FILES} needs --data DIR with the four IDX files")
        if options.serve:
            serve(FileRunner(), f"batch={options.batch}")
        else:
            train_on_files()
    elif options.case.startswith(UPDATE) and options.case[len(UPDATE):].isdigit():
        runner, remark = fastest_update(int(options.case[len(UPDATE):]))
        (serve if options.serve else measure)(runner, remark)
    elif options.case == CONVOLUTIONS and options.serve:
        serve(ConvolutionServer(), "bare convolutions")
    elif options.case in CASES:
        runner, remark = fastest_runner(CASES[options.case])
        (serve if options.serve else measure)(runner, remark)
    else:
        return complain(f"unknown case {options.case!r}; expected one of {', '.join([*CASES, FILES])}")
    return 0


def complain(problem):
    print(f"error: {problem}", flush=True)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OSError as error:
        sys.exit(complain(error))
