"""The encoder of multilingual-e5-small as an ONNX graph: from the sum of word, position and type to one vector a token.

Weights are whole numbers of 7 bits with one step an output: processors without VNNI add products of 8 bits in pairs of 16, which
7 bits never overflow, so every processor gives the same sums. What a layer reads is quantised when it runs, over the
whole text at once (DynamicQuantizeMatMul): texts that shared a batch would change one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from rag.adapters.e5_weights import Weights, to_numbers
from rag.ports import Matrix

INPUT = "embedded"
LARGEST = 63
"""Of a weight as a whole number."""
MICROSOFT = "com.microsoft"
OPERATORS = 17
FORMAT = 9
"""Version of ONNX's file format that holds these operators."""


def write_graph(weights: Weights, path: Path) -> None:
    """Write the graph of these weights; its input is (1, tokens, hidden), and so is its one output."""
    sizes = weights.sizes
    graph = _Graph(weights=weights)
    graph.add("LayerNormalization", [INPUT, *graph.norm("emb.ln")], "words", axis=-1, epsilon=sizes.epsilon)
    last = "words"
    for layer in range(sizes.layers):
        last = _add_layer(graph, last, f"l{layer}.")
    shape: list[str | int | None] = [1, "tokens", sizes.hidden]
    made = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info(last, TensorProto.FLOAT, shape)],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPERATORS), helper.make_opsetid(MICROSOFT, 1)],
        ir_version=FORMAT,
    )
    onnx.save(made, str(path))


def quantise(matrix: Matrix) -> tuple[np.ndarray[Any, np.dtype[np.int8]], Matrix]:
    """Return (inputs, outputs) as whole numbers of 7 bits, and the step of each output."""
    steps: Matrix = np.maximum(np.abs(matrix).max(axis=0), np.float32(1e-9)) / np.float32(LARGEST)
    return np.rint(matrix / steps).astype(np.int8), steps


def _add_layer(graph: _Graph, given: str, layer: str) -> str:
    sizes = graph.weights.sizes
    read = [graph.linear(given, f"{layer}{part}", sizes.hidden) for part in ("q", "k", "v")]
    graph.add("MultiHeadAttention", read, f"{layer}seen", domain=MICROSOFT, num_heads=sizes.heads)
    seen = graph.linear(f"{layer}seen", f"{layer}ao", sizes.hidden)
    attended = graph.add_norm(given, seen, f"{layer}aln")
    widened = graph.linear(attended, f"{layer}fi", sizes.hidden)
    graph.add("Gelu", [widened], f"{layer}bent", domain=MICROSOFT)
    narrowed = graph.linear(f"{layer}bent", f"{layer}fo", sizes.inner)
    return graph.add_norm(attended, narrowed, f"{layer}oln")


@dataclass(slots=True, kw_only=True)
class _Graph:
    """Nodes and constants as they are added; a node is named like its one output."""

    weights: Weights
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def add(self, operator: str, inputs: Sequence[str], output: str, *, domain: str = "", **attributes: Any) -> None:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))

    def constant(self, name: str, values: np.ndarray[Any, Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def norm(self, name: str) -> list[str]:
        return [self.constant(f"{name}.{part}", self.weights.floats(f"{name}.{part}")) for part in ("w", "b")]

    def add_norm(self, given: str, added: str, name: str) -> str:
        epsilon = self.weights.sizes.epsilon
        self.add("SkipLayerNormalization", [given, added, *self.norm(name)], name, domain=MICROSOFT, epsilon=epsilon)
        return name

    def linear(self, given: str, name: str, inputs: int) -> str:
        whole, steps = quantise(to_numbers(self.weights.blocks(f"{name}.w", inputs)).T)
        constants = [
            self.constant(f"{name}.w", whole),
            self.constant(f"{name}.steps", steps),
            self.constant(f"{name}.zero", np.zeros(len(steps), dtype=np.int8)),
            self.constant(f"{name}.b", self.weights.floats(f"{name}.b")),
        ]
        self.add("DynamicQuantizeMatMul", [given, *constants], name, domain=MICROSOFT)
        return name
