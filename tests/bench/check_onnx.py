"""Checks exported files without this project's code: ONNX files with ONNX's own checker and shape
inference, safetensors files by reading them as their format is defined.

usage: check_onnx.py FOLDER...   folders of ser_onnx_cases; a safetensors file beside model.onnx
"""

import json
import pathlib
import struct
import sys

import numpy
import onnx
import onnx.checker
import onnx.numpy_helper
import onnx.shape_inference


def dimensions(value):
    return [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]


def check_onnx(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    declared = {value.name: dimensions(value) for value in model.graph.output}
    # What is declared is taken away, so that it has to be found again.
    for value in model.graph.output:
        value.type.tensor_type.ClearField("shape")
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    for value in inferred.graph.output:
        if dimensions(value) != declared[value.name]:
            sys.exit(f"{path}: {value.name} is {declared[value.name]}, but shapes lead to {dimensions(value)}")
    return model


def read_safetensors(path):
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__")
    data = content[8 + length :]
    tensors, end = {}, 0
    for name, tensor in header.items():
        begin, next_end = tensor["data_offsets"]
        if tensor["dtype"] != "F32" or begin != end:
            sys.exit(f"{path}: {name} is not float32, or does not follow the tensor before it")
        end = next_end
        tensors[name] = numpy.frombuffer(data[begin:end], "<f4").reshape(tensor["shape"])
    if end != len(data):
        sys.exit(f"{path}: {len(data) - end} bytes belong to no tensor")
    return metadata, tensors


def read_model(path):
    """The tensors of a model file, as include/ser/model/model_file.h describes it."""
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content, 16)
    header = json.loads(content[24 : 24 + length])
    at = (24 + length + 63) // 64 * 64
    tensors = {}
    for tensor in header["tensors"]:
        tensors[tensor["name"]] = numpy.frombuffer(content, "<f4", tensor["count"], at)
        at += 4 * tensor["count"]
    return header, tensors


def check_safetensors(path, model, trained):
    metadata, tensors = read_safetensors(path)
    header, stored = read_model(trained)
    initializers = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
    for name, tensor in tensors.items():
        if not numpy.array_equal(tensor, initializers[name]):
            sys.exit(f"{path}: {name} is not what the ONNX file has")
    for name in ("normalizer.mean", "normalizer.scale"):
        if not numpy.array_equal(tensors[name], stored[name]):
            sys.exit(f"{path}: {name} is not what the model file has")
    network = numpy.concatenate([t.ravel() for n, t in tensors.items() if n.startswith("network.")])
    if not numpy.array_equal(numpy.sort(network), numpy.sort(stored["network.parameters"])):
        sys.exit(f"{path}: the network's numbers are not those of the model file")
    texts = {entry.key: entry.value for entry in model.metadata_props}
    if texts != metadata or json.loads(texts["classes"]) != header["classes"]:
        sys.exit(f"{path}: the metadata are not those of the model file")
    return len(tensors), sum(tensor.size for tensor in tensors.values())


def main():
    for name in sys.argv[1:]:
        folder = pathlib.Path(name)
        paths = sorted(folder.glob("*.onnx"))
        models = [check_onnx(path) for path in paths]
        operators = sorted({node.op_type for model in models for node in model.graph.node})
        print(f"{folder.name}: {len(paths)} ONNX files pass the checker; operators: {', '.join(operators)}")
        if (folder / "model.safetensors").exists():
            tensors, numbers = check_safetensors(folder / "model.safetensors", models[0], folder / "model.ser")
            print(f"{folder.name}: {tensors} safetensors with {numbers} numbers equal those of the model file")


if __name__ == "__main__":
    main()
